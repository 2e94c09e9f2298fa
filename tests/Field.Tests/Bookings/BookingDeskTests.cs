using Field.Contracts.Locks;
using Field.Ingest.Bookings;
using Field.Ingest.Locks;
using Field.Store;
using Field.Store.Audit;
using Field.Tests.Ingest;

namespace Field.Tests.Bookings;

/// <summary>SPEC.md section 22: what is booked, what the locks then know, and what is kept of people.</summary>
public sealed class BookingDeskTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Overlapping_booking_is_refused_with_the_booking_that_is_in_its_way()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        await scene.BookAsync("first", "court-a", 9, 12);
        BookingException refused = await Assert.ThrowsAsync<BookingException>(() => scene.BookAsync("second", "court-a", 11, 13));
        Assert.Equal("overlap", refused.Fault.Code);
        Assert.Contains("first", refused.Fault.Ja, StringComparison.Ordinal);
        Assert.DoesNotContain("山田", refused.Message, StringComparison.Ordinal);
        Assert.Equal("added", (await scene.BookAsync("after", "court-a", 12, 13)).Outcome); // the end is not in it
    }

    [Theory]
    [InlineData("court", "court-a", false)]
    [InlineData("court-b", "court", false)]
    [InlineData("court-a", "court-b", true)]
    [InlineData("court", "meeting", true)]
    public async Task Whole_and_its_parts_are_not_booked_at_the_same_time(string first, string second, bool isFree)
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        await scene.BookAsync("first", first, 9, 12);
        Exception? refused = await Record.ExceptionAsync(() => scene.BookAsync("second", second, 10, 11));
        Assert.Equal(isFree, refused is null);
    }

    [Fact]
    public async Task Same_request_again_changes_nothing_and_another_is_a_change()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        Booking first = (await scene.BookAsync("2026-1", "meeting", 9, 12)).Booking!;
        BookingOutcome again = await scene.BookAsync("2026-1", "meeting", 9, 12);
        Assert.Equal(("same", first.Revision), (again.Outcome, again.Booking!.Revision));
        BookingOutcome moved = await scene.BookAsync("2026-1", "meeting", 10, 12);
        Assert.Equal("changed", moved.Outcome);
        Assert.Equal("change", moved.Booking!.Steps[^1].What);
        Assert.Contains("2026-05-12T00:00:00Z", moved.Booking.Steps[^1].Before, StringComparison.Ordinal);
        BookingException late = await Assert.ThrowsAsync<BookingException>(() => scene.Desk.PutAsync(BookingScene.Request("2026-1", "meeting", 11, 12), "screen", "sato", first.Revision, Cancel));
        Assert.Equal("changed", late.Fault.Code);
    }

    [Fact]
    public async Task PIN_opens_the_doors_of_its_booking_from_before_until_after_and_no_other_door()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        await scene.BookAsync("b1", "meeting", 9, 12);
        await scene.BookAsync("b2", "court-a", 9, 12);
        (IssuedPin meeting, Booking booking) = await scene.Keys.IssuePinAsync("b1", "suzuki", Cancel);
        (IssuedPin court, _) = await scene.Keys.IssuePinAsync("b2", "suzuki", Cancel);
        await scene.Locks.SynchroniseAsync(Cancel);
        Assert.Equal(["lock-01", "lock-02"], meeting.Doors.Select(d => d.Device));
        Assert.Equal(PinState.Issued, scene.Keys.PinOf(booking, BookingScene.Gym));
        Assert.All((string[])["lock-01", "lock-02"], door => Assert.True(scene.Opens(meeting.Pin, BookingScene.At(8.76), door)));
        Assert.False(scene.Opens(meeting.Pin, BookingScene.At(8.7)));
        Assert.True(scene.Opens(meeting.Pin, BookingScene.At(12.1)));
        Assert.False(scene.Opens(meeting.Pin, BookingScene.At(12.2)));
        Assert.True(scene.Opens(court.Pin, BookingScene.At(10)));
        Assert.False(scene.Opens(court.Pin, BookingScene.At(10), "lock-02"));
        Assert.NotEqual(meeting.Pin, court.Pin); // at the same door at the same time: the door log must name the right booking
        Assert.Equal("会議室", scene.Known("lock-02").Grants.Single().Label); // and nobody's name
    }

    [Fact]
    public async Task Lost_PIN_is_replaced_and_the_one_before_opens_no_more()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        await scene.BookAsync("b1", "meeting", 9, 12);
        (IssuedPin lost, _) = await scene.Keys.IssuePinAsync("b1", "suzuki", Cancel);
        (IssuedPin next, _) = await scene.Keys.IssuePinAsync("b1", "suzuki", Cancel);
        await scene.Locks.SynchroniseAsync(Cancel);
        Assert.True(scene.Opens(next.Pin, BookingScene.At(10)));
        Assert.True(lost.Pin == next.Pin || !scene.Opens(lost.Pin, BookingScene.At(10)));
        Assert.Single(scene.Known("lock-01").Grants);
    }

    [Fact]
    public async Task Moved_booking_needs_a_new_PIN_and_a_cancelled_one_opens_nothing()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        await scene.BookAsync("b1", "meeting", 9, 12);
        (IssuedPin pin, _) = await scene.Keys.IssuePinAsync("b1", "suzuki", Cancel);
        await scene.Desk.PutAsync(BookingScene.Request("b1", "meeting", 9, 12) with { Contact = "054-111-1111" }, "screen", "suzuki", null, Cancel);
        await scene.Locks.SynchroniseAsync(Cancel);
        Assert.True(scene.Opens(pin.Pin, BookingScene.At(10))); // another telephone number is no other slot
        Booking moved = (await scene.BookAsync("b1", "meeting", 13, 15)).Booking!;
        await scene.Locks.SynchroniseAsync(Cancel);
        Assert.Equal(PinState.None, scene.Keys.PinOf(moved, BookingScene.Gym));
        Assert.False(scene.Opens(pin.Pin, BookingScene.At(10)));
        (pin, _) = await scene.Keys.IssuePinAsync("b1", "suzuki", Cancel);
        await scene.Desk.CancelAsync("b1", "suzuki", null, Cancel);
        await scene.Locks.SynchroniseAsync(Cancel);
        Assert.False(scene.Opens(pin.Pin, BookingScene.At(14)));
        Assert.Equal("cancelled", (await Assert.ThrowsAsync<BookingException>(() => scene.Keys.IssuePinAsync("b1", "suzuki", Cancel))).Fault.Code);
        Assert.Equal("changed", (await scene.BookAsync("b1", "meeting", 13, 15)).Outcome); // undone: it is booked again
    }

    [Fact]
    public async Task Restart_goes_on_and_a_lock_that_was_enrolled_anew_needs_new_PINs()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        await scene.BookAsync("b1", "meeting", 9, 12);
        (IssuedPin pin, _) = await scene.Keys.IssuePinAsync("b1", "suzuki", Cancel);
        await scene.Locks.SynchroniseAsync(Cancel);
        scene.Time.Advance(TimeSpan.FromMinutes(1));
        await using IngestHost next = new(scene.Folder, time: scene.Time);
        await next.Get<GrantService>().RefreshAsync(publishAll: true, Cancel);
        await next.Get<BookingGrants>().SynchroniseAsync(Cancel);
        using PinEntry entry = PinEntry.TryCreate(pin.Pin)!;
        Assert.True(scene.Known("lock-01", next).Grants.Single().Accepts(scene.Secret, "aoba/lock-01", entry));

        scene.Host.EnrolLock("lock-01", "BBBBB");
        await scene.Locks.SynchroniseAsync(Cancel);
        Booking booking = (await scene.Desk.FindAsync("b1", Cancel))!;
        Assert.Equal(PinState.Again, scene.Keys.PinOf(booking, BookingScene.Gym));
        Assert.False(scene.Opens(pin.Pin, BookingScene.At(10)));
        Assert.True(scene.Opens(pin.Pin, BookingScene.At(10), "lock-02")); // the other door still knows it
        (IssuedPin again, _) = await scene.Keys.IssuePinAsync("b1", "suzuki", Cancel);
        await scene.Locks.SynchroniseAsync(Cancel);
        Assert.True(scene.Opens(again.Pin, BookingScene.At(10)));
    }

    [Fact]
    public async Task Lock_knows_the_nearest_of_more_bookings_than_its_list_holds_and_the_rest_follow()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        GrantService grants = scene.Host.Get<GrantService>();
        LockGrant[] many = [.. Enumerable.Range(0, 140).Select(i => new LockGrant($"b-{i:0000}-1", BookingScene.Hours(i, i + 1), new PinHash(10_000, new string('0', 32), new string('0', 64))))];
        await grants.GrantAsync(new GrantRequest("lock-01", BookingScene.Hours(0, 400), HasPin: true, "suzuki", GrantId: "cleaner"), Cancel);
        await grants.SetBookingsAsync("lock-01", [.. many.Reverse()], Cancel);
        string[] known = [.. scene.Known("lock-01").Grants.Select(g => g.GrantId)];
        Assert.Equal(LockGrants.MaxGrants, known.Length);
        Assert.Contains("cleaner", known);
        Assert.Contains("b-0126-1", known);
        Assert.DoesNotContain("b-0127-1", known);
        scene.Time.Advance(BookingScene.At(20) - BookingScene.Noon);
        await grants.SetBookingsAsync("lock-01", [.. many.Where(g => g.Slot.End > BookingScene.At(20))], Cancel);
        Assert.Contains("b-0139-1", scene.Known("lock-01").Grants.Select(g => g.GrantId));
        await Assert.ThrowsAsync<FieldException>(() => grants.GrantAsync(new GrantRequest("lock-01", BookingScene.Hours(21, 22), HasPin: true, "suzuki", GrantId: "b-mine"), Cancel));
    }

    [Fact]
    public async Task List_that_says_the_same_is_not_sent_again()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        await scene.BookAsync("b1", "meeting", 9, 12);
        await scene.Keys.IssuePinAsync("b1", "suzuki", Cancel);
        await scene.Locks.SynchroniseAsync(Cancel);
        long version = scene.Known("lock-01").Version;
        scene.Time.Advance(TimeSpan.FromMinutes(1));
        await scene.Locks.SynchroniseAsync(Cancel);
        Assert.Equal(version, scene.Known("lock-01").Version);
    }

    [Fact]
    public async Task Names_and_PINs_are_where_they_may_be_and_deleted_in_time()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        await scene.BookAsync("b1", "meeting", 9, 12);
        (IssuedPin pin, _) = await scene.Keys.IssuePinAsync("b1", "suzuki", Cancel);
        await scene.Locks.SynchroniseAsync(Cancel);
        foreach (string file in Directory.EnumerateFiles(scene.Folder, "*", SearchOption.AllDirectories).Where(f => !Path.GetFileName(f).Contains(".gpkg", StringComparison.Ordinal)))
        {
            string text = System.Text.Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file, Cancel));
            Assert.DoesNotContain("山田", text, StringComparison.Ordinal); // audit log, lists of the locks, secrets
            Assert.DoesNotMatch($"(?<![0-9a-f]){pin.Pin}(?![0-9a-f])", text);
        }

        Assert.DoesNotContain(scene.Host.Sink.Messages, m => System.Text.Encoding.UTF8.GetString(m.Payload).Contains("山田", StringComparison.Ordinal));
        Assert.Equal(["facility.set", "booking.add", "booking.pin"], AuditLog.Read(Path.Combine(scene.Folder, "audit")).Select(l => l.Split("\"what\":\"")[1].Split('"')[0]));
        Assert.Equal(0, await scene.Desk.WipeAsync(Cancel));
        scene.Time.Advance(TimeSpan.FromDays(31) + TimeSpan.FromHours(24));
        Assert.Equal(1, await scene.Desk.WipeAsync(Cancel));
        Booking wiped = (await scene.Desk.FindAsync("b1", Cancel))!;
        Assert.Equal((null, null, null), (wiped.Name, wiped.Contact, wiped.Purpose));
        Assert.Equal(0, await scene.Desk.WipeAsync(Cancel));
    }

    [Fact]
    public async Task Key_box_code_is_of_the_half_hours_round_the_booking()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        await scene.BookAsync("b1", "meeting", 9, 12);
        (_, _, IReadOnlyList<BoxCode> codes) = await scene.Keys.BoxCodesAsync("b1", "suzuki", Cancel);
        BoxCode code = Assert.Single(codes);
        Assert.Equal(BookingScene.Hours(8.5, 12.5), code.Access);
        Assert.Equal(KeyBoxCode.Compute(scene.Host.Get<Field.Ingest.Commands.LockSecrets>().Find("box-01")!, "aoba/box-01", code.Access), code.Code);
        await scene.BookAsync("long", "court", 9, 21);
        Assert.Equal("key-box-too-long", (await Assert.ThrowsAsync<BookingException>(() => scene.Keys.BoxCodesAsync("long", "suzuki", Cancel))).Fault.Code);
    }

    [Fact]
    public async Task Facility_that_is_not_right_is_refused_and_one_with_bookings_to_come_stays()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        (Facility Wrong, string Says)[] all =
        [
            (BookingScene.Gym with { Id = "Gym!" }, "facilityId"),
            (BookingScene.Gym with { Name = " " }, "name"),
            (BookingScene.Gym with { Kind = "castle" }, "kind"),
            (BookingScene.Gym with { Lat = 91 }, "lon, lat"),
            (BookingScene.Gym with { Rooms = [] }, "rooms"),
            (BookingScene.Gym with { Rooms = [new("a", "A", "none")] }, "partOf"),
            (BookingScene.Gym with { Doors = [new("lock 1", "玄関")] }, "doors"),
            (BookingScene.Gym with { MinutesAfter = 500 }, "minutesAfter"),
        ];
        foreach ((Facility wrong, string says) in all)
        {
            Assert.Contains(says, (await Assert.ThrowsAsync<BookingException>(() => scene.Facilities.PutAsync(wrong, "suzuki", Cancel))).Fault.En, StringComparison.Ordinal);
        }

        await scene.BookAsync("b1", "meeting", 9, 12);
        Assert.Equal("has-bookings", (await Assert.ThrowsAsync<BookingException>(() => scene.Facilities.RemoveAsync("gym", "suzuki", null, Cancel))).Fault.Code);
        await scene.Desk.CancelAsync("b1", "suzuki", null, Cancel);
        await scene.Facilities.RemoveAsync("gym", "suzuki", null, Cancel);
        Assert.Empty(await scene.Facilities.ListAsync(withRemoved: false, Cancel));
        await scene.Facilities.PutAsync(BookingScene.Gym, "suzuki", Cancel);
        Assert.Single(await scene.Facilities.ListAsync(withRemoved: false, Cancel));
    }

    [Fact]
    public async Task Every_change_of_a_facility_is_kept_and_the_last_one_is_undone_a_removal_too()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        Facility named = await scene.Facilities.PutAsync(BookingScene.Gym with { Name = "東山アリーナ" }, "tanaka", Cancel);
        Assert.Equal("changed", (await FaultAsync(() => scene.Facilities.UndoAsync("gym", "sato", named.Revision - 1, Cancel))).Code);
        Facility before = await scene.Facilities.UndoAsync("gym", "sato", named.Revision, Cancel);
        Assert.Equal((BookingScene.Gym.Name, "sato"), (before.Name, before.ChangedBy));
        Facility removed = await scene.Facilities.RemoveAsync("gym", "tanaka", before.Revision, Cancel);
        Assert.Empty(await scene.Facilities.ListAsync(withRemoved: false, Cancel));
        Assert.Equal(scene.Time.GetUtcNow(), Assert.Single(await scene.Facilities.ListAsync(withRemoved: true, Cancel)).RemovedAt);
        Facility back = await scene.Facilities.UndoAsync("gym", "sato", removed.Revision, Cancel);
        Assert.Equivalent(BookingScene.Gym with { Revision = back.Revision, ChangedBy = "sato", ChangedAt = scene.Time.GetUtcNow(), ChangeCount = 5 }, back, strict: true);

        Facility unmade = await scene.Facilities.UndoAsync("gym", "sato", back.Revision, Cancel);
        Assert.NotNull(unmade.RemovedAt);
        Assert.Null((await scene.Facilities.UndoAsync("gym", "sato", unmade.Revision, Cancel)).RemovedAt);
        IReadOnlyList<FacilityChange> history = await scene.Facilities.HistoryAsync("gym", Cancel);
        Assert.Equal(["set suzuki", "set tanaka", "undo sato", "set tanaka", "undo sato", "set sato", "undo sato"], history.Select(h => $"{h.Action} {h.Who}"));
        Assert.Equal([BookingScene.Gym.Name, "東山アリーナ", BookingScene.Gym.Name], history.Take(3).Select(h => h.After.Name));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], history.Select(h => h.N));
        Assert.Equal("no-facility", (await FaultAsync(() => scene.Facilities.HistoryAsync("hall", Cancel))).Code);
        Assert.Equal(
            ["facility.set", "facility.set", "facility.undo", "facility.remove", "facility.undo", "facility.undo", "facility.undo"],
            AuditLog.Read(Path.Combine(scene.Folder, "audit")).Select(l => l.Split("\"what\":\"")[1].Split('"')[0]));
    }

    [Fact]
    public async Task Door_that_went_takes_its_PINs_along_and_brings_them_back()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        await scene.BookAsync("b1", "court", 9, 12);
        (IssuedPin pin, _) = await scene.Keys.IssuePinAsync("b1", "suzuki", Cancel);
        await scene.Locks.SynchroniseAsync(Cancel);
        Assert.True(scene.Opens(pin.Pin, BookingScene.At(10)));
        Facility cut = await scene.Facilities.PutAsync(BookingScene.Gym with { Doors = [] }, "suzuki", Cancel);
        await scene.Locks.SynchroniseAsync(Cancel);
        Assert.False(scene.Opens(pin.Pin, BookingScene.At(10)));
        await scene.Facilities.UndoAsync("gym", "suzuki", cut.Revision, Cancel);
        await scene.Locks.SynchroniseAsync(Cancel);
        Assert.True(scene.Opens(pin.Pin, BookingScene.At(10)));
    }

    [Fact]
    public async Task Undo_that_would_lose_a_booking_or_take_a_door_of_another_is_refused()
    {
        await using BookingScene scene = await BookingScene.StartAsync();
        Facility wider = await scene.Facilities.PutAsync(BookingScene.Gym with { Rooms = [.. BookingScene.Gym.Rooms, new("stage", "ステージ")] }, "suzuki", Cancel);
        await scene.BookAsync("b1", "stage", 9, 12);
        BookingFault booked = await FaultAsync(() => scene.Facilities.UndoAsync("gym", "suzuki", wider.Revision, Cancel));
        Assert.Equal("has-bookings", booked.Code);
        Assert.Contains("ステージ", booked.Ja, StringComparison.Ordinal);
        await scene.Desk.CancelAsync("b1", "suzuki", null, Cancel);
        Facility removed = await scene.Facilities.RemoveAsync("gym", "suzuki", wider.Revision, Cancel);
        await scene.Facilities.PutAsync(new() { Id = "hall", Name = "港公民館", Rooms = [new("hall", "ホール")], Doors = [new("lock-01", "玄関")] }, "suzuki", Cancel);
        Assert.Equal("door-elsewhere", (await FaultAsync(() => scene.Facilities.UndoAsync("gym", "suzuki", removed.Revision, Cancel))).Code);
        Assert.Single(await scene.Facilities.ListAsync(withRemoved: false, Cancel));
        Assert.Equal(3, (await scene.Facilities.HistoryAsync("gym", Cancel)).Count);
    }

    [Fact]
    public async Task Facility_from_before_changes_were_kept_keeps_what_it_was()
    {
        await using BookingScene scene = new();
        Feature old = BookingScene.Gym.ToFeature().With(("changedBy", null), ("changedAt", null), ("changeCount", null));
        long revision = (await scene.Host.Get<FieldStores>().Features.WriteAsync([new FeatureWrite(old)], Cancel))[0]!.Revision;
        Assert.Empty(await scene.Facilities.HistoryAsync("gym", Cancel));
        Assert.Equal("nothing-to-undo", (await FaultAsync(() => scene.Facilities.UndoAsync("gym", "sato", revision, Cancel))).Code);
        Facility named = await scene.Facilities.PutAsync(BookingScene.Gym with { Name = "東山アリーナ" }, "tanaka", Cancel);
        Facility back = await scene.Facilities.UndoAsync("gym", "sato", named.Revision, Cancel);
        Assert.Equal(BookingScene.Gym.Name, back.Name);
        Assert.Equal("nothing-to-undo", (await FaultAsync(() => scene.Facilities.UndoAsync("gym", "sato", back.Revision, Cancel))).Code);
        Assert.Equal(["known ", "set tanaka", "undo sato"], (await scene.Facilities.HistoryAsync("gym", Cancel)).Select(h => $"{h.Action} {h.Who}"));
    }

    private static async Task<BookingFault> FaultAsync(Func<Task> ask) => (await Assert.ThrowsAsync<BookingException>(ask)).Fault;
}
