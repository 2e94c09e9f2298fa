using Field.Mqtt;
using Microsoft.Extensions.Logging;

namespace Field.Broker;

/// <summary>The parts that all connections of a broker share.</summary>
internal sealed record BrokerCore(
    MqttBrokerOptions Options, IMqttAuthorizer Authorizer, IPublishInterceptor? Interceptor, SessionTable Sessions, SubscriptionIndex Index,
    Router Router, BrokerMetrics Metrics, TimeProvider Time, ILogger Log, CancellationToken Stopping)
{
    /// <summary>Asks the interceptor; whatever it throws, at once or later, is in the task.</summary>
    public ValueTask<PublishVerdict> StoreAsync(InboundPublish message)
    {
        if (Interceptor is null)
        {
            return new(PublishVerdict.Accepted);
        }

        try
        {
            return Interceptor.StoreAsync(message, Stopping);
        }
        catch (Exception e)
        {
            return ValueTask.FromException<PublishVerdict>(e);
        }
    }

    /// <summary>Publishes a will: stored first, like any message.</summary>
    public async Task PublishWillAsync(string clientId, MqttMessage will)
    {
        try
        {
            PublishVerdict verdict = await StoreAsync(new(clientId, will, IsWill: true));
            if (verdict.IsAccepted)
            {
                Router.Publish(will, clientId);
                return;
            }

            Metrics.Rejected(verdict.ReasonCode);
            Log.MessageRejected(clientId, will.Topic, verdict.ReasonCode, verdict.Reason);
        }
        catch (Exception e)
        {
            Log.StoreFailed(e, clientId, will.Topic);
        }
    }
}
