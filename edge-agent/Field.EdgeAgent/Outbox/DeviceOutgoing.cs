using Field.Contracts;

namespace Field.EdgeAgent.Outbox;

/// <summary>News into a device's outbox. When it is full the news are lost, and counted: a lock has to open all the same.</summary>
/// <param name="outbox">The outbox.</param>
/// <param name="lost">Hears why something could not be kept.</param>
internal sealed class DeviceOutgoing(DeviceOutbox outbox, Action<string> lost) : IOutgoing
{
    private long _lost;

    /// <summary>Events and measurements that could not be kept.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <inheritdoc/>
    public Task<bool> EventAsync(FieldEvent happened, DateTimeOffset at, bool isReport, CancellationToken cancellationToken) => KeepAsync(
        outbox.Messages.EnqueueAsync(
            "event",
            isReport ? OutboxPriority.Report : OutboxPriority.Normal,
            sequence => happened.Write(outbox.Site, outbox.Device, sequence, at),
            cancellationToken));

    /// <inheritdoc/>
    public Task TelemetryAsync(IReadOnlyList<Measurement> together, CancellationToken cancellationToken) =>
        KeepAsync(outbox.Messages.AddSampleAsync(together, cancellationToken));

    private async Task<bool> KeepAsync(Task kept)
    {
        try
        {
            await kept;
            return true;
        }
        catch (FieldException e)
        {
            Interlocked.Increment(ref _lost);
            lost(e.Message);
            return false;
        }
    }
}
