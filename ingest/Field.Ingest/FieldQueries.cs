using System.Text.Json;
using Field.Contracts;
using Field.Ingest.Alarms;
using Field.Ingest.Decisions;
using Field.Ingest.Photos;
using Field.Store;
using Envelope = NetTopologySuite.Geometries.Envelope;

namespace Field.Ingest;

/// <summary>What is stored, counted.</summary>
/// <param name="PhotosByState">Photos by <c>announced</c>, <c>stored</c>, <c>scored</c>, <c>unreadable</c>.</param>
/// <param name="FindingsByClass">Findings that are on the map, by class.</param>
/// <param name="DevicesByState">Devices by <c>online</c>, <c>offline</c>; the empty text for those that never said.</param>
/// <param name="Events">Events.</param>
/// <param name="PhotosIncoming">Photos of which chunks are missing.</param>
/// <param name="DeadLetters">How full the dead letters are.</param>
public sealed record FieldCounts(
    IReadOnlyDictionary<string, long> PhotosByState,
    IReadOnlyDictionary<string, long> FindingsByClass,
    IReadOnlyDictionary<string, long> DevicesByState,
    long Events,
    long PhotosIncoming,
    DeadLetterStatus DeadLetters);

/// <summary>Answers for the map: UTF-8 JSON, written as it is read. Thread-safe.</summary>
public sealed class FieldQueries
{
    private const int PageSize = 1000;
    private readonly FieldStores _stores;
    private readonly DeadLetterStore _letters;
    private readonly IncomingFolder _incoming;
    private readonly PhotoPipeline _pipeline;
    private readonly AlarmDesk _alarms;

    internal FieldQueries(FieldStores stores, DeadLetterStore letters, IncomingFolder incoming, PhotoPipeline pipeline, AlarmDesk alarms) =>
        (_stores, _letters, _incoming, _pipeline, _alarms) = (stores, letters, incoming, pipeline, alarms);

    /// <summary>
    /// Writes a FeatureCollection with the member <c>revision</c> (SPEC.md section 8). What changes while it is written is left out
    /// and comes with the next <paramref name="sinceRevision"/>.
    /// </summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="collection"><c>photos</c>, <c>findings</c>, <c>devices</c> or <c>events</c>.</param>
    /// <param name="sinceRevision">Only what changed after it; 0 for all. Superseded findings are told to those who may have them only.</param>
    /// <param name="within">Only what meets this box (x lon, y lat, degrees), or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False, with nothing written, when there is no such collection.</returns>
    public async Task<bool> WriteFeaturesAsync(
        Stream output, string collection, long sinceRevision, Envelope? within, CancellationToken cancellationToken)
    {
        if (FieldTables.Find(collection) is not { IsPublished: true } table)
        {
            return false;
        }

        FeatureQuery query = new() { SinceRevision = sinceRevision, Within = within, Limit = PageSize };
        FeaturePage page = await _stores.Features.QueryAsync(table, query, cancellationToken).ConfigureAwait(false);
        query = query with { UpToRevision = page.Revision };
        Utf8JsonWriter writer = new(output, WireJson.WriterOptions);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "FeatureCollection");
            writer.WriteNumber("revision", page.Revision);
            writer.WriteStartArray("features");
            while (true)
            {
                foreach (Feature feature in page.Features.Where(f => sinceRevision > 0 || f.Text("status") != FindingRow.StatusSuperseded))
                {
                    FeatureJson.Write(writer, feature);
                }

                await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
                if (page.IsLast)
                {
                    break;
                }

                query = query with { SinceRevision = page.Features[^1].Revision };
                page = await _stores.Features.QueryAsync(table, query, cancellationToken).ConfigureAwait(false);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return true;
    }

