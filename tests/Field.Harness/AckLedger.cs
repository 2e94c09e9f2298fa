using System.Collections.Concurrent;

namespace Field.Harness;

/// <summary>What the publishers were promised: each (device, sequence) whose PUBACK came, written down before the next is sent.</summary>
public sealed class AckLedger
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<long>> _acknowledged = new();
    private long _count;

    /// <summary>How many are acknowledged.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>The devices that published.</summary>
    public IEnumerable<string> Devices => _acknowledged.Keys;

    /// <summary>A PUBACK came.</summary>
    public void Acknowledged(string device, long sequence)
    {
        _acknowledged.GetOrAdd(device, _ => new ConcurrentQueue<long>()).Enqueue(sequence);
        Interlocked.Increment(ref _count);
    }

    /// <summary>Compares the promises with what a data folder holds. No server may run on it.</summary>
    public async Task<LedgerResult> CompareAsync(string dataFolder)
    {
        long lost = 0, twice = 0, stored = 0;
        await using StoredTelemetry store = StoredTelemetry.Open(dataFolder);
        foreach ((string device, ConcurrentQueue<long> promised) in _acknowledged)
        {
            Dictionary<long, int> times = await store.TimesStoredAsync(device);
            stored += times.Count;
            twice += times.Count(t => t.Value > 1);
            lost += promised.Count(sequence => !times.ContainsKey(sequence));
        }

        return new LedgerResult(Count, stored, lost, twice);
    }
}

/// <summary>How the promises compare with the store.</summary>
/// <param name="Acknowledged">Messages whose PUBACK came.</param>
/// <param name="Stored">Different messages in the store; may be more, where the PUBACK was lost.</param>
/// <param name="Lost">Acknowledged and not in the store.</param>
/// <param name="Twice">In the store more than once.</param>
public sealed record LedgerResult(long Acknowledged, long Stored, long Lost, long Twice);
