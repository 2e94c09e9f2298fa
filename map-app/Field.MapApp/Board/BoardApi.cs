using System.Text.Json;
using Field.Contracts;
using Field.Ingest;
using Field.Ingest.Board;
using Field.MapApp.Access;
using Field.Store;

namespace Field.MapApp.Board;

/// <summary>The shared board (SPEC.md, Board); its rows are read as <c>/features/board</c>, its changes as <c>/features/boardChanges</c>.</summary>
internal static class BoardApi
{
    private const string NoFly = "no-fly:";
    private const string View = "view:";
    private static readonly TimeSpan Oldest = TimeSpan.FromDays(31);

    public static void MapBoard(this RouteGroupBuilder api)
    {
        api.MapGet("/board/{boardId}/history", HistoryAsync).Needs(Permissions.MapView);
        api.MapGet("/board/at", AtAsync).Needs(Permissions.MapView);
        MapRows(api, "/board/{boardId}", Permissions.BoardManage, id => id.StartsWith(NoFly, StringComparison.Ordinal) || id.StartsWith(View, StringComparison.Ordinal) ? "" : id);
        MapRows(api, "/routes/no-fly/{boardId}", Permissions.RoutesPlan, id => NoFly + id); // who plans flights draws these, and nothing else of the board
        MapRows(api, "/photos/{boardId}/view", Permissions.FindingsDecide, id => View + id);
    }

    /// <param name="api">The group.</param>
    /// <param name="path">With <c>{boardId}</c>.</param>
    /// <param name="permission">Who may change these rows.</param>
    /// <param name="id">The row that a path means; of none, no row.</param>
    private static void MapRows(RouteGroupBuilder api, string path, Permission permission, Func<string, string> id)
    {
        RouteHandlerBuilder set = api.MapPut(path, (HttpContext http, BoardDesk board, string boardId) => SetAsync(http, board, id(boardId))).Needs(permission);
        set.WithMetadata(new BodyLimit(256 * 1024));
        set.Audited("board.set");
        api.MapPost(path + "/undo", (HttpContext http, BoardDesk board, string boardId) => UndoAsync(http, board, id(boardId))).Needs(permission).Audited("board.undo");
    }

    private static async Task HistoryAsync(HttpContext http, BoardDesk board, string boardId)
    {
        IReadOnlyList<Feature> changes = await board.HistoryAsync(boardId, http.RequestAborted).ConfigureAwait(false);
        await JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("boardId", boardId);
            writer.WriteStartArray("changes");
            foreach (Feature change in changes)
            {
                writer.WriteStartObject();
                foreach (Column column in change.Table.Columns.Where(c => c.Name != "boardId"))
                {
                    writer.WritePropertyName(column.Name);
                    FeatureJson.WriteValue(writer, column, change.Properties.GetValueOrDefault(column.Name));
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }).ConfigureAwait(false);
    }

    /// <summary>One at a time: each reads the last measurements of every device.</summary>
    private static async Task AtAsync(HttpContext http, BoardDesk board, ReplayGate gate, TimeProvider clock, string? time = null)
    {
        http.Response.Headers.CacheControl = "no-store";
        DateTimeOffset now = clock.GetUtcNow();
        if (!WireTime.TryParse(time ?? "", out DateTimeOffset at) || at > now.AddMinutes(1) || at < now - Oldest)
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status400BadRequest, [new("time", "time は過去31日以内の時差の付いた日時です", "time: an RFC 3339 time of the last 31 days")]).ConfigureAwait(false);
            return;
        }

        using MemoryStream buffer = new();
        if (!await gate.TryAsync(() => board.WriteAtAsync(buffer, at, http.RequestAborted), http.RequestAborted).ConfigureAwait(false))
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, [new("busy", "混み合っています。少し待ってください", "busy: try again in a moment")]).ConfigureAwait(false);
            return;
        }

        http.Response.ContentType = JsonAnswer.Json;
        await http.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), http.RequestAborted).ConfigureAwait(false);
    }

    private static async Task SetAsync(HttpContext http, BoardDesk board, string boardId)
    {
        if (await ReadAsync(http).ConfigureAwait(false) is ({ } request, { } errors))
        {
            await AnswerAsync(http, await board.SetAsync(boardId, request, errors, http.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }

    private static async Task UndoAsync(HttpContext http, BoardDesk board, string boardId)
    {
        if (await ReadAsync(http).ConfigureAwait(false) is ({ } request, { } errors))
        {
            await AnswerAsync(http, errors.Count > 0
                ? new BoardResult(BoardOutcome.Refused, null, errors)
                : await board.UndoAsync(boardId, request.Revision, request.Who, http.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }

    /// <summary>The body with who is asking, or nothing when the request has been refused.</summary>
    private static async Task<(BoardRequest?, List<BoardError>?)> ReadAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        using JsonDocument? body = await JsonAnswer.ReadAsync(http).ConfigureAwait(false);
        if (body is null)
        {
            return default;
        }

        List<BoardError> errors = [];
        BoardRequest request = BoardRequest.Read(body.RootElement, errors);
        http.SetAsker(request.Who);
        return (request with { Who = http.Who(request.Who)?.Trim() }, errors);
    }

    private static Task AnswerAsync(HttpContext http, BoardResult result) => result.Outcome switch
    {
        BoardOutcome.Done => JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, w => FeatureJson.Write(w, result.Row!), JsonAnswer.GeoJson),
        BoardOutcome.Refused => JsonAnswer.RefuseAsync(http, StatusCodes.Status400BadRequest, result.Errors),
        BoardOutcome.Stale => JsonAnswer.RefuseAsync(
            http, StatusCodes.Status409Conflict,
            [new("stale", "表示したあとにほかの人が変更しました。今の内容を確かめてから、もう一度保存してください", "somebody changed it after you saw it: look at it as it is now, then save again")],
            result.Row is { } row ? w => WriteRow(w, row) : null),
        _ => JsonAnswer.RefuseAsync(http, StatusCodes.Status404NotFound, [new("not-there", "対象がありません", "there is no such thing")]),
    };

    private static void WriteRow(Utf8JsonWriter writer, Feature row)
    {
        writer.WritePropertyName("row");
        FeatureJson.Write(writer, row);
    }
}
