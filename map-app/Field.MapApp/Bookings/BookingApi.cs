using Field.Contracts;
using Field.Contracts.Locks;
using Field.Ingest;
using Field.Ingest.Bookings;
using Field.MapApp.Access;
using Field.MapApp.Forms;
using Microsoft.Net.Http.Headers;
using FormFile = Field.MapApp.Forms.FormFile;

namespace Field.MapApp.Bookings;

/// <summary>
/// <c>/api/v1/bookings</c> (SPEC.md, Bookings): for the booking screen, and for booking systems with a token. A PIN or code is in the one answer
/// that makes it, and nowhere else.
/// </summary>
internal static class BookingApi
{
    private static readonly TimeSpan Most = TimeSpan.FromDays(400);

    public static void MapBookings(this RouteGroupBuilder api)
    {
        RouteGroupBuilder bookings = api.MapGroup("/bookings").Needs(Permissions.LocksBook);
        bookings.MapGet("", ListAsync);
        bookings.MapGet("/{bookingId}", FindAsync);
        bookings.MapPut("/{bookingId}", PutAsync).Audited("booking.put");
        bookings.MapPost("/{bookingId}/cancel", CancelAsync).Audited("booking.cancel");
        bookings.MapPost("/{bookingId}/pin", PinAsync).Audited("booking.pin");
        bookings.MapPost("/{bookingId}/slip", SlipAsync).Audited("booking.slip");
        bookings.MapPost("/import", ImportAsync).WithMetadata(new BodyLimit(BookingFile.MaxBytes + 1)).Audited("booking.import");
    }

    private static Task<IResult> ListAsync(
        HttpContext http, BookingDesk desk, FacilityDesk facilityDesk, BookingKeys keys, TimeProvider time, string? facility = null, string? from = null, string? to = null) => BookingAnswer.AnswerAsync(http, null, async () =>
    {
        DateTimeOffset first = from is null ? time.GetUtcNow() : BookingAnswer.Time(from, "from");
        DateTimeOffset last = to is null ? first.AddDays(7) : BookingAnswer.Time(to, "to");
        if (last <= first || last - first > Most)
        {
            throw new BookingException(new("bad-value", "to は from より後で400日以内", "to: after from, within 400 days"));
        }

        Dictionary<string, Facility> facilities = (await facilityDesk.ListAsync(withRemoved: false, http.RequestAborted).ConfigureAwait(false)).ToDictionary(f => f.Id, StringComparer.Ordinal);
        IReadOnlyList<Booking> found = await desk.ListAsync(facility, first, last, http.RequestAborted).ConfigureAwait(false);
        return BookingAnswer.Ok(new { bookings = found.Select(b => BookingAnswer.Of(http, keys, b, facilities.GetValueOrDefault(b.FacilityId))) });
    });

    private static Task<IResult> FindAsync(HttpContext http, BookingDesk desk, string bookingId) => BookingAnswer.AnswerAsync(http, null, async () =>
        await desk.FindAsync(bookingId, http.RequestAborted).ConfigureAwait(false) is { } booking
            ? await OkAsync(http, booking).ConfigureAwait(false)
            : JsonAnswer.Refused(StatusCodes.Status404NotFound, new RequestError("no-booking", "その予約はありません", "there is no such booking")));

    private static Task<IResult> PutAsync(HttpContext http, BookingDesk desk, string bookingId, BookingBody body) => BookingAnswer.AnswerAsync(http, body.Who, async () =>
    {
        Slot slot = new(BookingAnswer.Time(body.Start, "start"), BookingAnswer.Time(body.End, "end"));
        BookingRequest request = new(bookingId, body.FacilityId ?? "", body.RoomId, slot, body.Name, body.Contact, body.Purpose, body.OneTime);
        bool isSystem = http.Features.Get<Grants>()?.Subject.Token is not null;
        BookingOutcome outcome = await desk.PutAsync(request, isSystem ? "api" : "screen", BookingAnswer.Who(http, body.Who), body.Revision, http.RequestAborted).ConfigureAwait(false);
        return await OkAsync(http, outcome.Booking!, outcome.Outcome == "added" ? StatusCodes.Status201Created : StatusCodes.Status200OK).ConfigureAwait(false);
    });

