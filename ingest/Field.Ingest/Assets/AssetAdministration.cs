using System.Text.Json;
using Field.Contracts;
using Field.Gdal;
using Field.Ingest.Findings;
using Field.Ingest.Identity;
using Field.Ingest.Import;
using Field.Ingest.Photos;
using Field.Store;
using Field.Store.Audit;

namespace Field.Ingest.Assets;

/// <summary>The command line's hand on the assets of a data folder, whether a server runs over it or not.</summary>
public sealed class AssetAdministration : IAsyncDisposable
{
    private const int WriteSize = 500; // a transaction that a running server can wait for
    private const int PageSize = 1000;
    private readonly IFeatureStore _store;
    private readonly AuditLog _audit;
    private readonly TimeProvider _time;
    private readonly string _by = $"user:{Environment.UserName}";

    private AssetAdministration(string dataDirectory, TimeProvider time)
    {
        _time = time;
        _store = StoreUris.Under(Path.GetFullPath(dataDirectory)).OpenFeatures(time);
        _audit = new AuditLog(IdentityOptions.AuditFolderOf(dataDirectory), time);
    }

    /// <summary>Opens the data folder.</summary>
    /// <exception cref="FieldException">It cannot be used.</exception>
    public static AssetAdministration Open(string dataDirectory, TimeProvider time) => new(dataDirectory, time);

    /// <summary>Imports a file; an asset of the same kind and id is replaced, one that is the same stays untouched.</summary>
    /// <param name="options">What and how.</param>
    /// <param name="progress">Rows read; called often.</param>
    /// <param name="cancellationToken">Gives up; what was written stays, and importing again goes on.</param>
    /// <exception cref="FieldException">The file cannot be read, or the store not written.</exception>
    public async Task<AssetImportResult> ImportAsync(
        AssetImportOptions options, IProgress<(long Done, long Total)>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!AssetKind.All.Contains(options.Kind))
        {
            throw new FieldException($"--kind {options.Kind}: {string.Join(", ", AssetKind.All)}");
        }

        Dictionary<string, Feature> stored = await AllAsync(cancellationToken).ConfigureAwait(false);
        AssetImport import = new(options, stored.Values.Where(a => a.Text("kind") == AssetKind.Bridge).Select(a => a.Id).ToHashSet(), _time.GetUtcNow());
        try
        {
            import.Read(progress, cancellationToken);
        }
        catch (GdalException e)
        {
            throw new FieldException(e.Message, false, e);
        }

        Feature[] changed = import.Faults.Count > 0 && !options.SkipErrors
            ? []
            : [.. import.Assets.Values.Where(a => !(stored.TryGetValue(a.Id, out Feature? old) && IsSame(old, a)))];
        long taken = changed.Count(a => stored.TryGetValue(a.Id, out Feature? old) && old.Text("source") != a.Text("source"));
        ImportNote[] replaced = taken == 0 ? [] :
        [
            new(0, null, $"{taken} 件は別のファイルから取り込んだ同じ ID のものを置き換えました", $"{taken} replaced assets of the same id that came from another file"),
        ];
        foreach (Feature[] part in changed.Chunk(WriteSize))
        {
            await _store.WriteAsync([.. part.Select(a => new FeatureWrite(a))], cancellationToken).ConfigureAwait(false);
        }

        if (changed.Length > 0)
        {
            await RecordAsync("asset.import", $"{options.Kind} {Path.GetFileName(options.Path)}", $"{changed.Length} written, {import.Faults.Count} refused", cancellationToken).ConfigureAwait(false);
        }

