using Field.Broker.State;
using Field.Mqtt;
using Field.Mqtt.Delivery;
using Microsoft.Extensions.Logging;

namespace Field.Broker;

/// <summary>What became of a published message.</summary>
/// <param name="Congested">A subscriber's queue that is filling up, for <see cref="Router.WaitAsync"/>, or null.</param>
/// <param name="Durable">Completes when the durable state has what this message changes in it; null when it changes nothing there.</param>
internal readonly record struct Routed(DeliveryQueue? Congested, Task? Durable);

/// <summary>
/// From an accepted message to the queues of its subscribers. A full queue has its policy; see <see cref="WaitAsync"/> for a filling one.
/// QoS 1 and 2 for a durable session reaches its queue after the disk has it (<see cref="StateJournal"/>); everything else at once. A
/// message that no durable session gets and that is not retained costs the durable state nothing.
/// </summary>
internal sealed class Router(SubscriptionIndex index, RetainedStore retained, StateJournal? state, BrokerMetrics metrics, ILogger log)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(10);

    private readonly Lock _retaining = new();

    /// <summary>Retains the message if it asks for it and queues it for every subscriber.</summary>
    /// <param name="message">The message.</param>
    /// <param name="publisher">The publisher's client identifier, or null for the broker itself.</param>
    /// <param name="incoming">For QoS 2: the publisher's session, if durable, which is to remember the packet identifier.</param>
    /// <param name="incomingId">The identifier.</param>
    public Routed Publish(MqttMessage message, string? publisher, DurableSession? incoming = null, ushort incomingId = 0)
    {
        if (!message.Retain)
        {
            return Route(message, publisher, incoming is null ? null : new(message) { Publisher = incoming, IncomingId = incomingId });
        }

        lock (_retaining) // the last one retained here is the last one in the journal
        {
            // Retained before matched, and a subscriber is indexed before it reads the retained ones: it cannot fall between the two.
            bool isSet = retained.Set(message);
            if (!isSet)
            {
                metrics.Dropped("retained-full");
                log.RetainedFull(message.Topic);
            }

            return Route(message, publisher, state is null ? null : new(message)
            {
                Retains = isSet && !message.Payload.IsEmpty,
                Publisher = incoming,
                IncomingId = incomingId,
            });
        }
    }

    /// <summary>
    /// Holds a publisher back until the subscriber it is outrunning has taken more, at most <see cref="LongestWait"/> a message: enough
    /// for one that reads at full speed, little enough that a tablet on a thin line does not stop the others.
    /// </summary>
    public static async ValueTask WaitAsync(DeliveryQueue congested, TimeProvider time) =>
        await Task.WhenAny(congested.NextProgress(), Task.Delay(LongestWait, time));

    /// <summary>Queues what is retained for a new subscription.</summary>
    public async ValueTask SendRetainedAsync(Subscription subscription)
    {
        foreach (MqttMessage message in retained.Match(subscription.Filter))
        {
            int qos = Math.Min(message.Qos, subscription.MaxQos);
            OutgoingMessage outgoing = new(message, qos, true) { SubscriptionIdentifiers = subscription.Identifier == 0 ? [] : [subscription.Identifier] };
            DurablePublish? durable = null;
            Queue(subscription.Session, outgoing, ref durable);
            if (durable is not null)
            {
                _ = state!.Publish(durable); // a failure is counted by the journal and costs this client a copy of what stays retained
                await state.WhenRoomAsync();
            }
        }
    }

    private Routed Route(MqttMessage message, string? publisher, DurablePublish? durable)
    {
        DeliveryQueue? congested = null;
        Route route = index.Match(message.Topic);
        foreach (RouteTarget target in route.Targets)
        {
            congested = Deliver(target, message, publisher, ref durable) ?? congested;
        }

        foreach (SharedGroup group in route.Shared)
        {
            Subscription member = group.Pick();
            congested = Deliver(new RouteTarget(member.Session, [member]), message, publisher, ref durable) ?? congested;
        }

        return new(congested, durable is null ? null : state!.Publish(durable));
    }

    private DeliveryQueue? Deliver(RouteTarget target, MqttMessage message, string? publisher, ref DurablePublish? durable)
    {
        int maxQos = -1;
        bool retain = false;
        List<uint>? identifiers = null;
        foreach (Subscription subscription in target.Subscriptions)
        {
            if (subscription.NoLocal && publisher == target.Session.ClientId)
            {
                continue; // [MQTT-3.8.3-3]
            }

            maxQos = Math.Max(maxQos, subscription.MaxQos);
            retain |= subscription.RetainAsPublished && message.Retain;
            if (subscription.Identifier != 0)
            {
                (identifiers ??= []).Add(subscription.Identifier);
            }
        }

        return maxQos < 0
            ? null
            : Queue(
                target.Session, new(message, Math.Min(message.Qos, maxQos), retain) { SubscriptionIdentifiers = identifiers ?? [] }, ref durable);
    }

    private DeliveryQueue? Queue(Session session, OutgoingMessage outgoing, ref DurablePublish? durable)
    {
        DurableSession? keeper = outgoing.Qos > 0 ? session.Durable : null;
        AddResult result = keeper is null ? session.Queue.TryAdd(outgoing) : session.Queue.TryReserve(outgoing);
        if (result is AddResult.Added or AddResult.Congested)
        {
            metrics.Queued();
            if (keeper is not null)
            {
                (durable ??= new(outgoing.Message)).Add(keeper, outgoing);
            }

            return result == AddResult.Congested ? session.Queue : null;
        }

        Refused(session, outgoing, result);
        return null;
    }

    /// <summary>What is dropped because a queue is full is counted, and a connected client is told and closed.</summary>
    private void Refused(Session session, OutgoingMessage outgoing, AddResult result)
    {
        if (result == AddResult.Offline)
        {
            metrics.Dropped("offline-qos0");
            return;
        }

        metrics.Dropped(outgoing.Qos == 0 ? "slow-qos0" : "slow");
        if (session.MarkSlow())
        {
            log.SlowConsumer(session.ClientId, outgoing.Qos);
        }

        if (outgoing.Qos > 0)
        {
            session.Owner?.Close(MqttReasonCode.QuotaExceeded, "too slow: its queue is full");
        }
    }
}
