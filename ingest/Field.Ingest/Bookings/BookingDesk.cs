using System.Globalization;
using System.Security.Cryptography;
using Field.Contracts;
using Field.Contracts.Locks;
using Field.Ingest.Locks;
using Field.Store;
using Field.Store.Audit;

namespace Field.Ingest.Bookings;

/// <summary>A PIN, told once, and which doors it opens when.</summary>
/// <param name="Pin">The digits: kept nowhere.</param>
/// <param name="Access">From when to when.</param>
/// <param name="Doors">Which doors.</param>
public sealed record IssuedPin(string Pin, Slot Access, IReadOnlyList<Door> Doors)
{
    /// <inheritdoc/>
    public override string ToString() => "PIN(***)";
}

/// <summary>The code of a key box for a booking.</summary>
/// <param name="Door">The box.</param>
/// <param name="Access">From when to when, on half hours.</param>
/// <param name="Code">Eight digits.</param>
public sealed record BoxCode(Door Door, Slot Access, string Code)
{
    /// <inheritdoc/>
    public override string ToString() => "code(***)";
}

/// <summary>Whether a booking's PIN opens its doors.</summary>
public enum PinState
{
    /// <summary>None of its doors takes a PIN.</summary>
    NotNeeded,

    /// <summary>None was made yet.</summary>
    None,

    /// <summary>It opens every door of the booking.</summary>
    Issued,

    /// <summary>It does not open every door (any more): a lock was enrolled anew, or a door was added. A new one is needed.</summary>
    Again,
}

/// <summary>
/// Facilities and their bookings. What a person does is in the audit log before it is done, without anybody's name but theirs. One at a time,
/// in memory decided and in one transaction written; a row that another process changed meanwhile is not overwritten.
/// </summary>
public sealed class BookingDesk : IDisposable
{
    private readonly IngestOptions _options;
    private readonly IFeatureStore _store;
    private readonly GrantService _grants;
    private readonly AuditLog? _audit;
    private readonly TimeProvider _time;
    private readonly BookingBook _book;
    private readonly SemaphoreSlim _turn = new(1, 1);

    internal BookingDesk(IngestOptions options, IFeatureStore store, GrantService grants, AuditLog? audit, TimeProvider time)
    {
        (_options, _store, _grants, _audit, _time) = (options, store, grants, audit, time);
        _book = new BookingBook(store);
    }

    /// <summary>Bookings or doors changed: what the locks know must follow.</summary>
    internal event Action? Changed;

