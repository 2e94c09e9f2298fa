using System.Text.Json;
using Field.Contracts;
using Field.Contracts.Locks;
using Field.Ingest.Commands;
using Field.Store;
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
        LockSecret secret = _host.Get<LockSecrets>().GetOrCreate("lock-07");
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
        _host.Get<LockSecrets>().GetOrCreate("lock-07");
        FieldException error = await Assert.ThrowsAsync<FieldException>(() => Commands.SendAsync(new CommandRequest(device, name, reason, who, args), Cancel));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Empty(_host.Sink.Messages);
    }

    [Fact]
    public async Task Command_that_cannot_be_audited_is_not_sent()
    {
        await using IngestHost host = new(_folder.Path("other"));
        CommandService service = new(
            host.Options, host.Stores, host.Get<LockSecrets>(), host.Sink, host.Get<Field.Ingest.LiveUpdates>(), [new FullAudit()],
            TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<CommandService>.Instance);
        await Assert.ThrowsAsync<IOException>(() => service.SendAsync(new CommandRequest("sensor-1", "sensor.sample", "x", "suzuki"), Cancel));
        Assert.Empty(host.Sink.Messages);
    }

    [Fact]
    public void Secret_of_a_lock_is_made_once_and_for_the_server_only()
    {
        LockSecrets secrets = _host.Get<LockSecrets>();
        Assert.Null(secrets.Find("lock-07"));
        Assert.Equal(secrets.GetOrCreate("lock-07").Mac("x"), secrets.GetOrCreate("lock-07").Mac("x"));
        Assert.NotEqual(secrets.GetOrCreate("lock-07").Mac("x"), secrets.GetOrCreate("lock-08").Mac("x"));
        Assert.Throws<FieldException>(() => secrets.GetOrCreate("../lock"));
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

    private sealed class FullAudit : ICommandAudit
    {
        public Task SendingAsync(string commandId, CommandRequest request, CancellationToken cancellationToken) => throw new IOException("disk full");
    }
}
