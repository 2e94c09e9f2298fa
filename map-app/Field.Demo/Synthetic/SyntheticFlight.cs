using Field.Gdal;

namespace Field.Demo.Synthetic;

/// <summary>The drone flight: shots, cameras, cracks, and the JPEG files with what they say about themselves.</summary>
internal sealed class SyntheticFlight
{
    private readonly DemoDataOptions _options;
    private readonly PhotoRenderer _renderer;
    private readonly Dictionary<SurfaceKind, ISurface> _surfaces;

    /// <param name="options">What to generate.</param>
    /// <param name="shots">The exposures; null takes those of the demo.</param>
    public SyntheticFlight(DemoDataOptions options, IReadOnlyList<Shot>? shots = null)
    {
        _options = options;
        Cracks = FlightPlan.Cracks(options.Seed);
        Photos =
        [
            .. (shots ?? FlightPlan.Shots(SeededRandom.For(options.Seed, "shots"))).Select(s => (s, new PinholeCamera(
                s.EastNorth, s.HeightM, s.YawDeg, s.PitchDeg, options.PhotoWidthPx, options.PhotoHeightPx, options.FocalPx))),
        ];
        _renderer = new PhotoRenderer(options.Seed);
        var noise = new SurfaceNoise(options.Seed);
        _surfaces = new Dictionary<SurfaceKind, ISurface>
        {
            [SurfaceKind.BridgeDeck] = new BridgeDeckSurface(noise, Field(SurfaceKind.BridgeDeck), SeededRandom.For(options.Seed, "oil")),
            [SurfaceKind.Levee] = new LeveeSurface(noise, Field(SurfaceKind.Levee)),
        };
    }

    public IReadOnlyList<Crack> Cracks { get; }

    public IReadOnlyList<(Shot Shot, PinholeCamera Camera)> Photos { get; }

    /// <summary>The file of one photo.</summary>
    public byte[] Jpeg(int index, CancellationToken ct)
    {
        Shot shot = Photos[index].Shot;
        PhotoMetadata metadata = Metadata(shot);
        var image = new RasterImage(_options.PhotoWidthPx, _options.PhotoHeightPx, 3, Render(index, ct));
        return JpegSegments.WithApp1(Images.EncodeJpeg(image, _options.JpegQuality), metadata.Exif(), metadata.Xmp());
    }

    /// <summary>Red, green, blue bytes of one photo, before the JPEG encoder.</summary>
    internal byte[] Render(int index, CancellationToken ct)
    {
        (Shot shot, PinholeCamera camera) = Photos[index];
        ulong sensorSeed = SeededRandom.For(_options.Seed, shot.FileName).NextBits();
        return _renderer.Render(camera, _surfaces[shot.Surface], p => FlightPlan.FromEastNorth(shot.Surface, p), shot.Exposure, sensorSeed, ct);
    }

    /// <summary>The true pose, but for the noise of the position and its height.</summary>
    private PhotoMetadata Metadata(Shot shot)
    {
        SeededRandom receiver = SeededRandom.For(_options.Seed, "gps " + shot.FileName);
        Vec error = new(receiver.Gaussian() * _options.PositionSigmaM, receiver.Gaussian() * _options.PositionSigmaM);
        double heightError = receiver.Gaussian() * _options.HeightSigmaM;
        (double lon, double lat) = SiteFrame.ToLonLat(shot.EastNorth + error);
        return new PhotoMetadata(
            lon, lat, FlightPlan.SurfaceHeightM + shot.HeightM + heightError, shot.HeightM, shot.YawDeg, shot.PitchDeg, _options.FocalPx,
            _options.PhotoWidthPx, _options.PhotoHeightPx, _options.PositionSigmaM, _options.HeightSigmaM, _options.FlightStart.AddSeconds(shot.SecondsFromStart));
    }

    private CrackField Field(SurfaceKind surface) => new(Cracks.Where(c => c.Plan.Surface == surface));
}
