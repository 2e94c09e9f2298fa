using Field.EdgeAgent.Uplink;
using Field.Mqtt;

namespace Field.EdgeAgent.Adapters;

/// <summary>
/// Keeps a connection to the broker of a foreign system beside the device (Zigbee2MQTT, a DJI dock). A lost connection is opened again with
/// growing delays.
/// </summary>
/// <param name="options">Server, client id and, when the broker wants them, user name and password.</param>
/// <param name="time">The clock.</param>
/// <param name="state">Hears of every connection (null) and of why one ended or could not be opened. Must not block.</param>
internal sealed class LocalBroker(MqttClientOptions options, TimeProvider time, Action<string?> state)
{
    private readonly Backoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), Random.Shared);
    private volatile Task<MqttClient>? _connection;

    /// <summary>Stays connected until stopped.</summary>
    /// <param name="subscriptions">Filters and QoS.</param>
    /// <param name="heard">Called for one message at a time.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task RunAsync(
        IReadOnlyList<(string Filter, int Qos)> subscriptions, Func<MqttMessage, CancellationToken, ValueTask> heard, CancellationToken cancellationToken)
    {
        MqttClientOptions withSubscriptions = options with
        {
            Subscriptions = [.. subscriptions.Select(s => new MqttSubscription(s.Filter, s.Qos, heard))],
        };
        while (true)
        {
            string reason;
            try
            {
                // Kept while it is being made: what comes with the subscriptions may want an answer at once.
                Task<MqttClient> connection = MqttClient.ConnectAsync(withSubscriptions, cancellationToken);
                _connection = connection;
                await using MqttClient client = await connection;
                _backoff.Reset();
                state(null);
                reason = (await client.Closed.WaitAsync(cancellationToken))?.Message ?? "closed";
            }
            catch (MqttException e)
            {
                reason = e.Message; // also when it refuses us: a person may correct the broker while we wait
            }
            finally
            {
                _connection = null;
            }

            state(reason);
            await Task.Delay(_backoff.Next(), time, cancellationToken);
        }
    }

    /// <summary>Publishes with QoS 1; returns when the broker has it.</summary>
    /// <exception cref="FieldException">There is no connection; transient.</exception>
    public Task PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        PublishAsync(new MqttMessage(topic, payload, Qos: 1), cancellationToken);

    /// <summary>Publishes as the message says; with QoS 1 it returns when the broker has it.</summary>
    /// <exception cref="FieldException">There is no connection; transient.</exception>
    public async Task PublishAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        Task<MqttClient> connection = _connection ?? throw new FieldException("the local broker is not connected", isTransient: true);
        MqttClient client = await connection.WaitAsync(cancellationToken);
        await client.PublishAsync(message, cancellationToken);
    }
}
