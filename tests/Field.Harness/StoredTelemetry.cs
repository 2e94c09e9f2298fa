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
        DateTimeOffset from = DateTimeOffset.UnixEpoch;
        while (true)
        {
            TelemetryQuery query = new(Server.Site, device, $"{device}/{TelemetryLoad.Quantity}", from, DateTimeOffset.MaxValue, PageSize);
            IReadOnlyList<Measurement> page = await _stores.Telemetry.ReadAsync(query, CancellationToken.None);
            foreach (Measurement m in page)
            {
                long sequence = (long)m.Value!.Value;
                times[sequence] = times.GetValueOrDefault(sequence) + 1;
            }

            if (page.Count < PageSize)
            {
                return times;
            }

            // Each time occurs once per sequence, so the next page may begin behind the last one.
            from = page[^1].Time.AddMicroseconds(1);
        }
    }

    public ValueTask DisposeAsync() => _stores.DisposeAsync();
}
