namespace Field.EdgeAgent.Outbox;

/// <summary>
/// Puts the waiting samples into packs, whose sequences and ranges are durable before any is sent. The owner holds the commit lock.
/// </summary>
internal sealed class PackSealer(PackBuilder packs, SegmentLog log, OutboxLimits limits, DeviceOutbox owner, TimeProvider time, long sealedUpTo)
{
    private const int PacksAtOnce = 16;

    private long _sealedUpTo = sealedUpTo;

    /// <summary>The samples before this ordinal are in packs. May be read without the lock.</summary>
    public long SealedUpTo => Interlocked.Read(ref _sealedUpTo);

    /// <summary>Makes packs of what waits, a few at once.</summary>
    /// <returns>How many samples could not be read and are in none.</returns>
    public long Seal()
    {
        long from = _sealedUpTo;
        long damaged = 0;
        IReadOnlyList<(long First, long End)> planned = packs.Plan(ref from, limits, PacksAtOnce, ref damaged);
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (planned.Count > 0)
        {
            log.Append(
                [.. planned.Select(p => (ReadOnlyMemory<byte>)new MessageRecord(owner.NextSequence(), now, p.End, "telemetry", default, p.First, p.End).Write())]);
        }

        Interlocked.Exchange(ref _sealedUpTo, from);
        return damaged;
    }
}
