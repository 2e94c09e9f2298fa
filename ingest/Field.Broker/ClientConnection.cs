using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Principal;
using Field.Broker.State;
using Field.Mqtt;
using Field.Mqtt.Codec;
using Field.Mqtt.Delivery;
using Field.Mqtt.Transport;
using Microsoft.AspNetCore.Connections;

namespace Field.Broker;

/// <summary>
/// One network connection from CONNECT to its end. Two loops: the read loop dispatches packets, the pump writes.
/// <para>
/// Ending: <see cref="Close"/> (anyone, any thread) finishes the queue with a DISCONNECT; the pump writes it and ends; then the read loop is
/// cancelled. A pump that cannot write because the peer does not read is cut off after <see cref="GoodbyeTimeout"/>.
/// </para>
/// </summary>
internal sealed class ClientConnection : IDisposable
{
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(2);

    private readonly BrokerCore _core;
    private readonly PipeWriter _output;
    private readonly PacketReader _reader;
    private readonly IPAddress? _remote;
    private readonly CancellationTokenSource _stopReading = new();
    private readonly CancellationTokenSource _stopWriting;
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _closeGate = new();
    private (MqttReasonCode Code, string Reason)? _closed;
    private DeliveryQueue? _queue;
    private long _lastHeardMs;
    private long _keepAliveMs;
    private (long HeardMs, long SinceMs) _inside;
    private string? _clientId;
    private int _denials;
    private bool _busy;
    private bool _left;

    public ClientConnection(BrokerCore core, IDuplexPipe transport, IPAddress? remote, IIdentity? authenticated)
    {
        (_core, _output, _remote, Authenticated) = (core, transport.Output, remote, authenticated);
        _reader = new(transport.Input, core.Options.MaxPacketBytes);
        _stopWriting = new(Timeout.InfiniteTimeSpan, core.Time);
    }

    /// <summary>Completes when the connection no longer touches its session.</summary>
    public Task Finished => _finished.Task;

    public bool IsV5 { get; private set; }

    /// <summary>May an acknowledgement carry a reason string? Not to 3.1.1, nor when CONNECT says that they are not wanted [MQTT-3.1.2-29].</summary>
    public bool WantsReasons { get; private set; }

    /// <summary>Who the transport says it is, or null.</summary>
    public IIdentity? Authenticated { get; }

    /// <summary>The name of <see cref="Authenticated"/>; sessions of different principals are never shared.</summary>
    public string? Principal => Authenticated?.Name;

    private DisconnectPacket? Goodbye => IsV5 && _closed is { } closed ? new(closed.Code)
    {
        Properties = new() { { PropertyId.ReasonString, closed.Reason } },
    }
    : null;

