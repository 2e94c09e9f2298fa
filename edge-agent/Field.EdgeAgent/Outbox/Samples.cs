using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Field.Contracts;

namespace Field.EdgeAgent.Outbox;

/// <summary>What a record of the sample log says: its measurements belong together and stay in one pack.</summary>
/// <param name="Count">Measurements.</param>
/// <param name="UnixMs">When the first was made.</param>
/// <param name="Json">SenML records (RFC 8428) separated by commas, names relative to the device.</param>
internal readonly record struct SampleRecord(int Count, long UnixMs, ReadOnlyMemory<byte> Json)
{
    private const int HeaderBytes = 10;

    /// <summary>The bytes of a record.</summary>
    /// <exception cref="ArgumentException">There are no measurements, or more than fit into one pack.</exception>
    public static byte[] Write(IReadOnlyList<Measurement> together, int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfZero(together.Count, nameof(together));
        using MemoryStream buffer = new();
        buffer.Write(stackalloc byte[HeaderBytes]);
        foreach (Measurement measurement in together)
        {
            if (buffer.Length > HeaderBytes)
            {
                buffer.WriteByte((byte)',');
            }

            using Utf8JsonWriter json = new(buffer, WireJson.WriterOptions);
            WriteSenML(json, measurement);
        }

        byte[] bytes = buffer.ToArray();
        if (bytes.Length > maxBytes || together.Count > ushort.MaxValue)
        {
            throw new ArgumentException($"{together.Count} measurements of {bytes.Length} bytes do not fit into one pack of {maxBytes} bytes", nameof(together));
        }

        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)together.Count);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(2), together[0].Time.ToUnixTimeMilliseconds());
        return bytes;
    }

    /// <summary>Reads a record.</summary>
    /// <exception cref="FieldException">A newer agent wrote it.</exception>
    public static SampleRecord Read(ReadOnlyMemory<byte> record) => record.Length < HeaderBytes ? throw DeviceOutbox.Newer() : new(
        BinaryPrimitives.ReadUInt16LittleEndian(record.Span), BinaryPrimitives.ReadInt64LittleEndian(record.Span[2..]), record[HeaderBytes..]);

    private static void WriteSenML(Utf8JsonWriter json, Measurement m)
    {
        json.WriteStartObject();
        json.WriteString("n", m.Name);
        json.WriteNumber("t", (m.Time - DateTimeOffset.UnixEpoch).Ticks / (double)TimeSpan.TicksPerSecond);
        json.WriteOptional("u", m.Unit);
        json.WriteOptional("v", m.Value);
        json.WriteOptional("vs", m.Text);
        if (m.Flag is { } flag)
        {
            json.WriteBoolean("vb", flag);
        }

        json.WriteOptional("vd", m.DataBase64);
        json.WriteOptional("s", m.Sum);
        json.WriteEndObject();
    }
}

/// <summary>Makes SenML packs of samples: the same bytes each time for the same samples and sequence.</summary>
/// <param name="device">Base name of the packs.</param>
/// <param name="log">The samples.</param>
internal sealed class PackBuilder(string device, SegmentLog log) : IDisposable
{
    private readonly LogReader _plan = new(log);
    private readonly LogReader _build = new(log);
    private readonly MemoryStream _pack = new(); // one for all packs: a journal may name thousands of small ones

    /// <summary>Where the next packs begin and end.</summary>
    /// <param name="from">The first sample that is in no pack yet; becomes the first after these packs.</param>
    /// <param name="limits">Size of a pack.</param>
    /// <param name="most">Most packs.</param>
    /// <param name="damaged">Becomes greater by the sample records that cannot be read.</param>
    public IReadOnlyList<(long First, long End)> Plan(ref long from, OutboxLimits limits, int most, ref long damaged)
    {
        List<(long First, long End)> packs = [];
        _plan.Seek(from);
        (long first, int count, int bytes) = (from, 0, 0);
        void Close(long end)
        {
            if (count > 0)
            {
                packs.Add((first, end));
            }

            (count, bytes) = (0, 0);
        }

        while (packs.Count < most && _plan.Read() is { } entry)
        {
            if (entry.Bytes is not { } record)
            {
                damaged += entry.IsDamaged ? entry.End - entry.Ordinal : 0;
                Close(entry.Ordinal);
                first = entry.End;
                continue;
            }

            SampleRecord sample = SampleRecord.Read(record);
            if (count > 0 && (count + sample.Count > limits.PackRecords || bytes + sample.Json.Length + 1 > limits.PackBytes))
            {
                Close(entry.Ordinal);
                first = entry.Ordinal;
                if (packs.Count == most)
                {
                    break;
                }
            }

            (count, bytes) = (count + sample.Count, bytes + sample.Json.Length + 1);
        }

        if (packs.Count < most)
        {
            Close(_plan.Position);
            first = _plan.Position;
        }

        from = first;
        return packs;
    }

    /// <summary>The payload of a pack; null when a sample of it cannot be read.</summary>
    public ReadOnlyMemory<byte>? Build(long sequence, long first, long end)
    {
        _pack.SetLength(0);
        _pack.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"[{{\"bn\":\"{device}/\",\"seq\":{sequence}}}")));
        _build.Seek(first);
        while (_build.Position < end)
        {
            if (_build.Read()?.Bytes is not { } record)
            {
                return null;
            }

            _pack.WriteByte((byte)',');
            _pack.Write(SampleRecord.Read(record).Json.Span);
        }

        _pack.WriteByte((byte)']');
        return _pack.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _plan.Dispose();
        _build.Dispose();
        _pack.Dispose();
    }
}
