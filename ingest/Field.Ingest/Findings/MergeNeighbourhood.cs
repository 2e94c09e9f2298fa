using Field.Geo;
using Field.Ingest.Photos;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.Ingest.Findings;

/// <summary>Photos and their findings around a photo, read from the store as merging comes to them, each once.</summary>
internal sealed class MergeNeighbourhood(IngestOptions options, IFeatureStore store, LocalFrame frame)
{
    /// <summary>Photos whose times lie farther apart are of different inspections, and their findings are compared by people instead.</summary>
    public static readonly TimeSpan OneInspection = TimeSpan.FromHours(12);

    /// <summary>Of photos that see the same ground only the nearest are looked at.</summary>
    public const int MostNeighbours = 64;

    /// <summary>A damage is followed over this many photos.</summary>
    public const int MostPhotos = 256;

    private readonly Dictionary<string, MergePhoto?> _photos = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<Feature>> _neighbours = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string), IReadOnlyList<(MergeNode A, MergeNode B)>> _pairs = [];

    /// <summary>Takes a photo as it will be instead of as it is stored.</summary>
    public void Put(MergePhoto photo) => _photos[photo.Photo.Id] = photo;

    /// <summary>A finding by its id; null when it is superseded, has no place, or lies beyond the limit.</summary>
    public async Task<MergeNode?> FindAsync(string findingId, CancellationToken cancellationToken)
    {
        foreach (MergePhoto? known in _photos.Values)
        {
            if (known?.Nodes.FirstOrDefault(n => n.Finding.Id == findingId) is { } node)
            {
                return node;
            }
        }

        return await store.FindAsync(FieldTables.Findings, findingId, cancellationToken).ConfigureAwait(false) is { } finding
            && await store.FindAsync(FieldTables.Photos, finding.Text("photoId") ?? "", cancellationToken).ConfigureAwait(false) is { } photo
            ? (await PhotoAsync(photo, cancellationToken).ConfigureAwait(false))?.Nodes.FirstOrDefault(n => n.Finding.Id == findingId)
            : null;
    }

    /// <summary>The findings that are merged into a finding, as stored.</summary>
    public async Task<IReadOnlyList<string>> MergedIntoAsync(string findingId, CancellationToken cancellationToken)
    {
        FeatureQuery query = new() { Where = ("mergedInto", findingId), Limit = int.MaxValue };
        return [.. (await store.QueryAsync(FieldTables.Findings, query, cancellationToken).ConfigureAwait(false)).Features.Select(f => f.Id)];
    }

    /// <summary>The findings that show the same damage as this one, directly.</summary>
    public async Task<IReadOnlyList<MergeNode>> SameAsync(MergeNode node, CancellationToken cancellationToken)
    {
        List<MergeNode> same = [];
        foreach (Feature photo in await NeighboursAsync(node.Photo.Photo, cancellationToken).ConfigureAwait(false))
        {
            if (await PhotoAsync(photo, cancellationToken).ConfigureAwait(false) is { } other)
            {
                same.AddRange(Between(node.Photo, other).Where(p => p.A == node || p.B == node).Select(p => p.A == node ? p.B : p.A));
            }
        }

        return same;
    }

    private IReadOnlyList<(MergeNode A, MergeNode B)> Between(MergePhoto one, MergePhoto other)
    {
        if (string.CompareOrdinal(one.Photo.Id, other.Photo.Id) > 0)
        {
            (one, other) = (other, one);
        }

        if (!_pairs.TryGetValue((one.Photo.Id, other.Photo.Id), out IReadOnlyList<(MergeNode A, MergeNode B)>? pairs))
        {
            _pairs[(one.Photo.Id, other.Photo.Id)] = pairs = [.. FindingMatch.Between(one, other)];
        }

        return pairs;
    }

    /// <summary>The photo itself, and those of the same inspection whose footprint meets its own, nearest first.</summary>
    private async Task<IReadOnlyList<Feature>> NeighboursAsync(Feature photo, CancellationToken cancellationToken)
    {
        if (_neighbours.TryGetValue(photo.Id, out IReadOnlyList<Feature>? known))
        {
            return known;
        }

        List<Feature> around = [];
        FeatureQuery query = new() { Within = photo.Geometry?.EnvelopeInternal };
        bool isLast = photo.Geometry is null;
        while (!isLast)
        {
            FeaturePage page = await store.QueryAsync(FieldTables.Photos, query, cancellationToken).ConfigureAwait(false);
            around.AddRange(page.Features.Where(p => p.Id != photo.Id && IsOneInspection(p, photo) && p.Geometry!.Intersects(photo.Geometry)));
            query = query with { SinceRevision = page.Features.Count > 0 ? page.Features[^1].Revision : 0 };
            isLast = page.IsLast;
        }

        Point centre = photo.Geometry?.Centroid ?? Point.Empty;
        return _neighbours[photo.Id] =
            [photo, .. around.OrderBy(p => p.Geometry!.Centroid.Distance(centre)).ThenBy(p => p.Id, StringComparer.Ordinal).Take(MostNeighbours)];
    }

    private async Task<MergePhoto?> PhotoAsync(Feature photo, CancellationToken cancellationToken)
    {
        if (_photos.TryGetValue(photo.Id, out MergePhoto? known))
        {
            return known;
        }

        if (_photos.Count >= MostPhotos
            || PhotoGround.Of(PhotoPlacement.Estimate(PhotoRow.Camera(photo), PhotoRow.Place(photo), photo.Whole("widthPx"), photo.Whole("heightPx"), options)) is not { } ground)
        {
            return null;
        }

        FeatureQuery query = new() { Where = ("photoId", photo.Id), Limit = int.MaxValue };
        FeaturePage findings = await store.QueryAsync(FieldTables.Findings, query, cancellationToken).ConfigureAwait(false);
        return _photos[photo.Id] = new MergePhoto(photo, ground, findings.Features.Where(f => f.Text("status") != FindingRow.StatusSuperseded), frame);
    }

    private static bool IsOneInspection(Feature a, Feature b) =>
        a.Time("capturedAt") is { } one && b.Time("capturedAt") is { } other && (one - other).Duration() <= OneInspection;
}
