using Field.Ingest;
using Field.MapApp.Access;

namespace Field.MapApp;

/// <summary>What a person does about alarms; they are read as <c>/features/alarms</c>.</summary>
internal static class AlarmApi
{
    private const int MaxWho = 100;
    private const int MaxNote = 500;

    public static void MapAlarms(this RouteGroupBuilder api) =>
        api.MapPost("/alarms/{alarmId}/acknowledge", AcknowledgeAsync).Needs(Permissions.AlarmsAcknowledge).Audited("alarm.acknowledge");

    private static async Task<IResult> AcknowledgeAsync(HttpContext http, FieldQueries queries, string alarmId, Acknowledgement body, CancellationToken cancel)
    {
        http.SetAsker(body?.Who);
        if (body is null || http.Who(body.Who) is not { } who || who.Trim() is not { Length: > 0 and <= MaxWho } || body.Note?.Length > MaxNote)
        {
            return JsonAnswer.Refused(StatusCodes.Status400BadRequest, $"who: 1 to {MaxWho} characters; note: at most {MaxNote}");
        }

        return await queries.AcknowledgeAlarmAsync(alarmId, who.Trim(), body.Note, cancel).ConfigureAwait(false)
            ? Results.NoContent()
            : JsonAnswer.Refused(StatusCodes.Status404NotFound, "no such alarm");
    }

    private sealed record Acknowledgement(string? Who, string? Note);
}
