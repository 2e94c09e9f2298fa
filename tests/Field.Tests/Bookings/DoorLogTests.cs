using Field.Contracts;
using Field.Contracts.Locks;
using Field.Ingest.Commands;
using Field.Ingest.Locks;

namespace Field.Tests.Bookings;

/// <summary>SPEC.md section 22: who opened which door.</summary>
public sealed class DoorLogTests
{
    private long _sequence;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_opening_says_whose_booking_or_who_from_afar_and_why()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        await scene.BookAsync("b1", "meeting", 9, 12);
        await scene.Keys.IssuePinAsync("b1", "suzuki", Cancel);
        await scene.Keys.IssuePinAsync("b1", "suzuki", Cancel); // the second PIN of the booking
        await scene.Locks.SynchroniseAsync(Cancel);
        string grant = scene.Known("lock-01").Grants.Single().GrantId;
        Assert.EndsWith("-2", grant, StringComparison.Ordinal);
        scene.Time.Advance(BookingScene.At(9) - BookingScene.Noon);
        string command = await scene.Host.Get<CommandService>().SendAsync(new("lock-01", "lock.open", "避難所を開設", "本部 花子"), Cancel);
        await TellAsync(scene, "lock-01", 9, new LockEvent(LockEventKinds.Unlocked) { By = "grant", GrantId = grant });
        await TellAsync(scene, "lock-01", 9.5, new LockEvent(LockEventKinds.Unlocked) { By = "command", CommandId = command });
        await TellAsync(scene, "lock-01", 10, new LockEvent(LockEventKinds.Unlocked) { By = "grant", GrantId = "cleaner" });
        await TellAsync(scene, "lock-02", 10.5, new LockEvent(LockEventKinds.Unlocked) { By = "key" });
        await TellAsync(scene, "lock-02", 11, new LockEvent(LockEventKinds.Denied) { Reason = "wrong-pin", Failures = 1 });
        await TellAsync(scene, "lock-02", 11.5, new LockEvent(LockEventKinds.GrantsTaken) { Version = 3 });

