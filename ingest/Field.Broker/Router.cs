using Field.Mqtt;
using Field.Mqtt.Delivery;
using Microsoft.Extensions.Logging;

namespace Field.Broker;

/// <summary>From an accepted message to the queues of its subscribers. A full queue has its policy; see <see cref="WaitAsync"/> for a filling one.</summary>
internal sealed class Router(SubscriptionIndex index, RetainedStore retained, BrokerMetrics metrics, ILogger log)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(10);

    /// <summary>Retains the message if it asks for it and queues it for every subscriber.</summary>
    /// <param name="message">The message.</param>
    /// <param name="publisher">The publisher's client identifier, or null for the broker itself.</param>
    /// <returns>A subscriber's queue that is filling up, for <see cref="WaitAsync"/>, or null.</returns>
    public DeliveryQueue? Publish(MqttMessage message, string? publisher)
    {
        DeliveryQueue? congested = null;
        // Retained before matched, and a subscriber is indexed before it reads the retained ones: it cannot fall between the two.
        if (message.Retain && !retained.Set(message))
        {
            metrics.Dropped("retained-full");
            log.RetainedFull(message.Topic);
        }

        Route route = index.Match(message.Topic);
        foreach (RouteTarget target in route.Targets)
        {
            congested = Deliver(target, message, publisher) ?? congested;
        }

        foreach (SharedGroup group in route.Shared)
        {
            Subscription member = group.Pick();
            congested = Deliver(new RouteTarget(member.Session, [member]), message, publisher) ?? congested;
        }

        return congested;
    }

    /// <summary>
    /// Holds a publisher back until the subscriber it is outrunning has taken more, at most <see cref="LongestWait"/> a message: enough
    /// for one that reads at full speed, little enough that a tablet on a thin line does not stop the others.
    /// </summary>
    public static async ValueTask WaitAsync(DeliveryQueue congested, TimeProvider time) =>
        await Task.WhenAny(congested.NextProgress(), Task.Delay(LongestWait, time));

    /// <summary>Queues what is retained for a new subscription.</summary>
    public void SendRetained(Subscription subscription)
    {
        foreach (MqttMessage message in retained.Match(subscription.Filter))
        {
            int qos = Math.Min(message.Qos, subscription.MaxQos);
            Queue(subscription.Session, new(message, qos, true) { SubscriptionIdentifiers = subscription.Identifier == 0 ? [] : [subscription.Identifier] });
        }
    }

    private DeliveryQueue? Deliver(RouteTarget target, MqttMessage message, string? publisher)
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
            : Queue(target.Session, new(message, Math.Min(message.Qos, maxQos), retain) { SubscriptionIdentifiers = identifiers ?? [] });
    }

    private DeliveryQueue? Queue(Session session, OutgoingMessage outgoing)
    {
        AddResult result = session.Queue.TryAdd(outgoing);
        if (result is AddResult.Added or AddResult.Congested)
        {
            metrics.Queued();
            return result == AddResult.Congested ? session.Queue : null;
        }

        if (result == AddResult.Offline)
        {
            metrics.Dropped("offline-qos0");
            return null;
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

        return null;
    }
}
