using System.Globalization;
using Field.Gdal;
using Field.Ingest.Identity;
using Field.Ingest.Import;
using Field.Store;
using Field.Store.Audit;

namespace Field.Ingest.Layers;

/// <summary>
/// The map's imported layers. A new edition is written beside the one that is shown and takes its place in one step; the one before stays until the
/// next import, so that an import can be taken back. Thread-safe; two imports of one layer at once end with one of them refused.
/// </summary>
public sealed class LayerDesk : IAsyncDisposable
{
    private const int MostText = 500;
    private readonly IFeatureStore _store;
    private readonly AuditLog? _audit;
    private readonly LiveUpdates? _live;
    private readonly TimeProvider _time;
    private readonly bool _owns;
    private readonly Editions _editions;

    internal LayerDesk(IFeatureStore store, AuditLog? audit, LiveUpdates? live, TimeProvider time, bool owns = false) =>
        (_store, _audit, _live, _time, _owns, _editions) = (store, audit, live, time, owns, new Editions(store, FieldTables.LayerFeatures));

    /// <summary>Opens the layers of a data folder, whether a server runs over it or not. Dispose it.</summary>
    /// <exception cref="FieldException">It cannot be used.</exception>
    public static LayerDesk Open(string dataDirectory, TimeProvider time) => new(
        StoreUris.Under(Path.GetFullPath(dataDirectory)).OpenFeatures(time), new AuditLog(IdentityOptions.AuditFolderOf(dataDirectory), time), null, time, owns: true);

    /// <summary>Layers by title.</summary>
    /// <param name="withRemoved">Also those that were taken off the map.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<Layer>> ListAsync(bool withRemoved, CancellationToken cancellationToken)
    {
        FeaturePage page = await _store.QueryAsync(FieldTables.Layers, new FeatureQuery { Limit = int.MaxValue - 1 }, cancellationToken).ConfigureAwait(false);
        return [.. page.Features.Select(Layer.Of).Where(l => withRemoved || l.RemovedAt is null).OrderBy(l => l.Title, StringComparer.Ordinal)];
    }

    /// <summary>One layer, removed ones too; or null.</summary>
    public async Task<Layer?> FindAsync(string id, CancellationToken cancellationToken) =>
        await _store.FindAsync(FieldTables.Layers, id, cancellationToken).ConfigureAwait(false) is { } row ? Layer.Of(row) : null;

    /// <summary>What is on the map of a layer, and the rows that could not be taken (<c>state</c> is <c>refused</c>, without geometry), in order of rows.</summary>
    public IAsyncEnumerable<Feature> FeaturesAsync(Layer layer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return _editions.ReadAsync(layer.Edition, cancellationToken);
    }

    /// <summary>One feature of a layer by its number (the row of the file), or null.</summary>
    public Task<Feature?> FeatureAsync(Layer layer, long n, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return _store.FindAsync(FieldTables.LayerFeatures, Editions.IdOf(layer.Edition, n), cancellationToken);
    }

