using Field.Mqtt;
using Field.Mqtt.Codec;
using Field.Mqtt.Delivery;

namespace Field.Broker;

/// <summary>What each packet of a connected client means. Called by the read loop only.</summary>
internal sealed class PacketDispatcher(
    BrokerCore core, ClientConnection connection, Session session, int epoch, PublishPipeline pipeline, MqttClientIdentity identity)
{
    private readonly IncomingAliases _aliases = new(Handshake.TopicAliasMaximum);

    /// <summary>How long the session outlives the connection.</summary>
    public TimeSpan Expiry { get; set; }

    /// <summary>What to publish when the connection ends now.</summary>
    public PendingWill? Will { get; set; }

    /// <summary>False when the client said goodbye.</summary>
    public async ValueTask<bool> DispatchAsync(Packet packet)
    {
        switch (packet)
        {
            case PublishPacket p: await PublishAsync(p); break;
            case AckPacket { Type: PacketType.PubRel } p: Release(p.PacketId); break;
            case AckPacket p: session.Queue.Acknowledge(p); break;
            case SubscribePacket p: await SubscribeAsync(p); break;
            case UnsubscribePacket p: await UnsubscribeAsync(p); break;
            case PingReqPacket: Answer(PingRespPacket.Instance); break;
            case DisconnectPacket p: Disconnect(p); return false;
            default: throw MalformedPacketException.Protocol($"a client may not send {packet.Type} here");
        }

        return true;
    }

    private void Answer(Packet packet) => session.Queue.AddControl(epoch, packet);

    private ValueTask PublishAsync(PublishPacket packet)
    {
        core.Metrics.Received();
        MqttMessage message = Handshake.Stamp(_aliases.Resolve(packet), core.Time);
        if (message.Properties?.SubscriptionIdentifiers.Count > 0)
        {
            throw MalformedPacketException.Protocol("a subscription identifier from a client [MQTT-3.3.4-6]");
        }

        PublishVerdict? denied = null;
        if (!core.Authorizer.MayPublish(identity, message.Topic))
        {
            denied = PublishVerdict.Rejected(MqttReasonCode.NotAuthorized, "the client may not publish to this topic");
            connection.Denied(MqttRefusalKind.Publish, message.Topic);
        }

        return pipeline.SubmitAsync(packet, message, denied);
    }

    /// <summary>
    /// PUBREL. A durable session forgets the identifier on the disk before PUBCOMP leaves: the client may use it for another message then,
    /// which we would take for a repetition after a crash.
    /// </summary>
    private void Release(ushort id)
    {
        if (session.Durable is { } durable && session.IncomingQos2.TryGetValue(id, out Task<MqttReasonCode>? first))
        {
            pipeline.CountReleased(id);
            durable.Release(id, () =>
            {
                session.IncomingQos2.TryRemove(new(id, first));
                Answer(new AckPacket(PacketType.PubComp, id));
            });
            return;
        }

        MqttReasonCode code = pipeline.Release(id) ? MqttReasonCode.Success : MqttReasonCode.PacketIdentifierNotFound;
        Answer(new AckPacket(PacketType.PubComp, id, code));
    }

    private async ValueTask SubscribeAsync(SubscribePacket packet)
    {
        uint identifier = packet.Properties?.Number(PropertyId.SubscriptionIdentifier) ?? 0;
        List<MqttReasonCode> codes = [];
        List<Subscription> wantRetained = [];
        int before = session.Subscriptions.Count;
        foreach (SubscriptionRequest request in packet.Requests)
        {
            MqttReasonCode refusal = Judge(request.Filter);
            codes.Add(refusal == MqttReasonCode.Success ? (MqttReasonCode)request.MaxQos : refusal);
            if (refusal != MqttReasonCode.Success)
            {
                core.Metrics.SubscriptionRefused(refusal);
            }

            if (refusal == MqttReasonCode.Success && Add(request, identifier) is { } subscription)
            {
                wantRetained.Add(subscription);
            }
        }

        core.Metrics.Subscribed(session.Subscriptions.Count - before);
        if (session.Durable is { } durable)
        {
            await durable.SubscribedAsync(packet.Requests.Select(r => session.Subscriptions.GetValueOrDefault(r.Filter)).OfType<Subscription>());
        }

        Answer(new SubAckPacket(packet.PacketId, codes));
        foreach (Subscription subscription in wantRetained)
        {
            await core.Router.SendRetainedAsync(subscription);
        }
    }

    private MqttReasonCode Judge(string filter)
    {
        if (!MqttTopic.IsValidFilter(filter) || filter.AsSpan().Count('/') >= SubscriptionIndex.MaxLevels)
        {
            return MqttReasonCode.TopicFilterInvalid;
        }

        string plain = MqttTopic.TrySplitShare(filter, out _, out string inner) ? inner : filter;
        if (!core.Authorizer.MaySubscribe(identity, plain))
        {
            connection.Denied(MqttRefusalKind.Subscribe, filter);
            return MqttReasonCode.NotAuthorized;
        }

        return session.Subscriptions.Count >= core.Options.MaxSubscriptionsPerClient && !session.Subscriptions.ContainsKey(filter)
            ? MqttReasonCode.QuotaExceeded
            : MqttReasonCode.Success;
    }

    /// <summary>Adds or replaces; returns the subscription when retained messages are to be sent for it (§3.3.1.3).</summary>
    private Subscription? Add(SubscriptionRequest request, uint identifier)
    {
        Subscription subscription = new(session, request.Filter, request.MaxQos)
        {
            NoLocal = request.NoLocal,
            RetainAsPublished = request.RetainAsPublished,
            Identifier = identifier,
        };
        session.Subscriptions[request.Filter] = subscription;
        bool isNew = core.Index.Add(subscription);
        bool isShared = request.Filter.StartsWith("$share/", StringComparison.Ordinal);
        bool send = request.RetainHandling == RetainHandling.Send || (request.RetainHandling == RetainHandling.SendIfNew && isNew);
        return send && !isShared ? subscription : null;
    }

    private async ValueTask UnsubscribeAsync(UnsubscribePacket packet)
    {
        List<MqttReasonCode> codes = [];
        foreach (string filter in packet.Filters)
        {
            bool had = session.Subscriptions.Remove(filter);
            if (had)
            {
                core.Index.Remove(session, filter);
                core.Metrics.Subscribed(-1);
            }

            codes.Add(had ? MqttReasonCode.Success : MqttReasonCode.NoSubscriptionExisted);
        }

        if (session.Durable is { } durable)
        {
            await durable.UnsubscribedAsync(packet.Filters);
        }

        Answer(new UnsubAckPacket(packet.PacketId, codes));
    }

    private void Disconnect(DisconnectPacket packet)
    {
        if (packet.Properties?.Number(PropertyId.SessionExpiryInterval) is { } seconds)
        {
            if (Expiry == TimeSpan.Zero && seconds > 0)
            {
                throw MalformedPacketException.Protocol("a session expiry where CONNECT had none (§3.14.2.2.2)");
            }

            Expiry = Handshake.Expiry(core, seconds);
        }

        if (packet.ReasonCode == MqttReasonCode.Success || !connection.IsV5)
        {
            Will = null; // [MQTT-3.1.2-10]; any other reason publishes it (§3.1.2.5)
        }
    }
}
