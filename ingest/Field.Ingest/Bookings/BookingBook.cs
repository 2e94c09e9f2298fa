using Field.Store;

namespace Field.Ingest.Bookings;

/// <summary>
/// The facilities and bookings of the store, as they are now: each look reads only what changed since the one before, also what another
/// process wrote. Not thread-safe: <see cref="BookingTurn"/> lets one at a time.
/// </summary>
internal sealed class BookingBook(IFeatureStore store)
{
    private const int PageRows = 1000;
    private readonly Dictionary<string, Facility> _facilities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Booking> _bookings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _byRoom = new(StringComparer.Ordinal);
    private long _facilityRevision;
    private long _bookingRevision;

    /// <summary>Facilities, removed ones too.</summary>
    public IReadOnlyCollection<Facility> Facilities => _facilities.Values;

    /// <summary>Bookings, over and cancelled ones too.</summary>
    public IReadOnlyCollection<Booking> Bookings => _bookings.Values;

    public Facility? Facility(string id) => Kept(id) is { RemovedAt: null } facility ? facility : null;

    /// <summary>A facility, also a removed one.</summary>
    public Facility? Kept(string id) => _facilities.GetValueOrDefault(id);

    public Booking? Booking(string id) => _bookings.GetValueOrDefault(id);

    /// <summary>Bookings of rooms of a facility.</summary>
    public IEnumerable<Booking> In(string facilityId, IEnumerable<string> roomIds) =>
        roomIds.SelectMany(r => _byRoom.GetValueOrDefault(Key(facilityId, r)) ?? []).Select(id => _bookings[id]);

    public async Task LookAsync(CancellationToken cancellationToken)
    {
        _facilityRevision = await ReadAsync(FieldTables.Facilities, _facilityRevision, row => _facilities[row.Id] = Field.Ingest.Bookings.Facility.Of(row), cancellationToken).ConfigureAwait(false);
        _bookingRevision = await ReadAsync(FieldTables.Bookings, _bookingRevision, row => Put(Field.Ingest.Bookings.Booking.Of(row)), cancellationToken).ConfigureAwait(false);
    }

    private void Put(Booking booking)
    {
        if (_bookings.TryGetValue(booking.Id, out Booking? old))
        {
            _byRoom[Key(old.FacilityId, old.RoomId)].Remove(old.Id);
        }

        _bookings[booking.Id] = booking;
        string key = Key(booking.FacilityId, booking.RoomId);
        if (!_byRoom.TryGetValue(key, out HashSet<string>? ids))
        {
            _byRoom.Add(key, ids = new(StringComparer.Ordinal));
        }

        ids.Add(booking.Id);
    }

    private async Task<long> ReadAsync(FeatureTable table, long since, Action<Feature> take, CancellationToken cancellationToken)
    {
        while (true)
        {
            FeaturePage page = await store.QueryAsync(table, new FeatureQuery { SinceRevision = since, Limit = PageRows }, cancellationToken).ConfigureAwait(false);
            foreach (Feature row in page.Features)
            {
                take(row);
                since = row.Revision;
            }

            if (page.IsLast)
            {
                return since;
            }
        }
    }

    private static string Key(string facilityId, string roomId) => $"{facilityId}/{roomId}";
}
