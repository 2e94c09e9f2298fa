using System.IO.Pipelines;
using System.Net;
using System.Security.Principal;
using Field.Mqtt;
using Field.Mqtt.Codec;
using Field.Mqtt.Delivery;
using Field.Mqtt.Transport;

namespace Field.Broker;

/// <summary>A CONNECT that may be served.</summary>
internal sealed record AcceptedConnect(
    ConnectPacket Connect, MqttClientIdentity Identity, bool AssignedId, TimeSpan SessionExpiry, int Window, PeerLimits Limits)
{
    /// <summary>The keep-alive that both sides hold, in seconds: the client's, or the broker's longest where that is shorter (5.0).</summary>
    public ushort KeepAliveSeconds { get; init; } = Connect.KeepAliveSeconds;
}

/// <summary>The other end of a connection: its address, and who the transport proved it to be.</summary>
internal readonly record struct Peer(IPAddress? Remote, IIdentity? Authenticated)
{
    public string Name => Remote?.ToString() ?? "this process";
}

/// <summary>CONNECT and CONNACK, the broker's side (§3.1, §3.2).</summary>
internal static class Handshake
{
    public const int TopicAliasMaximum = 32;

    private const int MaxClientIdLength = 256;

    /// <summary>Reads and judges CONNECT; a refusal is answered, counted and logged here. Null when the connection is over.</summary>
    public static async Task<AcceptedConnect?> ReadConnectAsync(
        BrokerCore core, PacketReader reader, PipeWriter output, Peer peer, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(core.Options.ConnectTimeout, core.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            Packet? first = await reader.ReadAsync(limit.Token);
            if (first is not ConnectPacket connect)
            {
                if (first is not null)
                {
                    await RefuseAsync(core, output, null, peer, MqttReasonCode.ProtocolError, "the first packet is not CONNECT [MQTT-3.1.0-1]");
                }

                return null;
            }

            Judgement judged = await JudgeAsync(core, connect, peer, limit.Token);
            if (judged.Accepted is null)
            {
                await RefuseAsync(core, output, connect, peer, judged.Code, judged.Reason, judged.WillTopic);
            }

            return judged.Accepted;
        }
        catch (MalformedPacketException e)
        {
            await RefuseAsync(core, output, e.AnswerAs is { } version ? new(version, "") : null, peer, e.ReasonCode, e.Message);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            await RefuseAsync(core, output, null, peer, MqttReasonCode.KeepAliveTimeout, "no CONNECT in time");
        }
        catch (Exception e) when (ClientConnection.IsConnectionLoss(e))
        {
            // Gone before it said anything: port scans and health checks do that.
        }

        return null;
    }

    /// <summary>Counts, logs and (given a CONNECT, of which the version and the packet size count) answers a refusal.</summary>
    public static async Task RefuseAsync(
        BrokerCore core, PipeWriter output, ConnectPacket? connect, Peer peer, MqttReasonCode code, string reason, string? willTopic = null)
    {
        core.Metrics.Ended(code);
        core.Log.Refused(peer.Name, code, reason);
        MqttRefusalKind kind = willTopic is null ? MqttRefusalKind.Connect : MqttRefusalKind.Will;
        core.Authorizer.Refused(new(kind, connect?.ClientId, peer.Authenticated, peer.Remote, code, willTopic, reason));
        if (connect is null || (connect.Version == MqttProtocolVersion.V311 && ReasonCodes.ToV311Connect(code) is null))
        {
            return; // [MQTT-3.2.2-6]
        }

        try
        {
            PropertyList? properties = connect.Version == MqttProtocolVersion.V500 ? new() { { PropertyId.ReasonString, reason } } : null;
            PacketEncoder.Write(output, new ConnAckPacket(false, code) { Properties = properties }, connect.Version, MaxPacketBytes(connect));
            await output.FlushAsync(core.Stopping);
        }
        catch (Exception e) when (ClientConnection.IsConnectionLoss(e))
        {
            // It did not wait for the answer.
        }
    }

    /// <summary>The CONNACK of an accepted connection.</summary>
    public static ConnAckPacket ConnAck(BrokerCore core, AcceptedConnect accepted, bool sessionPresent)
    {
        if (accepted.Connect.Version != MqttProtocolVersion.V500)
        {
            return new(sessionPresent, MqttReasonCode.Success);
        }

        PropertyList properties = new()
        {
            { PropertyId.ReceiveMaximum, (uint)core.Options.ReceiveMaximum },
            { PropertyId.MaximumPacketSize, (uint)core.Options.MaxPacketBytes },
            { PropertyId.TopicAliasMaximum, TopicAliasMaximum },
            { PropertyId.SessionExpiryInterval, (uint)Math.Min(accepted.SessionExpiry.TotalSeconds, uint.MaxValue) },
        };
        if (core.Options.AcknowledgesDurably)
        {
            properties.AddUser("field-durable", "1");
        }

        if (accepted.KeepAliveSeconds != accepted.Connect.KeepAliveSeconds)
        {
            properties.Add(PropertyId.ServerKeepAlive, accepted.KeepAliveSeconds);
        }

        if (accepted.AssignedId)
        {
            properties.Add(PropertyId.AssignedClientIdentifier, accepted.Identity.ClientId);
        }

        return new(sessionPresent, MqttReasonCode.Success) { Properties = properties };
    }

