using System.Collections.Concurrent;
using Field.Broker;
using Field.Contracts;
using Field.Ingest.Alarms;
using Field.Ingest.Commands;
using Field.Ingest.Locks;
using Field.Ingest.Photos;
using Field.Store;

namespace Field.Ingest;

/// <summary>
/// The front door: every message that a client publishes is stored, or refused into the dead letters, before it is acknowledged.
/// What the stores cannot take (disk full) is thrown, the connection closes without an acknowledgement, and the device sends again.
/// Topics outside <c>field/</c> are not ours and pass.
/// </summary>
internal sealed class IngestRouter(
    IngestOptions options, FieldStores stores, TelemetryIntake telemetry, PhotoAssembler photos, DeviceRegistry devices, DeviceClocks clocks, AlarmDesk alarms,
    CommandService commands, LockWatch locks, LiveUpdates live, Refusals refusals, IngestMetrics metrics, TimeProvider time) : IPublishInterceptor
{
    private const int MaxKnownTopics = 10_000;

    /// <summary>Telemetry topics seen before: they are few and come often.</summary>
    private readonly ConcurrentDictionary<string, UpTopic> _telemetryTopics = new(StringComparer.Ordinal);

    public ValueTask<PublishVerdict> StoreAsync(InboundPublish message, CancellationToken cancellationToken)
    {
        if (_telemetryTopics.TryGetValue(message.Message.Topic, out UpTopic? known))
        {
            return TelemetryAsync(known, message, cancellationToken);
        }

        return message.Message.Topic.StartsWith("field/", StringComparison.Ordinal)
            ? new ValueTask<PublishVerdict>(RouteAsync(message, cancellationToken))
            : ValueTask.FromResult(PublishVerdict.Accepted);
    }

    private async Task<PublishVerdict> RouteAsync(InboundPublish message, CancellationToken cancellationToken)
    {
        string? error = Topics.TryParseUp(message.Message.Topic, out UpTopic? topic);
        if (error is not null || topic is null)
        {
            return await RefuseAsync(message, error ?? ErrorCodes.UnknownTopic, "see SPEC.md section 2 for the topics", cancellationToken)
                .ConfigureAwait(false);
        }

        if (topic.Site != options.Site)
        {
            return await RefuseAsync(message, ErrorCodes.BadId, $"this server serves the site {options.Site}", cancellationToken)
                .ConfigureAwait(false);
        }

        if (topic.Channel == UpChannel.Telemetry)
        {
            Remember(message.Message.Topic, topic);
            return await TelemetryAsync(topic, message, cancellationToken).ConfigureAwait(false);
        }

        PublishVerdict verdict = await (topic.Channel switch
        {
            UpChannel.Event => EventAsync(topic, message, cancellationToken),
            UpChannel.Status => StatusAsync(topic, message, cancellationToken),
            UpChannel.PhotoManifest => photos.ManifestAsync(topic, message, cancellationToken),
            UpChannel.PhotoThumbnail => photos.ThumbnailAsync(topic, message, cancellationToken),
            UpChannel.PhotoChunk => photos.ChunkAsync(topic, message, cancellationToken),
            _ => throw new InvalidOperationException($"no handler for {topic.Channel}"),
        }).ConfigureAwait(false);
        if (verdict.IsAccepted)
        {
            metrics.Messages(topic.Channel, 1);
            if (topic.Channel is not UpChannel.Status) // which says so itself
            {
                alarms.Heard(topic.Device);
                await devices.SeenAsync(topic.Device, cancellationToken).ConfigureAwait(false);
            }
        }
        else
        {
            await devices.RefusedAsync(topic.Device, cancellationToken).ConfigureAwait(false);
        }

        return verdict;
    }

    private ValueTask<PublishVerdict> TelemetryAsync(UpTopic topic, InboundPublish message, CancellationToken cancellationToken)
    {
        DateTimeOffset receivedAt = message.ReceivedAt ?? time.GetUtcNow();
        Parsed<SenMLPack> parsed = SenMLPack.Parse(message.Message.Payload, receivedAt);
        return parsed.Value is { } pack
            ? telemetry.StoreAsync(topic, clocks.Correct(topic.Device, pack, message.Message.Payload, receivedAt), cancellationToken)
            : new ValueTask<PublishVerdict>(RefuseAsync(topic, message, parsed.Errors, cancellationToken));
    }

    private async Task<PublishVerdict> RefuseAsync(UpTopic topic, InboundPublish message, IReadOnlyList<WireError> errors, CancellationToken cancellationToken)
    {
        PublishVerdict verdict = await refusals.RefuseAsync(message, errors, cancellationToken).ConfigureAwait(false);
        await devices.RefusedAsync(topic.Device, cancellationToken).ConfigureAwait(false);
        return verdict;
    }

    private void Remember(string name, UpTopic topic)
    {
        if (_telemetryTopics.Count >= MaxKnownTopics)
        {
            _telemetryTopics.Clear();
        }

        _telemetryTopics[name] = topic;
    }

    private async Task<PublishVerdict> EventAsync(UpTopic topic, InboundPublish message, CancellationToken cancellationToken)
    {
        Parsed<DeviceMessage<FieldEvent>> parsed = FieldEvent.Parse(message.Message.Payload, topic);
        if (parsed.Value is not { } happened)
        {
            return await refusals.RefuseAsync(message, parsed.Errors, cancellationToken).ConfigureAwait(false);
        }

        DateTimeOffset now = time.GetUtcNow();
        (DateTimeOffset at, long offset) = clocks.Correct(topic.Device, happened.Envelope.Time, message.ReceivedAt ?? now);
        Feature row = EventRow.From(topic, happened, now, at, offset);
        IReadOnlyList<Feature?> written = await stores.Features
            .WriteAsync([new FeatureWrite(row, WriteMode.InsertNew)], cancellationToken).ConfigureAwait(false);
        if (written[0] is { } stored)
        {
            alarms.Observe(stored);
            locks.Observe(topic, happened.Body);
            await live.PublishAsync([stored], cancellationToken).ConfigureAwait(false);
        }
        else if (await stores.Features.FindAsync(FieldTables.Events, row.Id, cancellationToken).ConfigureAwait(false) is { } first && !EventRow.IsSame(first, row))
        {
            alarms.SequenceReset(topic.Device);
            return await refusals.RefuseAsync(message, [SequenceTaken], cancellationToken).ConfigureAwait(false);
        }
        else
        {
            metrics.Duplicates(topic.Channel, 1);
        }

        if (CommandResult.From(happened.Body) is { } answer)
        {
            // Also for a repeated one: a crash may have come between the two writes.
            await commands.AnsweredAsync(topic.Device, answer, cancellationToken).ConfigureAwait(false);
        }

        return PublishVerdict.Accepted;
    }

    private async Task<PublishVerdict> StatusAsync(UpTopic topic, InboundPublish message, CancellationToken cancellationToken)
    {
        Parsed<DeviceMessage<DeviceStatus>> parsed = DeviceStatus.Parse(message.Message.Payload, topic);
        if (parsed.Value is not { } status)
        {
            return await refusals.RefuseAsync(message, parsed.Errors, cancellationToken).ConfigureAwait(false);
        }

        clocks.Observe(topic.Device, status, message, time.GetUtcNow());
        alarms.Heard(topic.Device);
        await devices.StatusAsync(topic.Device, status, cancellationToken).ConfigureAwait(false);
        return PublishVerdict.Accepted;
    }

    private static WireError SequenceTaken { get; } = new(
        "/sequence", ErrorCodes.SequenceReset, "another event of this device has this sequence; a device that was installed anew needs a new id");

    private Task<PublishVerdict> RefuseAsync(InboundPublish message, string code, string detail, CancellationToken cancellationToken) =>
        refusals.RefuseAsync(message, [new WireError("", code, detail)], cancellationToken);
}
