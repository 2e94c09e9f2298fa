using System.Buffers.Binary;
using System.Text;

namespace Field.Contracts.Tracks;

/// <summary>
/// Reads a PX4 log: ULog file format, version 1 (docs.px4.io, "ULog File Format"). One pass; what is damaged is left out up to the next
/// synchronisation message, and reported by its byte.
/// </summary>
public sealed class UlogReader
{
    private const int HeaderBytes = 16;
    private const int MessageHeaderBytes = 3;
    private const int MostMessages = 1000;
    private const int MostTopics = 4096;
    private static readonly byte[] Magic = [0x55, 0x4C, 0x6F, 0x67, 0x01, 0x12, 0x35];
    private static readonly byte[] Sync = [0x08, 0x00, (byte)'S', 0x2F, 0x73, 0x13, 0x20, 0x25, 0x0C, 0xBB, 0x12];

    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[ushort.MaxValue];
    private readonly TrackFaults _faults = new();
    private readonly UlogFlight _flight = new();
    private readonly Dictionary<ushort, (string Name, int Instance)> _topics = [];
    private readonly Dictionary<(string, int), int> _counts = [];
    private readonly List<UlogMessage> _messages = [];
    private readonly List<long> _appended = [];
    private long _startUs;
    private long _lastUs;
    private long _droppedMs;

    private UlogReader(Stream stream) => _stream = stream;

    /// <summary>Reads a log.</summary>
    /// <param name="stream">Seekable, at its beginning.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static UlogLog Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        UlogReader reader = new(stream);
        if (reader.ReadHeader())
        {
            while (reader.ReadMessage())
            {
            }
        }
        else
        {
            reader._faults.Add(0, TrackFaultCodes.WrongKind);
        }

        return new UlogLog
        {
            Track = reader._flight.Track(reader._faults),
            StartUs = reader._startUs,
            LastUs = Math.Max(reader._startUs, reader._lastUs),
            Messages = reader._messages,
            DataCounts = reader._counts,
            Dropped = TimeSpan.FromMilliseconds(reader._droppedMs),
        };
    }

    private bool ReadHeader()
    {
        Span<byte> header = _buffer.AsSpan(0, HeaderBytes);
        if (_stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || !header.StartsWith(Magic))
        {
            return false;
        }

        _startUs = Time(header[8..]);
        return true;
    }

    /// <summary>False at the end of what can be read.</summary>
    private bool ReadMessage()
    {
        long at = _stream.Position;
        int read = _stream.ReadAtLeast(_buffer.AsSpan(0, MessageHeaderBytes), MessageHeaderBytes, throwOnEndOfStream: false);
        if (read == 0)
        {
            return false;
        }

        int size = BinaryPrimitives.ReadUInt16LittleEndian(_buffer);
        byte type = _buffer[2];
        long appended = _appended.Find(a => a > at && a < at + MessageHeaderBytes + size);
        if (appended > 0)
        {
            // The aircraft fell while this was written; what follows was appended afterwards.
            _faults.Add(at, TrackFaultCodes.CutOff);
            _stream.Position = appended;
            return true;
        }

        if (read == MessageHeaderBytes && (size == 0 || !"BFIMPQARDLCSO"u8.Contains(type)))
        {
            _faults.Add(at, TrackFaultCodes.Damaged);
            return Resynchronise(at + 1);
        }

        if (read < MessageHeaderBytes || _stream.ReadAtLeast(_buffer.AsSpan(0, size), size, throwOnEndOfStream: false) < size)
        {
            _faults.Add(at, TrackFaultCodes.CutOff);
            return Resynchronise(at + 1);
        }

        return Take((char)type, _buffer.AsSpan(0, size), at);
    }

    private bool Take(char type, ReadOnlySpan<byte> message, long at)
    {
        switch (type)
        {
            case 'B':
                return TakeFlags(message, at);
            case 'F':
                _flight.AddFormat(Encoding.ASCII.GetString(message));
                break;
            case 'A' when message.Length > 3 && _topics.Count < MostTopics:
                _topics[BinaryPrimitives.ReadUInt16LittleEndian(message[1..])] = (Encoding.ASCII.GetString(message[3..]), message[0]);
                break;
            case 'D' when message.Length > 2:
                TakeData(message, at);
                break;
            case 'L' when message.Length >= 9:
                AddText(message[0], message[1..]);
                break;
            case 'C' when message.Length >= 11:
                AddText(message[0], message[3..]);
                break;
            case 'O' when message.Length >= 2:
                _droppedMs += BinaryPrimitives.ReadUInt16LittleEndian(message);
                break;
            default:
                break; // information, parameters, removals and synchronisation tell nothing of the track
        }

        return true;
    }

    private bool TakeFlags(ReadOnlySpan<byte> message, long at)
    {
        const int OffsetsAt = 16;
        const int Offsets = 3;
        if (message.Length < OffsetsAt + (Offsets * sizeof(ulong)) || (message[8] & ~1) != 0 || message[9..OffsetsAt].ContainsAnyExcept((byte)0))
        {
            _faults.Add(at, TrackFaultCodes.NewerFormat);
            return false;
        }

        for (int i = 0; (message[8] & 1) != 0 && i < Offsets; i++)
        {
            ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(message[(OffsetsAt + (i * sizeof(ulong)))..]);
            if (offset > (ulong)at && offset < (ulong)_stream.Length)
            {
                _appended.Add((long)offset);
            }
        }

        return true;
    }

    private void TakeData(ReadOnlySpan<byte> message, long at)
    {
        if (!_topics.TryGetValue(BinaryPrimitives.ReadUInt16LittleEndian(message), out (string Name, int Instance) topic))
        {
            _faults.Add(at, TrackFaultCodes.Damaged);
            return;
        }

        _counts[topic] = _counts.GetValueOrDefault(topic) + 1;
        ReadOnlySpan<byte> data = message[2..];
        if (data.Length >= sizeof(ulong))
        {
            _lastUs = Math.Max(_lastUs, Time(data)); // each topic's first field
            if (topic.Instance == 0)
            {
                _flight.Take(topic.Name, data);
            }
        }
    }

    private void AddText(byte level, ReadOnlySpan<byte> rest)
    {
        if (_messages.Count < MostMessages)
        {
            _messages.Add(new UlogMessage(Time(rest), level - '0', Encoding.UTF8.GetString(rest[sizeof(ulong)..])));
        }
    }

    /// <summary>Goes on behind the next synchronisation message.</summary>
    private bool Resynchronise(long from)
    {
        _stream.Position = Math.Min(from, _stream.Length);
        int kept = 0;
        while (true)
        {
            int read = _stream.ReadAtLeast(_buffer.AsSpan(kept), _buffer.Length - kept, throwOnEndOfStream: false);
            int filled = kept + read;
            int found = _buffer.AsSpan(0, filled).IndexOf(Sync);
            if (found >= 0)
            {
                _stream.Position -= filled - found - Sync.Length;
                return true;
            }

            if (read == 0)
            {
                return false;
            }

            kept = Math.Min(Sync.Length - 1, filled);
            _buffer.AsSpan(filled - kept, kept).CopyTo(_buffer);
        }
    }

    private static long Time(ReadOnlySpan<byte> bytes) => (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(bytes), long.MaxValue / 16);
}
