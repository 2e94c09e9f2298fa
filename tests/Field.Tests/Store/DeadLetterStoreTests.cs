using Field.Contracts;
using Field.Store;

namespace Field.Tests.Store;

public sealed class DeadLetterStoreTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Letters_survive_a_restart_with_everything_that_was_wrong()
    {
        WireError[] errors = [new("/data", ErrorCodes.Missing, "data is required"), new("/time", ErrorCodes.BadFormat, "no offset")];
        await using (DeadLetterStore store = Open(1000))
        {
            Assert.True(await store.AddAsync(Letter("a", 3) with { Errors = errors }, new byte[] { 1, 2, 3 }, Cancel));
        }

        await using DeadLetterStore reopened = Open(1000);
        DeadLetter letter = Assert.Single(await reopened.ListAsync(new() { Limit = 10 }, Cancel));
        Assert.Equal(("a", "client-1", Now, 3L, 1L), (letter.Topic, letter.Client, letter.ReceivedAt, letter.SizeBytes, letter.Count));
        Assert.Equal(errors, letter.Errors);
        Assert.Equal([1, 2, 3], await reopened.PayloadAsync(letter.Id, Cancel));
        Assert.Null(await reopened.PayloadAsync(letter.Id + 1, Cancel));
    }

    [Fact]
    public async Task The_same_payload_on_the_same_topic_is_one_letter_with_a_count()
    {
        await using DeadLetterStore store = Open(1000);
        await store.AddAsync(Letter("a", 1), new byte[] { 1 }, Cancel);
        await store.AddAsync(Letter("a", 1) with { ReceivedAt = Now.AddDays(1) }, new byte[] { 1 }, Cancel);
        await store.AddAsync(Letter("b", 1), new byte[] { 1 }, Cancel);
        IReadOnlyList<DeadLetter> letters = await store.ListAsync(new() { Limit = 10 }, Cancel);
        Assert.Equal([("b", 1L), ("a", 2L)], letters.Select(l => (l.Topic, l.Count)));
        Assert.Equal(Now.AddDays(1), letters[1].ReceivedAt);
        Assert.Equal(2, (await store.StatusAsync(Cancel)).SizeBytes);
    }

    [Fact]
    public async Task A_full_store_refuses_counts_and_takes_again_after_a_removal()
    {
        await using DeadLetterStore store = Open(10);
        Assert.True(await store.AddAsync(Letter("a", 6), new byte[6], Cancel));
        Assert.False(await store.AddAsync(Letter("b", 6), new byte[6], Cancel));
        Assert.True(await store.AddAsync(Letter("c", 4), new byte[4], Cancel));
        Assert.Equal(new DeadLetterStatus(2, 10, 10, 1), await store.StatusAsync(Cancel));

        long first = (await store.ListAsync(new() { Limit = 10 }, Cancel))[^1].Id;
        Assert.True(await store.RemoveAsync(first, Cancel));
        Assert.False(await store.RemoveAsync(first, Cancel));
        Assert.True(await store.AddAsync(Letter("b", 6), new byte[6], Cancel));
        Assert.Equal(["b"], (await store.ListAsync(new() { Limit = 1 }, Cancel)).Select(l => l.Topic));
    }

    [Fact]
    public async Task A_file_stays_as_long_as_a_letter_names_it_and_goes_with_the_last()
    {
        await using DeadLetterStore store = Open(10);
        Assert.True(await store.AddFileAsync(Letter("a", 3), new MemoryStream([1, 2, 3]), Cancel));
        Assert.True(await store.AddFileAsync(Letter("b", 3), new MemoryStream([1, 2, 3]), Cancel));
        Assert.False(await store.AddFileAsync(Letter("c", 6), new MemoryStream([6, 6, 6, 6, 6, 6]), Cancel));
        Assert.Single(Directory.EnumerateFiles(_folder.Path("dead")));
        foreach (int left in new[] { 1, 0 })
        {
            Assert.True(await store.RemoveAsync((await store.ListAsync(new(), Cancel))[0].Id, Cancel));
            Assert.Equal(left, Directory.EnumerateFiles(_folder.Path("dead")).Count());
        }
    }

    [Fact]
    public async Task A_file_that_a_crash_left_without_a_letter_is_cleared_away()
    {
        Directory.CreateDirectory(_folder.Path("dead"));
        await File.WriteAllTextAsync(_folder.Path("dead/" + new string('a', 64)), "left", Cancel);
        await using DeadLetterStore store = Open(10);
        Assert.True(await store.AddFileAsync(Letter("a", 3), new MemoryStream([1, 2, 3]), Cancel));
        Assert.Equal([(await store.ListAsync(new(), Cancel))[0].BlobSha256], Directory.EnumerateFiles(_folder.Path("dead")).Select(Path.GetFileName));
    }

    private static DeadLetter Letter(string topic, long size) => new(topic, "client-1", Now, [new("", ErrorCodes.NotJson, "no")], size);

    private DeadLetterStore Open(long max) => new(_folder.Path("dead.sqlite"), max, TimeProvider.System);
}
