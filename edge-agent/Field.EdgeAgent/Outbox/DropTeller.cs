using Field.Contracts;

namespace Field.EdgeAgent.Outbox;

/// <summary>
/// Tells the server what the outbox had to drop, by an event of kind <c>outbox-dropped</c> (SPEC.md section 4). The owner holds the commit
/// lock.
/// </summary>
internal sealed class DropTeller(OutboxCursors cursors, SegmentLog reports, DeviceOutbox owner, TimeProvider time, Func<long> sealedUpTo)
{
    /// <summary>Remembers records that turned out to be damaged, if there are any, and tells.</summary>
    public void Damaged(string what, long count)
    {
        if (count > 0)
        {
            cursors.Add(new OutboxDrop(owner.NextSequence(), "damaged", what, count, null, null), sealedUpTo());
            Tell();
        }
    }

    /// <summary>Makes an event of each drop that has none yet; after a crash in between it is made again, under the same sequence.</summary>
    public void Tell()
    {
        foreach (OutboxDrop drop in cursors.Untold)
        {
            byte[] payload = new FieldEvent("outbox-dropped", null, Properties(drop)).Write(owner.Site, owner.Device, drop.Sequence, time.GetUtcNow());
            try
            {
                reports.Append([new MessageRecord(drop.Sequence, time.GetUtcNow().ToUnixTimeMilliseconds(), sealedUpTo(), "event", payload).Write()]);
                cursors.Told(drop);
            }
            catch (IOException)
            {
                return; // the disk is full: told with the next message that finds room
            }
        }
    }

    private static string Properties(OutboxDrop drop) => WireJson.WriteObject(json =>
    {
        json.WriteString("kind", "outbox-dropped");
        json.WriteString("reason", drop.Reason);
        json.WriteString("what", drop.What);
        json.WriteNumber("count", drop.Count);
        json.WriteOptional("from", drop.FromUnixMs is { } from ? DateTimeOffset.FromUnixTimeMilliseconds(from) : null);
        json.WriteOptional("to", drop.ToUnixMs is { } to ? DateTimeOffset.FromUnixTimeMilliseconds(to) : null);
    });
}
