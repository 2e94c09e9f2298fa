using Field.Ingest.Bookings;
using Field.MapApp.Access;

namespace Field.MapApp.Bookings;

/// <summary><c>/api/v1/facilities</c>: what can be booked, and its doors. Nothing of a person is in it.</summary>
internal static class FacilityApi
{
    public static void MapFacilities(this RouteGroupBuilder api)
    {
        api.MapGet("/facilities", ListAsync).Needs(Permissions.MapView);
        RouteGroupBuilder facilities = api.MapGroup("/facilities/{facilityId}").Needs(Permissions.LocksBook);
        facilities.MapPut("", PutAsync).Audited("facility.set");
        facilities.MapDelete("", RemoveAsync).Audited("facility.remove");
        facilities.MapPost("/undo", UndoAsync).Audited("facility.undo");
        facilities.MapGet("/history", HistoryAsync);
    }

    private static Task<IResult> ListAsync(HttpContext http, FacilityDesk desk, bool removed = false) => BookingAnswer.AnswerAsync(http, null, async () =>
        BookingAnswer.Ok(new { facilities = (await desk.ListAsync(removed, http.RequestAborted).ConfigureAwait(false)).Select(BookingAnswer.Of) }));

    private static Task<IResult> HistoryAsync(HttpContext http, FacilityDesk desk, string facilityId) => BookingAnswer.AnswerAsync(http, null, async () =>
    {
        IReadOnlyList<FacilityChange> changes = await desk.HistoryAsync(facilityId, http.RequestAborted).ConfigureAwait(false);
        return BookingAnswer.Ok(new { facilityId, changes = changes.Select(BookingAnswer.Of) });
    });

    private static Task<IResult> UndoAsync(HttpContext http, FacilityDesk desk, string facilityId, UndoBody body) => BookingAnswer.AnswerAsync(http, body.Who, async () =>
        BookingAnswer.Ok(BookingAnswer.Of(await desk.UndoAsync(facilityId, BookingAnswer.Who(http, body.Who), body.Revision, http.RequestAborted).ConfigureAwait(false))));

    private static Task<IResult> PutAsync(HttpContext http, FacilityDesk desk, string facilityId, FacilityBody body) => BookingAnswer.AnswerAsync(http, body.Who, async () =>
    {
        Facility facility = new()
        {
            Id = facilityId,
            Name = body.Name?.Trim() ?? "",
            Kind = body.Kind ?? "other",
            IsShelter = body.IsShelter,
            Lon = body.Lon,
            Lat = body.Lat,
            Rooms = [.. (body.Rooms ?? []).Select(r => new Room(r.RoomId ?? "", r.Name?.Trim() ?? "", r.PartOf))],
            Doors = [.. (body.Doors ?? []).Select(d => new Door(d.Device ?? "", d.Name?.Trim() ?? "", d.IsKeyBox, d.Rooms is { Length: > 0 } rooms ? rooms : null))],
            MinutesBefore = body.MinutesBefore ?? 15,
            MinutesAfter = body.MinutesAfter ?? 15,
            Revision = body.Revision ?? 0,
        };
        return BookingAnswer.Ok(BookingAnswer.Of(await desk.PutAsync(facility, BookingAnswer.Who(http, body.Who), http.RequestAborted).ConfigureAwait(false)));
    });

    private static Task<IResult> RemoveAsync(HttpContext http, FacilityDesk desk, string facilityId, long? revision = null, string? who = null) => BookingAnswer.AnswerAsync(http, who, async () =>
        BookingAnswer.Ok(BookingAnswer.Of(await desk.RemoveAsync(facilityId, BookingAnswer.Who(http, who), revision, http.RequestAborted).ConfigureAwait(false))));

    private sealed record FacilityBody(
        string? Name, string? Kind, double? Lon, double? Lat, RoomBody[]? Rooms, DoorBody[]? Doors, int? MinutesBefore, int? MinutesAfter, long? Revision, string? Who, bool IsShelter = false);

    private sealed record UndoBody(long Revision, string? Who);

    private sealed record RoomBody(string? RoomId, string? Name, string? PartOf);

    private sealed record DoorBody(string? Device, string? Name, string[]? Rooms, bool IsKeyBox = false);
}
