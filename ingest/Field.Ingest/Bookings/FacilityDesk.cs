using Field.Store;

namespace Field.Ingest.Bookings;

/// <summary>Facilities, with every change of theirs that is kept.</summary>
public sealed class FacilityDesk
{
    private readonly BookingTurn _turn;
    private readonly BookingBook _book;

    internal FacilityDesk(BookingTurn turn) => (_turn, _book) = (turn, turn.Book);

    /// <summary>Facilities by name.</summary>
    /// <param name="withRemoved">Removed ones too.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyList<Facility>> ListAsync(bool withRemoved, CancellationToken cancellationToken) => _turn.InTurnAsync<IReadOnlyList<Facility>>(
        () => Task.FromResult<IReadOnlyList<Facility>>([.. _book.Facilities.Where(f => withRemoved || f.RemovedAt is null).OrderBy(f => f.Name, StringComparer.Ordinal)]), cancellationToken);

    /// <summary>Makes or changes a facility.</summary>
    /// <param name="facility">As it is to be; <see cref="Facility.Revision"/> is the one that was seen, 0 for whatever is there.</param>
    /// <param name="who">Who does it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BookingException">It is not right, or was changed meanwhile.</exception>
    public Task<Facility> PutAsync(Facility facility, string who, CancellationToken cancellationToken) => _turn.InTurnAsync(() =>
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
    public Task<Facility> RemoveAsync(string id, string who, long? revision, CancellationToken cancellationToken) => _turn.InTurnAsync(() =>
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
    public Task<Facility> UndoAsync(string id, string who, long revision, CancellationToken cancellationToken) => _turn.InTurnAsync(async () =>
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
    public Task<IReadOnlyList<FacilityChange>> HistoryAsync(string id, CancellationToken cancellationToken) => _turn.InTurnAsync<IReadOnlyList<FacilityChange>>(async () =>
    {
        _ = _book.Kept(id) ?? throw new BookingException(BookingFault.NoFacility);
        return [.. (await ChangesAsync(id, cancellationToken).ConfigureAwait(false)).Select(FacilityChange.Of)];
    }, cancellationToken);

    /// <summary>A row and its change are one transaction. What was there before changes were kept becomes the first of them.</summary>
    private async Task<Facility> StoreAsync(Facility? old, Facility wanted, string what, string action, string who, CancellationToken cancellationToken)
    {
        RequireFits(old, wanted);
        string detail = wanted.RemovedAt is null ? $"{wanted.Rooms.Count} rooms, doors {string.Join(' ', wanted.Doors.Select(d => d.Device))}" : $"removed {wanted.Name}";
        await _turn.RecordAsync(what, who, wanted.Id, detail, cancellationToken).ConfigureAwait(false);

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
        Feature stored = (await _turn.Store.WriteAsync(writes, cancellationToken).ConfigureAwait(false))[^1] ?? throw new BookingException(BookingFault.Changed);
        _turn.Tell();
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
        RowChanges.ReadAsync(_turn.Store, FieldTables.FacilityChanges, FieldTables.Facilities, id, cancellationToken);

    private IEnumerable<Booking> To(Facility facility) => _book.In(facility.Id, facility.Rooms.Select(r => r.RoomId)).Where(b => b.IsBooked && b.Slot.End > _turn.UtcNow);

    /// <summary>To the millisecond, as the store keeps it: what is answered at once is what is read later.</summary>
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(_turn.UtcNow.ToUnixTimeMilliseconds());
}
