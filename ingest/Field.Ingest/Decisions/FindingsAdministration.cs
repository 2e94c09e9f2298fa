using System.Text.Json;
using Field.Contracts;
using Field.Ingest.Identity;
using Field.Ingest.Photos;
using Field.Store;
using Field.Store.Audit;

namespace Field.Ingest.Decisions;

/// <summary>The command line's hand on the findings of a data folder, whether a server runs over it or not.</summary>
public sealed class FindingsAdministration : IAsyncDisposable
{
    private readonly IFeatureStore _store;
    private readonly IBlobStore _blobs;
    private readonly AuditLog _audit;

    private FindingsAdministration(string dataDirectory, TimeProvider time)
    {
        StoreUris stores = StoreUris.Under(Path.GetFullPath(dataDirectory));
        (_store, _blobs) = (stores.OpenFeatures(time), stores.OpenBlobs());
        _audit = new AuditLog(IdentityOptions.AuditFolderOf(dataDirectory), time);
    }

    /// <summary>Opens the data folder.</summary>
    /// <exception cref="FieldException">It cannot be used.</exception>
    public static FindingsAdministration Open(string dataDirectory, TimeProvider time) => new(dataDirectory, time);

    /// <summary>Writes the findings that stand for themselves as a GeoJSON FeatureCollection.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many.</returns>
    public async Task<int> WriteGeoJsonAsync(Stream output, CancellationToken cancellationToken)
    {
        IReadOnlyList<Feature> findings = await FindingsAsync(cancellationToken).ConfigureAwait(false);
        Utf8JsonWriter writer = new(output, WireJson.WriterOptions);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "FeatureCollection");
            writer.WriteStartArray("features");
            foreach (Feature finding in findings)
            {
                FeatureJson.Write(writer, finding);
                await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return findings.Count;
    }

    /// <summary>Writes the findings that stand for themselves as a table for a spreadsheet.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="english">Headings in English.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many.</returns>
    public async Task<int> WriteCsvAsync(Stream output, bool english, CancellationToken cancellationToken)
    {
        IReadOnlyList<Feature> findings = await FindingsAsync(cancellationToken).ConfigureAwait(false);
        await FindingsCsv.WriteAsync(output, findings, english, cancellationToken).ConfigureAwait(false);
        return findings.Count;
    }

    /// <summary>Writes what people decided as training data into an empty folder; audited, because photos leave the store.</summary>
    /// <exception cref="FieldException">The folder is not empty.</exception>
    public async Task<TrainingExportResult> WriteTrainingAsync(string folder, CancellationToken cancellationToken)
    {
        AuditEntry entry = new("finding.export", $"user:{Environment.UserName}", "training", "done");
        await _audit.AppendAsync([entry], cancellationToken).ConfigureAwait(false);
        return await new TrainingExport(_store, _blobs, Path.GetFullPath(folder)).WriteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync().ConfigureAwait(false);
        _audit.Dispose();
    }

    /// <summary>Most urgent first.</summary>
    private async Task<IReadOnlyList<Feature>> FindingsAsync(CancellationToken cancellationToken) =>
    [
        .. (await FeaturePages.AllAsync(_store, FieldTables.Findings, new FeatureQuery(), cancellationToken).ConfigureAwait(false))
            .Where(f => f.Text("mergedInto") is null && f.Text("status") != FindingRow.StatusSuperseded)
            .OrderByDescending(f => f.Real("urgency") ?? -1).ThenBy(f => f.Id, StringComparer.Ordinal),
    ];
}