        IReadOnlyList<DoorEntry> log = await ReadAsync(scene, 0, 24, "gym");
        Assert.Equal(["lock-denied", "lock-unlocked", "lock-unlocked", "lock-unlocked", "lock-unlocked"], log.Select(e => e.Kind)); // the list of grants is nobody's opening
        Assert.Equal(("wrong-pin", "会議室"), (log[0].Reason, log[0].Door.Name));
        Assert.Equal("key", log[1].By);
        Assert.Equal(("grant", "cleaner"), (log[2].By, log[2].GrantId));
        Assert.Equal(("command", "本部 花子", "避難所を開設"), (log[3].By, log[3].Who, log[3].Reason));
        Assert.Equal(("booking", "b1", "山田 花子"), (log[4].By, log[4].Booking!.Id, log[4].Booking!.Name));
        Assert.Single(await ReadAsync(scene, 10.75, 24, null));
        Assert.Empty(await ReadAsync(scene, 0, 24, "elsewhere"));
    }

    [Fact]
    public async Task Name_is_gone_from_the_log_when_it_is_deleted_and_the_booking_stays()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        await scene.BookAsync("b1", "meeting", 9, 12);
        await scene.Keys.IssuePinAsync("b1", "suzuki", Cancel);
        await scene.Locks.SynchroniseAsync(Cancel);
        string grant = scene.Known("lock-01").Grants.Single().GrantId;
        scene.Time.Advance(BookingScene.At(9) - BookingScene.Noon);
        await TellAsync(scene, "lock-01", 9, new LockEvent(LockEventKinds.Unlocked) { By = "grant", GrantId = grant });
        scene.Time.Advance(TimeSpan.FromDays(32));
        await scene.Desk.WipeAsync(Cancel);
        DoorEntry entry = Assert.Single(await ReadAsync(scene, 0, 24, "gym"));
        Assert.Equal(("b1", null), (entry.Booking!.Id, entry.Booking.Name));
    }

    [Fact]
    public async Task Batteries_are_foretold_from_telemetry_and_the_silent_ones_told()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        for (int day = 0; day < 40; day++)
        {
            SenMLPack pack = new([new Measurement("battery", scene.Time.GetUtcNow(), "%EL", 90 - day)], ++_sequence);
            Assert.True((await scene.Host.SendAsync("field/v1/aoba/lock-01/up/telemetry", pack.Write())).IsAccepted);
            scene.Time.Advance(TimeSpan.FromDays(1));
        }

        var batteries = await scene.Host.Get<DoorBatteries>().ReadAsync(null, Cancel);
        Assert.Equal(["lock-02", "lock-01"], batteries.Select(b => b.Door.Device)); // key boxes have no telemetry
        Assert.Equal((true, BatteryOutlook.TooLittle), (batteries[0].IsSilent, batteries[0].Battery.Outlook));
        Assert.Equal((false, BatteryOutlook.Falls, 51.0), (batteries[1].IsSilent, batteries[1].Battery.Outlook, batteries[1].Battery.Percent));
        Assert.Equal("lock-02", Assert.Single(await scene.Host.Get<DoorBatteries>().ReadAsync("lock-02", Cancel)).Door.Device);
        DateOnly truth = DateOnly.FromDateTime(BookingScene.Noon.AddHours(9).AddDays(70).DateTime); // 70 points at one a day
        Assert.InRange(batteries[1].Battery.Date!.Value, truth.AddDays(-2), truth.AddDays(2));
    }

    [Fact]
    public async Task Pages_of_any_size_together_are_the_whole_log_once_and_in_order()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        for (int i = 0; i < 12; i++)
        {
            double hour = 8 + (i / 3 * 0.1); // three at the same moment
            bool isNobody = i % 4 == 3;
            await TellAsync(scene, i % 2 == 0 ? "lock-01" : "lock-02", hour, isNobody ? new LockEvent(LockEventKinds.GrantsTaken) { Version = i } : new LockEvent(LockEventKinds.Unlocked) { By = "key" });
        }

        string[] whole = [.. (await ReadAsync(scene, 0, 24, "gym")).Select(e => e.Id)];
        Assert.Equal(9, whole.Length);
        foreach (int limit in (int[])[1, 2, 4, 9, 10])
        {
            List<string> paged = [];
            DoorLogQuery query = new(BookingScene.At(0), BookingScene.At(24)) { Limit = limit };
            DoorLogPage page;
            do
            {
                page = await scene.Host.Get<DoorLog>().ReadAsync(query, Cancel);
                Assert.True(page.Entries.Count <= limit);
                paged.AddRange(page.Entries.Select(e => e.Id));
                query = page.IsLast ? query : query with { After = (page.Entries[^1].At, page.Entries[^1].Id) };
            }
            while (!page.IsLast);
            Assert.Equal(whole, paged);
        }

        DoorLogPage one = await scene.Host.Get<DoorLog>().ReadAsync(new(BookingScene.At(0), BookingScene.At(24)) { Device = "lock-02", Limit = 1 }, Cancel);
        Assert.Equal(("lock-02", false), (Assert.Single(one.Entries).Door.Device, one.IsLast));
    }

    private static async Task<IReadOnlyList<DoorEntry>> ReadAsync(BookingScene scene, double from, double to, string? facility) =>
        (await scene.Host.Get<DoorLog>().ReadAsync(new(BookingScene.At(from), BookingScene.At(to)) { FacilityId = facility }, Cancel)).Entries;

    private async Task TellAsync(BookingScene scene, string device, double hour, LockEvent told)
    {
        scene.Time.Advance(BookingScene.At(hour) - scene.Time.GetUtcNow());
        Assert.True((await scene.Host.SendAsync($"field/v1/aoba/{device}/up/event", told.ToEvent().Write("aoba", device, ++_sequence, scene.Time.GetUtcNow()))).IsAccepted);
    }
}
