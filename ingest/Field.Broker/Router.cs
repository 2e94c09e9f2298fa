using Field.Mqtt;
using Field.Mqtt.Delivery;
using Microsoft.Extensions.Logging;

namespace Field.Broker;

/// <summary>From an accepted message to the queues of its subscribers. Never waits: a full queue has its policy.</summary>
internal sealed class Router(SubscriptionIndex index, RetainedStore retained, BrokerMetrics metrics, ILogger log)
{
    /// <summary>Retains the message if it asks for it and queues it for every subscriber.</summary>
    /// <param name="message">The message.</param>
    /// <param name="publisher">The publisher's client identifier, or null for the broker itself.</param>
    public void Publish(MqttMessage message, string? publisher)
    {
        // Retained before matched, and a subscriber is indexed before it reads the retained ones: it cannot fall between the two.
        if (message.Retain && !retained.Set(message))
        {
            metrics.Dropped("retained-full");
            log.RetainedFull(message.Topic);
        }

        Route route = index.Match(message.Topic);
        foreach (RouteTarget target in route.Targets)
        {
            Deliver(target, message, publisher);
        }

        foreach (SharedGroup group in route.Shared)
        {
            Subscription member = group.Pick();
            Deliver(new RouteTarget(member.Session, [member]), message, publisher);
        }
    }

    /// <summary>Queues what is retained for a new subscription.</summary>
    public void SendRetained(Subscription subscription)
    {
        foreach (MqttMessage message in retained.Match(subscription.Filter))
        {
            int qos = Math.Min(message.Qos, subscription.MaxQos);
            Queue(subscription.Session, new(message, qos, true) { SubscriptionIdentifiers = subscription.Identifier == 0 ? [] : [subscription.Identifier] });
        }
    }

    private void Deliver(RouteTarget target, MqttMessage message, string? publisher)
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

        if (maxQos >= 0)
        {
            Queue(target.Session, new(message, Math.Min(message.Qos, maxQos), retain) { SubscriptionIdentifiers = identifiers ?? [] });
        }
    }

    private void Queue(Session session, OutgoingMessage outgoing)
    {
        AddResult result = session.Queue.TryAdd(outgoing);
        if (result == AddResult.Added)
        {
            metrics.Queued();
            return;
        }

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
