namespace Field.Ingest.Bookings;

/// <summary>What becomes of one booking that is asked for.</summary>
/// <param name="Id">The booking.</param>
/// <param name="Outcome"><c>added changed cancelled same past refused</c>.</param>
/// <param name="Booking">As it is to be; null when refused or past.</param>
/// <param name="Fault">Why it is refused, or null.</param>
/// <param name="Row">Row of the file, from 1 (the line with the names is 1), or 0.</param>
public sealed record BookingOutcome(string Id, string Outcome, Booking? Booking = null, BookingFault? Fault = null, int Row = 0);

/// <summary>
/// Decides about many bookings at once, so that two that change places are no conflict: all are taken at first, and who then overlaps another
/// that holds is refused and stays as it was, until nobody overlaps. Pure.
/// </summary>
internal static class BookingPlan
{
    /// <summary>Refuses what overlaps.</summary>
    /// <param name="book">As it is.</param>
    /// <param name="wanted">What is to be, each id once, earlier ones before later ones.</param>
    public static IReadOnlyList<BookingOutcome> Settle(BookingBook book, IReadOnlyList<BookingOutcome> wanted)
    {
        BookingOutcome[] plan = [.. wanted];
        while (true)
        {
            bool isSettled = true;
            Dictionary<string, Booking> taken = plan.Where(p => p.Outcome is "added" or "changed" or "cancelled").ToDictionary(p => p.Id, p => p.Booking!, StringComparer.Ordinal);
            Dictionary<(string, string), List<Booking>> accepted = [];
            for (int i = 0; i < plan.Length; i++)
            {
                if (plan[i] is not { Booking: { IsBooked: true } booking, Outcome: "added" or "changed" } || book.Facility(booking.FacilityId) is not { } facility)
                {
                    continue;
                }

                HashSet<string> rooms = facility.Together(booking.RoomId);
                Booking? other = book.In(facility.Id, rooms).FirstOrDefault(b => b.IsBooked && b.Id != booking.Id && !taken.ContainsKey(b.Id) && b.Overlaps(booking))
                    ?? rooms.SelectMany(r => accepted.GetValueOrDefault((facility.Id, r)) ?? []).FirstOrDefault(b => b.Overlaps(booking));
                if (other is not null)
                {
                    plan[i] = new(booking.Id, "refused", null, BookingFault.Overlap(facility.Rooms.First(r => r.RoomId == other.RoomId).Name, other.Id), plan[i].Row);
                    isSettled = false; // it stays as it was, which may be where another was to go
                }
                else
                {
                    if (!accepted.TryGetValue((facility.Id, booking.RoomId), out List<Booking>? list))
                    {
                        accepted.Add((facility.Id, booking.RoomId), list = []);
                    }

                    list.Add(booking);
                }
            }

            if (isSettled)
            {
                return plan;
            }
        }
    }

    /// <summary>What one request makes of the booking that is there, before anybody looks at overlaps.</summary>
    /// <param name="book">As it is.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="step">Who and when; what it is called is decided here.</param>
    /// <param name="source"><c>screen</c>, <c>api</c> or <c>csv</c>.</param>
    /// <param name="grantKey">For a new booking.</param>
    public static BookingOutcome Of(BookingBook book, BookingRequest request, BookingStep step, string source, string grantKey)
    {
        if (Check(book, request, out Facility? facility, out Room? room) is { } fault)
        {
            return new(request.Id, "refused", null, fault);
        }

        Booking? old = book.Booking(request.Id);
        string? name = Text(request.Name), contact = Text(request.Contact), purpose = Text(request.Purpose);
        bool isSamePlace = old is { IsBooked: true } && old.FacilityId == facility!.Id && old.RoomId == room!.RoomId && old.Slot == request.Slot && old.OneTime == request.OneTime;
        if (isSamePlace && old!.Name == name && old.Contact == contact && old.Purpose == purpose)
        {
            return new(request.Id, "same", old);
        }

        if (request.Slot.End <= step.At)
        {
            return new(request.Id, "past", null, BookingFault.Over);
        }

        Booking booking = (old ?? new Booking { Id = request.Id, FacilityId = facility!.Id, RoomId = room!.RoomId, Slot = request.Slot, CreatedAt = step.At, GrantKey = grantKey }) with
        {
            FacilityId = facility!.Id,
            RoomId = room!.RoomId,
            Slot = request.Slot,
            Name = name,
            Contact = contact,
            Purpose = purpose,
            OneTime = request.OneTime,
            State = Booking.Booked,
            Source = old?.Source ?? source,
            WipedAt = null,
        };
        if (!isSamePlace)
        {
            booking = booking with { Grants = [], PinAt = null, PinBy = null }; // a PIN is sealed for one slot and door: another slot has another
        }

        string? before = old is null || isSamePlace ? null : $"{old.FacilityId}/{old.RoomId} {Contracts.WireTime.Format(old.Slot.Start)} {Contracts.WireTime.Format(old.Slot.End)} {old.State}";
        return new(request.Id, old is null ? "added" : "changed", booking.Done(step with { What = old is null ? "add" : "change", Before = before }));
    }

    private static BookingFault? Check(BookingBook book, BookingRequest request, out Facility? facility, out Room? room)
    {
        (facility, room) = (book.Facility(request.FacilityId), null);
        if (!BookingText.IsId(request.Id))
        {
            return BookingFault.Bad("bookingId", "半角英数字と . _ - で64文字まで", "1 to 64 of A-Z, a-z, 0-9, dot, _ and -");
        }

        if (facility is null)
        {
            return BookingFault.NoFacility;
        }

        room = request.RoomId is null or "" ? facility.Rooms is [{ } only] ? only : null : facility.FindRoom(request.RoomId);
        if (room is null)
        {
            return request.RoomId is null or "" ? BookingFault.WhichRoom : BookingFault.NoRoom(request.RoomId);
        }

        if (!request.Slot.IsValid || request.Slot.Start.Second != 0 || request.Slot.End.Second != 0 || request.Slot.End - request.Slot.Start > TimeSpan.FromDays(31))
        {
            return BookingFault.BadSlot;
        }

        return Fits(request.Name, 100) && Fits(request.Contact, 100) && Fits(request.Purpose, 200) ? null
            : BookingFault.Bad("name, contact, purpose", "1行で、名前と連絡先は100文字、目的は200文字まで", "one line each, at most 100, 100 and 200 characters");
    }

    private static bool Fits(string? text, int most) => string.IsNullOrWhiteSpace(text) || BookingText.IsLine(text, most);

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
