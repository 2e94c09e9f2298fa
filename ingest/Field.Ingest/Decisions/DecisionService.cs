using System.Text.Json;
using Field.Contracts;
using Field.Ingest.Assets;
using Field.Ingest.Photos;
using Field.Store;
using Field.Store.Audit;
using Microsoft.Extensions.Logging;

namespace Field.Ingest.Decisions;

/// <summary>What became of a decision.</summary>
public enum DecisionOutcome
{
    /// <summary>Stored.</summary>
    Done,

    /// <summary>Refused; the errors say why.</summary>
    Refused,

    /// <summary>There is no such finding.</summary>
    NotFound,

    /// <summary>The finding changed since the person saw it.</summary>
    Stale,
}

/// <summary>The answer to a decision.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Finding">The finding as it is now; null when there is none.</param>
/// <param name="Errors">Why it was refused.</param>
public sealed record DecisionResult(DecisionOutcome Outcome, Feature? Finding, IReadOnlyList<DecisionError> Errors);

/// <summary>
/// Takes people's decisions on findings. A decision and the change of its finding are one transaction that holds only while the finding is
/// as the person saw it, so two decisions never overwrite each other. Thread-safe; one decision is worked on at a time, which bounds the memory
/// of drawn masks.
/// </summary>
public sealed class DecisionService : IDisposable
{
    private readonly FieldStores _stores;
    private readonly LiveUpdates _live;
    private readonly AuditLog? _audit;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly DecisionEffect _effect;
    private readonly SemaphoreSlim _deciding = new(1, 1);

    internal DecisionService(IngestOptions options, FieldStores stores, LiveUpdates live, AuditLog? audit, TimeProvider time, ILogger<DecisionService> log)
    {
        (_stores, _live, _audit, _time, _log) = (stores, live, audit, time, log);
        _effect = new DecisionEffect(options);
    }

    /// <summary>Decides.</summary>
    /// <param name="findingId">On what.</param>
    /// <param name="request">What.</param>
    /// <param name="formErrors">What was wrong when the request was read.</param>
    /// <param name="cancellationToken">Gives up waiting; the decision may still be stored.</param>
    /// <exception cref="FieldException">The store or the audit log cannot be written; nothing is decided.</exception>
    public async Task<DecisionResult> DecideAsync(string findingId, DecisionRequest request, IReadOnlyCollection<DecisionError> formErrors, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(formErrors);
        await _deciding.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await FindAsync(findingId, cancellationToken).ConfigureAwait(false) is not { } finding)
            {
                return new DecisionResult(DecisionOutcome.NotFound, null, []);
            }

            List<DecisionError> errors = [.. formErrors, .. DecisionRules.OfForm(request)];
            if (errors.Count == 0 && request.Revision != finding.Revision)
            {
                return new DecisionResult(DecisionOutcome.Stale, finding, []);
            }

