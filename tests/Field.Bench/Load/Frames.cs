using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Field.Bench.Load;

/// <summary>
/// MQTT 3.1.1 frames, built once and patched: a PUBLISH costs the generator a copy and two numbers, so that what is measured is the server.
/// The payload is a SenML pack of three records, 200 bytes, whose <c>seq</c> and <c>bt</c> count up.
/// </summary>
internal sealed class Frames
{
    /// <summary>Sequences and times have ten digits from the first to the last message.</summary>
    public const long FirstSequence = 1_000_000_000;

    public const int PayloadBytes = 200;

    private readonly byte[] _publish;
    private readonly int _idAt;
    private readonly int _timeAt;
    private readonly int _sequenceAt;

    public Frames(string topic)
    {
        string payload = Payload("");
        payload = Payload(new string('0', PayloadBytes - payload.Length));
        byte[] name = Encoding.ASCII.GetBytes(topic);
        byte[] body = [(byte)(name.Length >> 8), (byte)name.Length, .. name, 0, 0, .. Encoding.ASCII.GetBytes(payload)];
        _publish = [0x32, .. RemainingLength(body.Length), .. body];
        _idAt = _publish.Length - payload.Length - 2;
        _timeAt = _idAt + 2 + payload.IndexOf("1790000000", StringComparison.Ordinal);
        _sequenceAt = _idAt + 2 + payload.IndexOf("1000000000", StringComparison.Ordinal);
    }

    public int PublishBytes => _publish.Length;

    /// <summary>Where in a payload the ten digits of the sequence begin.</summary>
    public static int SequenceOffset { get; } = Payload("").IndexOf("1000000000", StringComparison.Ordinal);

    /// <summary>Writes the PUBLISH of message <paramref name="index"/>, counted from 0.</summary>
    public void WritePublish(Span<byte> to, long index)
    {
        _publish.CopyTo(to);
        BinaryPrimitives.WriteUInt16BigEndian(to[_idAt..], PacketId(index));
        (1_790_000_000 + (index % 200_000_000)).TryFormat(to[_timeAt..], out _, provider: CultureInfo.InvariantCulture);
        (FirstSequence + index).TryFormat(to[_sequenceAt..], out _, provider: CultureInfo.InvariantCulture);
    }

    public static ushort PacketId(long index) => (ushort)((index % 65_535) + 1);

    public static byte[] Connect(string clientId)
    {
        byte[] id = Encoding.ASCII.GetBytes(clientId);
        return [0x10, (byte)(12 + id.Length), 0, 4, .. "MQTT"u8, 4, 2, 0, 0, 0, (byte)id.Length, .. id];
    }

    public static byte[] Subscribe(string filter)
    {
        byte[] name = Encoding.ASCII.GetBytes(filter);
        return [0x82, (byte)(5 + name.Length), 0, 1, 0, (byte)name.Length, .. name, 1];
    }

    // seq stands before the padding, so that it is found at the same place in every payload.
    private static string Payload(string padding) =>
        """[{"seq":1000000000,"bt":1790000000,"bn":"urn:dev:gauge:###/","n":"level","u":"m","v":1.42},{"n":"rain","u":"mm","v":0.5},{"n":"battery","u":"%EL","v":87}]"""
            .Replace("###", padding, StringComparison.Ordinal);

    private static byte[] RemainingLength(int value) => value < 128 ? [(byte)value] : [(byte)((value & 127) | 128), (byte)(value >> 7)];
}
