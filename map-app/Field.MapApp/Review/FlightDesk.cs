using Field.Contracts;
using Field.Geo;
using Field.Geo.Review;
using Field.Ingest;
using Field.Ingest.Assets;
using Field.Ingest.Photos;
using Field.Store;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;
using Envelope = NetTopologySuite.Geometries.Envelope;

namespace Field.MapApp.Review;

/// <summary>An asset that photos of a flight show.</summary>
/// <param name="Asset">The asset.</param>
/// <param name="Photos">How many show some of it.</param>
internal sealed record FlightTarget(LedgerAsset Asset, int Photos);

/// <summary>A flight with its review.</summary>
/// <param name="Flight">The flight.</param>
/// <param name="Targets">Assets that it shows, those with most photos first.</param>
/// <param name="TargetId">The asset that it was compared with, or null.</param>
/// <param name="Review">What was found.</param>
internal sealed record ReviewedFlight(StoredFlight Flight, IReadOnlyList<FlightTarget> Targets, string? TargetId, FlightReview Review);

/// <summary>Reviews flights whose photos are in the store, as <c>flight review</c> does those on a card. One at a time: a long flight takes a second of a processor.</summary>
internal sealed class FlightDesk(IFeatureStore store, FlightBook book, IngestOptions options) : IDisposable
{
    /// <summary>Names the asset that most photos show.</summary>
    public const string Auto = "auto";

    /// <summary>Compares with nothing.</summary>
    public const string None = "none";

    private const string AssetPrefix = "asset:";
    private const int PageSize = 1000;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private (long Revision, string Key, ReviewedFlight Answer)? _last;

    /// <summary>Reviews a flight.</summary>
    /// <param name="flightId">Of <see cref="StoredFlight.Id"/>.</param>
    /// <param name="target"><see cref="Auto"/>, <see cref="None"/>, or <c>asset:</c> and the id of a bridge, levee or road.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Null when there is no such flight.</returns>
    /// <exception cref="FlightInputException">The target is none.</exception>
    public async Task<ReviewedFlight?> ReviewAsync(string flightId, string target, CancellationToken cancel)
    {
        if (target is not (Auto or None) && !target.StartsWith(AssetPrefix, StringComparison.Ordinal))
        {
            throw new FlightInputException(FlightFault.Target(target));
        }

        await _gate.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (await book.FindAsync(flightId, cancel).ConfigureAwait(false) is not { } flight)
            {
                return null;
            }

            (IReadOnlyList<LedgerAsset> assets, long revision) = await AssetsAsync(cancel).ConfigureAwait(false);
            string key = $"{flight.Id} {target}";
            if (_last is { } last && last.Revision == revision && last.Key == key)
            {
                return last.Answer;
            }

            List<FlightPhoto> photos = await PhotosAsync(flight, cancel).ConfigureAwait(false);
            ReviewedFlight answer = await Task.Run(() => Review(flight, photos, assets, target), cancel).ConfigureAwait(false);
            _last = (revision, key, answer);
            return answer;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private static ReviewedFlight Review(StoredFlight flight, List<FlightPhoto> photos, IReadOnlyList<LedgerAsset> assets, string target)
    {
        FlightTarget[] targets = Targets(photos, assets);
        string? id = target == Auto ? targets.FirstOrDefault()?.Asset.Id : target == None ? null : target[AssetPrefix.Length..];
        ReviewTarget? wanted = null;
        try
        {
            wanted = id is null ? null : AssetTarget.Of(assets, id);
        }
        catch (FlightInputException) when (target == Auto)
        {
            id = null; // nobody asked for it by name: the photos are reviewed without
        }

        return new ReviewedFlight(flight, targets, id, FlightReview.Of(photos, wanted, AssetTarget.Levees(assets), track: null));
    }

    private static FlightTarget[] Targets(List<FlightPhoto> photos, IReadOnlyList<LedgerAsset> assets)
    {
        Polygon[] seen = [.. photos.Select(p => p.Photo.Footprint).OfType<Polygon>()];
        Envelope all = new();
        Array.ForEach(seen, s => all.ExpandToInclude(s.EnvelopeInternal));
        return
        [
            .. assets.Where(a => AssetTarget.Kinds.Contains(a.Kind) && a.Geometry is { IsEmpty: false } shape && shape.EnvelopeInternal.Intersects(all))
                .Select(a =>
                {
                    IPreparedGeometry shape = PreparedGeometryFactory.Prepare(a.Geometry);
                    return new FlightTarget(a, seen.Count(shape.Intersects));
                })
                .Where(t => t.Photos > 0).OrderByDescending(t => t.Photos)
                .ThenBy(t => Array.IndexOf(AssetTarget.Kinds, t.Asset.Kind)) // a road runs over bridges and along levees
                .ThenBy(t => t.Asset.Id, StringComparer.Ordinal),
        ];
    }

    private async Task<List<FlightPhoto>> PhotosAsync(StoredFlight flight, CancellationToken cancel)
    {
        List<FlightPhoto> photos = [];
        foreach (PhotoMark mark in flight.Photos)
        {
            if (await store.FindAsync(FieldTables.Photos, mark.Id, cancel).ConfigureAwait(false) is { } row)
            {
                photos.Add(Photo(row));
            }
        }

        return photos;
    }

    private FlightPhoto Photo(Feature row)
    {
        CameraMetadata camera = row.Text("camera") is { } json ? CameraJson.Read(json) : new CameraMetadata();
        GeoPoint? place = row.Real("cameraLon") is { } lon && row.Real("cameraLat") is { } lat ? new GeoPoint(lon, lat, row.Real("cameraAltitudeM")) : null;
        CameraEvidence evidence = PhotoEvidence.Of(camera, place, row.Whole("widthPx") ?? camera.WidthPx, row.Whole("heightPx") ?? camera.HeightPx) ?? new CameraEvidence(1, 1);
        CameraEstimate estimate = CameraModel.Derive(evidence, new CameraAssumptions(options.AssumedHeightM, options.GroundElevationM));
        string state = row.Text("state") ?? "";
        IReadOnlyList<string> codes = state == "unreadable" ? [FlightReader.Unreadable] : FlightBook.Codes(row);
        return new FlightPhoto(new ReviewPhoto(row.Text("name") ?? row.Id, row.Time("capturedAt"), estimate, codes.Count == 0), row.Real("sharpness"), codes)
        {
            PhotoId = row.Id,
            IsWaiting = state is "announced" or "stored",
        };
    }

    /// <summary>All assets, and the revision of the store when they were read.</summary>
    private async Task<(IReadOnlyList<LedgerAsset> Assets, long Revision)> AssetsAsync(CancellationToken cancel)
    {
        List<LedgerAsset> assets = [];
        FeatureQuery query = new() { Limit = PageSize };
        FeaturePage page;
        long? revision = null;
        do
        {
            page = await store.QueryAsync(FieldTables.Assets, query, cancel).ConfigureAwait(false);
            assets.AddRange(page.Features.Select(LedgerAsset.From));
            revision ??= page.Revision;
            query = page.Features.Count > 0 ? query with { SinceRevision = page.Features[^1].Revision } : query;
        }
        while (!page.IsLast);
        return (assets, revision.Value);
    }
}
