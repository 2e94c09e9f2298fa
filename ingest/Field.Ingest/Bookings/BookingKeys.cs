using System.Globalization;
using Field.Contracts.Locks;
using Field.Ingest.Locks;

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

/// <summary>What opens the doors of a booking: PINs, the codes of key boxes, and what the locks are to know of them.</summary>
public sealed class BookingKeys
{
    private readonly GrantService _grants;
    private readonly BookingTurn _turn;
    private readonly BookingBook _book;

    internal BookingKeys(GrantService grants, BookingTurn turn) => (_grants, _turn, _book) = (grants, turn, turn.Book);

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

    /// <summary>Makes a PIN for a booking; one that was made before opens no more.</summary>
    /// <exception cref="BookingException">It has no door for a PIN, is cancelled or over.</exception>
    public Task<(IssuedPin Pin, Booking Booking)> IssuePinAsync(string id, string who, CancellationToken cancellationToken) => _turn.InTurnAsync(async () =>
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
        BookingStep step = _turn.Step(who) with { What = "pin" };
        Booking booking = old.Done(step) with { Grants = sealedGrants, PinAt = step.At, PinBy = who, PinCount = old.PinCount + 1 };
        Booking saved = await _turn.SaveAsync(booking, old, "booking.pin", who, cancellationToken).ConfigureAwait(false);
        return (new IssuedPin(pin, access, doors), saved);
    }, cancellationToken);

    /// <summary>The codes of a booking's key boxes; the same each time, until the box has a new secret.</summary>
    /// <exception cref="BookingException">It has no key box, is cancelled, over or too long.</exception>
    public Task<(Booking Booking, Facility Facility, IReadOnlyList<BoxCode> Codes)> BoxCodesAsync(string id, string who, CancellationToken cancellationToken) => _turn.InTurnAsync(async () =>
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

        await _turn.RecordAsync("booking.slip", who, id, $"{boxes.Length} codes", cancellationToken).ConfigureAwait(false);
        return (booking, facility, (IReadOnlyList<BoxCode>)codes);
    }, cancellationToken);

    /// <summary>What each lock is to know, of bookings that hold and doors that are still theirs; the nearest first.</summary>
    internal Task<IReadOnlyDictionary<string, IReadOnlyList<LockGrant>>> WantedAsync(CancellationToken cancellationToken) => _turn.InTurnAsync<IReadOnlyDictionary<string, IReadOnlyList<LockGrant>>>(() =>
    {
        DateTimeOffset now = _turn.UtcNow;
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

    private (Booking Booking, Facility Facility) RequireOpen(string id)
    {
        Booking booking = _book.Booking(id) ?? throw new BookingException(BookingFault.NoBooking);
        Facility facility = _book.Facility(booking.FacilityId) ?? throw new BookingException(BookingFault.NoFacility);
        return !booking.IsBooked ? throw new BookingException(BookingFault.Cancelled)
            : Access(booking, facility).End <= _turn.UtcNow ? throw new BookingException(BookingFault.Over)
            : (booking, facility);
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
}
