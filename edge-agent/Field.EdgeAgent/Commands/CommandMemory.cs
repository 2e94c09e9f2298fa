using System.Text;
using Field.Contracts;

namespace Field.EdgeAgent.Commands;

/// <summary>
/// The begun commands of a device that has nothing else to remember, in a journal of their own. Every change is on durable storage when
/// the call returns. Not safe for concurrent use.
/// </summary>
internal sealed class CommandMemory : IDisposable
{
    private const int WorthCompacting = 1024;

    private readonly Journal _journal;

    private CommandMemory(string path)
    {
        Begun = new BegunCommands(Append);
        _journal = Journal.Open(path, "FIELDCM1"u8, record => Replay(path, record));
        if (_journal.TornBytes > 0)
        {
            _journal.Rewrite(Snapshot());
        }
    }

    /// <summary>The commands.</summary>
    public BegunCommands Begun { get; }

    /// <summary>Opens or creates the memory.</summary>
    /// <param name="folder">The device's folder; created when absent.</param>
    /// <exception cref="FieldException">The file is of another kind or version.</exception>
    /// <exception cref="IOException">The folder cannot be used, or another agent has it open.</exception>
    public static CommandMemory Open(string folder)
    {
        Directory.CreateDirectory(folder);
        return new CommandMemory(Path.Combine(folder, "command-memory"));
    }

    /// <inheritdoc/>
    public void Dispose() => _journal.Dispose();

    private static byte[] Record(char kind, string body) => [(byte)kind, .. Encoding.UTF8.GetBytes(body)];

    private void Append(char kind, string body)
    {
        if (_journal.RecordCount > WorthCompacting + (2 * Begun.Count))
        {
            _journal.Rewrite(Snapshot());
        }

        _journal.Append(Record(kind, body));
        Begun.Apply(kind, body);
    }

    private IEnumerable<byte[]> Snapshot() => Begun.Snapshot().Select(r => Record(r.Kind, r.Body));

    private void Replay(string path, ReadOnlyMemory<byte> record)
    {
        try
        {
            Begun.Apply(record.Length > 0 ? (char)record.Span[0] : '\0', Encoding.UTF8.GetString(record.Span[Math.Min(1, record.Length)..]));
        }
        catch (FormatException e)
        {
            throw new FieldException($"{path} cannot be understood ({e.Message}); it is a newer version's", false, e);
        }
    }
}
