using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using System.Net;
using System.Security.Principal;
using Field.Broker.State;
using Field.Mqtt;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Field.Broker;

/// <summary>
/// An MQTT 3.1.1 and 5.0 broker. Connections come from Kestrel (<see cref="MqttBrokerHosting"/>); what clients publish goes through the
/// <see cref="IPublishInterceptor"/> before it is acknowledged.
/// </summary>
public sealed class MqttBroker : BackgroundService
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<ClientConnection, byte> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly RetainedStore _retained;
    private readonly BrokerCore _core;
    private readonly int _restoredSubscriptions;
    private volatile bool _isShuttingDown;
    private int _disposed;

    /// <summary>Creates the broker; <see cref="MqttBrokerHosting.AddMqttBroker"/> does it for a host.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="authorizer">Who may do what.</param>
    /// <param name="meters">Where the instruments of meter <c>Field.Broker</c> are made.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    /// <param name="interceptors">At most one; without one messages are only passed on.</param>
    public MqttBroker(
        IOptions<MqttBrokerOptions> options, IMqttAuthorizer authorizer, IMeterFactory meters, TimeProvider time, ILogger<MqttBroker> log,
        IEnumerable<IPublishInterceptor> interceptors)
    {
        ArgumentNullException.ThrowIfNull(options);
        MqttBrokerOptions limits = options.Value;
        SubscriptionIndex index = new();
        BrokerMetrics metrics = new(meters, () => _connections.Count);
        _retained = new(limits, time);
        StateJournal? state = StateRestore.Open(limits, metrics, time, log);
        SessionTable sessions = new(limits, time, index, metrics, state);
        _core = new(
            limits, authorizer, interceptors.SingleOrDefault(), sessions, index,
            new Router(index, _retained, state, metrics, log), metrics, time, log, _stopping.Token)
        { State = state };
        if (state is not null)
        {
            StateRestore.Fill(state, new(sessions, index, _retained, time, log));
            _restoredSubscriptions = sessions.CountSubscriptions();
        }
    }

    /// <summary>Connections being served.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>
    /// Publishes from inside the process, past the interceptor: queued for every subscriber (and retained, if asked) when it completes,
    /// durably where that is kept. It takes up to 10 ms longer when a subscriber is falling behind; await it before the next one.
    /// </summary>
    /// <exception cref="ArgumentException">The topic is not a topic name.</exception>
    /// <exception cref="FieldException">The durable state could not be stored; transient.</exception>
    public ValueTask PublishAsync(MqttMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        if (!MqttTopic.IsValidName(message.Topic))
        {
            throw new ArgumentException($"'{message.Topic}' is not a topic name", nameof(message));
        }

        Routed routed = _core.Router.Publish(Handshake.Stamp(message, _core.Time), publisher: null);
        return routed.Durable is { } durable ? new(durable)
            : routed.Congested is { } congested ? Router.WaitAsync(congested, _core.Time)
            : ValueTask.CompletedTask;
    }

    /// <summary>Publishes from inside the process without waiting for a subscriber that falls behind: at QoS 0 it misses the message.</summary>
    /// <exception cref="ArgumentException">The topic is not a topic name, or the QoS is not 0.</exception>
    public void Post(MqttMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Qos != 0 || !MqttTopic.IsValidName(message.Topic))
        {
            throw new ArgumentException($"'{message.Topic}' is not a topic name, or QoS {message.Qos} is not 0", nameof(message));
        }

        _core.Router.Publish(message, publisher: null);
    }

    /// <summary>True when a session subscribes to the topic now.</summary>
    public bool HasSubscribers(string topic) => _core.Index.Match(topic) is not { Targets: [], Shared: [] };

    /// <summary>Closes every connection with "server shutting down", also those that come after this, so that the listeners can stop at once.</summary>
    public void ShutDown()
    {
        _isShuttingDown = true;
        CloseAll();
    }

    /// <summary>Closes every connection there is with "server shutting down".</summary>
    public void CloseAll()
    {
        foreach (ClientConnection connection in _connections.Keys)
        {
            CloseForShutDown(connection);
        }
    }

    /// <summary>
    /// Closes the connections of everyone the predicate names, at once. Whoever is denied by the <see cref="IMqttAuthorizer"/> before this is
    /// called cannot slip through: a connection is listed before it is judged.
    /// </summary>
    /// <returns>How many connections.</returns>
    public int Close(Func<IIdentity, bool> who, MqttReasonCode code, string reason)
    {
        ArgumentNullException.ThrowIfNull(who);
        int closed = 0;
        foreach (ClientConnection connection in _connections.Keys.Where(c => c.Authenticated is { } identity && who(identity)))
        {
            connection.Close(code, reason);
            closed++;
        }

        return closed;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) // the container holds it as itself and as a hosted service
        {
            _stopping.Cancel();
            _stopping.Dispose();
            _core.State?.Dispose();
            _core.Metrics.Dispose();
            base.Dispose();
        }
    }

    /// <summary>Serves one connection. False when the transport must be aborted: the peer does not read.</summary>
    internal async Task<bool> ServeAsync(IDuplexPipe transport, IPAddress? remote, IIdentity? authenticated = null)
    {
        using ClientConnection connection = new(_core, transport, remote, authenticated);
        _connections[connection] = 0;
        try
        {
            if (_connections.Count > _core.Options.MaxConnections)
            {
                connection.RefuseAsBusy();
            }

            if (_isShuttingDown)
            {
                CloseForShutDown(connection); // listed before it is looked at: ShutDown or this has closed it
            }

            return await connection.RunAsync();
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }

    /// <summary>Keep-alives, delayed wills, expired sessions and expired retained messages.</summary>
    internal async Task SweepAsync()
    {
        long now = Mqtt.Delivery.MonotonicClock.NowMs(_core.Time);
        foreach (ClientConnection connection in _connections.Keys)
        {
            connection.CheckProgress(now);
        }

        foreach ((string clientId, PendingWill will) in _core.Sessions.Sweep())
        {
            await _core.PublishWillAsync(clientId, will);
        }

        _retained.Sweep();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_core.State is { } state)
        {
            _core.Metrics.StateTorn(state.TornBytes); // counted here: at the broker's creation nobody listens yet
            _core.Metrics.Subscribed(_restoredSubscriptions);
        }

        using PeriodicTimer timer = new(SweepInterval, _core.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await SweepAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            ShutDown();
        }
    }

    private static void CloseForShutDown(ClientConnection connection) =>
        connection.Close(MqttReasonCode.ServerShuttingDown, "the server is shutting down");
}
