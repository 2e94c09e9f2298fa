using System.Text.Json;
using Field.Contracts;
using Field.Store;
using Field.Store.Audit;

namespace Field.Ingest.Board;

/// <summary>What became of a change.</summary>
public enum BoardOutcome
{
    /// <summary>Stored.</summary>
    Done,

    /// <summary>Refused; the errors say why.</summary>
    Refused,

    /// <summary>There is no such row, or nothing that it could be about.</summary>
    NotFound,

    /// <summary>The row changed since the person saw it.</summary>
    Stale,
}

/// <summary>The answer to a change.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Row">The row as it is now; null when there is none.</param>
/// <param name="Errors">Why it was refused.</param>
public sealed record BoardResult(BoardOutcome Outcome, Feature? Row, IReadOnlyList<BoardError> Errors);

/// <summary>
/// The shared board. A row and the change that made it are one transaction that holds only while the row is as the person saw it, so nobody
/// overwrites what they have not seen; every change can be undone. Thread-safe.
/// </summary>
public sealed class BoardDesk
{
    private readonly FieldStores _stores;
    private readonly LiveUpdates _live;
    private readonly AuditLog? _audit;
    private readonly TimeProvider _time;
    private readonly BoardReplay _replay;

    internal BoardDesk(IngestOptions options, FieldStores stores, LiveUpdates live, AuditLog? audit, TimeProvider time) =>
        (_stores, _live, _audit, _time, _replay) = (stores, live, audit, time, new BoardReplay(stores, options.Site));

