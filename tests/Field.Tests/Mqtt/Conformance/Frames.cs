using System.Buffers.Binary;
using System.Text;

namespace Field.Tests.Mqtt.Conformance;

/// <summary>What a CONNECT says beyond its client identifier.</summary>
internal sealed record Connect
{
    public bool Clean { get; init; } = true;

    public int KeepAlive { get; init; }

    public byte[][] Props { get; init; } = [];

    public Will? Will { get; init; }

    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>Bits to flip in the connect flags, to make them wrong.</summary>
    public int FlagsXor { get; init; }

    /// <summary>Bytes after the last field.</summary>
    public byte[] More { get; init; } = [];
}

internal sealed record Will(string Topic, string Payload, int Qos = 0, bool Retain = false, params byte[][] Props);

/// <summary>Control packets written by hand from the standard, not with the codec under test. <c>v</c> is the protocol level: 4 or 5.</summary>
internal static class Frames
{
    public const int PubAck = 0x40, PubRec = 0x50, PubRel = 0x62, PubComp = 0x70;

    public static readonly byte[] PingReq = [0xC0, 0x00];
    public static readonly byte[] PingResp = [0xD0, 0x00];
    public static readonly byte[] Goodbye = [0xE0, 0x00];

    /// <summary>Fixed header and the parts.</summary>
    public static byte[] Packet(int first, params byte[][] parts)
    {
        byte[] body = Join(parts);
        return Join([(byte)first], VarInt(body.Length), body);
    }

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(p => p)];

    public static byte[] VarInt(int value)
    {
        List<byte> bytes = [];
        do
        {
            bytes.Add((byte)((value & 0x7F) | (value > 0x7F ? 0x80 : 0)));
            value >>= 7;
        }
        while (value > 0);
        return [.. bytes];
    }

    public static byte[] U16(int value) => [(byte)(value >> 8), (byte)value];

    public static byte[] U32(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Text(string text) => Data(Encoding.UTF8.GetBytes(text));

    public static byte[] Data(byte[] data) => Join(U16(data.Length), data);

    /// <summary>The property section of a 5.0 packet; nothing in 3.1.1.</summary>
    public static byte[] Props(int v, params byte[][] props) => v == 5 ? Join(VarInt(props.Sum(p => p.Length)), Join(props)) : [];

    public static byte[] Connect(int v, string clientId, Connect? with = null) => Connect(v, Encoding.UTF8.GetBytes(clientId), with);

    public static byte[] Connect(int v, byte[] clientId, Connect? with = null)
    {
        Connect c = with ?? new();
        int will = c.Will is null ? 0 : 4 | (c.Will.Qos << 3) | (c.Will.Retain ? 0x20 : 0);
        int flags = (c.Clean ? 2 : 0) | will | (c.User is null ? 0 : 0x80) | (c.Password is null ? 0 : 0x40);
        return Packet(
            0x10, Text("MQTT"), [(byte)v, (byte)(flags ^ c.FlagsXor)], U16(c.KeepAlive), Props(v, c.Props), Data(clientId),
            c.Will is null ? [] : Join(Props(v, c.Will.Props), Text(c.Will.Topic), Text(c.Will.Payload)),
            c.User is null ? [] : Text(c.User), c.Password is null ? [] : Text(c.Password), c.More);
    }

    public static byte[] ConnAck(int v, int code = 0, bool present = false, params byte[][] props) =>
        Packet(0x20, [(byte)(present ? 1 : 0), (byte)code], Props(v, props));

    public static byte[] Publish(
        int v, string topic, string payload, int qos = 0, int id = 0, bool retain = false, bool dup = false, params byte[][] props) =>
        Publish(v, Encoding.UTF8.GetBytes(topic), payload, qos, id, retain, dup, props);

    public static byte[] Publish(
        int v, byte[] topic, string payload, int qos = 0, int id = 0, bool retain = false, bool dup = false, params byte[][] props) =>
        Packet(
            0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0), Data(topic), qos > 0 ? U16(id) : [], Props(v, props), Encoding.UTF8.GetBytes(payload));

    /// <summary>PUBACK, PUBREC, PUBREL, PUBCOMP in their short form, which both versions have.</summary>
    public static byte[] Ack(int first, int id) => Packet(first, U16(id));

    public static byte[] Ack(int first, int id, int code) => Packet(first, U16(id), [(byte)code]);

    public static byte[] Subscribe(int v, int id, string filter, int options = 0, params byte[][] props) =>
        Packet(0x82, U16(id), Props(v, props), Text(filter), [(byte)options]);

    public static byte[] SubscribeMany(int v, int id, params (string Filter, int Options)[] requests) =>
        Packet(0x82, U16(id), Props(v), Join([.. requests.Select(r => Join(Text(r.Filter), [(byte)r.Options]))]));

    public static byte[] SubAck(int v, int id, params byte[] codes) => Packet(0x90, U16(id), Props(v), codes);

    public static byte[] Unsubscribe(int v, int id, params string[] filters) =>
        Packet(0xA2, U16(id), Props(v), Join([.. filters.Select(Text)]));

    /// <summary>An UNSUBACK; 3.1.1 has no codes.</summary>
    public static byte[] UnsubAck(int v, int id, params byte[] codes) => Packet(0xB0, U16(id), Props(v), v == 5 ? codes : []);

    public static byte[] Disconnect(int code, params byte[][] props) => Packet(0xE0, [(byte)code], Props(5, props));
}

/// <summary>Properties of MQTT 5.0 (§2.2.2.2) as bytes.</summary>
internal static class Prop
{
    public const int Format = 0x01, Expiry = 0x02, ContentType = 0x03, ResponseTopic = 0x08, Correlation = 0x09, SubscriptionId = 0x0B,
        SessionExpiry = 0x11, AssignedId = 0x12, ServerKeepAlive = 0x13, AuthMethod = 0x15, AuthData = 0x16, RequestProblem = 0x17,
        WillDelay = 0x18, RequestResponse = 0x19, ResponseInfo = 0x1A, Reason = 0x1F, ReceiveMax = 0x21, AliasMax = 0x22, Alias = 0x23,
        MaxQos = 0x24, RetainAvailable = 0x25, UserPair = 0x26, MaxPacket = 0x27;

    public static byte[] Byte(int id, int value) => [(byte)id, (byte)value];

    public static byte[] U16(int id, int value) => Frames.Join([(byte)id], Frames.U16(value));

    public static byte[] U32(int id, uint value) => Frames.Join([(byte)id], Frames.U32(value));

    public static byte[] Var(int id, int value) => Frames.Join([(byte)id], Frames.VarInt(value));

    public static byte[] Text(int id, string value) => Frames.Join([(byte)id], Frames.Text(value));

    public static byte[] User(string name, string value) => Frames.Join([UserPair], Frames.Text(name), Frames.Text(value));
}
