using Field.Contracts.Locks;
using Field.Ingest.Commands;
using Field.Ingest.Locks;
using Field.Store;
using Field.Store.Audit;
using Field.Tests.Broker;
using Field.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Field.Tests.Ingest;

/// <summary>Grants from the headquarters: audited, kept, sealed, retained; a PIN told once.</summary>
public sealed class GrantServiceTests : IAsyncDisposable
{
    private const string LockId = "aoba/lock-07";
    private static readonly DateTimeOffset Noon = new(2026, 5, 11, 12, 0, 0, TimeSpan.Zero);
    private static readonly Slot Afternoon = new(Noon.AddHours(1), Noon.AddHours(3));

    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new(Noon);
    private readonly IngestHost _host;
    private readonly LockSecret _secret;

    public GrantServiceTests()
    {
        _host = new IngestHost(_folder.Root, time: _time);
        _secret = _host.EnrolLock("lock-07");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static GrantRequest Request => new("lock-07", Afternoon, HasPin: true, "suzuki", Label: "会議室 2");

    private GrantService Grants => _host.Get<GrantService>();

    private LockGrants Retained => LockGrants.Parse(_host.Sink.Retained["field/v1/aoba/lock-07/down/grants"], "aoba", "lock-07").Value!;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Granted_slot_is_published_sealed_and_its_PIN_opens_nothing_else()
    {
        IssuedGrant first = await Grants.GrantAsync(Request, Cancel);
        long version = Retained.Version;
        IssuedGrant second = await Grants.GrantAsync(Request with { OneTime = true }, Cancel);
        Assert.True(Retained.IsSealedBy(_secret, LockId));
        Assert.True(Retained.Version > version);
        Assert.Equal([first.GrantId, second.GrantId], Retained.Grants.Select(g => g.GrantId));
        using PinEntry pin = PinEntry.TryCreate(first.Code)!;
        Assert.Equal(6, pin.Digits.Length);
        Assert.Equal([true, false], Retained.Grants.Select(g => g.Accepts(_secret, LockId, pin)));
        Assert.Equal(("会議室 2", Afternoon, true), (Retained.Grants[1].Label, Retained.Grants[1].Slot, Retained.Grants[1].OneTime));
    }

    [Fact]
    public async Task PIN_is_in_no_file_and_the_audit_says_who_granted_what()
    {
        IssuedGrant issued = await Grants.GrantAsync(Request, Cancel);
        Assert.True(await Grants.RevokeAsync("lock-07", issued.GrantId, "tanaka", Cancel));
        string code = await Grants.KeyBoxCodeAsync("lock-07", Afternoon, "tanaka", Cancel);
        Assert.Equal(KeyBoxCode.Compute(_secret, LockId, Afternoon), code);
        foreach (string file in Directory.EnumerateFiles(_folder.Root, "*", SearchOption.AllDirectories))
        {
            // As a word: six digits may lie in a hash by chance.
            Assert.DoesNotMatch($@"(?<![0-9a-f])({issued.Code}|{code})(?![0-9a-f])", System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Cancel)));
        }

