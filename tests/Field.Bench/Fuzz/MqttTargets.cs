using System.Buffers;
using System.Globalization;
using Field.Harness;
using Field.Mqtt;
using Field.Mqtt.Codec;

namespace Field.Bench.Fuzz;

/// <summary>The MQTT packet decoder, of both versions and with the packets of both directions.</summary>
internal static class MqttTargets
{
    public static IEnumerable<FuzzTarget> All() => [Decoder("mqtt-3.1.1", MqttProtocolVersion.V311, "3.1.1"), Decoder("mqtt-5.0", MqttProtocolVersion.V500, "5.0")];

    /// <summary>The packets written by hand from the standards; columns as the file says.</summary>
    public static IReadOnlyList<byte[]> Golden(string version) =>
    [
        .. File.ReadLines(Path.Combine(Checkout.Root, "tests", "golden", "mqtt", "packets.txt"))
            .Where(l => !l.StartsWith('#') && l.Contains('|', StringComparison.Ordinal))
            .Select(l => l.Split('|', StringSplitOptions.TrimEntries))
            .Where(columns => columns[1] == version)
            .Select(columns => Bytes(columns[2..])),
    ];

    private static FuzzTarget Decoder(string name, MqttProtocolVersion version, string column) => new(name, Golden(column), b => Decode(b, version))
    {
        Form = InputForm.Binary,
        Repair = Repairs.Packet,
        Refuses = e => e is MalformedPacketException,
        AllocatedBytes = 64 * 1024,
        AllocatedPerByte = 64,
    };

    /// <summary>Takes packet after packet, as a connection does, half of them from a buffer in two parts.</summary>
    private static bool Decode(byte[] bytes, MqttProtocolVersion version)
    {
        ReadOnlySequence<byte> buffer = bytes.Length % 2 == 0 ? new(bytes) : Split(bytes);
        while (PacketDecoder.TryRead(ref buffer, version, MqttClientOptions.DefaultMaxPacketBytes, out _))
        {
        }

        return buffer.IsEmpty;
    }

    private static ReadOnlySequence<byte> Split(byte[] bytes)
    {
        Segment first = new(bytes.AsMemory(0, bytes.Length / 2), 0);
        Segment second = new(bytes.AsMemory(bytes.Length / 2), bytes.Length / 2);
        first.Append(second);
        return new ReadOnlySequence<byte>(first, 0, second, second.Memory.Length);
    }

    private static byte[] Bytes(IEnumerable<string> columns) =>
        [.. columns.SelectMany(c => c.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(b => byte.Parse(b, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long at) => (Memory, RunningIndex) = (memory, at);

        public void Append(Segment next) => Next = next;
    }
}
