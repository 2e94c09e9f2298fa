using System.Text.Json;
using Field.Contracts;
using Field.EdgeAgent.Outbox;

namespace Field.EdgeAgent.Tablet;

/// <summary>What was decided about a file before the first of its messages: each repetition after a crash gives the same messages.</summary>
/// <param name="Sha256">Of the file's bytes: two files with the same are one.</param>
/// <param name="Sequences">The sequences of its messages.</param>
/// <param name="Time">When it was written; the time of messages that name none.</param>
/// <param name="Photos">The photo ids of the files it names; null for one that is missing.</param>
internal sealed record DropIntent(string Sha256, IReadOnlyList<long> Sequences, DateTimeOffset Time, IReadOnlyDictionary<string, string?> Photos);

/// <summary>
/// Remembers, durably, which files are being handed over and which have been. It keeps the newest 20,000 that have been: the same file
/// dropped again later than that is a new report. Not safe for concurrent use; the outbox's lock guards it against other processes.
/// </summary>
internal sealed class DropJournal : IDisposable
{
    /// <summary>How many finished files are remembered.</summary>
    public const int MaxDone = 20_000;

    private const int WorthCompacting = 2_000;

    private readonly Journal _journal;
    private readonly Dictionary<string, DropIntent> _intents = new(StringComparer.Ordinal);
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    private DropJournal(string path)
    {
        _journal = Journal.Open(path, "FIELDDP1"u8, record => DeviceOutbox.Understand(record, Replay));
        if (_journal.TornBytes > 0)
        {
            _journal.Rewrite(Snapshot());
        }
    }

    /// <summary>Opens or creates the journal of an outbox.</summary>
    public static DropJournal Open(string outboxFolder, DeviceOutbox outbox)
    {
        DropJournal journal = new(Path.Combine(outboxFolder, "drops"));
        foreach (long used in journal._intents.Values.Select(i => i.Sequences.Max()))
        {
            outbox.SequenceIsAtLeast(used);
        }

        return journal;
    }

    /// <summary>True when all messages of the file are durable in the outbox.</summary>
    public bool IsDone(string sha256) => _done.Contains(sha256);

    /// <summary>What was decided about a file that is not done, or null.</summary>
    public DropIntent? Find(string sha256) => _intents.GetValueOrDefault(sha256);

    /// <summary>Remembers an intent; durable when it returns.</summary>
    public void Add(DropIntent intent)
    {
        _journal.Append(Write(intent));
        _intents.Add(intent.Sha256, intent);
    }

    /// <summary>Remembers that all messages of a file are durable in the outbox.</summary>
    public void Done(string sha256)
    {
        Apply(sha256);
        if (_journal.RecordCount > WorthCompacting + (2 * (_order.Count + _intents.Count)))
        {
            _journal.Rewrite(Snapshot());
        }
        else
        {
            _journal.Append(WriteDone(sha256));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _journal.Dispose();

    private void Apply(string sha256)
    {
        _intents.Remove(sha256);
        if (_done.Add(sha256))
        {
            _order.Enqueue(sha256);
        }

        while (_order.Count > MaxDone)
        {
            _done.Remove(_order.Dequeue());
        }
    }

    private IEnumerable<byte[]> Snapshot() => [.. _order.Select(WriteDone), .. _intents.Values.Select(Write)];

    private static byte[] WriteDone(string sha256) => Bytes(json =>
    {
        json.WriteString("kind", "done");
        json.WriteString("sha256", sha256);
    });

    private static byte[] Write(DropIntent intent) => Bytes(json =>
    {
        json.WriteString("kind", "intent");
        json.WriteString("sha256", intent.Sha256);
        json.WriteString("time", WireTime.Format(intent.Time));
        json.WriteStartArray("sequences");
        intent.Sequences.ToList().ForEach(json.WriteNumberValue);
        json.WriteEndArray();
        json.WriteStartObject("photos");
        foreach ((string name, string? id) in intent.Photos)
        {
            json.WriteString(name, id);
        }

        json.WriteEndObject();
    });

    private static byte[] Bytes(Action<Utf8JsonWriter> members) => System.Text.Encoding.UTF8.GetBytes(WireJson.WriteObject(members));

    private void Replay(JsonElement json)
    {
        string sha256 = json.GetProperty("sha256").GetString()!;
        switch (json.GetProperty("kind").GetString())
        {
            case "intent":
                _intents[sha256] = new DropIntent(
                    sha256,
                    [.. json.GetProperty("sequences").EnumerateArray().Select(s => s.GetInt64())],
                    json.GetProperty("time").GetDateTimeOffset(),
                    json.GetProperty("photos").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString(), StringComparer.Ordinal));
                break;
            case "done":
                Apply(sha256);
                break;
            default:
                throw DeviceOutbox.Newer();
        }
    }
}