    /// <summary>Writes a photo's Feature; its member <c>findings</c> holds the findings' Features with <c>pixelRings</c>.</summary>
    /// <returns>False, with nothing written, when there is no such photo.</returns>
    public async Task<bool> WritePhotoAsync(Stream output, string photoId, CancellationToken cancellationToken)
    {
        if (await _stores.Features.FindAsync(FieldTables.Photos, photoId, cancellationToken).ConfigureAwait(false) is not { } photo)
        {
            return false;
        }

        FeatureQuery query = new() { Where = ("photoId", photoId), Limit = int.MaxValue };
        FeaturePage findings = await _stores.Features.QueryAsync(FieldTables.Findings, query, cancellationToken).ConfigureAwait(false);
        Utf8JsonWriter writer = new(output, WireJson.WriterOptions);
        await using (writer.ConfigureAwait(false))
        {
            FeatureJson.Write(writer, photo, members: more =>
            {
                more.WriteStartArray("findings");
                foreach (Feature finding in findings.Features.Where(f => f.Text("status") != FindingRow.StatusSuperseded))
                {
                    FeatureJson.Write(more, finding, rings =>
                    {
                        rings.WritePropertyName("pixelRings");
                        rings.WriteRawValue(finding.Text("pixelRings") ?? "[]");
                    });
                }

                more.WriteEndArray();
            });
        }

        return true;
    }

    /// <summary>The photo's bytes as a file of this machine; null when there is no such photo. The caller disposes.</summary>
    public async Task<BlobFile?> OpenPhotoFileAsync(string photoId, CancellationToken cancellationToken) =>
        Ids.IsPhoto(photoId) && await _stores.Features.FindAsync(FieldTables.Photos, photoId, cancellationToken).ConfigureAwait(false) is not null
            ? await _stores.Blobs.OpenFileAsync(photoId, cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>The thumbnail (JPEG) of a photo that is announced and not stored; null when there is none.</summary>
    public async Task<byte[]?> ReadThumbnailAsync(string photoId, CancellationToken cancellationToken) =>
        Ids.IsPhoto(photoId) && await _stores.Features.FindAsync(FieldTables.Photos, photoId, cancellationToken).ConfigureAwait(false) is { } row
            && !PhotoRow.IsStored(row) && row.Text("device") is { } device
            ? _incoming.ReadThumbnail(new UploadKey(device, photoId))
            : null;

    /// <summary>Writes down who has taken note of an alarm; an event's alarm is cleared by it. Repeating it changes nothing.</summary>
    /// <param name="alarmId">The alarm.</param>
    /// <param name="who">Who, 1 to 100 characters.</param>
    /// <param name="note">What is done about it, up to 500 characters, or null.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False when there is no such alarm.</returns>
    public Task<bool> AcknowledgeAlarmAsync(string alarmId, string who, string? note, CancellationToken cancellationToken) =>
        _alarms.AcknowledgeAsync(alarmId, who, note, cancellationToken);

    /// <summary>Scores a photo again, with the model that is loaded now; false when there is no such photo.</summary>
    public Task<bool> ScoreAgainAsync(string photoId, CancellationToken cancellationToken) => _pipeline.RequeueAsync(photoId, cancellationToken);

    /// <summary>Writes measurements of a device as resolved SenML (an empty array when there are none).</summary>
    public async Task WriteTelemetryAsync(Stream output, TelemetryQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(output);
        IReadOnlyList<Measurement> measurements = await _stores.Telemetry.ReadAsync(query, cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(new SenMLPack(measurements, null).Write(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Counts everything.</summary>
    public async Task<FieldCounts> CountAsync(CancellationToken cancellationToken) => new(
        await _stores.Features.CountByAsync(FieldTables.Photos, "state", null, cancellationToken).ConfigureAwait(false),
        await CountFindingsAsync(cancellationToken).ConfigureAwait(false),
        await _stores.Features.CountByAsync(FieldTables.Devices, "state", null, cancellationToken).ConfigureAwait(false),
        (await _stores.Features.CountByAsync(FieldTables.Events, "kind", null, cancellationToken).ConfigureAwait(false)).Values.Sum(),
        _incoming.Count,
        await _letters.StatusAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>By class: what is a draft, or was found right by a person.</summary>
    private async Task<IReadOnlyDictionary<string, long>> CountFindingsAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, long> counts = new(StringComparer.Ordinal);
        foreach (string status in (string[])[FindingRow.StatusDraft, DecisionEffect.StatusConfirmed, DecisionEffect.StatusCorrected])
        {
            foreach ((string name, long count) in await _stores.Features.CountByAsync(FieldTables.Findings, "class", ("status", status), cancellationToken).ConfigureAwait(false))
            {
                counts[name] = counts.GetValueOrDefault(name) + count;
            }
        }

        return counts;
    }
}