        bool isRefused = import.Faults.Count > 0 && !options.SkipErrors;
        return new AssetImportResult(import.Rows, changed.Length, isRefused ? 0 : import.Assets.Count - changed.Length, import.Faults, [.. import.Warnings, .. replaced]);
    }

    /// <summary>Assets, by id.</summary>
    /// <param name="kind">Only this kind, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<Feature>> ListAsync(string? kind, CancellationToken cancellationToken) =>
        [.. (await AllAsync(cancellationToken).ConfigureAwait(false)).Values.Where(a => kind is null || a.Text("kind") == kind).OrderBy(a => a.Id, StringComparer.Ordinal)];

    /// <summary>One asset, or null.</summary>
    public Task<Feature?> FindAsync(string assetId, CancellationToken cancellationToken) => _store.FindAsync(FieldTables.Assets, assetId, cancellationToken);

    /// <summary>Writes assets as a GeoJSON FeatureCollection.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="kind">Only this kind, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task ExportAsync(Stream output, string? kind, CancellationToken cancellationToken)
    {
        Utf8JsonWriter writer = new(output, WireJson.WriterOptions);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "FeatureCollection");
            writer.WriteStartArray("features");
            foreach (Feature asset in await ListAsync(kind, cancellationToken).ConfigureAwait(false))
            {
                FeatureJson.Write(writer, asset);
                await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    /// <summary>Links the findings that are stored to the assets as they stand now, after an import. What changed meanwhile is left to its writer.</summary>
    /// <param name="limitM">Assets farther away are not considered; 1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up; what was written stays.</param>
    /// <returns>Findings on the map, those whose link changed, and how many have each reason (empty: linked without doubt).</returns>
    public async Task<(long Findings, long Changed, IReadOnlyDictionary<string, long> ByReason)> LinkAsync(double limitM, CancellationToken cancellationToken)
    {
        if (limitM is not (>= 1 and <= 1000))
        {
            throw new FieldException($"--limit {limitM}: 1 - 1000 m");
        }

        using AssetCatalog catalog = new(_store, limitM);
        Dictionary<string, long> reasons = new(StringComparer.Ordinal);
        (long findings, long changed) = (0, 0);
        FeaturePage page = await _store.QueryAsync(FieldTables.Findings, new FeatureQuery { Limit = WriteSize }, cancellationToken).ConfigureAwait(false);
        long last = page.Revision;
        while (page.Features.Count > 0)
        {
            List<FeatureWrite> writes = [];
            foreach (Feature finding in page.Features.Where(f => f.Text("status") != FindingRow.StatusSuperseded))
            {
                AssetLink link = await catalog.LinkAsync(finding, cancellationToken).ConfigureAwait(false);
                reasons[link.Reason ?? ""] = reasons.GetValueOrDefault(link.Reason ?? "") + 1;
                findings++;
                if (!link.IsOf(finding))
                {
                    Feature linked = link.Apply(finding);
                    Feature? asset = link.AssetId is { } id ? catalog.Find(id) : null;
                    Feature graded = FindingRow.IsDecided(finding) ? linked : FindingGrade.Apply(linked, GradeFacts.Of(linked), asset);
                    writes.Add(new FeatureWrite(graded) { IfRevision = finding.Revision });
                }
            }

            changed += writes.Count == 0 ? 0 : (await _store.WriteAsync(writes, cancellationToken).ConfigureAwait(false)).Count(w => w is not null);
            FeatureQuery next = new() { SinceRevision = page.Features[^1].Revision, UpToRevision = last, Limit = WriteSize };
            page = await _store.QueryAsync(FieldTables.Findings, next, cancellationToken).ConfigureAwait(false);
        }

        await RecordAsync("asset.link", "findings", $"{changed} of {findings} changed", cancellationToken).ConfigureAwait(false);
        return (findings, changed, reasons);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync().ConfigureAwait(false);
        _audit.Dispose();
    }

    private async Task<Dictionary<string, Feature>> AllAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, Feature> all = new(StringComparer.Ordinal);
        FeatureQuery query = new() { Limit = PageSize };
        FeaturePage page;
        do
        {
            page = await _store.QueryAsync(FieldTables.Assets, query, cancellationToken).ConfigureAwait(false);
            foreach (Feature asset in page.Features)
            {
                all[asset.Id] = asset;
                query = query with { SinceRevision = asset.Revision };
            }
        }
        while (!page.IsLast);
        return all;
    }

    /// <summary>True when importing would change nothing but the time of import.</summary>
    private static bool IsSame(Feature a, Feature b) =>
        FieldTables.Assets.Columns.Where(c => c.Name != "importedAt")
            .All(c => Equals(a.Properties.GetValueOrDefault(c.Name), b.Properties.GetValueOrDefault(c.Name)))
        && (a.Geometry is null ? b.Geometry is null : b.Geometry is not null && a.Geometry.EqualsExact(b.Geometry));

    private Task<string> RecordAsync(string what, string on, string detail, CancellationToken cancellationToken) =>
        _audit.AppendAsync([new AuditEntry(what, _by, on, "done") { Detail = detail }], cancellationToken);
}
