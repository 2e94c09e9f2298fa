using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Field.Ingest.Identity;
using Field.Store.Audit;
using Field.Tests.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Field.Tests.Security;

/// <summary>The audit log: whole after crashes, and not to be changed unnoticed.</summary>
public sealed class AuditLogTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Folder => _folder.Path("audit");

    private string First => Path.Combine(Folder, "audit-000001.jsonl");

    [Fact]
    public async Task Chain_of_many_files_is_whole()
    {
        await WriteAsync(20, maxFileBytes: 1000);
        Assert.True(Directory.GetFiles(Folder, "audit-*.jsonl").Length > 3);
        AuditReport report = AuditLog.Verify(Folder);
        Assert.Null(report.Problem);
        Assert.Equal(20, report.Entries);
    }

    [Fact]
    public void Log_that_was_never_written_is_whole() => Assert.Equal((0, null), (AuditLog.Verify(Folder).Entries, AuditLog.Verify(Folder).Problem));

    /// <summary>What the documentation says: the hash is the SHA-256 of the line's bytes before <c>,"hash"</c>; <c>sha256sum</c> is the oracle.</summary>
    [Fact]
    public async Task Hash_is_the_plain_sha256_of_the_line_before_it()
    {
        await WriteAsync(2);
        string[] lines = File.ReadAllLines(First);
        string hashed = lines[0][..lines[0].IndexOf(",\"hash\"", StringComparison.Ordinal)];
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hashed)));
        Assert.EndsWith($",\"hash\":\"{hash}\"}}", lines[0], StringComparison.Ordinal);
        Assert.Contains($"\"prev\":\"{hash}\"", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("change", "line 3: its hash")]
    [InlineData("remove", "line 3: entry 3 was expected")]
    [InlineData("swap", "line 3: entry 3 was expected")]
    [InlineData("double", "line 4: entry 4 was expected")]
    [InlineData("cut", "the end is missing")]
    [InlineData("cut-to-nothing", "the end is missing")]
    [InlineData("delete", "the end is missing")]
    [InlineData("head", "head.json is missing")]
    [InlineData("rewrite", "not the one that head.json knows")]
    public async Task Log_that_was_tampered_with_is_found_out(string how, string problem)
    {
        await WriteAsync(6);
        List<string> lines = [.. File.ReadAllLines(First)];
        switch (how)
        {
            case "change": lines[2] = lines[2].Replace("user:a", "user:b", StringComparison.Ordinal); break;
            case "remove": lines.RemoveAt(2); break;
            case "swap": (lines[2], lines[3]) = (lines[3], lines[2]); break;
            case "double": lines.Insert(3, lines[2]); break;
            case "cut": lines.RemoveRange(4, 2); break;
            case "cut-to-nothing": lines.Clear(); break;
            default: break;
        }

        File.WriteAllText(First, string.Concat(lines.Select(l => l + "\n")));
        if (how == "head")
        {
            File.Delete(Path.Combine(Folder, "head.json"));
        }
        else if (how == "delete")
        {
            File.Delete(First);
        }
        else if (how == "rewrite")
        {
            byte[] head = File.ReadAllBytes(Path.Combine(Folder, "head.json"));
            Directory.Delete(Folder, recursive: true);
            await WriteAsync(6, what: "something.else");
            File.WriteAllBytes(Path.Combine(Folder, "head.json"), head);
        }

        Assert.Contains(problem, AuditLog.Verify(Folder).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_that_a_crash_tore_is_cut_off_and_that_is_recorded()
    {
        await WriteAsync(3);
        File.AppendAllText(First, "{\"n\":4,\"prev\":\"12");
        await WriteAsync(1);
        AuditReport report = AuditLog.Verify(Folder);
        Assert.Null(report.Problem);
        Assert.Equal(5, report.Entries);
        Assert.Contains("audit.recover", File.ReadAllLines(First)[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Crash_between_line_and_head_is_in_order()
    {
        await WriteAsync(3);
        byte[] head = File.ReadAllBytes(Path.Combine(Folder, "head.json"));
        await WriteAsync(1);
        File.WriteAllBytes(Path.Combine(Folder, "head.json"), head);
        Assert.Null(AuditLog.Verify(Folder).Problem);
        await WriteAsync(1);
        Assert.Equal((5, null), (AuditLog.Verify(Folder).Entries, AuditLog.Verify(Folder).Problem));
    }

    [Fact]
    public async Task Damaged_end_is_left_as_evidence_and_the_log_goes_on()
    {
        await WriteAsync(3);
        List<string> lines = [.. File.ReadAllLines(First)];
        lines.RemoveAt(2);
        File.WriteAllText(First, string.Concat(lines.Select(l => l + "\n")));
        await WriteAsync(1);
        Assert.Contains("audit-000002.jsonl line 1", AuditLog.Verify(Folder).Problem, StringComparison.Ordinal);
        Assert.Equal(2, File.ReadAllLines(First).Length);
        Assert.Contains("damaged or missing", File.ReadAllText(Path.Combine(Folder, "audit-000002.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_writers_keep_one_chain()
    {
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => WriteAsync(25), Token)));
        Assert.Equal((50, null), (AuditLog.Verify(Folder).Entries, AuditLog.Verify(Folder).Problem));
    }

    [Fact]
    public async Task Long_and_odd_texts_cannot_break_a_line()
    {
        using AuditLog log = new(Folder, TimeProvider.System);
        await log.AppendAsync([new("a", "b\n{\"n\":2}", new string('x', 100_000), "\",\"hash\":\"") { Detail = "水\u2028\0" }], Token);
        Assert.Equal((1, null), (AuditLog.Verify(Folder).Entries, AuditLog.Verify(Folder).Problem));
        Assert.True(new FileInfo(First).Length < 2048);
    }

    [Fact]
    public async Task Flood_of_refusals_is_counted_whole_and_written_within_the_bound()
    {
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        IMeterFactory meters = services.GetRequiredService<IMeterFactory>();
        long counted = 0;
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters))
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref counted, value));
        listener.Start();
        using AuditLog log = new(Folder, TimeProvider.System);
        using SecurityAudit audit = new(log, meters, new Broker.ManualTime(), NullLogger<SecurityAudit>.Instance);
        for (int i = 0; i < 50_000; i++)
        {
            audit.Refused("mqtt.publish", "device:aoba/drone-01", "192.0.2.1", $"topic {i}", "not allowed");
            audit.Refused("mqtts.handshake", "anonymous", $"192.0.2.{i}", "connection", "no certificate");
        }

        await audit.FlushAsync(Token);
        string[] lines = [.. AuditLog.Read(Folder)];
        Assert.Equal(100_000, counted);
        Assert.Equal(102, lines.Length); // the burst, the repetitions of the one kind, and one line for all others
        Assert.Equal(100_000, lines.Sum(l => l.Contains("\"count\":", StringComparison.Ordinal) ? long.Parse(l.Split("\"count\":")[1].Split(',')[0], null) : 1));
    }

    [Fact]
    public async Task Refusal_is_written_at_the_stop_also_when_the_stop_has_no_time_left()
    {
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using AuditLog log = new(Folder, TimeProvider.System);
        using SecurityAudit audit = new(log, services.GetRequiredService<IMeterFactory>(), TimeProvider.System, NullLogger<SecurityAudit>.Instance);
        audit.Refused("mqtt.publish", "device:aoba/drone-01", "192.0.2.1", "topic", "not allowed");
        await audit.StopAsync(new CancellationToken(canceled: true));
        Assert.Contains("\"mqtt.publish\"", Assert.Single(AuditLog.Read(Folder)));
    }

    public void Dispose() => _folder.Dispose();

    private async Task WriteAsync(int count, long maxFileBytes = 1 << 20, string what = "device.enrol")
    {
        using AuditLog log = new(Folder, TimeProvider.System, maxFileBytes);
        for (int i = 0; i < count; i++)
        {
            await log.AppendAsync([new(what, "user:a", $"aoba/drone-{i}", "done")], Token);
        }
    }
}
