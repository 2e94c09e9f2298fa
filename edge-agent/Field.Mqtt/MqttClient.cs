using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using Field.Mqtt.Codec;
using Field.Mqtt.Delivery;
using Field.Mqtt.Transport;

namespace Field.Mqtt;

/// <summary>
/// One connection to an MQTT server. Safe for concurrent use; many <see cref="PublishAsync"/> calls share the line and are pipelined.
/// When the connection ends (<see cref="Closed"/>) the client is done: reconnecting is the caller's policy.
/// </summary>
public sealed class MqttClient : IAsyncDisposable
{
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(2);

    private readonly MqttClientOptions _options;
    private readonly ClientTransport _transport;
    private readonly PacketReader _reader;
    private readonly DeliveryQueue _queue;
    private readonly ClientInbox _inbox;
    private readonly ClientRequests _requests = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<MqttException?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConnectionTerms _terms;
    private Task _pump = Task.CompletedTask;
    private volatile bool _heard;
    private int _ended;

    private MqttClient(MqttClientOptions options, ClientTransport transport, PacketReader reader, ConnectionTerms terms)
    {
        (_options, _transport, _reader, _terms) = (options, transport, reader, terms);
        _queue = options.Session?.Enter(options) ?? new(options.MaxWaiting, long.MaxValue, options.Time);
        _inbox = new(options, _queue, options.Session?.Handled ?? []);
    }

    /// <summary>The client identifier in use, also when the server chose it.</summary>
    public string ClientId => _terms.ClientId;

    /// <summary>True when the server kept the session of an earlier connection.</summary>
    public bool SessionPresent => _terms.SessionPresent;

    /// <summary>The user properties of the server's CONNACK (5.0), such as <c>field-durable</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ServerProperties => _terms.UserProperties;

    /// <summary>Received QoS 0 messages dropped because the handlers did not keep up (see <see cref="MqttClientOptions.ReceiveMaximum"/>).</summary>
    public long DroppedMessages => _inbox.Dropped;

    /// <summary>Completes when the connection ended: null after <see cref="DisposeAsync"/>, else why. It never faults.</summary>
    public Task<MqttException?> Closed => _closed.Task;

    /// <summary>Connects, and makes the subscriptions of the options.</summary>
    /// <exception cref="MqttException">The server refused, is not there (transient), or did not answer in time (transient).</exception>
    /// <exception cref="ArgumentException">The options are not valid; the message names every one that is not.</exception>
    /// <exception cref="InvalidOperationException">Another connection has the session of the options.</exception>
    public static async Task<MqttClient> ConnectAsync(MqttClientOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        using CancellationTokenSource timeout = new(options.ConnectTimeout, options.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        ClientTransport? transport = null;
        MqttClient? client = null;
        try
        {
            transport = await ClientTransport.ConnectAsync(options, limit.Token);
            PacketReader reader = new(transport.Input, options.MaxPacketBytes) { Version = options.ProtocolVersion };
            ConnectionTerms terms = await ClientHandshake.RunAsync(options, transport, reader, limit.Token);
            client = new(options, transport, reader, terms);
            client.Start();
            foreach (MqttSubscription subscription in options.Subscriptions)
            {
                await client.RequestSubscriptionAsync(subscription, limit.Token);
            }

            return client;
        }
        catch (Exception e)
        {
            if (client is not null)
            {
                await client.DisposeAsync();
            }
            else if (transport is not null)
            {
                await transport.DisposeAsync();
            }

            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw MqttException.Lost($"{options.Server} did not answer within {options.ConnectTimeout.TotalSeconds:0.#} s", e);
            }

            if (NotSecure(e) is { } reason)
            {
                // Transient: a clock that is set, or a certificate that is renewed, mends it without this program.
                throw MqttException.Lost(
                    $"{options.Server}: no secure connection ({reason.Message})", e);
            }

            if (IsConnectionLoss(e))
            {
                throw MqttException.Lost($"cannot connect to {options.Server}: {e.Message}", e);
            }

            throw;
        }
    }

    /// <summary>
    /// Publishes. QoS 0 completes when written to the connection, QoS 1 on PUBACK, QoS 2 on PUBCOMP. Messages leave in the order of
    /// the calls. Cancelling stops the waiting, not the message. With a <see cref="MqttClientSession"/> it outlasts the connection.
    /// </summary>
    /// <exception cref="MqttException">The connection was lost (transient: the message may or may not have arrived) or the server refused.</exception>
    public async Task PublishAsync(MqttMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        CheckSendable(message);
        if (Volatile.Read(ref _ended) != 0)
        {
            throw MqttException.Lost($"the connection to {_options.Server} is closed");
        }

        TaskCompletionSource<MqttReasonCode> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        AddResult added = _queue.TryAdd(new(message, message.Qos, message.Retain) { Completion = completion });
        if (added == AddResult.Full)
        {
            throw new MqttException(MqttReasonCode.QuotaExceeded, $"{_options.MaxWaiting} messages are waiting already; await some first", true);
        }

        if (added == AddResult.Offline)
        {
            throw MqttException.Lost($"the connection to {_options.Server} is closed");
        }

        if (Volatile.Read(ref _ended) != 0)
        {
            FailAll(); // ended between the look and the add: whoever comes last fails what is left
        }

        MqttReasonCode code = await completion.Task.WaitAsync(cancellationToken);
        if ((int)code >= 0x80)
        {
            throw MqttException.Refused(code, $"the server did not take the message on {message.Topic}", null);
        }
    }

