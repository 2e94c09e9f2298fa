using System.Text.Json;
using Field.Contracts;
using Field.Ingest;
using Field.Ingest.Bookings;
using Field.MapApp.Access;

namespace Field.MapApp.Bookings;

/// <summary>How bookings and facilities are answered: never kept by a browser, and on a listener that faces the internet without who booked.</summary>
internal static class BookingAnswer
{
    /// <summary>Does the work; what is refused is told with its word and in both languages.</summary>
    public static async Task<IResult> AnswerAsync(HttpContext http, string? who, Func<Task<IResult>> work)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.SetAsker(who);
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (BookingException e)
        {
            int status = e.Fault.Code switch
            {
                "no-facility" or "no-booking" => StatusCodes.Status404NotFound,
                "changed" => StatusCodes.Status409Conflict,
                _ => StatusCodes.Status422UnprocessableEntity,
            };
            return JsonAnswer.Refused(status, e.Fault);
        }
        catch (FieldException e) when (!e.IsTransient && e is not AccessException)
        {
            return JsonAnswer.Refused(StatusCodes.Status400BadRequest, new RequestError("refused", e.Message, e.Message));
        }
    }

    public static IResult Ok(object body, int status = StatusCodes.Status200OK) => Results.Json(body, Options, statusCode: status);

    public static object Of(Facility f) => new
    {
        facilityId = f.Id,
        name = f.Name,
        kind = f.Kind,
        isShelter = f.IsShelter,
        lon = f.Lon,
        lat = f.Lat,
        rooms = f.Rooms,
        doors = f.Doors.Select(d => new { device = d.Device, name = d.Name, isKeyBox = d.IsKeyBox, rooms = d.Rooms ?? [] }),
        minutesBefore = f.MinutesBefore,
        minutesAfter = f.MinutesAfter,
        removedAt = f.RemovedAt is { } removed ? WireTime.Format(removed) : null,
        revision = f.Revision,
    };

    public static object Of(FacilityChange c) => new { n = c.N, action = c.Action, who = c.Who, at = c.At is { } at ? WireTime.Format(at) : null, facility = Of(c.After) };

    public static object Of(HttpContext http, BookingKeys keys, Booking b, Facility? facility)
    {
        bool isShown = ShowsPeople(http);
        return new
        {
            bookingId = b.Id,
            facilityId = b.FacilityId,
            roomId = b.RoomId,
            start = WireTime.Format(b.Slot.Start),
            end = WireTime.Format(b.Slot.End),
            name = isShown ? b.Name : null,
            contact = isShown ? b.Contact : null,
            purpose = isShown ? b.Purpose : null,
            oneTime = b.OneTime,
            state = b.State,
            source = b.Source,
            createdAt = WireTime.Format(b.CreatedAt),
            changedAt = WireTime.Format(b.ChangedAt),
            changedBy = b.ChangedBy,
            wipedAt = b.WipedAt is { } wiped ? WireTime.Format(wiped) : null,
            pin = keys.PinOf(b, facility) switch { PinState.NotNeeded => "not-needed", PinState.Issued => "issued", PinState.Again => "again", _ => "none" },
            pinAt = b.PinAt is { } at ? WireTime.Format(at) : null,
            pinBy = b.PinBy,
            keyBox = facility?.Doors.Any(d => d.IsKeyBox && d.Serves(b.RoomId)) ?? false,
            steps = b.Steps.Select(s => new { at = WireTime.Format(s.At), who = s.Who, what = s.What, before = s.Before }),
            revision = b.Revision,
        };
    }

    /// <summary>Who booked is a resident: not shown where the internet reaches.</summary>
    public static bool ShowsPeople(HttpContext http) => Permissions.IsServed(DataClass.Resident, http.Features.Get<Grants>()?.IsInternetFacing == true);

    /// <summary>Who does it, as the audit log and the row say.</summary>
    public static string Who(HttpContext http, string? said)
    {
        string who = http.Who(said)?.Trim() ?? "local";
        return who.Length is > 0 and <= 64 && !who.Any(char.IsControl) ? who : throw new FieldException("who: 1 to 64 characters");
    }

    public static DateTimeOffset Time(string? text, string member) => WireTime.TryParse(text ?? "", out DateTimeOffset time)
        ? time.ToUniversalTime()
        : throw new BookingException(new("bad-value", $"{member}: 2026-05-11T09:00:00+09:00 の形の時刻", $"{member}: an RFC 3339 time with an offset, such as 2026-05-11T09:00:00+09:00"));

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
