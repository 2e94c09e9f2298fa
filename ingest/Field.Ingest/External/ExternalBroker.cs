using System.Security.Authentication;
using Field.Broker;
using Field.Contracts;
using Field.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Field.Ingest.External;

/// <summary>
/// Ingest behind a broker that is not ours: one persistent session, one shared subscription to what devices send.
/// <para>
/// Safety, "acknowledged to us means stored by us": a handler completes only with the verdict of the interceptor, which is given after the
/// store (or the dead letters) flushed; the client acknowledges after its handler and in order. A store that fails throws: nothing from
/// there on is acknowledged, the connection ends, and the broker sends it all again after the pause. But the broker itself may
/// acknowledge the device from memory and lose it. So the device hears from us: its sequence is gathered for a receipt
/// only after the verdict. Whatever dies in between, the device still has the message and sends it again; (device, sequence)
/// stores it once.
/// </para>
/// </summary>
internal sealed class ExternalBroker(
    ExternalBrokerOptions broker, IngestOptions options, IServiceProvider services, TimeProvider time, ILogger<ExternalBroker> log)
    : BackgroundService, IMessageSink
{
    private const int MaxUnconfirmed = 4096;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.5);

    private readonly MqttTlsOptions _tls = broker.Tls();
    private readonly SemaphoreSlim _places = new(MaxUnconfirmed); // not disposed: confirmations may outlive the host, and no wait handle is made
    private volatile MqttClient? _client;
    private ReceiptGatherer? _receipts;
    private CancellationToken _stopping;

    /// <summary>Since when the broker is connected; null while it is not.</summary>
    public DateTimeOffset? ConnectedSince { get; private set; }

    /// <summary>True while the broker is connected.</summary>
    public bool IsConnected => _client is { Closed.IsCompleted: false };

    /// <summary>
    /// Publishes to the broker. It waits only while many messages are unconfirmed; without a connection the message is dropped: live
    /// updates are read again with the next snapshot, receipts are asked for again by the device.
    /// </summary>
    public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, int qos, CancellationToken cancellationToken) =>
        SendAsync(new MqttMessage(topic, payload, qos), cancellationToken);

    /// <summary>Publishes to the broker, which keeps it; dropped without a connection, so whoever needs it kept says it again.</summary>
    public ValueTask RetainAsync(string topic, ReadOnlyMemory<byte> payload, int qos, CancellationToken cancellationToken) =>
        SendAsync(new MqttMessage(topic, payload, qos, Retain: true), cancellationToken);

    /// <summary>Publishes at QoS 0; dropped while there is no connection or many messages are unconfirmed.</summary>
    public void Post(string topic, ReadOnlyMemory<byte> payload)
    {
        if (_client is { Closed.IsCompleted: false } client && _places.Wait(0))
        {
            _ = ConfirmAsync(client.PublishAsync(new MqttMessage(topic, payload), CancellationToken.None), topic);
        }
    }

    /// <summary>True while connected: only the broker knows who listens.</summary>
    public bool IsHeard(string topic) => IsConnected;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        _receipts = new ReceiptGatherer(options.Site, broker.ReceiptInterval, this, time);
        Task receipts = _receipts.RunAsync(stoppingToken);
        try
        {
            TimeSpan delay = FirstDelay;
            while (true)
            {
                bool wasConnected = await ServeAsync(stoppingToken).ConfigureAwait(false);
                delay = wasConnected ? FirstDelay : delay;
                await Task.Delay(delay, time, stoppingToken).ConfigureAwait(false);
                delay = delay * 2 < broker.MaxReconnectDelay ? delay * 2 : broker.MaxReconnectDelay;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped: what was not acknowledged the broker keeps for the next start.
        }

        await receipts.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>One connection, to its end; true when it stored anything, so that the next attempt need not wait long.</summary>
    private async Task<bool> ServeAsync(CancellationToken cancellationToken)
    {
        int stored = 0;
        try
        {
            MqttClientOptions connect = Connect(async (message, _) =>
            {
                await TakeAsync(message).ConfigureAwait(false);
                Volatile.Write(ref stored, 1);
            });
            MqttClient client = await MqttClient.ConnectAsync(connect, cancellationToken).ConfigureAwait(false);
            await using (client.ConfigureAwait(false))
            {
                _client = client;
                ConnectedSince = time.GetUtcNow();
                log.ExternalConnected(broker.Server, client.SessionPresent);
                MqttException? cause = await client.Closed.WaitAsync(cancellationToken).ConfigureAwait(false);
                log.ExternalLost(broker.Server, Reason(cause));
            }
        }
        catch (FieldException e)
        {
            log.ExternalLost(broker.Server, Reason(e));
        }
        finally
        {
            _client = null;
            ConnectedSince = null;
        }

        return Volatile.Read(ref stored) == 1;
    }

    /// <summary>Why, in a sentence, and the options that have to do with it.</summary>
    private string Reason(FieldException? cause) => cause switch
    {
        null => "it was closed",
        { InnerException: AuthenticationException } => $"{cause.Message}. --broker-ca names the authority of its certificate, --broker-cert the certificate to show it",
        { InnerException: IOException } when broker.CertificatePath is null && broker.Server.Scheme is "mqtts" or "wss" => $"{cause.Message}. It may want a certificate: --broker-cert",
        _ => cause.Message,
    };

    private MqttClientOptions Connect(Func<MqttMessage, CancellationToken, ValueTask> handler) => new()
    {
        Server = broker.Server,
        ClientId = broker.ClientId ?? $"field-ingest-{options.Site}",
        UserName = broker.UserName,
        Tls = _tls,
        Password = broker.Password,
        CleanStart = false,
        SessionExpiry = broker.SessionExpiry,
        ReceiveMaximum = broker.MaxInFlight,
        ReceiveTolerance = ushort.MaxValue,
        MaxConcurrentHandlers = broker.MaxInFlight,
        Time = time,
        Subscriptions = [new($"$share/ingest/{Topics.Prefix}{options.Site}/+/up/#", 1, handler)],
    };

    /// <summary>Stores one message and notes its receipt; throws when it must come again.</summary>
    private async Task TakeAsync(MqttMessage message)
    {
        // Not the connection's token: what was begun is finished.
        InboundPublish inbound = new(broker.Server.Host, message, IsWill: false) { IsRelayed = true };
        PublishVerdict verdict = await services.GetRequiredService<IPublishInterceptor>().StoreAsync(inbound, _stopping).ConfigureAwait(false);
        bool isDurable = verdict.IsAccepted || verdict.ReasonCode != MqttReasonCode.QuotaExceeded;
        if (isDurable && Topics.TryParseUp(message.Topic, out UpTopic? topic) is null && topic is not null
            && MessageSequence.Find(message.Payload.Span, topic.Channel) is { } sequence)
        {
            _receipts!.Stored(topic.Device, sequence);
        }
    }

    private async ValueTask SendAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        if (_client is not { Closed.IsCompleted: false } client)
        {
            return;
        }

        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        _ = ConfirmAsync(client.PublishAsync(message, CancellationToken.None), message.Topic);
    }

    private async Task ConfirmAsync(Task publishing, string topic)
    {
        try
        {
            await publishing.ConfigureAwait(false);
        }
        catch (FieldException e)
        {
            log.PublishFailed(e, topic);
        }
        finally
        {
            _places.Release();
        }
    }
}

/// <summary>Publishes in several places: to the broker of the devices, and to that of this process, where the maps listen.</summary>
internal sealed class ManySinks(params IMessageSink[] sinks) : IMessageSink
{
    public async ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, int qos, CancellationToken cancellationToken)
    {
        foreach (IMessageSink sink in sinks)
        {
            await sink.PublishAsync(topic, payload, qos, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask RetainAsync(string topic, ReadOnlyMemory<byte> payload, int qos, CancellationToken cancellationToken)
    {
        foreach (IMessageSink sink in sinks)
        {
            await sink.RetainAsync(topic, payload, qos, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Post(string topic, ReadOnlyMemory<byte> payload)
    {
        foreach (IMessageSink sink in sinks)
        {
            sink.Post(topic, payload);
        }
    }

    public bool IsHeard(string topic) => sinks.Any(s => s.IsHeard(topic));
}