    /// <summary>Subscribes; completes when the server granted it. See <see cref="MqttSubscription"/> for how the handler is called.</summary>
    /// <exception cref="MqttException">The server refused the filter, or the connection was lost (transient).</exception>
    public Task SubscribeAsync(
        string filter, int qos, Func<MqttMessage, CancellationToken, ValueTask> handler, CancellationToken cancellationToken = default) =>
        RequestSubscriptionAsync(new(filter, qos, handler), cancellationToken);

    /// <summary>Subscribes with options; completes when the server granted it.</summary>
    /// <exception cref="MqttException">The server refused the filter, or the connection was lost (transient).</exception>
    public Task SubscribeAsync(MqttSubscription subscription, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        return RequestSubscriptionAsync(subscription, cancellationToken);
    }

    /// <summary>Ends a subscription; its handler is not called for messages received afterwards.</summary>
    /// <exception cref="MqttException">The connection was lost (transient).</exception>
    public async Task UnsubscribeAsync(string filter, CancellationToken cancellationToken = default)
    {
        await RequestAsync(id => new UnsubscribePacket(id, [filter]), cancellationToken);
        _inbox.Remove(filter);
    }

    /// <summary>Disconnects (the will is not published) and ends the client. Publishes still waiting fail as transient.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Finish(new DisconnectPacket());
        try
        {
            await _pump.WaitAsync(GoodbyeTimeout, _options.Time);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException || IsConnectionLoss(e))
        {
            // The line is stuck or gone: the server will notice by itself.
        }