    /// <summary>The message with its deadline on the broker's clock.</summary>
    public static MqttMessage Stamp(MqttMessage message, TimeProvider time) =>
        message.Properties?.ExpirySeconds is { } seconds ? message with { DeadlineMs = time.NowMs() + (seconds * 1000L) } : message;

    private static async ValueTask<Judgement> JudgeAsync(
        BrokerCore core, ConnectPacket connect, Peer peer, CancellationToken cancellationToken)
    {
        bool v5 = connect.Version == MqttProtocolVersion.V500;
        if (connect.Properties?.Text(PropertyId.AuthenticationMethod) is { } method)
        {
            return new(MqttReasonCode.BadAuthenticationMethod, $"authentication method '{method}' is not supported");
        }

        bool assigned = connect.ClientId.Length == 0;
        if (connect.ClientId.Length > MaxClientIdLength || (assigned && !v5 && !connect.CleanStart))
        {
            return new(MqttReasonCode.ClientIdentifierNotValid, "a client identifier of 1 to 256 characters is needed [MQTT-3.1.3-8]");
        }

        string id = assigned ? $"auto-{Guid.NewGuid():N}" : connect.ClientId;
        MqttClientIdentity identity = new(id, connect.UserName, connect.Password, peer.Remote) { Authenticated = peer.Authenticated, IsAssigned = assigned };
        MqttReasonCode code = await core.Authorizer.ConnectAsync(identity, cancellationToken);
        if (code != MqttReasonCode.Success)
        {
            return new(code, $"client {id} may not connect");
        }

        if (connect.Will is { } will && !core.Authorizer.MayPublish(identity, will.Topic))
        {
            return new(MqttReasonCode.NotAuthorized, $"client {id} may not publish its will to {will.Topic}", WillTopic: will.Topic);
        }

        PropertyList? p = connect.Properties;
        uint window = Math.Min(p?.Number(PropertyId.ReceiveMaximum) ?? ushort.MaxValue, (uint)core.Options.MaxInFlightPerClient);
        uint wanted = v5 ? p?.Number(PropertyId.SessionExpiryInterval) ?? 0 : connect.CleanStart ? 0 : uint.MaxValue;
        uint aliases = Math.Min(p?.Number(PropertyId.TopicAliasMaximum) ?? 0, TopicAliasMaximum);
        PeerLimits limits = new(connect.Version, MaxPacketBytes(connect), (int)aliases);
        AcceptedConnect accepted = new(connect, identity with { Password = null }, assigned, Expiry(core, wanted), (int)window, limits)
        {
            KeepAliveSeconds = KeepAlive(core, connect),
        };
        return PacketEncoder.SmallestSize(ConnAck(core, accepted, false), connect.Version) > limits.MaxPacketBytes
            ? new(MqttReasonCode.PacketTooLarge, "the client takes no packet as large as a CONNACK")
            : new(code, "", accepted);
    }

    private static long MaxPacketBytes(ConnectPacket connect) => connect.Properties?.Number(PropertyId.MaximumPacketSize) ?? long.MaxValue;

    /// <summary>3.1.1 cannot be told another keep-alive, and who wants none gets none.</summary>
    private static ushort KeepAlive(BrokerCore core, ConnectPacket connect)
    {
        double longest = core.Options.MaxKeepAlive.TotalSeconds;
        bool cap = connect.Version == MqttProtocolVersion.V500 && longest > 0 && connect.KeepAliveSeconds > longest;
        return cap ? (ushort)longest : connect.KeepAliveSeconds;
    }

    /// <summary>0xFFFFFFFF means for ever (§3.1.2.11.2); the option is the longest.</summary>
    public static TimeSpan Expiry(BrokerCore core, uint seconds) =>
        TimeSpan.FromSeconds(Math.Min(seconds == uint.MaxValue ? double.MaxValue : seconds, core.Options.MaxSessionExpiry.TotalSeconds));

    private readonly record struct Judgement(MqttReasonCode Code, string Reason, AcceptedConnect? Accepted = null, string? WillTopic = null);
}
