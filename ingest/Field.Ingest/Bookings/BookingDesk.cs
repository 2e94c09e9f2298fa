using System.Security.Cryptography;
using Field.Ingest.Locks;
using Field.Store;

namespace Field.Ingest.Bookings;

/// <summary>The bookings of facilities.</summary>
public sealed class BookingDesk
{
    private readonly IngestOptions _options;
    private readonly BookingTurn _turn;
    private readonly BookingBook _book;

    internal BookingDesk(IngestOptions options, BookingTurn turn) => (_options, _turn, _book) = (options, turn, turn.Book);

    /// <summary>Bookings that touch a time, by their begin; cancelled ones too.</summary>
    public Task<IReadOnlyList<Booking>> ListAsync(string? facilityId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => _turn.InTurnAsync<IReadOnlyList<Booking>>(
        () => Task.FromResult<IReadOnlyList<Booking>>(
        [
            .. _book.Bookings.Where(b => (facilityId is null || b.FacilityId == facilityId) && b.Slot.Start < to && b.Slot.End > from)
                .OrderBy(b => b.Slot.Start).ThenBy(b => b.RoomId, StringComparer.Ordinal).ThenBy(b => b.Id, StringComparer.Ordinal),
        ]),
        cancellationToken);

    /// <summary>One booking, or null.</summary>
    public Task<Booking?> FindAsync(string id, CancellationToken cancellationToken) => _turn.InTurnAsync(() => Task.FromResult(_book.Booking(id)), cancellationToken);

    /// <summary>The bookings of grants, by the ids that a lock tells.</summary>
    internal Task<IReadOnlyDictionary<string, Booking>> ByGrantAsync(CancellationToken cancellationToken) => _turn.InTurnAsync<IReadOnlyDictionary<string, Booking>>(
        () => Task.FromResult<IReadOnlyDictionary<string, Booking>>(_book.Bookings.ToDictionary(b => b.GrantKey, StringComparer.Ordinal)), cancellationToken);

    /// <summary>Makes or changes a booking; the same request again changes nothing.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="source"><c>screen</c> or <c>api</c>.</param>
    /// <param name="who">Who asks.</param>
    /// <param name="revision">The revision that was seen, or null for whatever is there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BookingException">It is not taken.</exception>
    public Task<BookingOutcome> PutAsync(BookingRequest request, string source, string who, long? revision, CancellationToken cancellationToken) => _turn.InTurnAsync(async () =>
    {
        ArgumentNullException.ThrowIfNull(request);
        Booking? old = _book.Booking(request.Id);
        if (revision is not null && revision != (old?.Revision ?? 0))
        {
            throw new BookingException(BookingFault.Changed);
        }

        BookingOutcome asked = BookingPlan.Of(_book, request, _turn.Step(who), source, NewGrantKey());
        BookingOutcome outcome = BookingPlan.Settle(_book, [asked])[0];
        if (outcome.Fault is { } fault)
        {
            throw new BookingException(fault);
        }

        return outcome.Outcome == "same" ? outcome : outcome with { Booking = await _turn.SaveAsync(outcome.Booking!, old, "booking." + (old is null ? "add" : "change"), who, cancellationToken).ConfigureAwait(false) };
    }, cancellationToken);

    /// <summary>Cancels a booking; its PIN opens no more. A cancelled one stays so.</summary>
    /// <exception cref="BookingException">There is none, or it was changed meanwhile.</exception>
    public Task<Booking> CancelAsync(string id, string who, long? revision, CancellationToken cancellationToken) => _turn.InTurnAsync(async () =>
    {
        Booking old = _book.Booking(id) ?? throw new BookingException(BookingFault.NoBooking);
        if (revision is not null && revision != old.Revision)
        {
            throw new BookingException(BookingFault.Changed);
        }

        return old.IsBooked ? await _turn.SaveAsync(Cancelled(old, who), old, "booking.cancel", who, cancellationToken).ConfigureAwait(false) : old;
    }, cancellationToken);

    /// <summary>Takes the bookings of a file; each row is taken, or told with its reason. The same file again changes nothing.</summary>
    /// <param name="file">The rows.</param>
    /// <param name="who">Who brings it in.</param>
    /// <param name="isTrial">True tells what would become of each row, and changes nothing.</param>
    /// <param name="cancellationToken">Gives up; nothing is changed then.</param>
    public Task<IReadOnlyList<BookingOutcome>> ImportAsync(BookingFile file, string who, bool isTrial, CancellationToken cancellationToken) => _turn.InTurnAsync<IReadOnlyList<BookingOutcome>>(async () =>
    {
        ArgumentNullException.ThrowIfNull(file);
        BookingStep step = _turn.Step(who);
        IReadOnlyList<BookingOutcome> plan = BookingPlan.Settle(_book, [.. file.Plan(_book, row => OfRow(row, step))]);
        Booking[] changed = [.. plan.Where(p => p.Outcome is "added" or "changed" or "cancelled").Select(p => p.Booking!)];
        if (!isTrial && changed.Length > 0)
        {
            string counts = string.Join(", ", plan.GroupBy(p => p.Outcome).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key} {g.Count()}"));
            await _turn.RecordAsync("booking.import", who, _options.Site, counts, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<Feature?> written = await _turn.Store.WriteAsync([.. changed.Select(b => BookingTurn.Write(b, _book.Booking(b.Id)) with { IsRequired = true })], cancellationToken).ConfigureAwait(false);
            if (written.Contains(null))
            {
                throw new BookingException(BookingFault.Changed);
            }

            _turn.Tell();
        }

        return plan;
    }, cancellationToken);

    /// <summary>Deletes what is personal of bookings whose time ended long enough ago.</summary>
    /// <returns>How many.</returns>
    internal Task<int> WipeAsync(CancellationToken cancellationToken) => _turn.InTurnAsync(async () =>
    {
        DateTimeOffset now = _turn.UtcNow;
        DateTimeOffset before = now.AddDays(-_options.BookingRetentionDays);
        Booking[] old = [.. _book.Bookings.Where(b => b.WipedAt is null && b.Slot.End < before)];
        if (old.Length > 0)
        {
            await _turn.RecordAsync("booking.wipe", "system", _options.Site, $"{old.Length} bookings", cancellationToken).ConfigureAwait(false);
            await _turn.Store.WriteAsync([.. old.Select(b => new FeatureWrite(b.Wiped(now).ToFeature()) { IfRevision = b.Revision })], cancellationToken).ConfigureAwait(false);
        }

        return old.Length;
    }, cancellationToken);

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
        (old with { State = Booking.IsCancelledState, Grants = [], PinAt = null, PinBy = null }).Done(_turn.Step(who) with { What = "cancel" });

    /// <summary>Random, for a lock's list must not tell which bookings belong together.</summary>
    private static string NewGrantKey() => $"{GrantService.BookingPrefix}{RandomNumberGenerator.GetHexString(10, lowercase: true)}";
}
