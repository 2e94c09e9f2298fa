using System.Globalization;
using System.Text;
using Field.Contracts;
using Field.Contracts.Locks;
using Field.EdgeAgent.Commands;

namespace Field.EdgeAgent.Locks;

/// <summary>
/// What a lock must not forget when its power is cut: its grants, which of them are used up, the commands it has begun, wrong PINs,
/// bolt and door, and the codes in the hardware. Every change is on durable storage when the call returns. Not safe for concurrent use.
/// </summary>
internal sealed class LockMemory : IDisposable
{
    private const int WorthCompacting = 1024;

    private readonly string _site;
    private readonly string _device;
    private readonly Journal _journal;
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, string> _codes = [];
    private byte[]? _grants;

    private LockMemory(string path, string site, string device)
    {
        (_site, _device) = (site, device);
        Commands = new BegunCommands(Append);
        _journal = Journal.Open(path, "FIELDLK1"u8, record => Replay((char)record.Span[0], record[1..]));
        TornBytes = _journal.TornBytes;
        if (TornBytes > 0)
        {
            _journal.Rewrite(Snapshot());
        }
    }

    /// <summary>Bytes that a crash had torn when it was opened.</summary>
    public long TornBytes { get; }

    /// <summary>The last list of grants taken, or null.</summary>
    public LockGrants? Grants { get; private set; }

    /// <summary>Wrong entries in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>Bolt and door as last known.</summary>
    public BoltAndDoor Door { get; private set; } = new();

    /// <summary>The commands it has begun, and the latest server time in a sealed message.</summary>
    public BegunCommands Commands { get; }

    /// <summary>The codes in the hardware: user slot, grant and its slot.</summary>
    public IReadOnlyDictionary<int, string> Codes => _codes;

    /// <summary>Opens or creates the memory of a lock.</summary>
    /// <param name="folder">Its folder; created when absent.</param>
    /// <param name="site">Site id.</param>
    /// <param name="device">Device id.</param>
    /// <exception cref="FieldException">The file is of another kind or version.</exception>
    /// <exception cref="IOException">The folder cannot be used, or another agent has it open.</exception>
    public static LockMemory Open(string folder, string site, string device)
    {
        Directory.CreateDirectory(folder);
        return new LockMemory(Path.Combine(folder, "lock-memory"), site, device);
    }

    /// <summary>Takes a list in the place of the one before.</summary>
    public void Take(LockGrants grants, ReadOnlyMemory<byte> payload)
    {
        Append('G', payload.Span);
        Apply(grants, payload);
    }

    /// <summary>True when a one-time grant has opened.</summary>
    public bool IsUsed(string grantId) => _used.Contains(grantId);

    /// <summary>A one-time grant opens, or did not open after all.</summary>
    public void SetUsed(string grantId, bool used) => Append(used ? 'U' : 'u', grantId);

    /// <summary>Keeps the number of wrong entries.</summary>
    public void SetFailures(int failures) => Append('F', failures.ToString(CultureInfo.InvariantCulture));

    /// <summary>Keeps bolt and door.</summary>
    public void SetDoor(BoltAndDoor door)
    {
        if (door != Door)
        {
            Append('D', Letters(door));
        }
    }

    /// <summary>A code is in the hardware, or (null) is no more.</summary>
    public void SetCode(int user, string? key) => Append('P', string.Create(CultureInfo.InvariantCulture, $"{user}\n{key}"));

    /// <inheritdoc/>
    public void Dispose() => _journal.Dispose();

    private static string Letters(BoltAndDoor door) => $"{Letter(door.Locked)}{Letter(door.DoorOpen)}";

    private static char Letter(bool? value) => value switch { true => '1', false => '0', null => '-' };

    private static bool? FromLetter(char letter) => letter switch { '1' => true, '0' => false, _ => null };

    private static byte[] Record(char kind, ReadOnlySpan<byte> body) => [(byte)kind, .. body];

    private static byte[] Record(char kind, string body) => Record(kind, Encoding.UTF8.GetBytes(body));

    private void Append(char kind, string body)
    {
        Append(kind, Encoding.UTF8.GetBytes(body));
        Apply(kind, body);
    }

    private void Append(char kind, ReadOnlySpan<byte> body)
    {
        if (_journal.RecordCount > WorthCompacting + (2 * (_used.Count + Commands.Count + _codes.Count)))
        {
            _journal.Rewrite(Snapshot());
        }

        _journal.Append(Record(kind, body));
    }

    private void Replay(char kind, ReadOnlyMemory<byte> body)
    {
        try
        {
            if (kind == 'G')
            {
                Apply(LockGrants.Parse(body, _site, _device).Value ?? throw new FormatException("a list of grants of another lock"), body);
            }
            else
            {
                Apply(kind, Encoding.UTF8.GetString(body.Span));
            }
        }
        catch (Exception e) when (e is FormatException or OverflowException or IndexOutOfRangeException)
        {
            throw new FieldException($"the lock's memory cannot be understood ({e.Message}); it is another lock's, or a newer version's", false, e);
        }
    }

    private void Apply(LockGrants grants, ReadOnlyMemory<byte> payload)
    {
        (Grants, _grants) = (grants, payload.ToArray());
        _used.IntersectWith(grants.Grants.Select(g => g.GrantId));
        Commands.Learn(grants.IssuedAt);
    }

    private void Apply(char kind, string body)
    {
        string[] part = body.Split('\n', 3);
        switch (kind)
        {
            case 'U':
                _used.Add(body);
                break;
            case 'u':
                _used.Remove(body);
                break;
            case 'F':
                Failures = int.Parse(body, CultureInfo.InvariantCulture);
                break;
            case 'D':
                Door = new BoltAndDoor(FromLetter(body[0]), FromLetter(body[1]));
                break;
            case 'P' when part[1].Length == 0:
                _codes.Remove(int.Parse(part[0], CultureInfo.InvariantCulture));
                break;
            case 'P':
                _codes[int.Parse(part[0], CultureInfo.InvariantCulture)] = part[1];
                break;
            default:
                Commands.Apply(kind, body);
                break;
        }
    }

    /// <summary>The fewest records that give the same state.</summary>
    private List<byte[]> Snapshot()
    {
        List<byte[]> records = [Record('F', Failures.ToString(CultureInfo.InvariantCulture)), Record('D', Letters(Door))];
        if (_grants is not null)
        {
            records.Add(Record('G', _grants));
        }

        records.AddRange(_used.Select(id => Record('U', id)));
        records.AddRange(_codes.Select(c => Record('P', string.Create(CultureInfo.InvariantCulture, $"{c.Key}\n{c.Value}"))));
        records.AddRange(Commands.Snapshot().Select(r => Record(r.Kind, r.Body)));
        return records;
    }
}
