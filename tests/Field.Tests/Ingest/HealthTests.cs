using System.Text;
using System.Text.Json;
using Field.Contracts;
using Field.Ingest;
using Field.Ingest.Health;
using Field.Store;
using Field.Tests.Store;

namespace Field.Tests.Ingest;

/// <summary>What the headquarters says of itself.</summary>
public sealed class HealthTests : IAsyncDisposable
{
    private const long AlwaysFree = 0;
    private readonly TempFolder _folder = new();
    private readonly Edge.ManualTime _time = new();
    private readonly FailingTelemetry _telemetry = new();
    private IngestHost? _host;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private HealthDesk Desk => _host!.Get<HealthDesk>();

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task A_healthy_server_tells_everything_and_answers_well()
    {
        Start();
        await SendAsync(1);
        await _host!.SendAsync(Topics.Status(IngestHost.Site, "s"), new DeviceStatus(true).Write(IngestHost.Site, "s", 1, _time.GetUtcNow().AddDays(3)));
        await _host.SendAsync("field/v1/aoba/s/up/telemetry", "no"u8.ToArray());
        await _host.SendManifestAsync(new TestPhoto(1));
        await Desk.LookAsync(Cancel);
        _time.Advance(TimeSpan.FromSeconds(10));
        await SendAsync(2);
        await Desk.LookAsync(Cancel);

        JsonElement all = Told()[^1];
        Assert.Equal(("ok", 0), (all.GetProperty("status").GetString(), all.GetProperty("reasons").GetArrayLength()));
        Assert.Equal(0.1, all.GetProperty("messagesPerSecond").GetProperty("telemetry").GetDouble());
        Assert.True(all.GetProperty("commitP99Ms").GetDouble() >= all.GetProperty("commitP50Ms").GetDouble());
        Assert.True(all.GetProperty("freeDiskBytes").GetInt64() > 0);
        Assert.Equal((1, 1 << 30), (all.GetProperty("deadLetters").GetProperty("count").GetInt32(), all.GetProperty("deadLetters").GetProperty("maxSizeBytes").GetInt64()));
        Assert.Equal((1, 128 * 1024), (all.GetProperty("uploads").GetProperty("unfinished").GetInt32(), all.GetProperty("uploads").GetProperty("sizeBytes").GetInt32()));
        Assert.Equal((1, 1), (all.GetProperty("devices").GetProperty("online").GetInt32(), all.GetProperty("devices").GetProperty("skewed").GetInt32()));
        Assert.Equal(JsonValueKind.Number, all.GetProperty("scoringQueue").ValueKind);
        Assert.Equal(0, all.GetProperty("openAlarms").GetProperty("critical").GetInt32());
        (bool isGood, JsonElement answer) = Answer();
        Assert.True(isGood);
        Assert.Equal(all.GetRawText(), answer.GetRawText());
    }

    [Fact]
    public async Task It_is_told_every_ten_seconds_and_at_once_when_the_state_changes()
    {
        Start();
        await Desk.LookAsync(Cancel);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Desk.LookAsync(Cancel);
        Assert.Single(Told());
        _telemetry.Failures = 1;
        await Assert.ThrowsAsync<StoreException>(() => SendAsync(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        await Desk.LookAsync(Cancel);
        Assert.Equal(["ok", "failing"], Told().Select(t => t.GetProperty("status").GetString()));
        Assert.Equal("store-failing", Told()[^1].GetProperty("reasons")[0].GetProperty("code").GetString());
        Assert.False(Answer().IsGood);
        await SendAsync(1);
        await Desk.LookAsync(Cancel);
        Assert.Equal("ok", Told()[^1].GetProperty("status").GetString());
        _time.Advance(TimeSpan.FromSeconds(10));
        await Desk.LookAsync(Cancel);
        Assert.Equal(4, Told().Count);
    }

    [Theory]
    [InlineData(2.0, "degraded")]
    [InlineData(100.0, "failing")]
    public async Task A_disk_that_runs_full_is_told_before_it_is_full(double times, string status)
    {
        long free = new DriveInfo(_folder.Root).AvailableFreeSpace;
        Start(IngestHost.Defaults with { MinFreeDiskBytes = (long)(free * times) });
        await Desk.LookAsync(Cancel);
        JsonElement told = Assert.Single(Told());
        Assert.Equal((status, "disk-low"), (told.GetProperty("status").GetString(), told.GetProperty("reasons")[0].GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Nearly_full_dead_letters_and_uploads_degrade()
    {
        Start(IngestHost.Defaults with { MaxDeadLetterBytes = 1 << 20, MaxIncomingBytes = 1 << 20, MinFreeDiskBytes = AlwaysFree });
        await _host!.SendAsync("field/v1/aoba/s/up/telemetry", new byte[900_000]);
        for (int i = 0; i < 14; i++)
        {
            await _host.SendManifestAsync(new TestPhoto(i));
        }

        await Desk.LookAsync(Cancel);
        Assert.Equal(["dead-letters-full", "uploads-full"], Told()[^1].GetProperty("reasons").EnumerateArray().Select(r => r.GetProperty("code").GetString()));
        Assert.Equal("degraded", Told()[^1].GetProperty("status").GetString());
        Assert.True(Answer().IsGood);
    }

    [Fact]
    public async Task An_old_look_is_not_believed()
    {
        Start();
        Assert.False(Answer().IsGood);
        await Desk.LookAsync(Cancel);
        Assert.True(Answer().IsGood);
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.False(Answer().IsGood);
    }

    [Fact]
    public void Percentiles_are_of_the_last_minute_and_at_most_a_fifth_too_high()
    {
        LatencyWindow window = new(_time);
        Assert.Null(window.Percentile(0.5));
        for (int ms = 1; ms <= 100; ms++)
        {
            window.Add(TimeSpan.FromMilliseconds(ms));
        }

        Assert.InRange(window.Percentile(0.5)!.Value.TotalMilliseconds, 50, 60);
        Assert.InRange(window.Percentile(0.99)!.Value.TotalMilliseconds, 99, 119);
        _time.Advance(TimeSpan.FromSeconds(70));
        Assert.Null(window.Percentile(0.5));
    }

    private void Start(IngestOptions? options = null) =>
        _host = new IngestHost(_folder.Root, options ?? IngestHost.Defaults with { MinFreeDiskBytes = AlwaysFree }, time: _time, wrap: s => new FieldStores(s.Features, _telemetry.Around(s.Telemetry), s.Blobs));

    private async Task SendAsync(long sequence) => Assert.True((await _host!.SendAsync(
        Topics.Telemetry(IngestHost.Site, "s"), Encoding.UTF8.GetBytes($$"""[{"n":"a","v":1,"seq":{{sequence}}}]"""))).IsAccepted);

    private IReadOnlyList<JsonElement> Told() =>
        [.. _host!.Sink.Messages.Where(m => m.Topic == "field/v1/aoba/live/health").Select(m => JsonElement.Parse(m.Payload).GetProperty("data"))];

    private (bool IsGood, JsonElement Json) Answer()
    {
        MemoryStream body = new();
        bool isGood = Desk.Write(body);
        return (isGood, JsonElement.Parse(body.ToArray()));
    }
}
