using Field.Contracts;

namespace Field.EdgeAgent.Commands;

/// <summary>
/// The commands that a device has begun, so that it does none twice, and the latest server time it has heard. The records of it are kept
/// by a journal: this class says what to append, and is told every record that was. Not safe for concurrent use.
/// </summary>
/// <param name="append">Appends a record (its kind and its text) durably and then calls <see cref="Apply"/>.</param>
internal sealed class BegunCommands(Action<char, string> append)
{
    /// <summary>Most commands remembered; they are forgotten when they have expired.</summary>
    public const int MaxCommands = 1024;

    private readonly Dictionary<string, (DateTimeOffset ExpiresAt, bool Answered)> _commands = new(StringComparer.Ordinal);

    /// <summary>The latest server time in a command, or what else the owner learned.</summary>
    public DateTimeOffset ServerTime { get; private set; } = DateTimeOffset.UnixEpoch;

    /// <summary>Commands remembered.</summary>
    public int Count => _commands.Count;

    /// <summary>Commands that were begun and never answered: the power went.</summary>
    public IReadOnlyList<string> Interrupted => [.. _commands.Where(c => !c.Value.Answered).Select(c => c.Key)];

    /// <summary>True for a command that was begun before.</summary>
    public bool Knows(string commandId) => _commands.ContainsKey(commandId);

    /// <summary>True for a command that was begun and has no answer yet.</summary>
    public bool IsOpen(string commandId) => _commands.TryGetValue(commandId, out (DateTimeOffset, bool Answered) command) && !command.Answered;

    /// <summary>Remembers a command before anything is done; false when there are too many.</summary>
    public bool TryBegin(DeviceCommand command, DateTimeOffset now)
    {
        Forget(now);
        if (_commands.Count >= MaxCommands)
        {
            return false;
        }

        append('C', $"{WireTime.Format(command.ExpiresAt)}\n{WireTime.Format(command.IssuedAt)}\n{command.Id}");
        return true;
    }

    /// <summary>The answer to a command is on its way.</summary>
    public void SetAnswered(string commandId) => append('R', commandId);

    /// <summary>Learns a server time; an earlier one than the last changes nothing.</summary>
    public void Learn(DateTimeOffset serverTime) => ServerTime = serverTime > ServerTime ? serverTime : ServerTime;

    /// <summary>Takes a record that was appended.</summary>
    /// <exception cref="FormatException">It is not a record of this class.</exception>
    public void Apply(char kind, string body)
    {
        string[] part = body.Split('\n', 3);
        switch (kind)
        {
            case 'C' when part.Length == 3:
                _commands[part[2]] = (ParseTime(part[0]), false);
                Learn(ParseTime(part[1]));
                break;
            case 'R' when _commands.TryGetValue(body, out (DateTimeOffset ExpiresAt, bool) command):
                _commands[body] = (command.ExpiresAt, true);
                break;
            case 'R':
                break; // forgotten meanwhile
            case 'T':
                Learn(ParseTime(body));
                break;
            default:
                throw new FormatException($"record {kind}");
        }
    }

    /// <summary>The fewest records that give the same state.</summary>
    public IEnumerable<(char Kind, string Body)> Snapshot()
    {
        yield return ('T', WireTime.Format(ServerTime));
        foreach ((string id, (DateTimeOffset expiresAt, bool answered)) in _commands)
        {
            yield return ('C', $"{WireTime.Format(expiresAt)}\n{WireTime.Format(DateTimeOffset.UnixEpoch)}\n{id}");
            if (answered)
            {
                yield return ('R', id);
            }
        }
    }

    /// <summary>
    /// Forgets what has expired. The clock may not fall behind that again, not even in a board that wakes up in 1970: a command that was
    /// forgotten must stay expired.
    /// </summary>
    private void Forget(DateTimeOffset now)
    {
        KeyValuePair<string, (DateTimeOffset ExpiresAt, bool Answered)>[] old = [.. _commands.Where(c => c.Value.ExpiresAt <= now && c.Value.Answered)];
        if (_commands.Count >= MaxCommands && old.Length > 0)
        {
            append('T', WireTime.Format(old.Max(c => c.Value.ExpiresAt)));
            foreach (KeyValuePair<string, (DateTimeOffset, bool)> command in old)
            {
                _commands.Remove(command.Key);
            }
        }
    }

    private static DateTimeOffset ParseTime(string text) => WireTime.TryParse(text, out DateTimeOffset time) ? time : throw new FormatException("a time");
}