    /// <summary>Imports a layer; one of the same id is replaced when the new one is complete.</summary>
    /// <param name="options">What and how.</param>
    /// <param name="by">Who, as the audit log writes it.</param>
    /// <param name="progress">Rows done; called often.</param>
    /// <param name="cancellationToken">Gives up; the layer stays as it was.</param>
    /// <exception cref="FieldException">The file cannot be read, or the store not written.</exception>
    public async Task<LayerImportResult> ImportAsync(LayerImportOptions options, string by, IProgress<LayerProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<ImportNote> wrong = LayerRules.Check(options);
        if (wrong.Count > 0)
        {
            return new LayerImportResult(null, false, wrong, []);
        }

        try
        {
            using LayerImport import = new(options);
            return import.Faults.Count > 0
                ? new LayerImportResult(null, false, import.Faults, import.Notes)
                : await ImportAsync(options, import, by, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (GdalException e)
        {
            throw new FieldException(e.Message, false, e);
        }
    }

    /// <summary>Changes what is known of a layer.</summary>
    /// <param name="id">The layer.</param>
    /// <param name="change">From the layer as it is to what it is to be; its features cannot be changed.</param>
    /// <param name="by">Who.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FieldException">No such layer, changed meanwhile, or a value is wrong.</exception>
    public async Task<Layer> ChangeAsync(string id, Func<Layer, Layer> change, string by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        Layer old = await RequireAsync(id, cancellationToken).ConfigureAwait(false);
        Layer changed = change(old);
        List<ImportNote> wrong = LayerRules.Check(changed);
        if (wrong.Count > 0)
        {
            throw new FieldException(string.Join("\n", wrong.Select(w => $"{w.Ja} / {w.En}")));
        }

        Layer written = await WriteAsync(changed, old, cancellationToken).ConfigureAwait(false);
        await RecordAsync("layer.change", by, id, LayerRules.Difference(old, changed), cancellationToken).ConfigureAwait(false);
        return written;
    }

    /// <summary>Takes a layer off the map; <see cref="RestoreAsync"/> brings it back, unless it was to be forgotten.</summary>
    /// <param name="id">The layer.</param>
    /// <param name="forever">True: its features and its row are deleted, and nothing brings them back.</param>
    /// <param name="by">Who.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RemoveAsync(string id, bool forever, string by, CancellationToken cancellationToken)
    {
        Layer layer = await RequireAsync(id, cancellationToken).ConfigureAwait(false);
        await WriteAsync(layer with { RemovedAt = _time.GetUtcNow() }, layer, cancellationToken).ConfigureAwait(false);
        await RecordAsync(forever ? "layer.delete" : "layer.remove", by, id, layer.Title, cancellationToken).ConfigureAwait(false);
        if (forever)
        {
            await _editions.SweepAsync(("layerId", id), [], cancellationToken).ConfigureAwait(false);
            await _store.WriteAsync([new FeatureWrite(layer.ToFeature(), WriteMode.Delete)], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Brings a removed layer back, or the edition before the last import; twice is as before.</summary>
    public async Task<Layer> RestoreAsync(string id, string by, CancellationToken cancellationToken)
    {
        Layer layer = await RequireAsync(id, cancellationToken).ConfigureAwait(false);
        Layer back = layer.RemovedAt is not null ? layer with { RemovedAt = null }
            : layer.Previous is { } previous ? previous with { Previous = layer with { Previous = null } }
            : throw new FieldException(LayerFault.NoEarlier.Both);
        Layer written = await WriteAsync(back, layer, cancellationToken).ConfigureAwait(false);
        await RecordAsync("layer.restore", by, id, $"edition {written.Edition}", cancellationToken).ConfigureAwait(false);
        return written;
    }

    /// <summary>Writes a layer as a GeoJSON FeatureCollection with what is known of it; rows that could not be taken are not in it.</summary>
    public async Task ExportAsync(Stream output, Layer layer, CancellationToken cancellationToken) =>
        await LayerExport.WriteAsync(output, layer, FeaturesAsync(layer, cancellationToken), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_owns)
        {
            await _store.DisposeAsync().ConfigureAwait(false);
            _audit?.Dispose();
        }
    }

    private async Task<LayerImportResult> ImportAsync(LayerImportOptions options, LayerImport import, string by, IProgress<LayerProgress>? progress, CancellationToken cancellationToken)
    {
        string origin = LayerIdentity.Origin(options);
        string id = options.Id ?? LayerIdentity.Id(origin, options.Layer);
        string edition = LayerIdentity.Edition(id, options, import);
        Layer? old = await FindAsync(id, cancellationToken).ConfigureAwait(false);
        if (old is not null && options.Id is null && old.FileName != origin)
        {
            return new LayerImportResult(null, false, [new ImportNote(0, null, LayerFault.SameId(id, old.FileName, origin))], []);
        }

        if (old is not null && !options.MayReplace(old))
        {
            return new LayerImportResult(null, false, [new ImportNote(0, null, LayerFault.NotYours(id))], []);
        }

        bool isSame = old?.Edition == edition;
        Layer layer;
        if (isSame)
        {
            layer = Describe(options, import, id, origin, edition, by) with
            {
                FeatureCount = old!.FeatureCount,
                RepairedCount = old.RepairedCount,
                RefusedCount = old.RefusedCount,
                GeometryType = old.GeometryType,
                Extent = old.Extent,
                Notes = old.Notes,
                ImportedAt = old.ImportedAt,
                ImportedBy = old.ImportedBy,
                Previous = old.Previous,
            };
            if (LayerRules.Difference(old, layer).Length == 0)
            {
                return new LayerImportResult(old, true, [], old.Notes);
            }
        }
        else
        {
            try
            {
                await _editions.WriteAsync(import.Read(id, edition, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception)
            {
                await _editions.SweepAsync(("layerId", id), Kept(old), CancellationToken.None).ConfigureAwait(false);
                throw;
            }

            if (import.Faults.Count > 0 || import.RowCount == import.RefusedCount)
            {
                await _editions.SweepAsync(("layerId", id), Kept(old), CancellationToken.None).ConfigureAwait(false);
                ImportNote[] faults = [.. import.Faults, .. import.Faults.Count == 0 ? [new ImportNote(0, null, LayerFault.NothingTaken)] : Array.Empty<ImportNote>()];
                return new LayerImportResult(null, false, faults, import.Notes);
            }

            layer = Describe(options, import, id, origin, edition, by) with { Previous = old is null ? null : old with { Previous = null } };
        }

        Layer written = await WriteAsync(layer, old, cancellationToken).ConfigureAwait(false);
        await _editions.SweepAsync(("layerId", id), Kept(written), CancellationToken.None).ConfigureAwait(false);
        string detail = string.Create(CultureInfo.InvariantCulture, $"{origin}: {written.FeatureCount} features, {written.RepairedCount} repaired, {written.RefusedCount} refused, {written.DataClass}");
        await RecordAsync("layer.import", by, id, detail, CancellationToken.None).ConfigureAwait(false);
        return new LayerImportResult(written, isSame, [], import.RowCount > 0 ? import.Notes : written.Notes);
    }

    private Layer Describe(LayerImportOptions options, LayerImport import, string id, string origin, string edition, string by) => new()
    {
        Id = id,
        Title = options.Title ?? import.LayerName,
        Kind = options.Kind ?? (import.Classes?.Preset is { } preset ? LayerPresets.Find(preset)!.Kind : LayerKind.Other),
        DataClass = options.DataClass,
        Source = options.Source,
        SourceDate = options.SourceDate,
        Licence = options.Licence,
        Attribution = options.Attribution,
        Epsg = import.Epsg,
        FileName = origin,
        GeometryType = import.GeometryType,
        Fields = import.Fields,
        LabelField = import.LabelField,
        Classes = import.Classes,
        Extent = import.Extent.IsNull ? null : import.Extent,
        FeatureCount = import.RowCount - import.RefusedCount,
        RepairedCount = import.RepairedCount,
        RefusedCount = import.RefusedCount,
        Notes = import.Notes,
        ImportedAt = _time.GetUtcNow(),
        ImportedBy = by,
        WithdrawnOn = options.WithdrawnOn,
        WithdrawnReason = options.WithdrawnReason,
        Edition = edition,
    };

    private static string[] Kept(Layer? layer) => [.. new[] { layer?.Edition, layer?.Previous?.Edition }.OfType<string>()];

    private async Task<Layer> RequireAsync(string id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken).ConfigureAwait(false) ?? throw new FieldException(LayerFault.NotThere.Both);

    private async Task<Layer> WriteAsync(Layer layer, Layer? old, CancellationToken cancellationToken)
    {
        FeatureWrite write = old is null ? new(layer.ToFeature(), WriteMode.InsertNew) : new(layer.ToFeature()) { IfRevision = old.Revision };
        Feature row = (await _store.WriteAsync([write], cancellationToken).ConfigureAwait(false))[0] ?? throw new FieldException(LayerFault.MeanwhileChanged.Both);
        if (_live is not null && layer.DataClass is (LayerDataClass.Public or LayerDataClass.Internal))
        {
            await _live.PublishAsync([row], cancellationToken).ConfigureAwait(false);
        }

        return Layer.Of(row);
    }

    private Task RecordAsync(string what, string by, string id, string detail, CancellationToken cancellationToken) => _audit is null
        ? Task.CompletedTask
        : _audit.AppendAsync([new AuditEntry(what, by, id, "done") { Detail = detail.Length > MostText ? detail[..MostText] : detail }], cancellationToken);
}
