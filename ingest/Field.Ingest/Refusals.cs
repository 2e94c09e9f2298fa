using Field.Broker;
using Field.Contracts;
using Field.Mqtt;
using Field.Store;
using Microsoft.Extensions.Logging;

namespace Field.Ingest;

/// <summary>What happens to messages that are refused: dead letter, count, log, verdict (SPEC.md sections 2 and 9).</summary>
internal sealed class Refusals(DeadLetterStore letters, IngestMetrics metrics, TimeProvider time, ILogger<Refusals> log)
{
    /// <summary>Keeps a refused message; it is durable when this returns.</summary>
    public Task<PublishVerdict> RefuseAsync(InboundPublish message, IReadOnlyList<WireError> errors, CancellationToken cancellationToken)
    {
        DeadLetter letter = new(message.Message.Topic, message.ClientId, time.GetUtcNow(), errors, message.Message.Payload.Length);
        return KeepAsync(letter, () => letters.AddAsync(letter, SecretMask.Mask(message.Message.Payload), cancellationToken));
    }

    /// <summary>Keeps a large payload as a file; it is durable when this returns.</summary>
    public Task<PublishVerdict> RefuseFileAsync(
        string topic, string client, IReadOnlyList<WireError> errors, Stream content, long sizeBytes, CancellationToken cancellationToken)
    {
        DeadLetter letter = new(topic, client, time.GetUtcNow(), errors, sizeBytes);
        return KeepAsync(letter, () => letters.AddFileAsync(letter, content, cancellationToken));
    }

    private async Task<PublishVerdict> KeepAsync(DeadLetter letter, Func<Task<bool>> keep)
    {
        WireError first = letter.Errors[0];
        metrics.Refused(first.Code);
        log.Refused(letter.Client, letter.Topic, first.ToString());
        if (!await keep().ConfigureAwait(false))
        {
            metrics.LetterRefused();
            log.DeadLettersFull(letter.Client, letter.Topic);
            return PublishVerdict.Rejected(MqttReasonCode.QuotaExceeded, $"{first}; the dead letters are full");
        }

        MqttReasonCode code = first.Code is ErrorCodes.UnknownTopic or ErrorCodes.BadId
            ? MqttReasonCode.TopicNameInvalid
            : MqttReasonCode.PayloadFormatInvalid;
        return PublishVerdict.Rejected(code, first.ToString());
    }
}