    /// <summary>Writes a row.</summary>
    /// <param name="boardId">Which.</param>
    /// <param name="request">What it is to be.</param>
    /// <param name="formErrors">What was wrong when the request was read.</param>
    /// <param name="cancellationToken">Gives up waiting; the change may still be stored.</param>
    /// <exception cref="FieldException">The store or the audit log cannot be written; nothing is changed.</exception>
    public async Task<BoardResult> SetAsync(string boardId, BoardRequest request, IReadOnlyCollection<BoardError> formErrors, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (BoardRules.KindOf(boardId) is not { } kind)
        {
            return new BoardResult(BoardOutcome.NotFound, null, []);
        }

        BoardError[] errors = [.. formErrors, .. BoardRules.Check(kind, request)];
        if (errors.Length > 0)
        {
            return new BoardResult(BoardOutcome.Refused, null, errors);
        }

        Feature? known = await FindAsync(boardId, cancellationToken).ConfigureAwait(false);
        if (known is null)
        {
            if (kind is BoardRules.Follow or BoardRules.View && !await ExistsAsync(BoardRules.Target(boardId), cancellationToken).ConfigureAwait(false))
            {
                return new BoardResult(BoardOutcome.NotFound, null, []);
            }

            if (BoardRules.Most(kind) is < long.MaxValue and var most && await CountAsync(kind, cancellationToken).ConfigureAwait(false) >= most)
            {
                return new BoardResult(BoardOutcome.Refused, null, [BoardError.TooMany]);
            }
        }

        if (!Saw(known, request.Revision))
        {
            return new BoardResult(BoardOutcome.Stale, known, []);
        }

        DateTimeOffset now = _time.GetUtcNow();
        return await StoreAsync(known, BoardRow.From(boardId, kind, request, now), RowChanges.Set, request.Who!, now, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes back the newest change of a row that still stands.</summary>
    /// <param name="boardId">Which row.</param>
    /// <param name="revision">The revision that the person saw.</param>
    /// <param name="who">Who.</param>
    /// <param name="cancellationToken">Gives up waiting; the change may still be stored.</param>
    public async Task<BoardResult> UndoAsync(string boardId, long? revision, string? who, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(who) || who.Length > BoardRules.MaxWho)
        {
            return new BoardResult(BoardOutcome.Refused, null, [.. BoardRules.Check(BoardRules.Situation, new BoardRequest { Who = who, IsRemoved = true })]);
        }

        if (await FindAsync(boardId, cancellationToken).ConfigureAwait(false) is not { } known)
        {
            return new BoardResult(BoardOutcome.NotFound, null, []);
        }

        if (known.Revision != revision)
        {
            return new BoardResult(BoardOutcome.Stale, known, []);
        }

        Stack<Feature> standing = RowChanges.Standing(await HistoryAsync(boardId, cancellationToken).ConfigureAwait(false));
        if (!standing.TryPop(out _))
        {
            return new BoardResult(BoardOutcome.Refused, known, [BoardError.NothingToUndo]);
        }

        DateTimeOffset now = _time.GetUtcNow();
        Feature before = standing.TryPeek(out Feature? earlier) ? RowChanges.After(FieldTables.Board, earlier) : known.With(("removedAt", now));
        return await StoreAsync(known, before, RowChanges.Undo, who.Trim(), now, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Every change of a row, the oldest first.</summary>
    public Task<IReadOnlyList<Feature>> HistoryAsync(string boardId, CancellationToken cancellationToken) =>
        RowChanges.ReadAsync(_stores.Features, FieldTables.BoardChanges, FieldTables.Board, boardId, cancellationToken);

    /// <summary>Writes where devices were at a moment, what they had measured, and how the board's rows and the findings stood (SPEC.md, Board).</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="at">The moment.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task WriteAtAsync(Stream output, DateTimeOffset at, CancellationToken cancellationToken)
    {
        PastState state = await _replay.AtAsync(at, cancellationToken).ConfigureAwait(false);
        Utf8JsonWriter writer = new(output, WireJson.WriterOptions);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            writer.WriteString("at", WireTime.Format(at.ToUniversalTime()));
            writer.WriteStartArray("devices");
            foreach (PastDevice device in state.Devices)
            {
                Write(writer, device);
            }

            writer.WriteEndArray();
            Write(writer, "board", state.Board);
            Write(writer, "findings", state.Findings);
            writer.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<Feature> features)
    {
        writer.WriteStartArray(name);
        foreach (Feature feature in features)
        {
            FeatureJson.Write(writer, feature);
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, PastDevice device)
    {
        writer.WriteStartObject();
        writer.WriteString("device", device.Device);
        if (device.HeardAt is { } heard)
        {
            writer.WriteString("heardAt", WireTime.Format(heard.ToUniversalTime()));
            if (device.State.Place is { } place)
            {
                writer.WriteNumber("lon", place.Lon);
                writer.WriteNumber("lat", place.Lat);
            }

            if (device.State.BatteryPercent is { } battery)
            {
                writer.WriteNumber("batteryPercent", battery);
            }

            writer.WritePropertyName("pack");
            writer.WriteRawValue(new SenMLPack(device.Last, null).Write());
        }

        writer.WriteEndObject();
    }

    /// <summary>Who has seen nothing may write where nothing is, also where something was taken away.</summary>
    private static bool Saw(Feature? known, long? revision) =>
        revision == (known?.Revision ?? 0) || (revision == 0 && known?.Time("removedAt") is not null);

    private Task<Feature?> FindAsync(string boardId, CancellationToken cancellationToken) => _stores.Features.FindAsync(FieldTables.Board, boardId, cancellationToken);

    private async Task<bool> ExistsAsync((FeatureTable Table, string Id) target, CancellationToken cancellationToken) =>
        await _stores.Features.FindAsync(target.Table, target.Id, cancellationToken).ConfigureAwait(false) is not null;

    private async Task<long> CountAsync(string kind, CancellationToken cancellationToken) =>
        (await _stores.Features.CountByAsync(FieldTables.Board, "kind", ("kind", kind), cancellationToken).ConfigureAwait(false)).Values.Sum();

    private async Task<BoardResult> StoreAsync(Feature? known, Feature wanted, string action, string who, DateTimeOffset now, CancellationToken cancellationToken)
    {
        (Feature row, Feature change) = BoardRow.Sign(wanted, (known?.Whole("changeCount") ?? 0) + 1, action, who, now);
        if (_audit is { } audit)
        {
            // First: nothing is changed unrecorded. When the store then finds the row changed, the refusal is recorded after it.
            string what = row.Time("removedAt") is not null ? "removed"
                : row.Text("permitNumber") is { } permit ? $"permit {permit} of {row.Text("permitHolder")} until {row.Text("permitUntil")}"
                : row.Text("state") ?? row.Text("shape") ?? "named";
            await audit.AppendAsync([new AuditEntry($"board.{action}", $"user:{who}", row.Id, "done") { Detail = what }], cancellationToken).ConfigureAwait(false);
        }

        FeatureWrite[] writes =
        [
            known is null ? new(row, WriteMode.InsertNew) { IsRequired = true } : new(row) { IfRevision = known.Revision, IsRequired = true },
            new(change, WriteMode.InsertNew) { IsRequired = true },
        ];
        IReadOnlyList<Feature?> written = await _stores.Features.WriteAsync(writes, cancellationToken).ConfigureAwait(false);
        if (written[0] is not { } stored)
        {
            return new BoardResult(BoardOutcome.Stale, await FindAsync(row.Id, cancellationToken).ConfigureAwait(false), []);
        }

        await _live.PublishAsync([stored], cancellationToken).ConfigureAwait(false);
        return new BoardResult(BoardOutcome.Done, stored, []);
    }
}