            DecisionScene scene = await SceneAsync(finding, request, cancellationToken).ConfigureAwait(false);
            errors.AddRange(DecisionRules.OfFinding(request, scene));
            return errors.Count > 0
                ? new DecisionResult(DecisionOutcome.Refused, finding, errors)
                : await StoreAsync(request, scene, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _deciding.Release();
        }
    }

    /// <summary>A finding, or null.</summary>
    public Task<Feature?> FindAsync(string findingId, CancellationToken cancellationToken) =>
        _stores.Features.FindAsync(FieldTables.Findings, findingId, cancellationToken);

    /// <summary>Writes a finding's Feature with <c>pixelRings</c>.</summary>
    public static void Write(Utf8JsonWriter writer, Feature finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        FeatureJson.Write(writer, finding, rings =>
        {
            rings.WritePropertyName("pixelRings");
            rings.WriteRawValue(finding.Text("pixelRings") ?? "[]");
        });
    }

    /// <summary>Writes what was decided on a finding, oldest first.</summary>
    /// <returns>False, with nothing written, when there is no such finding.</returns>
    public async Task<bool> WriteHistoryAsync(Stream output, string findingId, CancellationToken cancellationToken)
    {
        if (await FindAsync(findingId, cancellationToken).ConfigureAwait(false) is null)
        {
            return false;
        }

        IReadOnlyList<Feature> decisions = await DecisionsAsync(findingId, cancellationToken).ConfigureAwait(false);
        Utf8JsonWriter writer = new(output, WireJson.WriterOptions);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            writer.WriteString("findingId", findingId);
            writer.WriteStartArray("decisions");
            foreach (Feature decision in decisions)
            {
                writer.WriteStartObject();
                foreach (Column column in decision.Table.Columns.Where(c => c.Name is not ("findingId" or "model")))
                {
                    writer.WritePropertyName(column.Name);
                    FeatureJson.WriteValue(writer, column, decision.Properties.GetValueOrDefault(column.Name));
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _deciding.Dispose();

    private async Task<IReadOnlyList<Feature>> DecisionsAsync(string findingId, CancellationToken cancellationToken)
    {
        FeatureQuery query = new() { Where = ("findingId", findingId), Limit = int.MaxValue };
        FeaturePage page = await _stores.Features.QueryAsync(FieldTables.Decisions, query, cancellationToken).ConfigureAwait(false);
        return [.. page.Features.OrderBy(d => d.Whole("n"))];
    }

    private async Task<DecisionScene> SceneAsync(Feature finding, DecisionRequest request, CancellationToken cancellationToken)
    {
        bool isCorrection = request.Action == DecisionRequest.Correct;
        Feature? element = await FindAsync(FieldTables.Assets, request.ElementId, cancellationToken).ConfigureAwait(false);
        string? assetId = request.AssetId ?? (isCorrection ? finding.Text("assetId") ?? element?.Text("parent") : null);
        return new DecisionScene(
            finding,
            await FindAsync(FieldTables.Photos, finding.Text("photoId"), cancellationToken).ConfigureAwait(false),
            request.Action == DecisionRequest.Undo ? DecisionRow.Standing(await DecisionsAsync(finding.Id, cancellationToken).ConfigureAwait(false)) : null,
            await FindAsync(FieldTables.Assets, assetId, cancellationToken).ConfigureAwait(false),
            element,
            isCorrection ? await NeighboursAsync(finding, cancellationToken).ConfigureAwait(false) : []);
    }

    private async Task<Feature?> FindAsync(FeatureTable table, string? id, CancellationToken cancellationToken) =>
        id is null ? null : await _stores.Features.FindAsync(table, id, cancellationToken).ConfigureAwait(false);

    /// <summary>What else its photo shows, as it stands: not what was scored anew or rejected.</summary>
    private async Task<IReadOnlyList<Feature>> NeighboursAsync(Feature finding, CancellationToken cancellationToken)
    {
        FeatureQuery query = new() { Where = ("photoId", finding.Text("photoId") ?? ""), Limit = int.MaxValue };
        FeaturePage page = await _stores.Features.QueryAsync(FieldTables.Findings, query, cancellationToken).ConfigureAwait(false);
        return [.. page.Features.Where(f => f.Id != finding.Id && f.Text("status") is not (FindingRow.StatusSuperseded or DecisionEffect.StatusRejected))];
    }

    private async Task<DecisionResult> StoreAsync(DecisionRequest request, DecisionScene scene, CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        IReadOnlyList<Feature> marks = await MarksAsync(request.AssetId is null ? null : scene.Asset, cancellationToken).ConfigureAwait(false);
        if (await Task.Run(() => _effect.Of(request, scene, marks, now), cancellationToken).ConfigureAwait(false) is not { } decided)
        {
            return new DecisionResult(DecisionOutcome.Refused, scene.Finding, [DecisionError.EmptyMask]);
        }

        if (_audit is { } audit)
        {
            // First: nothing is decided unrecorded. When the store then finds the finding changed, the refusal is recorded after it.
            AuditEntry entry = new("finding.decide", $"user:{request.Who}", scene.Finding.Id, "done") { Detail = $"{request.Action} {decided.Text("degree")}".TrimEnd() };
            await audit.AppendAsync([entry], cancellationToken).ConfigureAwait(false);
        }

        FeatureWrite[] writes =
        [
            new(decided) { IfRevision = scene.Finding.Revision, IsRequired = true },
            new(DecisionRow.From(scene.Finding, decided, request.Action!, now, request), WriteMode.InsertNew) { IsRequired = true },
        ];
        IReadOnlyList<Feature?> written = await _stores.Features.WriteAsync(writes, cancellationToken).ConfigureAwait(false);
        if (written[0] is not { } stored)
        {
            return new DecisionResult(DecisionOutcome.Stale, await FindAsync(scene.Finding.Id, cancellationToken).ConfigureAwait(false), []);
        }

        _log.FindingDecided(stored.Id, request.Action!, stored.Text("status")!, stored.Text("degree"));
        await _live.PublishAsync([stored], cancellationToken).ConfigureAwait(false);
        return new DecisionResult(DecisionOutcome.Done, stored, []);
    }

    /// <summary>The distance marks of a levee's river, which place a finding along it.</summary>
    private async Task<IReadOnlyList<Feature>> MarksAsync(Feature? asset, CancellationToken cancellationToken) => asset?.Text("kind") != AssetKind.Levee
        ? []
        : (await _stores.Features.QueryAsync(FieldTables.Assets, new FeatureQuery { Where = ("kind", AssetKind.Mark), Limit = int.MaxValue }, cancellationToken).ConfigureAwait(false)).Features;
}
