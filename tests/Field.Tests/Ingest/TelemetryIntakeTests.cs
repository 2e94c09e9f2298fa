using System.Text;
using Field.Broker;
using Field.Contracts;
using Field.Store;
using Field.Tests.Store;

namespace Field.Tests.Ingest;

/// <summary>The group commit: what shares a commit succeeds, fails and is acknowledged as if it had been alone.</summary>
public sealed class TelemetryIntakeTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HeldStore _store = new();
    private readonly IngestHost _host;

    public TelemetryIntakeTests() => _host = new IngestHost(
        _folder.Root, wrap: s => new FieldStores(s.Features, _store.Around(s.Telemetry), s.Blobs));

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Packs_that_come_during_a_commit_share_the_next_one()
    {
        Task<PublishVerdict> first = SendAsync(1);
        await _store.Holding;
        Task<PublishVerdict>[] others = [.. Enumerable.Range(2, 50).Select(i => SendAsync(i))];
        Assert.False(first.IsCompleted);
        _store.Open();
        Assert.All(await Task.WhenAll([first, .. others]), v => Assert.True(v.IsAccepted));
        Assert.Equal([1, 50], _store.BatchSizes);
    }

    [Fact]
    public async Task Pack_that_no_store_takes_fails_alone()
    {
        Task<PublishVerdict> first = SendAsync(1);
        await _store.Holding;
        _store.Poison = 3;
        Task<PublishVerdict>[] others = [.. Enumerable.Range(2, 3).Select(i => SendAsync(i))];
        _store.Open();
        Assert.True((await first).IsAccepted);
        Assert.True((await others[0]).IsAccepted);
        await Assert.ThrowsAsync<StoreException>(() => others[1]);
        Assert.True((await others[2]).IsAccepted);
    }

    [Fact]
    public async Task Batch_that_the_disk_cannot_take_is_acknowledged_to_nobody()
    {
        Task<PublishVerdict> first = SendAsync(1);
        await _store.Holding;
        _store.IsFull = true;
        Task<PublishVerdict>[] others = [.. Enumerable.Range(2, 3).Select(i => SendAsync(i))];
        _store.Open();
        Assert.True((await first).IsAccepted);
        foreach (Task<PublishVerdict> other in others)
        {
            Assert.True((await Assert.ThrowsAsync<StoreException>(() => other)).IsTransient);
        }

        Assert.Equal([1, 3], _store.BatchSizes);
    }

    private Task<PublishVerdict> SendAsync(int sequence) => _host.SendAsync(
        Topics.Telemetry(IngestHost.Site, $"s{sequence % 7}"), Encoding.UTF8.GetBytes($$"""[{"seq":{{sequence}},"n":"x","v":{{sequence}}}]"""));

    /// <summary>Holds the first batch until opened.</summary>
    private sealed class HeldStore : ITelemetryStore
    {
        private readonly TaskCompletionSource _holding = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<int> _batchSizes = [];
        private ITelemetryStore? _inner;

        public Task Holding => _holding.Task;

        public IReadOnlyList<int> BatchSizes => _batchSizes;

        public long Poison { get; set; }

        public bool IsFull { get; set; }

        public HeldStore Around(ITelemetryStore inner)
        {
            _inner = inner;
            return this;
        }

        public void Open() => _open.SetResult();

        public async Task<IReadOnlyList<bool>> AppendAsync(IReadOnlyList<TelemetryPack> packs, CancellationToken cancellationToken)
        {
            _batchSizes.Add(packs.Count);
            bool isFirst = _holding.TrySetResult();
            await _open.Task.WaitAsync(cancellationToken);
            return packs.Any(p => p.Pack.Sequence == Poison) ? throw new StoreException("cannot be stored")
                : IsFull && !isFirst ? throw new StoreException("disk full", isTransient: true)
                : await _inner!.AppendAsync(packs, cancellationToken);
        }

        public Task<IReadOnlyList<Measurement>> ReadAsync(TelemetryQuery query, CancellationToken cancellationToken) => _inner!.ReadAsync(query, cancellationToken);

        public ValueTask DisposeAsync() => _inner!.DisposeAsync();
    }
}
