using System.Text.Json;
using Field.Contracts;

namespace Field.EdgeAgent.Outbox;

/// <summary>Messages or samples that the outbox gave up, and the event that tells the server so.</summary>
/// <param name="Sequence">The sequence of that event, fixed before anything is deleted, so that it is told exactly once.</param>
/// <param name="Reason"><c>full</c>: the outbox had reached its size; <c>damaged</c>: the records could not be read.</param>
/// <param name="What"><c>telemetry</c> (counted in measurements) or <c>messages</c>.</param>
/// <param name="Count">How many.</param>
/// <param name="FromUnixMs">When the oldest was recorded; null when unknown.</param>
/// <param name="ToUnixMs">When the newest was recorded.</param>
internal sealed record OutboxDrop(long Sequence, string Reason, string What, long Count, long? FromUnixMs, long? ToUnixMs);

/// <summary>How far the lanes are, and what was dropped, on durable storage. The owner holds a lock.</summary>
internal sealed class OutboxCursors : IDisposable
{
    private const int WorthCompacting = 512;

    private static readonly string[] Names = [.. Enum.GetNames<OutboxPriority>()];

    private readonly long[] _confirmed = new long[Names.Length];
    private readonly List<OutboxDrop> _untold = [];
    private readonly Journal _journal;

    private OutboxCursors(string path)
    {
        _journal = Journal.Open(path, "FIELDOC1"u8, Replay);
        if (_journal.TornBytes > 0)
        {
            _journal.Rewrite(Snapshot());
        }
    }

    /// <summary>Samples before this ordinal are in packs, or dropped.</summary>
    public long SealedUpTo { get; private set; }

    /// <summary>Measurements and messages dropped in the outbox's life.</summary>
    public long DroppedTotal { get; private set; }

    /// <summary>Drops whose event may not be in the outbox yet.</summary>
    public IReadOnlyList<OutboxDrop> Untold => [.. _untold];

    /// <summary>Opens or creates the file.</summary>
    public static OutboxCursors Open(string path) => new(path);

    /// <summary>How far a lane is.</summary>
    public long Confirmed(OutboxPriority lane) => _confirmed[(int)lane];

    /// <summary>Remembers how far the lanes are; durable when it returns.</summary>
    public void Save(IEnumerable<Lane> lanes, long sealedUpTo)
    {
        SealedUpTo = Math.Max(SealedUpTo, sealedUpTo);
        foreach (Lane lane in lanes)
        {
            _confirmed[(int)lane.Priority] = Math.Max(_confirmed[(int)lane.Priority], lane.Confirmed);
        }

        Append(Position());
    }

    /// <summary>Remembers a drop; durable when it returns, and only then is anything deleted.</summary>
    public void Add(OutboxDrop drop, long sealedUpTo)
    {
        SealedUpTo = Math.Max(SealedUpTo, sealedUpTo);
        Mend();
        _journal.Append([Drop(drop), Position()]); // the position counts what was told; this drop is not
        _untold.Add(drop);
        DroppedTotal += drop.Count;
    }

    /// <summary>Remembers that the event of a drop is in the outbox.</summary>
    public void Told(OutboxDrop drop)
    {
        _untold.Remove(drop);
        Append(Write("told", json => json.WriteNumber("sequence", drop.Sequence)));
    }

    /// <inheritdoc/>
    public void Dispose() => _journal.Dispose();

    /// <summary>After a failed append: the disk was full, and there may be room again.</summary>
    private void Mend()
    {
        if (_journal.NeedsCutOff)
        {
            _journal.CutOff();
        }
    }

    private void Append(byte[] record)
    {
        Mend();
        if (_journal.RecordCount > WorthCompacting)
        {
            _journal.Rewrite(Snapshot());
        }
        else
        {
            _journal.Append(record);
        }
    }

    private IEnumerable<byte[]> Snapshot() => [Position(), .. _untold.Select(Drop)];

    private byte[] Position() => Write("position", json =>
    {
        for (int i = 0; i < Names.Length; i++)
        {
            json.WriteNumber(Names[i], _confirmed[i]);
        }

        json.WriteNumber("sealed", SealedUpTo);
        json.WriteNumber("dropped", DroppedTotal - _untold.Sum(d => d.Count));
    });

    private static byte[] Drop(OutboxDrop drop) => Write("drop", json =>
    {
        json.WriteNumber("sequence", drop.Sequence);
        json.WriteString("reason", drop.Reason);
        json.WriteString("what", drop.What);
        json.WriteNumber("count", drop.Count);
        json.WriteOptional("from", drop.FromUnixMs);
        json.WriteOptional("to", drop.ToUnixMs);
    });

    private static byte[] Write(string kind, Action<Utf8JsonWriter> members)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, WireJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("kind", kind);
            members(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private void Replay(ReadOnlyMemory<byte> record) => DeviceOutbox.Understand(record, Replay);

    private void Replay(JsonElement json)
    {
        switch (json.GetProperty("kind").GetString())
        {
            case "position":
                for (int i = 0; i < Names.Length; i++)
                {
                    _confirmed[i] = Math.Max(_confirmed[i], json.GetProperty(Names[i]).GetInt64());
                }

                SealedUpTo = Math.Max(SealedUpTo, json.GetProperty("sealed").GetInt64());
                DroppedTotal = json.GetProperty("dropped").GetInt64() + _untold.Sum(d => d.Count);
                break;
            case "drop":
                OutboxDrop drop = ReadDrop(json);
                _untold.Add(drop);
                DroppedTotal += drop.Count;
                break;
            case "told":
                _untold.RemoveAll(d => d.Sequence == json.GetProperty("sequence").GetInt64());
                break;
            default:
                throw DeviceOutbox.Newer();
        }
    }

    private static OutboxDrop ReadDrop(JsonElement json) => new(
        json.GetProperty("sequence").GetInt64(),
        json.GetProperty("reason").GetString()!,
        json.GetProperty("what").GetString()!,
        json.GetProperty("count").GetInt64(),
        json.TryGetProperty("from", out JsonElement from) ? from.GetInt64() : null,
        json.TryGetProperty("to", out JsonElement to) ? to.GetInt64() : null);
}
