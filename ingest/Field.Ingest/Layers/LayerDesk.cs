using System.Globalization;
using Field.Gdal;
using Field.Ingest.Identity;
using Field.Ingest.Import;
using Field.Store;
using Field.Store.Audit;

namespace Field.Ingest.Layers;

/// <summary>
/// The map's imported layers. A new edition is written beside the one that is shown and takes its place in one step; how the layer was before is kept
/// (<see cref="LayerHistory"/>), so that an import and a change can be taken back. Thread-safe; of two writers of one layer at once one is refused.
/// </summary>
public sealed class LayerDesk : IAsyncDisposable
{
    /// <summary>How long a removed layer can be brought back.</summary>
    public static readonly TimeSpan RemovedKeptFor = TimeSpan.FromDays(30);

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
    /// <param name="withRemoved">Also those that were taken off the map and can be brought back.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<Layer>> ListAsync(bool withRemoved, CancellationToken cancellationToken)
    {
        FeaturePage page = await _store.QueryAsync(FieldTables.Layers, new FeatureQuery { Limit = int.MaxValue - 1 }, cancellationToken).ConfigureAwait(false);
        return [.. page.Features.Select(Layer.Of).Where(l => l.RemovedAt is null || (withRemoved && !IsForgotten(l))).OrderBy(l => l.Title, StringComparer.Ordinal)];
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
    /// <param name="ifRevision">Only while the layer has this revision; null for any.</param>
    /// <exception cref="LayerStaleException">Changed meanwhile.</exception>
    /// <exception cref="FieldException">No such layer, or a value is wrong.</exception>
    public async Task<Layer> ChangeAsync(string id, Func<Layer, Layer> change, string by, CancellationToken cancellationToken, long? ifRevision = null)
    {
        ArgumentNullException.ThrowIfNull(change);
        Layer old = await RequireAsync(id, cancellationToken).ConfigureAwait(false);
        if (ifRevision is { } seen && seen != old.Revision)
        {
            throw new LayerStaleException(old);
        }

        Layer changed = change(old);
        List<ImportNote> wrong = [.. LayerRules.Check(changed), .. LayerRules.CheckClasses(old, changed)];
        if (wrong.Count > 0)
        {
            throw new FieldException(string.Join("\n", wrong.Select(w => $"{w.Ja} / {w.En}")));
        }

        if (LayerReclass.Signature(old.Classes) != LayerReclass.Signature(changed.Classes))
        {
            changed = await ReclassAsync(old, changed, cancellationToken).ConfigureAwait(false);
        }
        else if (changed.Classes is { } looks)
        {
            changed = changed with { Classes = looks with { UnclassedCount = old.Classes!.UnclassedCount } };
        }

        string difference = LayerRules.Difference(old, changed);
        if (difference.Length == 0)
        {
            return old; // no version of its own, which would push a real one out
        }

        Layer written = await WriteAsync(changed with { Earlier = LayerHistory.After(old, changed, _time.GetUtcNow(), by) }, old, cancellationToken).ConfigureAwait(false);
        await _editions.SweepAsync(("layerId", id), LayerHistory.Editions(written), CancellationToken.None).ConfigureAwait(false);
        await RecordAsync("layer.change", by, id, difference, cancellationToken).ConfigureAwait(false);
        return written;
    }

    /// <summary>Takes a layer off the map; <see cref="RestoreAsync"/> brings it back for <see cref="RemovedKeptFor"/>, unless it was to be forgotten.</summary>
    /// <param name="id">The layer.</param>
    /// <param name="forever">True: its features and its row are deleted, and nothing brings them back.</param>
    /// <param name="by">Who.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RemoveAsync(string id, bool forever, string by, CancellationToken cancellationToken)
    {
        Layer layer = await RequireAsync(id, cancellationToken).ConfigureAwait(false);
        Layer removed = layer with { RemovedAt = layer.RemovedAt ?? _time.GetUtcNow() };
        if (forever)
        {
            await ForgetAsync(removed, by, cancellationToken).ConfigureAwait(false);
            return;
        }

        await WriteAsync(removed, layer, cancellationToken).ConfigureAwait(false);
        await RecordAsync("layer.remove", by, id, layer.Title, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Forgets the layers that were removed longer ago than they are kept, and what a crash left half forgotten.</summary>
    /// <returns>How many.</returns>
    public async Task<int> PurgeAsync(CancellationToken cancellationToken)
    {
        FeaturePage page = await _store.QueryAsync(FieldTables.Layers, new FeatureQuery { Limit = int.MaxValue - 1 }, cancellationToken).ConfigureAwait(false);
        DateTimeOffset before = _time.GetUtcNow() - RemovedKeptFor;
        Layer[] over = [.. page.Features.Select(Layer.Of).Where(l => l.RemovedAt is { } at && (at <= before || IsForgotten(l)))];
        int count = 0;
        foreach (Layer layer in over)
        {
            try
            {
                await ForgetAsync(layer, "server", cancellationToken).ConfigureAwait(false);
                count++;
            }
            catch (LayerStaleException)
            {
                // somebody brought it back at the last moment
            }
        }

        return count;
    }

    /// <summary>Brings a removed layer back, or how it was before it was changed or imported last; twice is as before.</summary>
    /// <param name="id">The layer.</param>
    /// <param name="by">Who.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="revision">The version of <see cref="Layer.Earlier"/> by its revision; null for the latest.</param>
    public async Task<Layer> RestoreAsync(string id, string by, CancellationToken cancellationToken, long? revision = null)
    {
        Layer layer = await RequireAsync(id, cancellationToken).ConfigureAwait(false);
        Layer back;
        if (layer.RemovedAt is not null && revision is null)
        {
            back = layer with { RemovedAt = null };
        }
        else
        {
            LayerVersion version = layer.Earlier.FirstOrDefault(v => revision is null || v.Layer.Revision == revision) ?? throw new FieldException(LayerFault.NoEarlier.Both);
            back = version.Layer with { Earlier = LayerHistory.After(layer, version.Layer, _time.GetUtcNow(), by) };
        }

        Layer written = await WriteAsync(back, layer, cancellationToken).ConfigureAwait(false);
        await _editions.SweepAsync(("layerId", id), LayerHistory.Editions(written), CancellationToken.None).ConfigureAwait(false);
        await RecordAsync("layer.restore", by, id, $"edition {written.Edition}; {LayerRules.Difference(layer, written)}", cancellationToken).ConfigureAwait(false);
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
                Classes = import.Classes is { } table ? table with { UnclassedCount = old!.Classes?.UnclassedCount ?? 0 } : null,
                FeatureCount = old!.FeatureCount,
                RepairedCount = old.RepairedCount,
                RefusedCount = old.RefusedCount,
                GeometryType = old.GeometryType,
                Extent = old.Extent,
                Notes = old.Notes,
                ImportedAt = old.ImportedAt,
                ImportedBy = old.ImportedBy,
            };
            if (LayerRules.Difference(old, layer).Length == 0)
            {
                return new LayerImportResult(old, true, [], old.Notes);
            }

            layer = layer with { Earlier = LayerHistory.After(old, layer, _time.GetUtcNow(), by) };
        }
        else
        {
            try
            {
                await _editions.WriteAsync(import.Read(id, edition, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception)
            {
                await _editions.SweepAsync(("layerId", id), LayerHistory.Editions(old), CancellationToken.None).ConfigureAwait(false);
                throw;
            }

            if (import.Faults.Count > 0 || import.RowCount == import.RefusedCount)
            {
                await _editions.SweepAsync(("layerId", id), LayerHistory.Editions(old), CancellationToken.None).ConfigureAwait(false);
                ImportNote[] faults = [.. import.Faults, .. import.Faults.Count == 0 ? [new ImportNote(0, null, LayerFault.NothingTaken)] : Array.Empty<ImportNote>()];
                return new LayerImportResult(null, false, faults, import.Notes);
            }

            layer = Describe(options, import, id, origin, edition, by);
            layer = layer with { Earlier = LayerHistory.After(old, layer, layer.ImportedAt, by) };
        }

        Layer written = await WriteAsync(layer, old, cancellationToken).ConfigureAwait(false);
        await _editions.SweepAsync(("layerId", id), LayerHistory.Editions(written), CancellationToken.None).ConfigureAwait(false);
        string detail = string.Create(CultureInfo.InvariantCulture, $"{origin}: {written.FeatureCount} features, {written.RepairedCount} repaired, {written.RefusedCount} refused, {written.DataClass}");
        await RecordAsync("layer.import", by, id, detail, CancellationToken.None).ConfigureAwait(false);
        return new LayerImportResult(written, isSame, [], import.RowCount > 0 ? import.Notes : written.Notes);
    }

    /// <summary>Writes the features under the new table beside those that are shown.</summary>
    private async Task<Layer> ReclassAsync(Layer old, Layer changed, CancellationToken cancellationToken)
    {
        const int AtOnce = 500;
        if (changed.Classes?.Field is { } field && !old.Fields.Contains(field))
        {
            throw new FieldException(LayerFault.NoField(field, string.Join(", ", old.Fields.Take(40))).Both);
        }

        LayerReclass reclass = new(changed.Classes);
        string edition = reclass.EditionOf(old);
        try
        {
            List<Feature> part = [];
            await foreach (Feature feature in _editions.ReadAsync(old.Edition, cancellationToken).ConfigureAwait(false))
            {
                part.Add(reclass.Of(feature, edition));
                if (part.Count == AtOnce)
                {
                    await _editions.WriteAsync(part, cancellationToken).ConfigureAwait(false);
                    part.Clear();
                }
            }

            await _editions.WriteAsync(part, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            await _editions.SweepAsync(("layerId", old.Id), LayerHistory.Editions(old), CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        return reclass.Of(changed, edition, old.Classes?.Field);
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
        Classes = import.Classes is { } table ? table with { UnclassedCount = import.UnclassedCount } : null,
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

    /// <summary>Its features are being deleted: nobody brings it back.</summary>
    private static bool IsForgotten(Layer layer) => layer.Edition.Length == 0;

    /// <summary>First the row says that nothing is left to bring back, then features and row go: neither a crash nor a restore in between leaves half of it.</summary>
    private async Task ForgetAsync(Layer layer, string by, CancellationToken cancellationToken)
    {
        await WriteAsync(layer with { Edition = "", Earlier = [] }, layer, cancellationToken).ConfigureAwait(false);
        await _editions.SweepAsync(("layerId", layer.Id), [], cancellationToken).ConfigureAwait(false);
        await _store.WriteAsync([new FeatureWrite(layer.ToFeature(), WriteMode.Delete)], cancellationToken).ConfigureAwait(false);
        await RecordAsync("layer.delete", by, layer.Id, layer.Title, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Layer> RequireAsync(string id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken).ConfigureAwait(false) is { } layer && !IsForgotten(layer) ? layer : throw new FieldException(LayerFault.NotThere.Both);

    private async Task<Layer> WriteAsync(Layer layer, Layer? old, CancellationToken cancellationToken)
    {
        FeatureWrite write = old is null ? new(layer.ToFeature(), WriteMode.InsertNew) : new(layer.ToFeature()) { IfRevision = old.Revision };
        Feature row = (await _store.WriteAsync([write], cancellationToken).ConfigureAwait(false))[0]
            ?? throw new LayerStaleException(await FindAsync(layer.Id, cancellationToken).ConfigureAwait(false));
        if (_live is not null && (IsOpen(layer) || (old is not null && IsOpen(old))))
        {
            // of a layer that is not for everybody any more only that it has changed
            await _live.PublishAsync([IsOpen(layer) ? row : row with { Properties = new Dictionary<string, object?>() }], cancellationToken).ConfigureAwait(false);
        }

        return Layer.Of(row);
    }

    private static bool IsOpen(Layer layer) => layer.DataClass is LayerDataClass.Public or LayerDataClass.Internal;

    private Task RecordAsync(string what, string by, string id, string detail, CancellationToken cancellationToken) => _audit is null
        ? Task.CompletedTask
        : _audit.AppendAsync([new AuditEntry(what, by, id, "done") { Detail = detail.Length > MostText ? detail[..MostText] : detail }], cancellationToken);
}
