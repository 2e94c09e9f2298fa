using Field.Broker.State;
using Field.Mqtt;
using Microsoft.Extensions.Logging;

namespace Field.Broker;

/// <summary>The parts that all connections of a broker share.</summary>
internal sealed record BrokerCore(
    MqttBrokerOptions Options, IMqttAuthorizer Authorizer, IPublishInterceptor? Interceptor, SessionTable Sessions, SubscriptionIndex Index,
    Router Router, BrokerMetrics Metrics, TimeProvider Time, ILogger Log, CancellationToken Stopping)
{
    /// <summary>The durable state, or null.</summary>
    public StateJournal? State { get; init; }

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

    /// <summary>Publishes a will: stored first, like any message. One that could not be stored is published after the next start.</summary>
    public async Task PublishWillAsync(string clientId, PendingWill pending)
    {
        MqttMessage will = Handshake.Stamp(pending.Message, Time);
        try
        {
            PublishVerdict verdict = await StoreAsync(new(clientId, will, IsWill: true));
            if (verdict.IsAccepted)
            {
                await (Router.Publish(will, clientId).Durable ?? Task.CompletedTask);
            }
            else
            {
                Metrics.Rejected(verdict.ReasonCode);
                Log.MessageRejected(clientId, will.Topic, verdict.ReasonCode, verdict.Reason);
            }

            Sessions.Done(pending);
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            // The server stops before this was stored: published after its next start.
        }
        catch (Exception e)
        {
            Log.StoreFailed(e, clientId, will.Topic);
        }
    }
}