    /// <summary>Facilities by name.</summary>
    /// <param name="withRemoved">Removed ones too.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyList<Facility>> FacilitiesAsync(bool withRemoved, CancellationToken cancellationToken) => InTurnAsync<IReadOnlyList<Facility>>(
        () => Task.FromResult<IReadOnlyList<Facility>>([.. _book.Facilities.Where(f => withRemoved || f.RemovedAt is null).OrderBy(f => f.Name, StringComparer.Ordinal)]), cancellationToken);

    /// <summary>Makes or changes a facility.</summary>
    /// <param name="facility">As it is to be; <see cref="Facility.Revision"/> is the one that was seen, 0 for whatever is there.</param>
    /// <param name="who">Who does it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BookingException">It is not right, or was changed meanwhile.</exception>
    public Task<Facility> PutFacilityAsync(Facility facility, string who, CancellationToken cancellationToken) => InTurnAsync(() =>
    {
        ArgumentNullException.ThrowIfNull(facility);
        Facility? kept = _book.Kept(facility.Id);
        return facility.Revision == 0 || facility.Revision == kept?.Revision
            ? StoreAsync(kept, facility with { RemovedAt = null }, "facility.set", RowChanges.Set, who, cancellationToken)
            : throw new BookingException(BookingFault.Changed);
    }, cancellationToken);

    /// <summary>Removes a facility that has no booking to come.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="who">Who does it.</param>
    /// <param name="revision">The revision that was seen; null for whatever is there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BookingException">There is none, it was changed meanwhile, or it has bookings to come.</exception>
    public Task<Facility> RemoveFacilityAsync(string id, string who, long? revision, CancellationToken cancellationToken) => InTurnAsync(() =>
    {
        Facility facility = _book.Facility(id) ?? throw new BookingException(BookingFault.NoFacility);
        return revision is null || revision == facility.Revision
            ? StoreAsync(facility, facility with { RemovedAt = Now() }, "facility.remove", RowChanges.Set, who, cancellationToken)
            : throw new BookingException(BookingFault.Changed);
    }, cancellationToken);

    /// <summary>Takes back the newest change of a facility that still stands, also its removal; one that was just made is removed, and that can be undone again.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="who">Who does it.</param>
    /// <param name="revision">The revision that was seen.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BookingException">There is nothing to undo, somebody was later, or what it was before can no longer be.</exception>
    public Task<Facility> UndoFacilityAsync(string id, string who, long revision, CancellationToken cancellationToken) => InTurnAsync(async () =>
    {
        Facility facility = _book.Kept(id) ?? throw new BookingException(BookingFault.NoFacility);
        if (revision != facility.Revision)
        {
            throw new BookingException(BookingFault.Changed);
        }

        Stack<Feature> standing = RowChanges.Standing(await ChangesAsync(id, cancellationToken).ConfigureAwait(false));
        if (!standing.TryPop(out Feature? last) || last.Text("action") == RowChanges.Known)
        {
            throw new BookingException(BookingFault.NothingToUndo);
        }

        return standing.TryPeek(out Feature? earlier)
            ? await StoreAsync(facility, Facility.Of(RowChanges.After(FieldTables.Facilities, earlier)), "facility.undo", RowChanges.Undo, who, cancellationToken).ConfigureAwait(false)
            : await StoreAsync(facility, facility with { RemovedAt = Now() }, "facility.undo", RowChanges.Set, who, cancellationToken).ConfigureAwait(false);
    }, cancellationToken);

    /// <summary>Every change of a facility that is kept, the oldest first.</summary>
    /// <exception cref="BookingException">There never was such a facility.</exception>
    public Task<IReadOnlyList<FacilityChange>> FacilityHistoryAsync(string id, CancellationToken cancellationToken) => InTurnAsync<IReadOnlyList<FacilityChange>>(async () =>
    {
        _ = _book.Kept(id) ?? throw new BookingException(BookingFault.NoFacility);
        return [.. (await ChangesAsync(id, cancellationToken).ConfigureAwait(false)).Select(FacilityChange.Of)];
    }, cancellationToken);

    /// <summary>Bookings that touch a time, by their begin; cancelled ones too.</summary>
    public Task<IReadOnlyList<Booking>> ListAsync(string? facilityId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => InTurnAsync<IReadOnlyList<Booking>>(
        () => Task.FromResult<IReadOnlyList<Booking>>(
        [
            .. _book.Bookings.Where(b => (facilityId is null || b.FacilityId == facilityId) && b.Slot.Start < to && b.Slot.End > from)
                .OrderBy(b => b.Slot.Start).ThenBy(b => b.RoomId, StringComparer.Ordinal).ThenBy(b => b.Id, StringComparer.Ordinal),
        ]),
        cancellationToken);

    /// <summary>One booking, or null.</summary>
    public Task<Booking?> FindAsync(string id, CancellationToken cancellationToken) => InTurnAsync(() => Task.FromResult(_book.Booking(id)), cancellationToken);

    /// <summary>The bookings of grants, by the ids that a lock tells.</summary>
    internal Task<IReadOnlyDictionary<string, Booking>> ByGrantAsync(CancellationToken cancellationToken) => InTurnAsync<IReadOnlyDictionary<string, Booking>>(
        () => Task.FromResult<IReadOnlyDictionary<string, Booking>>(_book.Bookings.ToDictionary(b => b.GrantKey, StringComparer.Ordinal)), cancellationToken);

    /// <summary>Whether a booking's PIN opens its doors.</summary>
    public PinState PinOf(Booking booking, Facility? facility)
    {
        ArgumentNullException.ThrowIfNull(booking);
        Door[] doors = PinDoors(facility, booking.RoomId);
        return doors.Length == 0 ? PinState.NotNeeded
            : booking.PinAt is null ? PinState.None
            : doors.All(d => booking.Grants.Any(g => g.Device == d.Device && g.SealId == _grants.SealIdOf(d.Device))) ? PinState.Issued
            : PinState.Again;
    }

    /// <summary>Makes or changes a booking; the same request again changes nothing.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="source"><c>screen</c> or <c>api</c>.</param>
    /// <param name="who">Who asks.</param>
    /// <param name="revision">The revision that was seen, or null for whatever is there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BookingException">It is not taken.</exception>
    public Task<BookingOutcome> PutAsync(BookingRequest request, string source, string who, long? revision, CancellationToken cancellationToken) => InTurnAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(request);
        Booking? old = _book.Booking(request.Id);
        if (revision is not null && revision != (old?.Revision ?? 0))
        {
            throw new BookingException(BookingFault.Changed);
        }

        BookingOutcome asked = BookingPlan.Of(_book, request, Step(who), source, NewGrantKey());
        BookingOutcome outcome = BookingPlan.Settle(_book, [asked])[0];
        if (outcome.Fault is { } fault)
        {
            throw new BookingException(fault);
        }

        return outcome.Outcome == "same" ? outcome : outcome with { Booking = await SaveAsync(outcome.Booking!, old, "booking." + (old is null ? "add" : "change"), who, cancellationToken).ConfigureAwait(false) };
    }, cancellationToken);

    /// <summary>Cancels a booking; its PIN opens no more. A cancelled one stays so.</summary>
    /// <exception cref="BookingException">There is none, or it was changed meanwhile.</exception>
    public Task<Booking> CancelAsync(string id, string who, long? revision, CancellationToken cancellationToken) => InTurnAsync(async () =>
    {
        Booking old = Require(id, revision);
        return old.IsBooked ? await SaveAsync(Cancelled(old, who), old, "booking.cancel", who, cancellationToken).ConfigureAwait(false) : old;
    }, cancellationToken);

    /// <summary>Makes a PIN for a booking; one that was made before opens no more.</summary>
    /// <exception cref="BookingException">It has no door for a PIN, is cancelled or over.</exception>
    public Task<(IssuedPin Pin, Booking Booking)> IssuePinAsync(string id, string who, CancellationToken cancellationToken) => InTurnAsync(async () =>
    {
        (Booking old, Facility facility) = RequireOpen(id);
        Door[] doors = PinDoors(facility, old.RoomId);
        if (doors.Length == 0)
        {
            throw new BookingException(BookingFault.NoPinDoor);
        }

        if (Array.Find(doors, d => _grants.SealIdOf(d.Device) is null) is { } locked)
        {
            throw new BookingException(BookingFault.NotUnlockable(locked.Device));
        }

        Slot access = Access(old, facility);
        string grantId = string.Create(CultureInfo.InvariantCulture, $"{old.GrantKey}-{old.PinCount + 1}");
        LockGrant grant = new(grantId, access, Pin: null, old.OneTime, facility.Rooms.First(r => r.RoomId == old.RoomId).Name);
        IEnumerable<DoorGrant> others = _book.Bookings.Where(b => b.IsBooked && b.Id != old.Id).SelectMany(b => b.Grants);
        (string pin, IReadOnlyList<DoorGrant> sealedGrants) = _grants.SealPin(grant, [.. doors.Select(d => d.Device)], others);
        BookingStep step = Step(who) with { What = "pin" };
        Booking booking = old.Done(step) with { Grants = sealedGrants, PinAt = step.At, PinBy = who, PinCount = old.PinCount + 1 };
        Booking saved = await SaveAsync(booking, old, "booking.pin", who, cancellationToken).ConfigureAwait(false);
        return (new IssuedPin(pin, access, doors), saved);
    }, cancellationToken);

    /// <summary>The codes of a booking's key boxes; the same each time, until the box has a new secret.</summary>
    /// <exception cref="BookingException">It has no key box, is cancelled, over or too long.</exception>
    public Task<(Booking Booking, Facility Facility, IReadOnlyList<BoxCode> Codes)> BoxCodesAsync(string id, string who, CancellationToken cancellationToken) => InTurnAsync(async () =>
    {
        (Booking booking, Facility facility) = RequireOpen(id);
        Door[] boxes = [.. facility.Doors.Where(d => d.IsKeyBox && d.Serves(booking.RoomId))];
        Slot access = OnGrid(Access(booking, facility));
        if (boxes.Length == 0 || !KeyBoxCode.IsOnGrid(access))
        {
            throw new BookingException(boxes.Length == 0 ? BookingFault.NoKeyBox : BookingFault.KeyBoxTooLong);
        }

        if (Array.Find(boxes, d => _grants.SealIdOf(d.Device) is null) is { } missing)
        {
            throw new BookingException(BookingFault.NotUnlockable(missing.Device));
        }

        List<BoxCode> codes = [];
        foreach (Door box in boxes)
        {
            codes.Add(new(box, access, await _grants.KeyBoxCodeAsync(box.Device, access, who, cancellationToken).ConfigureAwait(false)));
        }

        await RecordAsync("booking.slip", who, id, $"{boxes.Length} codes", cancellationToken).ConfigureAwait(false);
        return (booking, facility, (IReadOnlyList<BoxCode>)codes);
    }, cancellationToken);

    /// <summary>Takes the bookings of a file; each row is taken, or told with its reason. The same file again changes nothing.</summary>
    /// <param name="file">The rows.</param>
    /// <param name="who">Who brings it in.</param>
    /// <param name="isTrial">True tells what would become of each row, and changes nothing.</param>
    /// <param name="cancellationToken">Gives up; nothing is changed then.</param>
    public Task<IReadOnlyList<BookingOutcome>> ImportAsync(BookingFile file, string who, bool isTrial, CancellationToken cancellationToken) => InTurnAsync<IReadOnlyList<BookingOutcome>>(async () =>
    {
        ArgumentNullException.ThrowIfNull(file);
        BookingStep step = Step(who);
        IReadOnlyList<BookingOutcome> plan = BookingPlan.Settle(_book, [.. file.Plan(_book, row => OfRow(row, step))]);
        Booking[] changed = [.. plan.Where(p => p.Outcome is "added" or "changed" or "cancelled").Select(p => p.Booking!)];
        if (!isTrial && changed.Length > 0)
        {
            string counts = string.Join(", ", plan.GroupBy(p => p.Outcome).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key} {g.Count()}"));
            await RecordAsync("booking.import", who, _options.Site, counts, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<Feature?> written = await _store.WriteAsync([.. changed.Select(b => Write(b.ToFeature(), _book.Booking(b.Id)?.Revision) with { IsRequired = true })], cancellationToken).ConfigureAwait(false);
            if (written.Contains(null))
            {
                throw new BookingException(BookingFault.Changed);
            }

            Changed?.Invoke();
        }

        return plan;
    }, cancellationToken);

    /// <summary>Deletes what is personal of bookings whose time ended long enough ago.</summary>
    /// <returns>How many.</returns>
    internal Task<int> WipeAsync(CancellationToken cancellationToken) => InTurnAsync(async () =>
    {
        DateTimeOffset now = _time.GetUtcNow();
        DateTimeOffset before = now.AddDays(-_options.BookingRetentionDays);
        Booking[] old = [.. _book.Bookings.Where(b => b.WipedAt is null && b.Slot.End < before)];
        if (old.Length > 0)
        {
            await RecordAsync("booking.wipe", "system", _options.Site, $"{old.Length} bookings", cancellationToken).ConfigureAwait(false);
            await _store.WriteAsync([.. old.Select(b => new FeatureWrite(b.Wiped(now).ToFeature()) { IfRevision = b.Revision })], cancellationToken).ConfigureAwait(false);
        }

        return old.Length;
    }, cancellationToken);

    /// <summary>What each lock is to know, of bookings that hold and doors that are still theirs; the nearest first.</summary>
    internal Task<IReadOnlyDictionary<string, IReadOnlyList<LockGrant>>> WantedAsync(CancellationToken cancellationToken) => InTurnAsync<IReadOnlyDictionary<string, IReadOnlyList<LockGrant>>>(() =>
    {
        DateTimeOffset now = _time.GetUtcNow();
        IEnumerable<string> fitted = _book.Facilities.SelectMany(f => f.Doors).Where(d => !d.IsKeyBox).Select(d => d.Device);
        IEnumerable<string> known = _book.Bookings.SelectMany(b => b.Grants).Select(g => g.Device).Where(d => _grants.SealIdOf(d) is not null); // a door that is nobody's any more must forget its PINs too
        Dictionary<string, IReadOnlyList<LockGrant>> wanted = fitted.Concat(known).Distinct().ToDictionary(d => d, _ => (IReadOnlyList<LockGrant>)[], StringComparer.Ordinal);
        var held = from booking in _book.Bookings
                   where booking.IsBooked && booking.Grants.Count > 0
                   let doors = PinDoors(_book.Facility(booking.FacilityId), booking.RoomId)
                   from grant in booking.Grants
                   where grant.Grant.Slot.End > now && doors.Any(d => d.Device == grant.Device) && grant.SealId == _grants.SealIdOf(grant.Device)
                   orderby grant.Grant.Slot.Start, grant.Grant.GrantId
                   group grant.Grant by grant.Device;
        foreach (IGrouping<string, LockGrant> device in held)
        {
            wanted[device.Key] = [.. device];
        }

        return Task.FromResult<IReadOnlyDictionary<string, IReadOnlyList<LockGrant>>>(wanted);
    }, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private BookingOutcome OfRow(BookingRow row, BookingStep step)
    {
        BookingRequest request = row.Request!;
        Booking? old = _book.Booking(request.Id);
        if (old?.SourceHash == row.Hash)
        {
            return new(request.Id, "same", old, Row: row.Row); // taken before; what people changed since stays
        }

        if (row.IsCancelled)
        {
            return old is { IsBooked: true } ? new(request.Id, "cancelled", Cancelled(old, step.Who) with { SourceHash = row.Hash }, Row: row.Row) : new(request.Id, "same", old, Row: row.Row);
        }

        BookingOutcome outcome = BookingPlan.Of(_book, request, step, "csv", NewGrantKey());
        return outcome with { Row = row.Row, Booking = outcome.Outcome is "added" or "changed" ? outcome.Booking! with { SourceHash = row.Hash } : outcome.Booking };
    }

    private Booking Cancelled(Booking old, string who) =>
        (old with { State = Booking.IsCancelledState, Grants = [], PinAt = null, PinBy = null }).Done(Step(who) with { What = "cancel" });

    /// <summary>A row and its change are one transaction. What was there before changes were kept becomes the first of them.</summary>
    private async Task<Facility> StoreAsync(Facility? old, Facility wanted, string what, string action, string who, CancellationToken cancellationToken)
    {
        RequireFits(old, wanted);
        string detail = wanted.RemovedAt is null ? $"{wanted.Rooms.Count} rooms, doors {string.Join(' ', wanted.Doors.Select(d => d.Device))}" : $"removed {wanted.Name}";
        await RecordAsync(what, who, wanted.Id, detail, cancellationToken).ConfigureAwait(false);

        List<FeatureWrite> writes = [];
        void Keep(Feature change) => writes.Add(new(change, WriteMode.InsertNew) { IsRequired = true });
        long n = (old?.ChangeCount ?? 0) + 1;
        if (old is { ChangeCount: 0 })
        {
            Keep(RowChanges.Of(FieldTables.FacilityChanges, old.ToFeature(), n++, RowChanges.Known, null, null));
        }

        Feature row = (wanted with { ChangedBy = who, ChangedAt = Now(), ChangeCount = n }).ToFeature();
        Keep(RowChanges.Of(FieldTables.FacilityChanges, row, n, action, who, Now()));
        writes.Add(old is null ? new(row, WriteMode.InsertNew) { IsRequired = true } : new(row) { IfRevision = old.Revision, IsRequired = true });
        Feature stored = (await _store.WriteAsync(writes, cancellationToken).ConfigureAwait(false))[^1] ?? throw new BookingException(BookingFault.Changed);
        Changed?.Invoke();
        return Facility.Of(stored);
    }

    private void RequireFits(Facility? old, Facility wanted)
    {
        if (FacilityRules.Check(wanted) is [{ } first, ..])
        {
            throw new BookingException(first);
        }

        Booking[] toCome = old is null ? [] : [.. To(old)];
        if (wanted.RemovedAt is not null)
        {
            if (toCome.Length > 0)
            {
                throw new BookingException(BookingFault.HasBookings(toCome.Length));
            }

            return;
        }

        HashSet<string> devices = [.. wanted.Doors.Select(d => d.Device)];
        if (_book.Facilities.FirstOrDefault(f => f.RemovedAt is null && f.Id != wanted.Id && f.Doors.Any(d => devices.Contains(d.Device))) is { } owner)
        {
            throw new BookingException(BookingFault.DoorElsewhere(owner.Doors.First(d => devices.Contains(d.Device)).Device, owner.Name));
        }

        if (Array.Find(toCome, b => wanted.Rooms.All(r => r.RoomId != b.RoomId)) is { } lost)
        {
            throw new BookingException(BookingFault.RoomHasBookings(old!.Rooms.First(r => r.RoomId == lost.RoomId).Name, toCome.Count(b => b.RoomId == lost.RoomId)));
        }
    }

    private Task<IReadOnlyList<Feature>> ChangesAsync(string id, CancellationToken cancellationToken) =>
        RowChanges.ReadAsync(_store, FieldTables.FacilityChanges, FieldTables.Facilities, id, cancellationToken);

    private IEnumerable<Booking> To(Facility facility) => _book.In(facility.Id, facility.Rooms.Select(r => r.RoomId)).Where(b => b.IsBooked && b.Slot.End > _time.GetUtcNow());

    /// <summary>To the millisecond, as the store keeps it: what is answered at once is what is read later.</summary>
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(_time.GetUtcNow().ToUnixTimeMilliseconds());

    private BookingStep Step(string who) => new(_time.GetUtcNow(), who, "");

    private Booking Require(string id, long? revision)
    {
        Booking booking = _book.Booking(id) ?? throw new BookingException(BookingFault.NoBooking);
        return revision is null || revision == booking.Revision ? booking : throw new BookingException(BookingFault.Changed);
    }

    private (Booking Booking, Facility Facility) RequireOpen(string id)
    {
        Booking booking = Require(id, null);
        Facility facility = _book.Facility(booking.FacilityId) ?? throw new BookingException(BookingFault.NoFacility);
        return !booking.IsBooked ? throw new BookingException(BookingFault.Cancelled)
            : Access(booking, facility).End <= _time.GetUtcNow() ? throw new BookingException(BookingFault.Over)
            : (booking, facility);
    }

    private async Task<Booking> SaveAsync(Booking booking, Booking? old, string what, string who, CancellationToken cancellationToken)
    {
        string detail = $"{booking.FacilityId}/{booking.RoomId} {WireTime.Format(booking.Slot.Start)} to {WireTime.Format(booking.Slot.End)}";
        await RecordAsync(what, who, booking.Id, detail, cancellationToken).ConfigureAwait(false);
        Booking saved = Booking.Of(await WriteAsync(booking.ToFeature(), old?.Revision, cancellationToken).ConfigureAwait(false));
        Changed?.Invoke();
        return saved;
    }

    private async Task<Feature> WriteAsync(Feature row, long? seen, CancellationToken cancellationToken)
    {
        return (await _store.WriteAsync([Write(row, seen)], cancellationToken).ConfigureAwait(false))[0] ?? throw new BookingException(BookingFault.Changed);
    }

    private static FeatureWrite Write(Feature row, long? seen) => seen is { } revision ? new(row) { IfRevision = revision } : new(row, WriteMode.InsertNew);

    private Task RecordAsync(string what, string who, string on, string detail, CancellationToken cancellationToken) => _audit is null
        ? Task.CompletedTask
        : _audit.AppendAsync([new AuditEntry(what, who == "system" ? who : $"user:{who}", on, "done") { Detail = detail }], cancellationToken);

    private async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _book.LookAsync(cancellationToken).ConfigureAwait(false);
            return await work().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private static Door[] PinDoors(Facility? facility, string roomId) => facility is null ? [] : [.. facility.Doors.Where(d => !d.IsKeyBox && d.Serves(roomId))];

    private static Slot Access(Booking booking, Facility facility) => new(booking.Slot.Start.AddMinutes(-facility.MinutesBefore), booking.Slot.End.AddMinutes(facility.MinutesAfter));

    private static Slot OnGrid(Slot slot)
    {
        long grid = (long)KeyBoxCode.Grid.TotalSeconds;
        long start = slot.Start.ToUnixTimeSeconds() / grid * grid;
        long end = (slot.End.ToUnixTimeSeconds() + grid - 1) / grid * grid;
        return new(DateTimeOffset.FromUnixTimeSeconds(start), DateTimeOffset.FromUnixTimeSeconds(end));
    }

    /// <summary>Random, for a lock's list must not tell which bookings belong together.</summary>
    private static string NewGrantKey() => $"{GrantService.BookingPrefix}{RandomNumberGenerator.GetHexString(10, lowercase: true)}";
}
