using Field.Broker;
using Field.Mqtt;
using Field.Tests.Broker;

namespace Field.Tests.Mqtt.Conformance;

/// <summary>A broker for the tests of one class; they differ by client identifiers and topics.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    internal TestBroker Broker { get; private set; } = null!;

    internal TestAuthorizer Authorizer { get; } = new();

    public async ValueTask InitializeAsync() => Broker = await TestBroker.StartAsync(authorizer: Authorizer);

    public ValueTask DisposeAsync() => Broker.DisposeAsync();
}

/// <summary>Everybody may do everything, <c>$</c>-topics included, but: topics under <c>denied/</c>, and who connects as <c>refused:CODE</c>.</summary>
internal sealed class TestAuthorizer : IMqttAuthorizer
{
    /// <summary>The last client that asked to connect.</summary>
    public MqttClientIdentity? Last { get; private set; }

    public ValueTask<MqttReasonCode> ConnectAsync(MqttClientIdentity client, CancellationToken cancellationToken)
    {
        Last = client;
        string[] parts = (client.UserName ?? "").Split(':');
        return new(parts is ["refused", var code] ? (MqttReasonCode)Convert.ToInt32(code, 16) : MqttReasonCode.Success);
    }

    public bool MayPublish(MqttClientIdentity client, string topic) => !topic.StartsWith("denied/", StringComparison.Ordinal);

    public bool MaySubscribe(MqttClientIdentity client, string filter) => !filter.StartsWith("denied/", StringComparison.Ordinal);
}

/// <summary>Raw clients against the class's broker.</summary>
public abstract class ConformanceTest(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    private static int _last;

    private protected TestBroker Broker => fixture.Broker;

    private protected TestAuthorizer Authorizer => fixture.Authorizer;

    /// <summary>A name that no other test uses.</summary>
    private protected static string New(string prefix = "c") => $"{prefix}{Interlocked.Increment(ref _last)}";

    private protected Task<Peer> OpenAsync(int v) => Peer.OpenAsync(Broker.TcpPort, v);

    /// <summary>A connected client.</summary>
    private protected Task<Peer> ConnectAsync(int v, Connect? with = null, string? id = null, bool present = false) =>
        ConnectAsync(Broker, v, with, id, present);

    private protected static async Task<Peer> ConnectAsync(TestBroker broker, int v, Connect? with = null, string? id = null, bool present = false)
    {
        Peer peer = await Peer.OpenAsync(broker.TcpPort, v);
        await peer.SendAsync(Frames.Connect(v, id ?? New(), with));
        ConnAck ack = ConnAck.Parse(await peer.ReadAsync(), v);
        Assert.Equal((present, 0), (ack.Present, ack.Code));
        return peer;
    }

    /// <summary>Sends a first packet that must be refused; returns the CONNACK, or null when there was none. The connection is closed.</summary>
    private protected async Task<ConnAck?> RefusedAsync(int v, byte[] first)
    {
        await using Peer peer = await OpenAsync(v);
        await peer.SendAsync(first);
        Frame? frame = await peer.ReadOrEndAsync();
        if (frame is null)
        {
            return null;
        }

        await peer.ExpectEndAsync();
        ConnAck ack = ConnAck.Parse(frame, v);
        Assert.False(ack.Present);
        Assert.NotEqual(0, ack.Code);
        return ack;
    }

    /// <summary>The CONNECT field that keeps the session: an expiry of an hour in 5.0, no clean session in 3.1.1.</summary>
    private protected static Connect Kept(int v, bool clean = false) =>
        new() { Clean = clean, Props = v == 5 ? [Prop.U32(Prop.SessionExpiry, 3600)] : [] };
}

/// <summary>A CONNACK taken apart.</summary>
internal sealed record ConnAck(bool Present, int Code, IReadOnlyList<byte[]> Props)
{
    public byte[]? Find(int id) => Props.FirstOrDefault(p => p[0] == id);

    public static ConnAck Parse(Frame frame, int v)
    {
        Assert.Equal(0x20, frame.First);
        Assert.Equal(0, frame.Body[0] & 0xFE); // [MQTT-3.2.2-1]
        Cursor cursor = new(frame.Body[2..]);
        IReadOnlyList<byte[]> props = v == 5 ? cursor.Props() : [];
        Assert.Empty(cursor.Rest());
        return new(frame.Body[0] == 1, frame.Body[1], props);
    }
}
