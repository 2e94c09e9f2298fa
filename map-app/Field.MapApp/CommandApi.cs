using System.Text.Json;
using Field.Ingest.Commands;
using Field.MapApp.Access;

namespace Field.MapApp;

/// <summary>
/// <c>POST /api/v1/devices/{device}/commands</c> with <c>{"name":"lock.open","reason":"...","args":{},"expiresInSeconds":60}</c>. Who asks is who
/// signed in; the user of this machine says it as <c>who</c> (<c>local</c> when absent). The answer is 202 with the commandId; the outcome comes with
/// the event <c>command:ID</c>, and is at <c>GET .../commands/{commandId}</c>.
/// </summary>
internal static class CommandApi
{
    private const string Who = "local";
    private const int MaxSeconds = 86_400;

    public static void MapCommands(this RouteGroupBuilder api) => Map(api.MapGroup("/devices/{device}/commands").Needs(Permissions.LocksOpen, Permissions.DronesCommand, Permissions.DevicesCommand));

    private static void Map(RouteGroupBuilder commands)
    {
        commands.MapPost("", SendAsync).Audited("command.send");
        commands.MapGet("/{commandId}", FindAsync);
    }

    private static async Task<IResult> FindAsync(CommandService commands, string device, string commandId, CancellationToken cancel) =>
        await commands.FindAsync(commandId, cancel).ConfigureAwait(false) is { } state && state.Device == device
            ? Results.Ok(new { outcome = state.Outcome, detail = state.Detail })
            : JsonAnswer.Refused(StatusCodes.Status404NotFound, "no such command");

    private static async Task<IResult> SendAsync(HttpContext http, CommandService commands, string device)
    {
        if (!http.Request.HasJsonContentType())
        {
            // A form of a foreign page cannot send this type without being asked first.
            return JsonAnswer.Refused(StatusCodes.Status415UnsupportedMediaType, "the body must be application/json");
        }

        try
        {
            using JsonDocument body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted).ConfigureAwait(false);
            CommandRequest request = Read(http, body.RootElement, device);
            http.SetAsker(request.Who);
            http.Demand(PermissionFor(request.Name));
            string id = await commands.SendAsync(request, http.RequestAborted).ConfigureAwait(false);
            return Results.Json(new { commandId = id }, statusCode: StatusCodes.Status202Accepted);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return JsonAnswer.Refused(StatusCodes.Status400BadRequest, "the body must be an object with name, reason, and optionally args and expiresInSeconds");
        }
        catch (FieldException e) when (!e.IsTransient && e is not AccessException)
        {
            return JsonAnswer.Refused(StatusCodes.Status400BadRequest, e.Message);
        }
    }

    private static Permission PermissionFor(string command) => command.StartsWith("lock.", StringComparison.Ordinal) ? Permissions.LocksOpen
        : command.StartsWith("drone.", StringComparison.Ordinal) ? Permissions.DronesCommand
        : Permissions.DevicesCommand;

    private static CommandRequest Read(HttpContext http, JsonElement body, string device)
    {
        int seconds = body.TryGetProperty("expiresInSeconds", out JsonElement limit) ? limit.GetInt32() : 60;
        return new CommandRequest(
            device,
            body.GetProperty("name").GetString() ?? "",
            body.TryGetProperty("reason", out JsonElement reason) ? reason.GetString() ?? "" : "",
            http.Who(body.TryGetProperty("who", out JsonElement who) ? who.GetString() ?? "" : null) ?? Who,
            body.TryGetProperty("args", out JsonElement args) ? args.GetRawText() : "{}",
            TimeSpan.FromSeconds(Math.Clamp(seconds, 1, MaxSeconds)));
    }
}
