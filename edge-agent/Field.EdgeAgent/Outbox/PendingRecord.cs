namespace Field.EdgeAgent.Outbox;

/// <summary>What one caller waits for to become durable.</summary>
internal sealed class PendingRecord
{
    private readonly string _channel = "";
    private readonly Func<long, byte[]>? _build;
    private readonly long? _reserved;

    /// <summary>A message.</summary>
    /// <param name="channel">The level under <c>up/</c>.</param>
    /// <param name="priority">Its lane.</param>
    /// <param name="build">Makes the payload from the sequence.</param>
    /// <param name="reserved">The sequence it has already, or null for the next.</param>
    public PendingRecord(string channel, OutboxPriority priority, Func<long, byte[]> build, long? reserved = null) =>
        (_channel, Priority, _build, _reserved) = (channel, priority, build, reserved);

    /// <summary>Samples.</summary>
    public PendingRecord(IReadOnlyList<ReadOnlyMemory<byte>> samples) => Records = samples;

    /// <summary>The lane; null for samples.</summary>
    public OutboxPriority? Priority { get; }

    /// <summary>The message's sequence, once it has one.</summary>
    public long Sequence { get; private set; }

    /// <summary>What is appended.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Records { get; private set; } = [];

    /// <summary>Completes with the sequence when everything is durable.</summary>
    public TaskCompletionSource<long> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gives a message its sequence and bytes; false when the caller's own function failed, which only the caller hears of.</summary>
    public bool TryBuild(Func<long> nextSequence, long unixMs, long sealedUpTo)
    {
        if (_build is null)
        {
            return true;
        }

        try
        {
            Sequence = _reserved ?? nextSequence();
            Records = [new MessageRecord(Sequence, unixMs, sealedUpTo, _channel, _build(Sequence)).Write()];
            return true;
        }
#pragma warning disable CA1031 // whatever it is, it is this caller's and not the others'
        catch (Exception e)
#pragma warning restore CA1031
        {
            Done.TrySetException(e);
            return false;
        }
    }
}
