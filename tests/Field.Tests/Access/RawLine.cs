using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;

namespace Field.Tests.Access;

/// <summary>MQTT 5.0 over a WebSocket with a cookie, as a browser speaks it: one packet, one answer.</summary>
internal sealed class RawLine : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _length;
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

    /// <summary>Waits for the end that the server makes: DISCONNECT, which the closing of the socket may overtake.</summary>
    public async Task EndAsync()
    {
        try
        {
            byte[] answer = await ReceiveAsync();
            Assert.Equal("E0 98", $"{answer[0]:X2} {answer[2]:X2}");
        }
        catch (WebSocketException)
        {
            // closed
        }
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

    /// <summary>The next packet that is no message; a WebSocket frame holds several, or a part of one.</summary>
    private async Task<byte[]> ReceiveAsync()
    {
        while (true)
        {
            if (_length > 1 && _buffer[1] < 128 && _length >= 2 + _buffer[1])
            {
                byte[] packet = Take(2 + _buffer[1]);
                if (packet[0] >> 4 == 3)
                {
                    continue;
                }

                return packet;
            }

            if (_length > 2 && _buffer[1] >= 128 && _length >= 3 + (_buffer[1] & 127) + (_buffer[2] * 128))
            {
                Take(3 + (_buffer[1] & 127) + (_buffer[2] * 128)); // only messages are so long
                continue;
            }

            WebSocketReceiveResult part = await _socket.ReceiveAsync(new ArraySegment<byte>(_buffer, _length, _buffer.Length - _length), AccessHost.Token);
            _length += part.MessageType == WebSocketMessageType.Binary ? part.Count : throw new InvalidOperationException("the line has ended");
        }
    }

    private byte[] Take(int length)
    {
        byte[] packet = _buffer[..length];
        _buffer.AsSpan(length, _length - length).CopyTo(_buffer);
        _length -= length;
        return packet;
    }
}
