using System.Text.Json;
using Field.Contracts;

namespace Field.EdgeAgent.Outbox;

/// <summary>
/// A device's outbox on durable storage: whose it is, the device's one sequence, the messages and the photos that wait. One process
/// has it open at a time. Safe for concurrent use; every change is durable when the call returns.
/// </summary>
internal sealed class DeviceOutbox : IDisposable
{
    /// <summary>Sequence numbers reserved by one journal record.</summary>
    public const int SequenceBlock = 256;

    private const int WorthCompacting = 256;

    private readonly Lock _gate = new();
    private readonly FileStream _lock;
    private readonly Journal _journal;
    private bool _hasIdentity;
    private long _reserved;
    private long _next;

    private DeviceOutbox(string folder, string site, string device, OutboxLimits limits, TimeProvider time, FileStream guard)
    {
        (Site, Device, _lock) = (site, device, guard);
        Photos = new PhotoOutbox(site, device, Append);
        _journal = Journal.Open(Path.Combine(folder, "journal"), "FIELDOB1"u8, Replay);
        TornBytes = _journal.TornBytes;

        // Records behind a damaged place may have reserved numbers. Each took more bytes than a frame, so this is past all of them.
        _reserved += TornBytes == 0 ? 0 : ((TornBytes / Journal.FrameBytes) + 1) * SequenceBlock;
        _next = _reserved + 1;
        if (TornBytes > 0 || !_hasIdentity || _journal.RecordCount > WorthCompacting + (2 * (2 + Photos.LiveRecords)))
        {
            _journal.Rewrite([OutboxRecords.Identity(Site, Device), OutboxRecords.Sequence(_reserved), .. Photos.Snapshot()]);
        }

        try
        {
            Messages = new MessageOutbox(Path.Combine(folder, "messages"), this, limits, time);
        }
        catch
        {
            _journal.Dispose();
            throw;
        }

        TornBytes += Messages.TornBytes;
    }

    /// <summary>Site id.</summary>
    public string Site { get; }

    /// <summary>Device id.</summary>
    public string Device { get; }

    /// <summary>The photos.</summary>
    public PhotoOutbox Photos { get; }

    /// <summary>The messages and samples.</summary>
    public MessageOutbox Messages { get; }

    /// <summary>Bytes that a crash or a bad disk had torn and that were cut off when it was opened.</summary>
    public long TornBytes { get; }

    /// <summary>Opens or creates the outbox of a device.</summary>
    /// <exception cref="FieldException">Another agent has it open, or it belongs to another device.</exception>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public static DeviceOutbox Open(string folder, string site, string device, OutboxLimits? limits = null, TimeProvider? time = null)
    {
        Directory.CreateDirectory(folder);
        FileStream guard = Guard(Path.Combine(folder, "lock"));
        try
        {
            return new DeviceOutbox(folder, site, device, limits ?? new OutboxLimits(), time ?? TimeProvider.System, guard);
        }
        catch
        {
            guard.Dispose();
            throw;
        }
    }

    /// <summary>The next number of the device's sequence: never given before, not even before a crash.</summary>
    /// <exception cref="FieldException">The disk failed or is full; transient.</exception>
    public long NextSequence()
    {
        lock (_gate)
        {
            if (_next > _reserved)
            {
                long upTo = _next - 1 + SequenceBlock;
                try
                {
                    Append(OutboxRecords.Sequence(upTo));
                }
                catch (IOException e)
                {
                    throw new FieldException($"the outbox could not write: {e.Message}", isTransient: true, e);
                }

                _reserved = upTo;
            }

            return _next++;
        }
    }

    /// <summary>A sequence number was found in use: continues behind it, whatever the journal says.</summary>
    internal void SequenceIsAtLeast(long used)
    {
        lock (_gate)
        {
            _next = Math.Max(_next, used + 1);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Messages.Dispose();
        lock (_gate)
        {
            _journal.Dispose();
            _lock.Dispose();
        }
    }

    internal static FieldException Newer() => new("this outbox was written by a newer version of the agent; use that version, or another --outbox");

    private static FileStream Guard(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new FieldException(
                $"another agent is using the outbox {Path.GetDirectoryName(path)}; stop it or give --outbox another folder", isTransient: true, e);
        }
    }

    private void Append(byte[] record)
    {
        lock (_gate)
        {
            if (_journal.NeedsCutOff)
            {
                _journal.CutOff(); // the disk was full, and there may be room again
            }

            _journal.Append(record);
        }
    }

    /// <summary>Reads a record that is JSON; what it does not understand becomes an error that says what to do.</summary>
    /// <exception cref="FieldException">The record is whole and makes no sense.</exception>
    internal static void Understand(ReadOnlyMemory<byte> json, Action<JsonElement> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new FieldException($"a record of the outbox cannot be understood ({e.Message}); move the outbox folder away and start again", false, e);
        }
    }

    private void Replay(ReadOnlyMemory<byte> record) => Understand(record[1..], json => Replay((RecordKind)record.Span[0], json));

    private void Replay(RecordKind kind, JsonElement json)
    {
        switch (kind)
        {
            case RecordKind.Identity:
                CheckIdentity(json);
                break;
            case RecordKind.Sequence:
                _reserved = Math.Max(_reserved, json.GetProperty("upTo").GetInt64());
                break;
            default:
                if (!Photos.Replay(kind, json))
                {
                    throw Newer();
                }

                break;
        }
    }

    private void CheckIdentity(JsonElement json)
    {
        (string? site, string? device) = (json.GetProperty("site").GetString(), json.GetProperty("device").GetString());
        if (json.GetProperty("version").GetInt32() > OutboxRecords.Version)
        {
            throw Newer();
        }

        if (site != Site || device != Device)
        {
            throw new FieldException(
                $"this outbox belongs to {site}/{device}, not to {Site}/{Device}; give --outbox another folder, or --site and --device as before");
        }

        _hasIdentity = true;
    }
}