        await EndAsync(null);
    }

    private void CheckSendable(MqttMessage message)
    {
        if (!MqttTopic.IsValidName(message.Topic) || message.Qos is < 0 or > 2)
        {
            throw new MqttException(MqttReasonCode.TopicNameInvalid, $"'{message.Topic}' with QoS {message.Qos} cannot be published", false);
        }

        if (message.Qos > _terms.MaxQos)
        {
            throw new MqttException(MqttReasonCode.QosNotSupported, $"the server takes at most QoS {_terms.MaxQos}", false);
        }

        if (message.Retain && !_terms.MayRetain)
        {
            throw new MqttException(MqttReasonCode.RetainNotSupported, "the server keeps no retained messages [MQTT-3.2.2-14]", false);
        }

        if (message.Properties is { } properties && !MessageProperties.IsSendable(properties))
        {
            throw new MqttException(
                MqttReasonCode.ImplementationSpecificError, "a property is too long, not well-formed text, or no topic name", false);
        }
    }

    private void Start()
    {
        if (!_terms.SessionPresent)
        {
            // The server has no session, so neither has the client [MQTT-3.2.2-5].
            FailMessages(MqttException.Lost($"{_options.Server} has forgotten the session"));
            _inbox.Forget();
        }

        foreach (MqttSubscription subscription in _options.Subscriptions)
        {
            _inbox.Add(subscription);
        }

        _inbox.Epoch = _queue.Attach(_terms.Window);
        _pump = PacketPump.RunAsync(_queue, _transport.Output, _terms.Limits, OnTooLarge, _stop.Token);
        _ = WatchAsync(_pump);
        _ = WatchAsync(_inbox.RunAsync(_stop.Token));
        _ = WatchAsync(ReadAsync());
        if (_terms.KeepAlive > TimeSpan.Zero)
        {
            _ = WatchAsync(KeepAliveAsync());
        }
    }

    /// <summary>Any loop that fails ends the connection with its reason.</summary>
    private async Task WatchAsync(Task loop)
    {
        try
        {
            await loop;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (MqttException e)
        {
            if (e is MalformedPacketException && _options.ProtocolVersion == MqttProtocolVersion.V500)
            {
                _queue.Finish(new DisconnectPacket(e.ReasonCode));
                await Task.WhenAny(_pump, Task.Delay(GoodbyeTimeout, _options.Time));
            }

            await EndAsync(e);
        }
        catch (Exception e)
        {
            await EndAsync(IsConnectionLoss(e)
                ? MqttException.Lost($"the connection to {_options.Server} was lost: {e.Message}", e)
                : new MqttException(MqttReasonCode.UnspecifiedError, $"a message handler failed: {e.Message}", true, e));
        }
    }

    private async Task ReadAsync()
    {
        while (await _reader.ReadAsync(_stop.Token) is { } packet)
        {
            _heard = true;
            switch (packet)
            {
                case PublishPacket p: _inbox.Accept(p); break;
                case AckPacket { Type: PacketType.PubRel } p: _inbox.Release(p.PacketId); break;
                case AckPacket p: _queue.Acknowledge(p)?.Completion?.TrySetResult(p.ReasonCode); break;
                case SubAckPacket p: _requests.Answer(p.PacketId, p.ReasonCodes); break;
                case UnsubAckPacket p: _requests.Answer(p.PacketId, p.ReasonCodes); break;
                case PingRespPacket: break;
                case DisconnectPacket p:
                    throw MqttException.Refused(p.ReasonCode, $"{_options.Server} disconnected", p.Properties?.Text(PropertyId.ReasonString));
                default: throw MalformedPacketException.Protocol($"a server does not send {packet.Type} here");
            }
        }

        throw MqttException.Lost($"{_options.Server} closed the connection");
    }

    /// <summary>PINGREQ every half keep-alive; a whole keep-alive without a byte from the server means it is gone.</summary>
    private async Task KeepAliveAsync()
    {
        using PeriodicTimer timer = new(_terms.KeepAlive / 2, _options.Time);
        int silent = 0;
        while (await timer.WaitForNextTickAsync(_stop.Token))
        {
            silent = _heard ? 0 : silent + 1;
            _heard = false;
            if (silent > 2)
            {
                throw MqttException.Lost($"{_options.Server} did not answer for {_terms.KeepAlive.TotalSeconds:0.#} s");
            }

            _queue.AddControl(_inbox.Epoch, PingReqPacket.Instance);
        }
    }

    private async Task RequestSubscriptionAsync(MqttSubscription subscription, CancellationToken cancellationToken)
    {
        if (!subscription.IsValid)
        {
            throw new MqttException(MqttReasonCode.TopicFilterInvalid, $"'{subscription.Filter}' with QoS {subscription.Qos} is not a subscription", false);
        }

        _inbox.Add(subscription);
        IReadOnlyList<MqttReasonCode> codes = await RequestAsync(
            id => subscription.ToPacket(id, _options.ProtocolVersion == MqttProtocolVersion.V500), cancellationToken);
        if ((int)codes[0] >= 0x80)
        {
            _inbox.Remove(subscription.Filter);
            throw MqttException.Refused(codes[0], $"{_options.Server} refused the subscription to {subscription.Filter}", null);
        }
    }

    private async Task<IReadOnlyList<MqttReasonCode>> RequestAsync(Func<ushort, Packet> packet, CancellationToken cancellationToken)
    {
        (ushort id, Task<IReadOnlyList<MqttReasonCode>> answer) = _requests.Open();
        _queue.AddControl(_inbox.Epoch, packet(id));
        if (Volatile.Read(ref _ended) != 0)
        {
            FailAll();
        }

        return await answer.WaitAsync(cancellationToken);
    }

    private void OnTooLarge(Packet packet)
    {
        MqttException cause = new(MqttReasonCode.PacketTooLarge, $"{packet.Type} is larger than {_options.Server} accepts", false);
        switch (packet)
        {
            case OutgoingMessage p: p.Completion?.TrySetResult(MqttReasonCode.PacketTooLarge); break;
            case SubscribePacket p: _requests.Fail(p.PacketId, cause); break;
            case UnsubscribePacket p: _requests.Fail(p.PacketId, cause); break;
            default: throw cause;
        }
    }

    private async Task EndAsync(MqttException? cause)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync();
        await _transport.DisposeAsync();
        if (_options.Session is { } session)
        {
            await _pump.ContinueWith(_ => session.Leave(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        _closed.TrySetResult(cause);
        FailAll();
    }

    private void FailAll()
    {
        MqttException cause = (_closed.Task.IsCompleted ? _closed.Task.Result : null)
            ?? MqttException.Lost($"the connection to {_options.Server} is closed");
        if (_options.Session is null)
        {
            FailMessages(cause);
        }

        _requests.Fail(MqttException.Lost(cause.Message, cause));
    }

    private static AuthenticationException? NotSecure(Exception? e)
    {
        while (e is not (null or AuthenticationException))
        {
            e = e.InnerException; // a WebSocket wraps it twice
        }

        return e as AuthenticationException;
    }

    private void FailMessages(MqttException cause)
    {
        foreach (OutgoingMessage message in _queue.Clear())
        {
            message.Completion?.TrySetException(MqttException.Lost($"not acknowledged: {cause.Message}", cause));
        }
    }

    private static bool IsConnectionLoss(Exception e) =>
        e is IOException or SocketException or WebSocketException or ObjectDisposedException;
}