    private static Task<IResult> CancelAsync(HttpContext http, BookingDesk desk, string bookingId, ActBody body) => BookingAnswer.AnswerAsync(http, body.Who, async () =>
        await OkAsync(http, await desk.CancelAsync(bookingId, BookingAnswer.Who(http, body.Who), body.Revision, http.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false));

    private static Task<IResult> PinAsync(HttpContext http, BookingKeys keys, string bookingId, ActBody body) => BookingAnswer.AnswerAsync(http, body.Who, async () =>
    {
        (IssuedPin issued, Booking booking) = await keys.IssuePinAsync(bookingId, BookingAnswer.Who(http, body.Who), http.RequestAborted).ConfigureAwait(false);
        return BookingAnswer.Ok(
            new
            {
                pin = issued.Pin,
                start = WireTime.Format(issued.Access.Start),
                end = WireTime.Format(issued.Access.End),
                doors = issued.Doors.Select(d => new { device = d.Device, name = d.Name }),
                revision = booking.Revision,
            },
            StatusCodes.Status201Created);
    });

    private static Task<IResult> SlipAsync(HttpContext http, BookingKeys keys, SlipDesk slips, string bookingId, SlipBody body) => BookingAnswer.AnswerAsync(http, body.Who, async () =>
    {
        try
        {
            (Booking booking, Facility facility, IReadOnlyList<BoxCode> codes) = await keys.BoxCodesAsync(bookingId, BookingAnswer.Who(http, body.Who), http.RequestAborted).ConfigureAwait(false);
            FormFile file = await slips.MakeAsync(booking, facility, codes, isPdf: body.Format is "pdf", http.RequestAborted).ConfigureAwait(false);
            ContentDispositionHeaderValue disposition = new(body.Format is "pdf" ? "attachment" : "inline");
            disposition.SetHttpFileName(file.Name);
            http.Response.Headers.ContentDisposition = disposition.ToString();
            http.Response.Headers.ContentSecurityPolicy = HtmlWriter.Policy;
            return Results.Bytes(file.Bytes, file.MediaType);
        }
        catch (FormException e)
        {
            return JsonAnswer.Refused(e.Fault.Status, new RequestError("no-page", e.Fault.Ja, e.Fault.En));
        }
    });

    /// <summary>The body is the file itself; <c>trial</c> tells what would become of it.</summary>
    private static Task<IResult> ImportAsync(HttpContext http, BookingDesk desk, bool trial = false, string? who = null) => BookingAnswer.AnswerAsync(http, who, async () =>
    {
        using MemoryStream file = new();
        await http.Request.Body.CopyToAsync(file, http.RequestAborted).ConfigureAwait(false);
        BookingFile read = BookingFile.Parse(file.GetBuffer().AsSpan(0, (int)file.Length));
        IReadOnlyList<BookingOutcome> outcomes = await desk.ImportAsync(read, BookingAnswer.Who(http, who), trial, http.RequestAborted).ConfigureAwait(false);
        return BookingAnswer.Ok(new
        {
            encoding = read.Encoding,
            columns = read.Columns,
            isTrial = trial,
            counts = outcomes.GroupBy(o => o.Outcome).ToDictionary(g => g.Key, g => g.Count()),
            rows = outcomes.Select(o => new { row = o.Row, bookingId = o.Id, outcome = o.Outcome, code = o.Fault?.Code, ja = o.Fault?.Ja, en = o.Fault?.En }),
        });
    });

    private static async Task<IResult> OkAsync(HttpContext http, Booking booking, int status = StatusCodes.Status200OK)
    {
        IReadOnlyList<Facility> facilities = await http.RequestServices.GetRequiredService<FacilityDesk>().ListAsync(withRemoved: false, http.RequestAborted).ConfigureAwait(false);
        BookingKeys keys = http.RequestServices.GetRequiredService<BookingKeys>();
        return BookingAnswer.Ok(BookingAnswer.Of(http, keys, booking, facilities.FirstOrDefault(f => f.Id == booking.FacilityId)), status);
    }

    private sealed record BookingBody(string? FacilityId, string? RoomId, string? Start, string? End, string? Name, string? Contact, string? Purpose, long? Revision, string? Who, bool OneTime = false);

    private sealed record ActBody(long? Revision, string? Who);

    private sealed record SlipBody(string? Format, string? Who);
}