    /// <summary>Serves the connection until it ended; does not throw for anything the peer or the network does.</summary>
    /// <returns>True when the transport ended in order, false when the caller must abort it.</returns>
    public async Task<bool> RunAsync()
    {
        try
        {
            if (await Handshake.ReadConnectAsync(_core, _reader, _output, new(_remote, Authenticated), _stopReading.Token) is not { } accepted)
            {
                return true;
            }

            if (_busy)
            {
                await Handshake.RefuseAsync(_core, _output, accepted.Connect, new(_remote, Authenticated), MqttReasonCode.ServerBusy, "too many connections");
                return true;
            }

            return await ServeAsync(accepted);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>From here on nothing of this connection touches the session: the next owner may begin.</summary>
    private void Leave()
    {
        lock (_closeGate)
        {
            _left = true;
        }

        _finished.TrySetResult();
    }

    /// <summary>Before <see cref="RunAsync"/>: answers its CONNECT with "server busy".</summary>
    public void RefuseAsBusy() => _busy = true;

    /// <summary>Closes for a reason; the first call counts.</summary>
    public void Close(MqttReasonCode code, string reason)
    {
        lock (_closeGate)
        {
            if (_closed is not null || _left)
            {
                return;
            }

            _closed = (code, reason);
            _core.Metrics.Ended(code);
            if (_queue is null)
            {
                _ = _stopReading.CancelAsync();
                return;
            }

            _queue.Finish(Goodbye);
            _stopWriting.CancelAfter(GoodbyeTimeout);
        }
    }

    /// <summary>Read loop: something was not allowed. It is told on; too much of it ends the connection after its answer.</summary>
    public void Denied(MqttRefusalKind kind, string topic)
    {
        _denials++;
        _core.Authorizer.Refused(new(kind, _clientId, Authenticated, _remote, MqttReasonCode.NotAuthorized, topic, "not allowed"));
    }

    /// <summary>Closes when nothing was heard for 1.5 times the keep-alive [MQTT-3.1.2-22], or when a packet does not get finished.</summary>
    public void CheckProgress(long nowMs)
    {
        long heard = Volatile.Read(ref _lastHeardMs);
        if (!_reader.IsInsidePacket)
        {
            _inside = default;
        }
        else if (_inside == default || _inside.HeardMs != heard)
        {
            _inside = (heard, nowMs);
        }
        else if (nowMs - _inside.SinceMs > _core.Options.PacketTimeout.TotalMilliseconds)
        {
            Violated(MqttReasonCode.KeepAliveTimeout, "a packet was begun and not finished in time");
        }

        long keepAlive = Volatile.Read(ref _keepAliveMs);
        if (keepAlive > 0 && nowMs - Volatile.Read(ref _lastHeardMs) > keepAlive * 3 / 2)
        {
            Close(MqttReasonCode.KeepAliveTimeout, "nothing heard for 1.5 times the keep-alive");
        }
    }

    public void Dispose()
    {
        _stopReading.Dispose();
        _stopWriting.Dispose();
    }

    private async Task<bool> ServeAsync(AcceptedConnect accepted)
    {
        ConnectPacket connect = accepted.Connect;
        _clientId = accepted.Identity.ClientId;
        IsV5 = connect.Version == MqttProtocolVersion.V500;
        WantsReasons = IsV5 && connect.Properties?.Number(PropertyId.RequestProblemInformation) != 0;
        _reader.Version = connect.Version;
        if (await _core.Sessions.AcquireAsync(
            this, accepted.Identity.ClientId, connect.CleanStart, accepted.SessionExpiry > TimeSpan.Zero) is not { } acquired)
        {
            await Handshake.RefuseAsync(_core, _output, connect, new(_remote, Authenticated), MqttReasonCode.QuotaExceeded, "too many sessions");
            return true;
        }

        (Session session, bool present, PendingWill? oldWill) = acquired;
        if (oldWill is not null)
        {
            await _core.PublishWillAsync(session.ClientId, oldWill);
        }

        PendingWill? will;
        try
        {
            will = await RememberAsync(session, accepted);
        }
        catch (FieldException e)
        {
            _core.Sessions.Abandon(session, this, present);
            await Handshake.RefuseAsync(_core, _output, connect, new(_remote, Authenticated), MqttReasonCode.ServerUnavailable, e.Message);
            return true;
        }

        TimeSpan expiry = accepted.SessionExpiry;
        int epoch = session.Queue.Attach(accepted.Window, Handshake.ConnAck(_core, accepted, present));
        lock (_closeGate)
        {
            _queue = session.Queue;
            if (_closed is not null)
            {
                _queue.Finish(Goodbye); // taken over while waiting for the predecessor
            }
        }

        _core.Log.Connected(session.ClientId, _remote?.ToString() ?? "this process", connect.Version, present);
        Heard();
        Volatile.Write(ref _keepAliveMs, accepted.KeepAliveSeconds * 1000L);

        PublishPipeline pipeline = new(this, session, epoch, _core, _core.Options.ReceiveMaximum);
        PacketDispatcher dispatcher = new(_core, this, session, epoch, pipeline, accepted.Identity) { Expiry = expiry, Will = will };
        Task storing = pipeline.RunAsync();
        bool inOrder = await RunLoopsAsync(session, dispatcher, accepted.Limits);
        pipeline.Complete();
        session.Queue.Detach();
        if (dispatcher.Will is null)
        {
            _core.Sessions.Done(will); // called off by DISCONNECT
        }

        will = _core.Sessions.Release(session, this, dispatcher.Expiry, dispatcher.Will, TimeSpan.FromSeconds(connect.WillDelaySeconds));
        Leave();
        _ = FinishAsync(storing, session.ClientId, will);
        return inOrder;
    }

    /// <summary>
    /// Makes durable, before CONNACK, what is to survive a crash: a session that outlives the connection, and the will of any client (a
    /// crash of the server breaks the connection like any other).
    /// </summary>
    /// <exception cref="FieldException">The disk does not take it.</exception>
    private async Task<PendingWill?> RememberAsync(Session session, AcceptedConnect accepted)
    {
        ConnectPacket connect = accepted.Connect;
        PendingWill? will = connect.Will is { } message ? new(message, _core.State?.NewNumber() ?? 0) : null;
        if (_core.State is not { } state || (session.Durable is null && will is null))
        {
            return will;
        }

        List<StateRecord> records = [];
        if (session.Durable is { } durable)
        {
            records.Add(durable.Opened(accepted.SessionExpiry));
        }

        if (will is not null)
        {
            long delay = (long)Math.Min(connect.WillDelaySeconds * 1000.0, accepted.SessionExpiry.TotalMilliseconds);
            records.Add(new WillSaved(will.Number, session.ClientId, will.Message, delay, 0));
        }

        await state.Commit(records);
        return will;
    }

    /// <summary>
    /// What was received is stored and delivered even though the client left, then its will. The transport does not wait for it;
    /// it lasts as long as its stores, which the broker's stopping cancels.
    /// </summary>
    private async Task FinishAsync(Task storing, string clientId, PendingWill? will)
    {
        await storing;
        if (will is not null)
        {
            await _core.PublishWillAsync(clientId, will);
        }
    }

    private async Task<bool> RunLoopsAsync(Session session, PacketDispatcher dispatcher, PeerLimits limits)
    {
        Task pump = PacketPump.RunAsync(
            session.Queue, _output, limits, packet => OnTooLarge(packet, session.ClientId), _stopWriting.Token);
        Task<string> reading = ReadAsync(session, dispatcher);
        Task first = await Task.WhenAny(reading, pump);
        if (first == reading)
        {
            lock (_closeGate)
            {
                session.Queue.Finish(null);
                _stopWriting.CancelAfter(GoodbyeTimeout);
            }
        }

        bool inOrder = await EndsInOrderAsync(pump, session.ClientId);
        await _stopReading.CancelAsync();
        string why = await reading;
        if (_closed is { } closed)
        {
            _core.Log.ClosedByBroker(session.ClientId, closed.Code, closed.Reason);
        }
        else
        {
            _core.Log.Disconnected(session.ClientId, why);
        }

        return inOrder;
    }

    /// <summary>A message is dropped [MQTT-3.1.2-25]; an answer that cannot be given ends the connection.</summary>
    private void OnTooLarge(Packet packet, string clientId)
    {
        if (packet is PublishPacket publish)
        {
            _core.Log.TooLargeForClient(clientId, publish.Message.Topic);
        }
        else
        {
            Close(MqttReasonCode.PacketTooLarge, $"{packet.Type} is larger than the client accepts");
        }
    }

    /// <summary>The read loop; returns why it ended.</summary>
    private async Task<string> ReadAsync(Session session, PacketDispatcher dispatcher)
    {
        ReceiveRate rate = new(_core.Options, _reader, _core.Time);
        try
        {
            while (await _reader.ReadAsync(_stopReading.Token) is { } packet)
            {
                Heard();
                if (rate.Take() is { Ticks: > 0 } pause)
                {
                    await ThrottleAsync(pause);
                }

                if (_closed is not null)
                {
                    return "closed by the broker"; // what comes after our DISCONNECT is not processed
                }

                if (!await dispatcher.DispatchAsync(packet))
                {
                    return "goodbye";
                }

                await session.Queue.WhenControlDrainedAsync();
                if (_denials >= _core.Options.MaxRefusalsPerConnection)
                {
                    Close(MqttReasonCode.NotAuthorized, "too many refused messages and subscriptions");
                }
            }

            return "the connection ended without DISCONNECT";
        }
        catch (MalformedPacketException e)
        {
            Violated(e.ReasonCode, e.Message);
            return e.Message;
        }
        catch (Exception e) when (IsConnectionLoss(e))
        {
            return e.Message;
        }
        catch (FieldException e) when (e.IsTransient)
        {
            Close(MqttReasonCode.ServerBusy, e.Message);
            return e.Message;
        }
        catch (Exception e)
        {
            _core.Log.Failed(e, session.ClientId);
            Close(MqttReasonCode.UnspecifiedError, "internal error");
            return e.Message;
        }
    }

    private void Violated(MqttReasonCode code, string reason)
    {
        Close(code, reason);
        _core.Authorizer.Refused(new(MqttRefusalKind.Protocol, _clientId, Authenticated, _remote, code, null, reason));
    }

    private Task ThrottleAsync(TimeSpan pause)
    {
        _core.Metrics.Throttled();
        _core.Authorizer.Refused(new(MqttRefusalKind.Rate, _clientId, Authenticated, _remote, MqttReasonCode.Success, null, "read more slowly"));
        return Task.Delay(pause, _core.Time, _stopReading.Token);
    }

    private void Heard() => Volatile.Write(ref _lastHeardMs, _core.Time.NowMs());

    private async Task<bool> EndsInOrderAsync(Task pump, string clientId)
    {
        try
        {
            await pump;
            return true;
        }
        catch (Exception e)
        {
            if (!IsConnectionLoss(e))
            {
                _core.Log.Failed(e, clientId);
            }

            return false;
        }
    }

    internal static bool IsConnectionLoss(Exception e) =>
        e is OperationCanceledException or IOException or SocketException or WebSocketException or ConnectionResetException
            or ConnectionAbortedException or ObjectDisposedException;
}
