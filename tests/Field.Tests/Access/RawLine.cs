using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;

namespace Field.Tests.Access;

/// <summary>MQTT 5.0 over a WebSocket with a cookie, as a browser speaks it: one packet, one answer.</summary>
internal sealed class RawLine : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private ushort _id;

    private RawLine(string secret)
    {
        _socket.Options.AddSubProtocol("mqtt");
        _socket.Options.SetRequestHeader("Cookie", $"field-session={secret}");
    }

    public static async Task<RawLine> OpenAsync(Uri at, string secret, string client)
    {
        RawLine line = new(secret);
        await line._socket.ConnectAsync(at, AccessHost.Token);
        await line.SendAsync(0x10, [0, 4, .. "MQTT"u8, 5, 2, 0, 0, 0, .. Text(client)]);
        byte[] answer = await line.ReceiveAsync();
        return answer[0] == 0x20 && answer[3] == 0 ? line : throw new InvalidOperationException($"CONNACK 0x{answer[3]:X2}");
    }

    /// <returns>The reason code of SUBACK.</returns>
    public async Task<byte> SubscribeAsync(string filter)
    {
        await SendAsync(0x82, [.. Id(), 0, .. Text(filter), 0]);
        byte[] answer = await ReceiveAsync();
        Assert.Equal(0x90, answer[0]);
        return answer[^1];
    }

    /// <returns>The reason code of PUBACK.</returns>
    public async Task<byte> PublishAsync(string topic)
    {
        await SendAsync(0x32, [.. Text(topic), .. Id(), 0, .. "{}"u8]);
        byte[] answer = await ReceiveAsync();
        Assert.Equal(0x40, answer[0]);
        return answer[4];
    }

    /// <returns>The reason code of DISCONNECT.</returns>
    public async Task<byte> EndAsync()
    {
        byte[] answer = await ReceiveAsync();
        while (answer[0] != 0xE0)
        {
            answer = await ReceiveAsync(); // what was published meanwhile
        }

        return answer[2];
    }

    public void Dispose() => _socket.Dispose();

    private static byte[] Text(string text) => [(byte)(text.Length >> 8), (byte)text.Length, .. Encoding.UTF8.GetBytes(text)];

    private byte[] Id()
    {
        byte[] id = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(id, ++_id);
        return id;
    }

    private Task SendAsync(byte type, byte[] body)
    {
        Assert.True(body.Length < 128);
        return _socket.SendAsync(new byte[] { type, (byte)body.Length }.Concat(body).ToArray(), WebSocketMessageType.Binary, true, AccessHost.Token);
    }

    /// <summary>One packet; the broker sends each as a message of its own here, for it answers one at a time.</summary>
    private async Task<byte[]> ReceiveAsync()
    {
        byte[] buffer = new byte[4096];
        int length = 0;
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(new ArraySegment<byte>(buffer, length, buffer.Length - length), AccessHost.Token);
            length += part.Count;
        }
        while (!part.EndOfMessage);
        return part.MessageType == WebSocketMessageType.Binary ? buffer[..length] : throw new InvalidOperationException("the line has ended");
    }
}
