using Field.Geo;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.Ingest.Assets;

/// <summary>
/// The assets as they stand in the store, whoever imports them: every use first reads what came since the last, which is one
/// query that mostly finds nothing. Thread-safe.
/// </summary>
/// <param name="store">Where they are.</param>
/// <param name="limitM">Assets farther from a place are not considered.</param>
internal sealed class AssetCatalog(IFeatureStore store, double limitM) : IDisposable
{
    private const int PageSize = 1000;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, Feature> _assets = new(StringComparer.Ordinal);
    private volatile AssetLinker _linker = new([]);
    private long _revision;

    /// <summary>The findings with their links.</summary>
    public async Task<List<Feature>> LinkAsync(IReadOnlyList<Feature> findings, CancellationToken cancellationToken)
    {
        AssetLinker linker = await LinkerAsync(cancellationToken).ConfigureAwait(false);
        return [.. findings.Select(f => Of(linker, f).Apply(f))];
    }

    /// <summary>Links a finding as the assets stand now.</summary>
    public async Task<AssetLink> LinkAsync(Feature finding, CancellationToken cancellationToken) =>
        Of(await LinkerAsync(cancellationToken).ConfigureAwait(false), finding);

    /// <summary>The kinds of assets that lie in an area, or as near to it as the error of its place.</summary>
    public async Task<IReadOnlySet<string>> KindsNearAsync(Geometry area, double? errorM, CancellationToken cancellationToken) =>
        (await LinkerAsync(cancellationToken).ConfigureAwait(false)).KindsNear(area, errorM);

    /// <summary>An asset as it stood at the last link, or null.</summary>
    public Feature? Find(string id) => _linker.Find(id);

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private AssetLink Of(AssetLinker linker, Feature finding) => finding.Real("centreLon") is { } lon && finding.Real("centreLat") is { } lat
        ? linker.Link(new LonLat(lon, lat), limitM, finding.Real("errorM"))
        : AssetLink.None(AssetLink.NoPlace);

    private async Task<AssetLinker> LinkerAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            bool hasChanged = false;
            FeaturePage page;
            do
            {
                page = await store.QueryAsync(FieldTables.Assets, new FeatureQuery { SinceRevision = _revision, Limit = PageSize }, cancellationToken).ConfigureAwait(false);
                foreach (Feature asset in page.Features)
                {
                    (_assets[asset.Id], _revision, hasChanged) = (asset, asset.Revision, true);
                }
            }
            while (!page.IsLast);
            return hasChanged ? _linker = new AssetLinker(_assets.Values) : _linker;
        }
        finally
        {
            _gate.Release();
        }
    }
}
