using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Field.Mqtt;
using Field.Tests.Broker;

namespace Field.Tests.Ingest;

/// <summary>A mosquitto of our own on a loopback port that stays over kill -9 and restart.</summary>
internal sealed class MosquittoServer : IAsyncDisposable
{
    private readonly string _config;
    private OutsideProgram? _program;

    private MosquittoServer(int port)
    {
        Port = port;
        _config = Path.GetTempFileName();
        File.WriteAllText(_config, string.Create(CultureInfo.InvariantCulture, $"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n"));
    }

    public int Port { get; }

    public Uri Uri => new($"mqtt://127.0.0.1:{Port}");

    public static async Task<MosquittoServer> StartAsync()
    {
        OutsideProgram.Find("mosquitto");
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        MosquittoServer server = new(port);
        await server.RestartAsync();
        return server;
    }

    public async Task RestartAsync()
    {
        if (_program is not null)
        {
            await _program.DisposeAsync(); // Process.Kill: it flushes nothing
        }

        _program = OutsideProgram.Start("mosquitto", "-c", _config);
        await BrokerSessionTests.Eventually(Answers);
    }

    public Task<MqttClient> ConnectAsync(string clientId, params MqttSubscription[] subscriptions) => MqttClient.ConnectAsync(
        new MqttClientOptions { Server = Uri, ClientId = clientId, Subscriptions = subscriptions }, TestBroker.Token);

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
        {
            await _program.DisposeAsync();
        }

        File.Delete(_config);
    }

    private bool Answers()
    {
        try
        {
            using TcpClient probe = new();
            probe.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
