using Field.Contracts;
using Field.Store;
using Field.Store.Audit;

namespace Field.Ingest.Bookings;

/// <summary>
/// What the desks of facilities, bookings and their keys share: one at a time, in memory decided and in one transaction written. What a person
/// does is in the audit log before it is done, without anybody's name but theirs; a row that another process changed meanwhile is not overwritten.
/// </summary>
internal sealed class BookingTurn(IFeatureStore store, AuditLog? audit, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Bookings or doors changed: what the locks know must follow.</summary>
    public event Action? Changed;

    /// <summary>As it was when the turn began.</summary>
    public BookingBook Book { get; } = new(store);

    public IFeatureStore Store => store;

    public DateTimeOffset UtcNow => time.GetUtcNow();

    /// <summary>Waits for its turn, looks what is there now, and does the work.</summary>
    public async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await Book.LookAsync(cancellationToken).ConfigureAwait(false);
            return await work().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public Task RecordAsync(string what, string who, string on, string detail, CancellationToken cancellationToken) => audit is null
        ? Task.CompletedTask
        : audit.AppendAsync([new AuditEntry(what, who == "system" ? who : $"user:{who}", on, "done") { Detail = detail }], cancellationToken);

    /// <summary>Records and writes a booking.</summary>
    /// <param name="booking">As it is to be.</param>
    /// <param name="old">As it was seen; null when it is new.</param>
    /// <param name="what">For the audit log.</param>
    /// <param name="who">Who does it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BookingException">It was changed meanwhile.</exception>
    public async Task<Booking> SaveAsync(Booking booking, Booking? old, string what, string who, CancellationToken cancellationToken)
    {
        string detail = $"{booking.FacilityId}/{booking.RoomId} {WireTime.Format(booking.Slot.Start)} to {WireTime.Format(booking.Slot.End)}";
        await RecordAsync(what, who, booking.Id, detail, cancellationToken).ConfigureAwait(false);
        Feature stored = (await store.WriteAsync([Write(booking, old)], cancellationToken).ConfigureAwait(false))[0] ?? throw new BookingException(BookingFault.Changed);
        Tell();
        return Booking.Of(stored);
    }

    public static FeatureWrite Write(Booking booking, Booking? old) => old is null ? new(booking.ToFeature(), WriteMode.InsertNew) : new(booking.ToFeature()) { IfRevision = old.Revision };

    public BookingStep Step(string who) => new(UtcNow, who, "");

    public void Tell() => Changed?.Invoke();

    public void Dispose() => _turn.Dispose();
}
