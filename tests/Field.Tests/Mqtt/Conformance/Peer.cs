using System.Net;
using System.Net.Sockets;
using System.Text;
using Field.Tests.Broker;

namespace Field.Tests.Mqtt.Conformance;

/// <summary>One control packet as it came.</summary>
internal sealed record Frame(byte First, byte[] Body)
{
    public int Type => First >> 4;

    public byte[] Bytes => Frames.Packet(First, Body);
}

/// <summary>A received PUBLISH taken apart.</summary>
internal sealed record Publication(string Topic, string Payload, int Qos, int Id, bool Retain, bool Dup, IReadOnlyList<byte[]> Props)
{
    /// <summary>The values of a property, its identifier included, in wire order.</summary>
    public IEnumerable<byte[]> All(int id) => Props.Where(p => p[0] == id);

    public byte[]? Find(int id) => All(id).FirstOrDefault();

    public static Publication Parse(Frame frame, int version)
    {
        Assert.Equal(3, frame.Type);
        Cursor cursor = new(frame.Body);
        string topic = Encoding.UTF8.GetString(cursor.Data());
        int qos = (frame.First >> 1) & 3;
        int id = qos > 0 ? cursor.U16() : 0;
        IReadOnlyList<byte[]> props = version == 5 ? cursor.Props() : [];
        return new(topic, Encoding.UTF8.GetString(cursor.Rest()), qos, id, (frame.First & 1) != 0, (frame.First & 8) != 0, props);
    }
}

/// <summary>Reads bytes of a packet from front to back.</summary>
internal sealed class Cursor(byte[] bytes)
{
    private int _at;

    public byte[] Take(int count)
    {
        byte[] taken = bytes[_at..(_at + count)];
        _at += count;
        return taken;
    }

    public byte[] Rest() => Take(bytes.Length - _at);

    public int U16() => Take(2) is [var high, var low] ? (high << 8) | low : 0;

    public byte[] Data() => Take(U16());

    public int VarInt()
    {
        int value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte b = Take(1)[0];
            value |= (b & 0x7F) << shift;
            if (b < 0x80)
            {
                Assert.True(b != 0 || shift == 0, "a variable byte integer is not minimal");
                return value;
            }
        }
    }

    /// <summary>The property section, each property as its own bytes.</summary>
    public IReadOnlyList<byte[]> Props()
    {
        int end = VarInt();
        end += _at;
        List<byte[]> props = [];
        while (_at < end)
        {
            int start = _at;
            switch (Take(1)[0])
            {
                case Prop.Format or Prop.RequestProblem or Prop.RequestResponse or Prop.MaxQos or Prop.RetainAvailable or 0x28 or 0x29 or 0x2A: Take(1); break;
                case Prop.ServerKeepAlive or Prop.ReceiveMax or Prop.AliasMax or Prop.Alias: Take(2); break;
                case Prop.Expiry or Prop.SessionExpiry or Prop.WillDelay or Prop.MaxPacket: Take(4); break;
                case Prop.SubscriptionId: VarInt(); break;
                case Prop.UserPair: Data(); Data(); break;
                default: Data(); break;
            }

            props.Add(bytes[start.._at]);
        }

        Assert.Equal(end, _at);
        return props;
    }
}

/// <summary>One end of a TCP connection that speaks bytes: a client towards the broker, or a server towards our client.</summary>
internal sealed class Peer(Socket socket, int version) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    public int Version => version;

    public static async Task<Peer> OpenAsync(int port, int version)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, TestBroker.Token);
        return new(socket, version);
    }

    public async Task SendAsync(params byte[][] frames) => await _stream.WriteAsync(Frames.Join(frames), TestBroker.Token);

    /// <summary>The next packet, or null when the peer closed.</summary>
    public async Task<Frame?> ReadOrEndAsync()
    {
        try
        {
            byte[] first = new byte[1];
            if (await Timely(_stream.ReadAtLeastAsync(first, 1, throwOnEndOfStream: false, TestBroker.Token)) == 0)
            {
                return null;
            }

            int length = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte b = (await ExactlyAsync(1))[0];
                length |= (b & 0x7F) << shift;
                if (b < 0x80)
                {
                    Assert.True(b != 0 || shift == 0, "the remaining length is not minimal");
                    return new(first[0], await ExactlyAsync(length));
                }
            }
        }
        catch (IOException)
        {
            return null; // a reset is an end too
        }
    }

    public async Task<Frame> ReadAsync()
    {
        Frame? frame = await ReadOrEndAsync();
        Assert.NotNull(frame);
        return frame;
    }

    public async Task<Publication> ReadPublishAsync() => Publication.Parse(await ReadAsync(), version);

    /// <summary>Passes when exactly these packets come next.</summary>
    public async Task ExpectAsync(params byte[][] frames)
    {
        foreach (byte[] expected in frames)
        {
            Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString((await ReadAsync()).Bytes));
        }
    }

    /// <summary>Passes when the other side closes without sending anything more.</summary>
    public async Task ExpectEndAsync()
    {
        Frame? frame = await ReadOrEndAsync();
        Assert.True(frame is null, $"instead of the end came {Convert.ToHexString(frame?.Bytes ?? [])}");
    }

    /// <summary>Passes when the connection is closed for this reason: 5.0 says it in DISCONNECT, 3.1.1 only closes.</summary>
    public async Task ExpectDisconnectAsync(int code)
    {
        if (version == 5)
        {
            Frame frame = await ReadAsync();
            Assert.Equal(0xE0, frame.First);
            Assert.Equal($"{code:X2}", $"{frame.Body.FirstOrDefault():X2}");
        }

        await ExpectEndAsync();
    }

    /// <summary>Passes when all that was sent before is processed and nothing was sent for it.</summary>
    public async Task ExpectNothingAsync()
    {
        await SendAsync(Frames.PingReq);
        await ExpectAsync(Frames.PingResp);
    }

    /// <summary>Subscribes and expects it granted.</summary>
    public async Task SubscribeAsync(string filter, int options = 0, params byte[][] props)
    {
        await SendAsync(Frames.Subscribe(version, 0x5AFE, filter, options, props));
        await ExpectAsync(Frames.SubAck(version, 0x5AFE, (byte)(options & 3)));
    }

    /// <summary>Publishes with QoS 1 and awaits the acknowledgement: after it every subscriber has the message queued.</summary>
    public async Task PublishAsync(string topic, string payload, bool retain = false, params byte[][] props)
    {
        await SendAsync(Frames.Publish(version, topic, payload, 1, 0x00A1, retain, false, props));
        await ExpectAsync(Frames.Ack(Frames.PubAck, 0x00A1));
    }

    /// <summary>Breaks the connection without DISCONNECT.</summary>
    public void Break() => socket.Close(0);

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<byte[]> ExactlyAsync(int count)
    {
        byte[] bytes = new byte[count];
        await Timely(_stream.ReadAtLeastAsync(bytes, count, throwOnEndOfStream: true, TestBroker.Token));
        return bytes;
    }

    private static async Task<int> Timely(ValueTask<int> reading) => await reading.AsTask().WaitAsync(Patience, TestBroker.Token);
}
