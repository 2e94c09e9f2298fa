using Field.Contracts;
using Field.EdgeAgent.Adapters;
using Field.Mqtt;

namespace Field.EdgeAgent.Dji;

/// <summary>Who takes what, by channel.</summary>
/// <param name="Fleet"><c>status</c>, <c>osd</c>, <c>state</c>.</param>
/// <param name="Events"><c>events</c>.</param>
/// <param name="Requests"><c>requests</c>.</param>
/// <param name="Services"><c>services_reply</c>.</param>
internal sealed record DjiParts(DjiFleet Fleet, DjiEvents Events, DjiRequests Requests, DjiServices Services);

/// <summary>
/// Speaks the cloud's side of the DJI Cloud API on a broker where a dock or DJI Pilot 2 publishes: every message is read, given to the part
/// that understands it, and answered when somebody waits. What cannot be used is kept, counted, and refused to whoever asked.
/// </summary>
/// <param name="parts">Take the messages.</param>
/// <param name="publish">Publishes on DJI's broker.</param>
/// <param name="faults">Counts and reports what cannot be used.</param>
/// <param name="rejected">Keeps what cannot be used.</param>
/// <param name="time">The clock.</param>
internal sealed class DjiAdapter(
    DjiParts parts, Func<MqttMessage, CancellationToken, Task> publish, AdapterFaults faults, RejectedMessages rejected, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Takes a message.</summary>
    public ValueTask HearAsync(MqttMessage message, CancellationToken cancellationToken) =>
        new(InTurnAsync(() => TakeAsync(message, cancellationToken), cancellationToken));

    /// <summary>Finds out who has fallen silent; to be called every few seconds.</summary>
    public Task TickAsync(CancellationToken cancellationToken) => InTurnAsync(() => parts.Fleet.TickAsync(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task InTurnAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await work();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task TakeAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        JsonChecker json = new();
        DjiTopic? topic = DjiTopic.Parse(message.Topic);
        if (topic is null)
        {
            json.Add("", ErrorCodes.UnknownTopic, "no topic of the DJI Cloud API");
            await RejectAsync(message, topic, json, cancellationToken);
            return;
        }

        DjiMessage? dji = DjiMessage.Parse(message.Payload, json);
        DjiAnswer? answer = dji is null || json.Errors.Count > 0 ? null : await TakeAsync(topic, dji, json, cancellationToken);
        if (json.Errors.Count > 0)
        {
            await RejectAsync(message, topic, json, cancellationToken);
            answer = DjiAnswer.Of(DjiAnswer.Malformed); // to repeat it would not help
        }

        bool isAwaited = topic.Channel is not DjiChannel.Events || dji is { NeedsReply: true };
        if (answer is not null && isAwaited && dji?.Tid is not null && topic.ReplyTopic is { } replyTopic)
        {
            await publish(new MqttMessage(replyTopic, dji.Reply(answer, time.GetUtcNow()), Qos: 1), cancellationToken);
        }
    }

    /// <summary>Null when nothing is to be answered, or there are errors.</summary>
    private async Task<DjiAnswer?> TakeAsync(DjiTopic topic, DjiMessage message, JsonChecker json, CancellationToken cancellationToken)
    {
        switch (topic.Channel)
        {
            case DjiChannel.Status:
                return await parts.Fleet.StatusAsync(topic.Sn, message, json, cancellationToken);
            case DjiChannel.Osd:
                await parts.Fleet.OsdAsync(topic.Sn, message, json, cancellationToken);
                return null;
            case DjiChannel.State:
                await parts.Fleet.StateAsync(topic.Sn, message, json, cancellationToken);
                return null;
            case DjiChannel.Events:
                return await parts.Events.TakeAsync(topic.Sn, message, json, cancellationToken);
            case DjiChannel.Requests:
                return parts.Requests.Answer(topic.Sn, message, json);
            default:
                parts.Services.Take(topic.Sn, message, json);
                return null;
        }
    }

    private Task RejectAsync(MqttMessage message, DjiTopic? topic, JsonChecker json, CancellationToken cancellationToken)
    {
        bool mayHoldSecrets = topic?.MayHoldSecrets ?? true;
        rejected.Add(topic is null ? "" : message.Topic, mayHoldSecrets ? default : message.Payload, json.Errors);
        return faults.AddAsync(json.Errors[0].Code, cancellationToken);
    }
}
