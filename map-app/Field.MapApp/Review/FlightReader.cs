using Field.Contracts;
using Field.Contracts.Tracks;
using Field.EdgeAgent.Photos;
using Field.Gdal;
using Field.Geo;
using Field.Geo.Review;
using Field.Ingest.Photos;
using Field.Vision.Quality;

namespace Field.MapApp.Review;

/// <summary>A photo of the flight with all that was found out about it.</summary>
/// <param name="Photo">For the comparison with the plan.</param>
/// <param name="Sharpness">0 to 1; null when it cannot be decoded, or nothing in it has contrast.</param>
/// <param name="Codes">Of <see cref="QualityCodes"/>, or <see cref="FlightReader.Unreadable"/>.</param>
/// <param name="FromTrack">Whether the track gave its place; null when the photo has one itself or no track was given.</param>
/// <param name="TimeAssumed">True when the file names no offset to UTC.</param>
internal sealed record FlightPhoto(ReviewPhoto Photo, double? Sharpness, IReadOnlyList<string> Codes, TrackPlace? FromTrack = null, bool TimeAssumed = false)
{
    /// <summary>On the server: its id; null on a card.</summary>
    public string? PhotoId { get; init; }

    /// <summary>On the server: its bytes have not come, or nobody has looked at them yet; till then it counts as useful.</summary>
    public bool IsWaiting { get; init; }
}

/// <summary>Reads a card: metadata and quality of each photo. Works on as many photos at once as there are processors.</summary>
internal sealed class FlightReader(TimeZoneInfo zone, TrackPlacement? track, CameraAssumptions assumptions)
{
    /// <summary>Code of a photo that cannot be decoded.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>Assumption: the place comes from the flight's track.</summary>
    public const string PlaceFromTrack = "place-from-track";

    /// <summary>All photos, in the order of their paths.</summary>
    /// <param name="folder">The card or folder.</param>
    /// <param name="progress">Told the number of photos done and of all.</param>
    /// <param name="cancellationToken">Stops between photos.</param>
    public IReadOnlyList<FlightPhoto> Read(string folder, Action<int, int> progress, CancellationToken cancellationToken)
    {
        CardContents card = PhotoSource.List(folder);
        if (card.Problems.Count > 0)
        {
            (string path, Exception reason) = card.Problems[0];
            throw new FlightInputException(FlightFault.CardUnreadable(path, reason.Message), reason);
        }

        if (card.Photos.Count == 0)
        {
            throw new FlightInputException(FlightFault.NoPhotos(folder));
        }

        Images.EnsureAvailable();
        FlightPhoto[] photos = new FlightPhoto[card.Photos.Count];
        int done = 0;
        try
        {
            Parallel.For(0, photos.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken }, i =>
            {
                string path = card.Photos[i].Path;
                photos[i] = Look(path, Path.GetRelativePath(folder, path).Replace('\\', '/'));
                progress(Interlocked.Increment(ref done), photos.Length);
            });
        }
        catch (AggregateException e) when (e.InnerExceptions is [IOException or UnauthorizedAccessException, ..])
        {
            throw new FlightInputException(FlightFault.CardGone(e.InnerExceptions[0].Message), e);
        }

        return photos;
    }

    private FlightPhoto Look(string path, string name)
    {
        PhotoMetadata metadata;
        using (FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        {
            metadata = PhotoMetadataReader.Read(stream, zone);
        }

        PhotoQuality? quality = null;
        try
        {
            quality = QualityMeter.Measure(path);
        }
        catch (GdalException)
        {
            // Said of the photo; the others still count.
        }

        TrackPlace? found = metadata.Place is null && track is not null ? track.At(metadata.CapturedAt) : null;
        IReadOnlyList<string> codes = quality?.Codes ?? [Unreadable];
        bool placed = found is { Refusal: TrackRefusal.None };
        CameraMetadata camera = placed ? Fill(metadata.Camera, found!.Value.Point) : metadata.Camera;
        GeoPoint? place = placed ? new GeoPoint(found!.Value.Point.Lon, found.Value.Point.Lat, found.Value.Point.AltitudeM) : metadata.Place;

        // A photo whose header does not even tell its size has no use and covers nothing; a size keeps the geometry whole.
        CameraEvidence evidence = PhotoEvidence.Of(camera, place, camera.WidthPx, camera.HeightPx) ?? new CameraEvidence(1, 1);
        CameraEstimate estimate = Estimate(evidence, placed ? found : null);
        ReviewPhoto photo = new(name, metadata.CapturedAt, estimate, codes.Count == 0)
        {
            Stand = estimate.Pose ?? Estimate(evidence with { RelativeAltitudeM = null }, null).Pose,
            TakeOffHeightM = camera.RelativeAltitudeM,
        };
        return new FlightPhoto(photo, quality?.Sharpness, codes, found, metadata.CapturedAtAssumed);
    }

    private CameraEstimate Estimate(CameraEvidence evidence, TrackPlace? found)
    {
        CameraEstimate estimate = CameraModel.Derive(evidence, assumptions);
        return found is null ? estimate : estimate with
        {
            Uncertainty = estimate.Uncertainty with { HorizontalM = found.Value.ErrorM },
            Assumptions = [PlaceFromTrack, .. estimate.Assumptions],
        };
    }

    /// <summary>What the photo says itself goes before what the track says.</summary>
    private static CameraMetadata Fill(CameraMetadata camera, TrackPoint point) => camera with
    {
        GpsAltitudeM = camera.GpsAltitudeM ?? point.AltitudeM,
        RelativeAltitudeM = camera.RelativeAltitudeM ?? point.RelativeAltitudeM,
        FlightYawDeg = camera.FlightYawDeg ?? point.FlightYawDeg,
        GimbalYawDeg = camera.GimbalYawDeg ?? point.GimbalYawDeg,
        GimbalPitchDeg = camera.GimbalPitchDeg ?? point.GimbalPitchDeg,
        GimbalRollDeg = camera.GimbalRollDeg ?? point.GimbalRollDeg,
    };
}