        Assert.DoesNotContain(issued.Code, issued.ToString(), StringComparison.Ordinal);
        string[] lines = [.. AuditLog.Read(_folder.Path("audit"))];
        Assert.Equal(["lock.grant", "lock.grant.revoke", "lock.code"], lines.Select(l => l.Split("\"what\":\"")[1].Split('"')[0]));
        Assert.Contains("user:suzuki", lines[0], StringComparison.Ordinal);
        Assert.Contains(issued.GrantId, lines[0], StringComparison.Ordinal);
        Assert.Contains("user:tanaka", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grant_without_a_PIN_is_opened_by_the_key_box_code_of_its_slot()
    {
        IssuedGrant issued = await Grants.GrantAsync(Request with { HasPin = false }, Cancel);
        Assert.Equal(KeyBoxCode.Compute(_secret, LockId, Afternoon), issued.Code);
        Assert.Null(Assert.Single(Retained.Grants).Pin);
    }

    [Fact]
    public async Task Revoked_grant_is_gone_from_the_list_and_an_unknown_one_changes_nothing()
    {
        IssuedGrant issued = await Grants.GrantAsync(Request, Cancel);
        long version = Retained.Version;
        Assert.False(await Grants.RevokeAsync("lock-07", "another", "suzuki", Cancel));
        Assert.Equal(version, Retained.Version);
        Assert.True(await Grants.RevokeAsync("lock-07", issued.GrantId, "suzuki", Cancel));
        Assert.Empty(Retained.Grants);
        Assert.Empty(Grants.List("lock-07"));
        Assert.True(Retained.Version > version);
    }

    [Fact]
    public async Task Grants_that_are_over_leave_the_list()
    {
        await Grants.GrantAsync(Request with { GrantId = "over-soon" }, Cancel);
        await Grants.GrantAsync(Request with { GrantId = "later", Slot = new(Noon.AddHours(5), Noon.AddHours(6)) }, Cancel);
        _time.Advance(TimeSpan.FromHours(3));
        Assert.Equal("later", Assert.Single(Grants.List("lock-07")).GrantId);
        await Grants.RefreshAsync(publishAll: false, Cancel);
        Assert.Equal("later", Assert.Single(Retained.Grants).GrantId);
    }

    [Fact]
    public async Task Restart_publishes_the_same_list_again_and_its_version_goes_on()
    {
        IssuedGrant issued = await Grants.GrantAsync(Request, Cancel);
        byte[] before = _host.Sink.Retained.Values.Single();
        await using IngestHost next = new(_folder.Root, time: _time);
        await next.Get<GrantService>().RefreshAsync(publishAll: true, Cancel);
        Assert.Equal(before, next.Sink.Retained.Values.Single());
        Assert.Equal(issued.GrantId, Assert.Single(next.Get<GrantService>().List("lock-07")).GrantId);
        long version = Retained.Version;
        await next.Get<GrantService>().GrantAsync(Request, Cancel);
        Assert.True(LockGrants.Parse(next.Sink.Retained.Values.Single(), "aoba", "lock-07").Value!.Version > version);
    }

    [Fact]
    public async Task Version_rises_also_when_the_kept_list_was_lost_or_the_clock_was_set_back()
    {
        await Grants.GrantAsync(Request, Cancel);
        long version = Retained.Version;
        _time.Advance(TimeSpan.FromSeconds(5));
        Directory.Delete(_folder.Path("grants"), recursive: true);
        await Grants.GrantAsync(Request, Cancel);
        Assert.True(Retained.Version > version);
        version = Retained.Version;
        await using IngestHost back = new(_folder.Root, time: new ManualTime(Noon.AddDays(-1)));
        await back.Get<GrantService>().GrantAsync(Request, Cancel);
        Assert.Equal(version + 1, LockGrants.Parse(back.Sink.Retained.Values.Single(), "aoba", "lock-07").Value!.Version);
    }

    [Fact]
    public async Task New_secret_makes_earlier_grants_void_and_the_lock_gets_an_empty_list_that_it_can_believe()
    {
        await Grants.GrantAsync(Request, Cancel);
        long version = Retained.Version;
        LockSecret next = _host.EnrolLock("lock-07", "BBBBB");
        Assert.Empty(Grants.List("lock-07"));
        await Grants.RefreshAsync(publishAll: false, Cancel);
        Assert.True(Retained.IsSealedBy(next, LockId));
        Assert.Empty(Retained.Grants);
        Assert.True(Retained.Version > version);
        Assert.Contains("lock.grants.void", AuditLog.Read(_folder.Path("audit")).Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_request_is_refused_and_changes_nothing()
    {
        await Grants.GrantAsync(Request with { GrantId = "one" }, Cancel);
        byte[] before = _host.Sink.Retained.Values.Single();
        (GrantRequest Wrong, string Says)[] all =
        [
            (Request with { Device = "drone-01" }, "no lock secret"),
            (Request with { Device = "../x" }, "device id"),
            (Request with { Who = " " }, "who"),
            (Request with { Slot = new(Noon.AddHours(2), Noon.AddHours(1)) }, "a slot ends"),
            (Request with { Slot = new(Noon.AddHours(-2), Noon) }, "a slot ends"),
            (Request with { HasPin = false, Slot = new(Noon.AddMinutes(1), Noon.AddHours(1)) }, "30 minutes"),
            (Request with { GrantId = "One!" }, "/grantId"),
            (Request with { GrantId = "one" }, "has a grant"),
            (Request with { Label = "a\nb" }, "/label"),
        ];
        foreach ((GrantRequest wrong, string says) in all)
        {
            FieldException error = await Assert.ThrowsAsync<FieldException>(() => Grants.GrantAsync(wrong, Cancel));
            Assert.Contains(says, error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, _host.Sink.Retained.Values.Single());
        Assert.Single(AuditLog.Read(_folder.Path("audit")));
    }

    [Fact]
    public async Task Grant_that_cannot_be_audited_is_not_given()
    {
        await File.WriteAllTextAsync(_folder.Path("a-file"), "where the audit log would need a folder", Cancel);
        using AuditLog full = new(_folder.Path("a-file/audit"), _time);
        using GrantService service = new(_host.Options, _host.Get<LockSecrets>(), _host.Sink, full, _time, NullLogger<GrantService>.Instance);
        await Assert.ThrowsAsync<StoreException>(() => service.GrantAsync(Request, Cancel));
        await Assert.ThrowsAsync<StoreException>(() => service.KeyBoxCodeAsync("lock-07", Afternoon, "suzuki", Cancel));
        Assert.Empty(_host.Sink.Retained);
        Assert.Empty(service.List("lock-07"));
    }

    [Fact]
    public async Task Damaged_list_stops_grants_and_is_not_overwritten()
    {
        await Grants.GrantAsync(Request, Cancel);
        string file = Assert.Single(Directory.GetFiles(_folder.Path("grants")));
        await File.WriteAllTextAsync(file, "{", Cancel);
        await Assert.ThrowsAsync<FieldException>(() => Grants.GrantAsync(Request, Cancel));
        await Grants.RefreshAsync(publishAll: true, Cancel); // the other locks' go on
        Assert.Equal("{", await File.ReadAllTextAsync(file, Cancel));
    }
}
