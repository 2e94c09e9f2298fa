using System.Net;
using System.Net.Sockets;
using Field.Mqtt;
using Field.Tests.Broker;

namespace Field.Tests.Mqtt.Conformance;

/// <summary>A server that says exactly what the test says, for the client's half of the standard.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ScriptedServer() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public MqttClientOptions Options(int v) => new()
    {
        Server = new($"mqtt://127.0.0.1:{Port}"),
        ClientId = "c",
        KeepAlive = TimeSpan.Zero,
        ProtocolVersion = (MqttProtocolVersion)v,
    };

    public async Task<Peer> AcceptAsync(int v) => new(await _listener.AcceptSocketAsync(TestBroker.Token), v);

    /// <summary>Connects a client and answers its CONNECT with this CONNACK.</summary>
    public async Task<(MqttClient Client, Peer Peer)> ConnectAsync(MqttClientOptions options, byte[]? connAck = null)
    {
        int v = (int)options.ProtocolVersion;
        Task<MqttClient> connecting = MqttClient.ConnectAsync(options, TestBroker.Token);
        Peer peer = await AcceptAsync(v);
        Assert.Equal(0x10, (await peer.ReadAsync()).First);
        await peer.SendAsync(connAck ?? Frames.ConnAck(v));
        return (await connecting, peer);
    }

    /// <summary>Connects a client of version v; the properties are those of CONNACK.</summary>
    public Task<(MqttClient Client, Peer Peer)> ConnectAsync(int v, params byte[][] props) =>
        ConnectAsync(Options(v), Frames.ConnAck(v, props: props));

    public ValueTask DisposeAsync()
    {
        _listener.Stop();
        return ValueTask.CompletedTask;
    }
}
