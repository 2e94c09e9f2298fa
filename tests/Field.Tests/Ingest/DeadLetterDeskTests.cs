using System.Text;
using System.Text.Json;
using Field.Broker;
using Field.Contracts;
using Field.Ingest;
using Field.Store;
using Field.Tests.Store;

namespace Field.Tests.Ingest;

public sealed class DeadLetterDeskTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Edge.ManualTime _time = new();
    private readonly IngestHost _host;

    public DeadLetterDeskTests() => _host = new IngestHost(_folder.Root, time: _time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private DeadLetterDesk Desk => _host.Get<DeadLetterDesk>();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Letters_show_their_errors_counts_times_and_payload_as_text_or_hex()
    {
        await SendAsync("s1", "これは JSON でない"u8.ToArray());
        _time.Advance(TimeSpan.FromHours(1));
        await SendAsync("s1", "これは JSON でない"u8.ToArray());
        await SendAsync("s1", [0xFF, 0xFE]);
        await SendAsync("s1", Encoding.UTF8.GetBytes(new string('水', 3000)));
        JsonElement[] letters = await ListAsync(new());
        Assert.Equal(3, letters.Length);
        Assert.Equal("fffe", letters[1].GetProperty("hex").GetString());
        Assert.Equal((new string('水', 1365), true, 9000), (letters[0].GetProperty("text").GetString(), letters[0].GetProperty("isCut").GetBoolean(), letters[0].GetProperty("sizeBytes").GetInt32()));
        Assert.Equal(("これは JSON でない", 2), (letters[2].GetProperty("text").GetString(), letters[2].GetProperty("count").GetInt32()));
        Assert.Equal(("2026-05-11T00:00:00Z", "2026-05-11T01:00:00Z"), (letters[2].GetProperty("firstReceivedAt").GetString(), letters[2].GetProperty("receivedAt").GetString()));
        Assert.Equal("not-json", letters[2].GetProperty("errors")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task Letters_are_found_by_device_code_and_time_and_paged()
    {
        await SendAsync("s1", "x"u8.ToArray());
        _time.Advance(TimeSpan.FromHours(1));
        await SendAsync("s10", "[]"u8.ToArray());
        _time.Advance(TimeSpan.FromHours(1));
        await SendAsync("s1", "y"u8.ToArray());
        DateTimeOffset now = _time.GetUtcNow();
        Assert.Equal(2, (await ListAsync(new() { Device = "s1" })).Length);
        Assert.Single(await ListAsync(new() { Code = ErrorCodes.Missing }));
        Assert.Equal(2, (await ListAsync(new() { From = now.AddHours(-1) })).Length);
        Assert.Single(await ListAsync(new() { From = now.AddHours(-1), To = now }));
        JsonElement first = Assert.Single(await ListAsync(new() { Limit = 1 }));
        Assert.Equal(2, (await ListAsync(new() { BeforeId = first.GetProperty("id").GetInt64() })).Length);
    }

    [Fact]
    public async Task A_message_brought_again_is_stored_once_with_the_time_of_its_first_coming()
    {
        // A chunk that came before its manifest: refused then, good now.
        TestPhoto photo = new(1, 2000);
        DateTimeOffset first = _time.GetUtcNow();
        Assert.False((await _host.SendChunkAsync(photo, 0)).IsAccepted);
        long id = (await _host.LettersAsync())[0].Id;
        ReplayResult refused = await Desk.ReplayAsync(id, "佐藤", Cancel);
        Assert.Equal((true, false), (refused.IsFound, refused.IsStored));
        Assert.Contains("unknown-photo", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(2, (await _host.LettersAsync())[0].Count);
        await _host.SendManifestAsync(photo);
        Assert.True((await Desk.ReplayAsync(id, "佐藤", Cancel)).IsStored);
        Assert.Empty(await _host.LettersAsync());
        Assert.False((await Desk.ReplayAsync(id, "佐藤", Cancel)).IsFound);

        // A pack without times, as an upgrade would find it: its times count from when it came.
        byte[] pack = """[{"n":"level","v":1.5}]"""u8.ToArray();
        DeadLetter letter = new(Topics.Telemetry(IngestHost.Site, "s1"), "client-1", first, [new("", ErrorCodes.NotJson, "an old fault")], pack.Length);
        await _host.Get<DeadLetterStore>().AddAsync(letter, pack, Cancel);
        _time.Advance(TimeSpan.FromDays(3));
        Assert.True((await Desk.ReplayAsync((await _host.LettersAsync())[0].Id, "佐藤", Cancel)).IsStored);
        IReadOnlyList<Measurement> stored = await _host.Stores.Telemetry.ReadAsync(new(IngestHost.Site, "s1", null, DateTimeOffset.UnixEpoch, first.AddYears(1)), Cancel);
        Assert.Equal(first, Assert.Single(stored).Time);
    }

    [Fact]
    public async Task A_letter_that_is_discarded_takes_its_bytes_with_it()
    {
        TestPhoto claimed = new(1, 2000), sent = new(2, 2000);
        await _host.SendManifestAsync(claimed);
        for (int i = 0; i < claimed.Manifest.ChunkCount; i++)
        {
            await _host.SendAsync(Topics.Chunk(IngestHost.Site, "drone-1", claimed.Id, i), sent.Chunk(i));
        }

        DeadLetter letter = Assert.Single(await _host.LettersAsync());
        Assert.Equal(sent.Id, letter.BlobSha256);
        Assert.Single(Directory.EnumerateFiles(_folder.Root, sent.Id, SearchOption.AllDirectories));
        Assert.False((await Desk.ReplayAsync(letter.Id, "佐藤", Cancel)).IsStored);
        Assert.True(await Desk.DiscardAsync(letter.Id, "佐藤", "試験データ", Cancel));
        Assert.False(await Desk.DiscardAsync(letter.Id, "佐藤", "試験データ", Cancel));
        Assert.Empty(Directory.EnumerateFiles(_folder.Root, sent.Id, SearchOption.AllDirectories));
        string line = Assert.Single(Field.Store.Audit.AuditLog.Read(_folder.Path("audit")));
        Assert.Contains("dead-letter.discard", line, StringComparison.Ordinal);
        Assert.Contains("user:佐藤", System.Text.RegularExpressions.Regex.Unescape(line), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_has_every_letter_with_its_whole_payload()
    {
        for (int i = 0; i < 5; i++)
        {
            await SendAsync("s1", Encoding.UTF8.GetBytes($"fault {i}"));
        }

        MemoryStream stream = new();
        await Desk.ExportAsync(stream, new() { Limit = 2 }, Cancel);
        string[] lines = Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["fault 4", "fault 3", "fault 2", "fault 1", "fault 0"], lines.Select(l => Encoding.UTF8.GetString(JsonElement.Parse(l).GetProperty("base64").GetBytesFromBase64())));
    }

    private async Task<JsonElement[]> ListAsync(DeadLetterQuery query)
    {
        MemoryStream stream = new();
        await Desk.WriteAsync(stream, query, Cancel);
        return [.. JsonElement.Parse(stream.ToArray()).EnumerateArray()];
    }

    private async Task SendAsync(string device, byte[] payload)
    {
        PublishVerdict verdict = await _host.SendAsync(Topics.Telemetry(IngestHost.Site, device), payload);
        Assert.False(verdict.IsAccepted);
    }
}
