using Field.Contracts;
using Field.Store;

namespace Field.Harness;

/// <summary>The telemetry of a data folder that no server has open, read through the store's own interface.</summary>
public sealed class StoredTelemetry : IAsyncDisposable
{
    private const int PageSize = 1_000_000;

    private readonly FieldStores _stores;

    private StoredTelemetry(FieldStores stores) => _stores = stores;

    public static StoredTelemetry Open(string dataFolder) => new(StoreUris.Under(dataFolder).Open(TimeProvider.System));

    /// <summary>How often each sequence of a device is stored; <see cref="TelemetryLoad"/> puts the sequence into the value.</summary>
    public async Task<Dictionary<long, int>> TimesStoredAsync(string device)
    {
        Dictionary<long, int> times = [];
        await foreach (Measurement m in ReadAsync(device, TelemetryLoad.Quantity))
        {
            long sequence = (long)m.Value!.Value;
            times[sequence] = times.GetValueOrDefault(sequence) + 1;
        }

        return times;
    }

    /// <summary>One series of a device, in the order of time.</summary>
    public async IAsyncEnumerable<Measurement> ReadAsync(string device, string quantity)
    {
        DateTimeOffset from = DateTimeOffset.UnixEpoch;
        while (true)
        {
            TelemetryQuery query = new(Server.Site, device, $"{device}/{quantity}", from, DateTimeOffset.MaxValue, PageSize);
            IReadOnlyList<Measurement> page = await _stores.Telemetry.ReadAsync(query, CancellationToken.None);
            foreach (Measurement m in page)
            {
                yield return m;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            // Each time occurs once in a series, so the next page may begin behind the last one.
            from = page[^1].Time.AddMicroseconds(1);
        }
    }

    public ValueTask DisposeAsync() => _stores.DisposeAsync();
}
