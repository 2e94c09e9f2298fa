using Field.Contracts;
using Field.Contracts.Locks;
using Field.Ingest.Identity;
using Field.Ingest.Locks;
using Field.Store.Audit;

namespace Field.Tests.Security;

/// <summary>What a lock refuses is counted and in the audit log of the headquarters.</summary>
public sealed class LockWatchTests
{
    private static readonly UpTopic From = new("aoba", "lock-07", UpChannel.Event);

    [Fact]
    public async Task Guessing_at_a_lock_is_counted_and_audited()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        LockWatch watch = new(host.Get<SecurityAudit>());
        for (int i = 1; i <= 5; i++)
        {
            watch.Observe(From, new LockEvent(LockEventKinds.Denied) { Reason = "wrong-pin", Failures = i }.ToEvent());
        }

        watch.Observe(From, new LockEvent(LockEventKinds.Denied) { Reason = "locked-out", Attempts = 7 }.ToEvent());
        watch.Observe(From, new LockEvent(LockEventKinds.Tamper) { Cause = "pin-guessing", Failures = 5, DelaySeconds = 30 }.ToEvent());
        watch.Observe(From, new LockEvent(LockEventKinds.GrantsRefused) { Reason = "not-sealed" }.ToEvent());
        watch.Observe(From, new LockEvent(LockEventKinds.Unlocked) { By = "manual" }.ToEvent());
        await host.WasRefusedAsync("lock.pin", "aoba/lock-07", "wrong-pin");
        await host.WasRefusedAsync("lock.pin", "aoba/lock-07", "locked-out");
        await host.WasRefusedAsync("lock.tamper", "aoba/lock-07", "pin-guessing");
        await host.WasRefusedAsync("lock.grants", "aoba/lock-07", "not-sealed");
        Assert.Equal(12, host.Count("field.security.refused:lock.pin"));
        Assert.Equal(1, host.Count("field.security.refused:lock.tamper"));
        Assert.DoesNotContain(AuditLog.Read(host.AuditFolder), l => l.Contains("manual", StringComparison.Ordinal));
    }
}
