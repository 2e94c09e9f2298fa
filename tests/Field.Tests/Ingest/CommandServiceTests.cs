using System.Text.Json;
using Field.Contracts;
using Field.Contracts.Locks;
using Field.Ingest.Commands;
using Field.Store;
using Field.Store.Audit;
using Field.Tests.Store;

namespace Field.Tests.Ingest;

/// <summary>Commands from the headquarters: checked, stored, sealed, sent, answered once.</summary>
public sealed class CommandServiceTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly IngestHost _host;

    public CommandServiceTests() => _host = new IngestHost(_folder.Root);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private CommandService Commands => _host.Get<CommandService>();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Command_is_stored_sealed_and_sent_and_its_first_answer_counts()
    {
        LockSecret secret = _host.EnrolLock("lock-07");
        string id = await Commands.SendAsync(new CommandRequest("lock-07", "lock.open", "避難所の開設", "suzuki"), Cancel);
        (string topic, byte[] payload) = _host.Sink.Messages.Single(m => m.Topic.EndsWith("/down/command", StringComparison.Ordinal));
        Assert.Equal("field/v1/aoba/lock-07/down/command", topic);
        DeviceCommand sent = DeviceCommand.Parse(payload, "aoba", "lock-07").Value!;
        Assert.True(sent.IsSealedBy(secret, "aoba/lock-07"));
        Assert.Equal((id, "避難所の開設", TimeSpan.FromMinutes(1)), (sent.Id, sent.Reason, sent.ExpiresAt - sent.IssuedAt));
        Assert.Equal(("sent", "suzuki", "lock.open"), await RowAsync(id));

        await AnswerAsync("lock-08", 1, new CommandResult(id, CommandOutcome.Refused)); // another device cannot answer
        Assert.Equal("sent", (await RowAsync(id)).Outcome);
        await AnswerAsync("lock-07", 1, new CommandResult(id, CommandOutcome.Done));
        await AnswerAsync("lock-07", 2, new CommandResult(id, CommandOutcome.Refused, "duplicate"));
        Assert.Equal(("done", "suzuki", "lock.open"), await RowAsync(id));
        Assert.Equal(2, _host.Sink.Live("event").Count(e => e.GetRawText().Contains($"command:{id}", StringComparison.Ordinal)));
        await AnswerAsync("lock-07", 3, new CommandResult("nobody-asked", CommandOutcome.Done)); // kept as an event, and nothing else
    }

    [Theory]
    [InlineData("lock-07", "lock.open", "", "suzuki", "{}", "/data/reason")]
    [InlineData("lock-07", "lock.open", "  ", "suzuki", "{}", "/data/reason")]
    [InlineData("lock-07", "Open!", "x\ny", "suzuki", "{}", "/data/reason")]
    [InlineData("lock-07", "lock.open", "x", "", "{}", "who asks")]
    [InlineData("live", "lock.open", "x", "suzuki", "{}", "device id")]
    [InlineData("../x", "lock.open", "x", "suzuki", "{}", "device id")]
    [InlineData("lock-07", "lock.open", "x", "suzuki", "[1]", "/data/args")]
    [InlineData("lock-07", "lock.open", "x", "suzuki", "{", "args")]
    [InlineData("lock-99", "lock.open", "x", "suzuki", "{}", "no lock secret")]
    public async Task Wrong_request_is_refused_before_anything_is_stored_or_sent(string device, string name, string reason, string who, string args, string says)
    {
        _host.EnrolLock("lock-07");
        FieldException error = await Assert.ThrowsAsync<FieldException>(() => Commands.SendAsync(new CommandRequest(device, name, reason, who, args), Cancel));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Empty(_host.Sink.Messages);
    }

    [Fact]
    public async Task Command_that_cannot_be_audited_is_not_sent()
    {
        await using IngestHost host = new(_folder.Path("other"));
        await File.WriteAllTextAsync(_folder.Path("a-file"), "where the audit log would need a folder", Cancel);
        CommandService service = new(
            host.Options, host.Stores, host.Get<LockSecrets>(), host.Sink, host.Get<Field.Ingest.LiveUpdates>(), new AuditLog(_folder.Path("a-file/audit"), TimeProvider.System),
            TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<CommandService>.Instance);
        await Assert.ThrowsAsync<StoreException>(() => service.SendAsync(new CommandRequest("sensor-1", "sensor.sample", "x", "suzuki"), Cancel));
        Assert.Empty(host.Sink.Messages);
    }

    [Fact]
    public async Task Command_is_in_the_audit_log_with_who_and_why()
    {
        _host.EnrolLock("lock-07");
        string id = await Commands.SendAsync(new CommandRequest("lock-07", "lock.open", "fire drill", "suzuki"), Cancel);
        string line = Assert.Single(AuditLog.Read(_folder.Path("audit")));
        foreach (string part in (string[])["command.send", "user:suzuki", "aoba/lock-07", "lock.open", id, "fire drill"])
        {
            Assert.Contains(part, line, StringComparison.Ordinal);
        }

        Assert.Equal(new CommandState("lock-07", "sent", null), await Commands.FindAsync(id, Cancel));
        Assert.Null(await Commands.FindAsync("another", Cancel));
    }

    [Fact]
    public void Secret_of_a_lock_counts_from_the_use_of_its_code_and_is_for_the_server_only()
    {
        LockSecrets secrets = _host.Get<LockSecrets>();
        Assert.Null(secrets.Find("lock-07"));
        secrets.Prepare("lock-07", "AAAAA");
        Assert.Null(secrets.HandOver("lock-07", "BBBBB"));
        LockSecret first = secrets.HandOver("lock-07", "AAAAA")!;
        Assert.Equal(first.Mac("x"), secrets.HandOver("lock-07", "AAAAA")!.Mac("x")); // the answer may have been lost
        secrets.Prepare("lock-07", "CCCCC");
        secrets.Prepare("lock-07", "DDDDD");
        Assert.Equal(first.Mac("x"), secrets.HandOver("lock-07", "CCCCC")!.Mac("x")); // ended by the next code
        Assert.NotEqual(first.Mac("x"), secrets.HandOver("lock-07", "DDDDD")!.Mac("x"));
        Assert.Null(secrets.Find("lock-08"));
        secrets.Prepare("lock-07", codeId: null); // enrolled anew, and no lock any more
        Assert.Null(secrets.Find("lock-07"));
        Assert.Throws<FieldException>(() => secrets.Prepare("../lock", "AAAAA"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder.Path("secrets")));
        }
    }

    private async Task AnswerAsync(string device, long sequence, CommandResult result) => Assert.True(
        (await _host.SendAsync(Topics.Event("aoba", device), result.ToEvent().Write("aoba", device, sequence, DateTimeOffset.UnixEpoch.AddYears(56)))).IsAccepted);

    private async Task<(string Outcome, string Who, string Name)> RowAsync(string id)
    {
        Feature row = (await _host.Stores.Features.FindAsync(FieldTables.Events, $"command:{id}", Cancel))!;
        using JsonDocument details = JsonDocument.Parse(row.Text("details")!);
        string Member(string name) => details.RootElement.GetProperty(name).GetString()!;
        return (Member("outcome"), Member("who"), Member("name"));
    }
}
