using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Field.Broker;
using Field.Mqtt;
using Field.Mqtt.Codec;
using Field.Mqtt.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Field.Tests.Broker;

/// <summary>The broker in a real Kestrel on free loopback ports, TCP and WebSocket.</summary>
internal sealed class TestBroker : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counts = new();

    private TestBroker(WebApplication app)
    {
        _app = app;
        Broker = app.Services.GetRequiredService<MqttBroker>();
        IMeterFactory factory = app.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Meter.Name == "Field.Broker")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            _counts.AddOrUpdate(instrument.Name + (tags.Length > 0 ? ":" + tags[0].Value : ""), value, (_, old) => old + value));
        _listener.Start();
    }

    public MqttBroker Broker { get; }

    public int TcpPort { get; private set; }

    public int WebPort { get; private set; }

    public Uri Tcp => new($"mqtt://127.0.0.1:{TcpPort}");

    public Uri Web => new($"ws://127.0.0.1:{WebPort}/mqtt");

    public static async Task<TestBroker> StartAsync(
        IPublishInterceptor? interceptor = null, Action<MqttBrokerOptions>? configure = null, TimeProvider? time = null, IMqttAuthorizer? authorizer = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseMqttBroker());
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.AddRouting();
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        if (authorizer is not null)
        {
            builder.Services.AddSingleton(authorizer);
        }

        if (interceptor is not null)
        {
            builder.Services.AddSingleton(interceptor);
        }

        builder.Services.AddMqttBroker(configure);
        WebApplication app = builder.Build();
        app.MapMqttWebSocket("/mqtt");
        TestBroker broker = new(app);
        await app.StartAsync(Token);
        int[] ports = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a).Port)];
        (broker.TcpPort, broker.WebPort) = (ports[0], ports[1]);
        return broker;
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public long Count(string instrument) => _counts.GetValueOrDefault(instrument);

    public MqttClientOptions Options(string clientId, MqttProtocolVersion version = MqttProtocolVersion.V500) =>
        new() { Server = Tcp, ClientId = clientId, ProtocolVersion = version };

    public Task<MqttClient> ConnectAsync(string clientId, MqttProtocolVersion version = MqttProtocolVersion.V500) =>
        MqttClient.ConnectAsync(Options(clientId, version), Token);

    public async Task<RawClient> RawAsync(ConnectPacket? connect = null)
    {
        RawClient client = await RawClient.OpenAsync(TcpPort);
        if (connect is not null)
        {
            client.Version = connect.Version;
            await client.SendAsync(connect);
            ConnAckPacket ack = await client.ReadAsync<ConnAckPacket>();
            Assert.Equal(MqttReasonCode.Success, ack.ReasonCode);
            client.SessionPresent = ack.SessionPresent;
        }

        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _listener.Dispose();
    }
}

/// <summary>A peer that sends exactly what the test says, and reads packets one by one; any wait over 20 s fails the test.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Socket _socket;
    private readonly PipeWriter _output;
    private readonly PacketReader _reader;

    private RawClient(Socket socket)
    {
        _socket = socket;
        NetworkStream stream = new(socket, ownsSocket: true);
        _output = PipeWriter.Create(stream);
        _reader = new(PipeReader.Create(stream), 1 << 24);
    }

    public MqttProtocolVersion Version
    {
        get => _reader.Version;
        set => _reader.Version = value;
    }

    public bool SessionPresent { get; set; }

    public static async Task<RawClient> OpenAsync(int port)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, TestBroker.Token);
        return new(socket);
    }

    public async Task SendAsync(params Packet[] packets)
    {
        foreach (Packet packet in packets)
        {
            PacketEncoder.Write(_output, packet, Version);
        }

        await _output.FlushAsync(TestBroker.Token);
    }

    public async Task SendBytesAsync(params byte[] bytes) => await _output.WriteAsync(bytes, TestBroker.Token);

    public async Task<T> ReadAsync<T>()
        where T : Packet
    {
        Packet? packet = await _reader.ReadAsync(TestBroker.Token).AsTask().WaitAsync(Patience, TestBroker.Token);
        return Assert.IsAssignableFrom<T>(packet);
    }

    /// <summary>Passes when the broker closes without sending anything more.</summary>
    public async Task ExpectEndAsync()
    {
        try
        {
            Assert.Null(await _reader.ReadAsync(TestBroker.Token).AsTask().WaitAsync(Patience, TestBroker.Token));
        }
        catch (IOException)
        {
            // a reset is an end too
        }
    }

    /// <summary>Passes when the broker says goodbye with the code; answers to what came before it may come first.</summary>
    public async Task ExpectDisconnectAsync(MqttReasonCode code)
    {
        Packet packet = await ReadAsync<Packet>();
        while (packet is not DisconnectPacket)
        {
            packet = await ReadAsync<Packet>();
        }

        Assert.Equal(code, ((DisconnectPacket)packet).ReasonCode);
        await ExpectEndAsync();
    }

    /// <summary>Passes when the next thing that comes is the answer to a ping: everything before was processed and answered nothing.</summary>
    public async Task ExpectNothingAsync()
    {
        await SendAsync(PingReqPacket.Instance);
        await ReadAsync<PingRespPacket>();
    }

    public async Task SubscribeAsync(string filter, int qos)
    {
        await SendAsync(new SubscribePacket(1, [new(filter, qos)]));
        SubAckPacket ack = await ReadAsync<SubAckPacket>();
        Assert.Equal((MqttReasonCode)qos, Assert.Single(ack.ReasonCodes));
    }

    /// <summary>Breaks the connection without DISCONNECT.</summary>
    public void Break() => _socket.Close(0);

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>An interceptor whose stores end when, and how, the test says.</summary>
internal sealed class HeldStore : IPublishInterceptor
{
    private readonly Channel<(InboundPublish Message, TaskCompletionSource<PublishVerdict> Verdict)> _held =
        Channel.CreateBounded<(InboundPublish, TaskCompletionSource<PublishVerdict>)>(1000);

    public async ValueTask<PublishVerdict> StoreAsync(InboundPublish message, CancellationToken cancellationToken)
    {
        TaskCompletionSource<PublishVerdict> verdict = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.True(_held.Writer.TryWrite((message, verdict)));
        return await verdict.Task.WaitAsync(cancellationToken);
    }

    /// <summary>The next store that began, in order of beginning.</summary>
    public async Task<(InboundPublish Message, TaskCompletionSource<PublishVerdict> Verdict)> NextAsync() =>
        await _held.Reader.ReadAsync(TestBroker.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token);

    public bool IsEmpty => _held.Reader.Count == 0;
}

/// <summary>A clock that moves when the test says.</summary>
internal sealed class ManualTime(DateTimeOffset? start = null) : TimeProvider
{
    private readonly DateTimeOffset _start = start ?? new(2026, 5, 11, 0, 0, 0, TimeSpan.Zero);
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => _start.AddTicks(GetTimestamp());
}
