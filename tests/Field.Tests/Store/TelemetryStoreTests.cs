using Field.Contracts;
using Field.Store;
using Field.Store.Embedded;

namespace Field.Tests.Store;

public sealed class TelemetryStoreTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly TempFolder _folder = new();
    private SqliteTelemetryStore _store;

    public TelemetryStoreTests() => _store = Open();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Values_of_every_kind_read_back_in_order_of_time()
    {
        Measurement[] all =
        [
            new("d:temp", Start.AddSeconds(2), "Cel", Value: 21.5),
            new("d:open", Start.AddSeconds(1), Flag: true),
            new("d:label", Start.AddSeconds(3), Text: "計測"),
            new("d:raw", Start.AddSeconds(4), DataBase64: "AQI"),
            new("d:rain", Start.AddSeconds(5), "m", Value: 0.1, Sum: 7),
            new("d:total", Start.AddSeconds(6), "m3", Sum: 9.25),
        ];
        await AppendAsync("s1", new SenMLPack(all, 1));
        await AppendAsync("s2", new SenMLPack([new("d:temp", Start, "Cel", Value: 1)], 1));
        await ReopenAsync();
        Assert.Equal(all.OrderBy(m => m.Time), await ReadAsync("s1", null));
        Assert.Equal([all[0]], await ReadAsync("s1", "d:temp"));
        Assert.Equal([all[1]], await _store.ReadAsync(new("aoba", "s1", null, Start.AddSeconds(1), Start.AddSeconds(2)), Cancel));
    }

    [Fact]
    public async Task What_was_undone_is_not_remembered()
    {
        Assert.True(await AppendAsync("s1", 1));
        Measurement good = new("d:new", Start, Value: 2);
        await Assert.ThrowsAnyAsync<Exception>(() => AppendAsync("s1", new SenMLPack([good, new(null!, Start, Value: 3)], 2)));
        Assert.True(await AppendAsync("s1", new SenMLPack([good], 2)));
        Assert.False(await AppendAsync("s1", 2));
        Assert.Equal([good], await ReadAsync("s1", "d:new"));
    }

    [Fact]
    public async Task A_sequence_is_stored_once_in_whatever_order_it_comes()
    {
        // Model: a set. Late, duplicate and jumping sequences in random order with restarts between.
        Random random = new(42);
        HashSet<long> model = [];
        for (int i = 0; i < 400; i++)
        {
            long sequence = random.Next(1, 120);
            bool stored = await AppendAsync("s1", sequence);
            Assert.Equal(model.Add(sequence), stored);
            if (i % 100 == 99)
            {
                await ReopenAsync();
            }
        }

        Assert.Equal(model.Order(), (await ReadAsync("s1", null)).Select(m => (long)m.Value!).Order());
    }

    [Fact]
    public async Task The_largest_sequence_and_those_below_it_are_told_apart()
    {
        Assert.True(await AppendAsync("s1", long.MaxValue));
        Assert.False(await AppendAsync("s1", long.MaxValue));
        Assert.True(await AppendAsync("s1", 1));
        Assert.True(await AppendAsync("s1", long.MaxValue - 1));
        Assert.False(await AppendAsync("s1", 1));
        Assert.True(await AppendAsync("s2", 1));
    }

    [Fact]
    public async Task A_pack_without_sequence_is_stored_as_often_as_it_comes()
    {
        SenMLPack bare = new([new("d:temp", Start, Value: 1)], null);
        Assert.True(await AppendAsync("s1", bare));
        Assert.True(await AppendAsync("s1", bare));
        Assert.Equal(2, (await ReadAsync("s1", null)).Count);
    }

    [Fact]
    public async Task Concurrent_duplicates_are_stored_once()
    {
        bool[] stored = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => AppendAsync("s1", 1 + (i % 50))));
        Assert.Equal(50, stored.Count(s => s));
        Assert.Equal(50, (await ReadAsync("s1", null)).Count);
    }

    private Task<bool> AppendAsync(string device, long sequence) =>
        AppendAsync(device, new SenMLPack([new("d:n", Start.AddSeconds(1), Value: sequence)], sequence));

    private async Task<bool> AppendAsync(string device, SenMLPack pack) =>
        Assert.Single(await _store.AppendAsync([new TelemetryPack("aoba", device, pack)], Cancel));

    private Task<IReadOnlyList<Measurement>> ReadAsync(string device, string? name) =>
        _store.ReadAsync(new TelemetryQuery("aoba", device, name, Start, Start.AddDays(1)), Cancel);

    private SqliteTelemetryStore Open() => new(_folder.Path("t.sqlite"), TimeProvider.System);

    private async Task ReopenAsync()
    {
        await _store.DisposeAsync();
        _store = Open();
    }
}
