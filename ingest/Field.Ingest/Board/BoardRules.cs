using System.Text.RegularExpressions;
using Field.Store;

namespace Field.Ingest.Board;

/// <summary>What a row of the board may be.</summary>
internal static partial class BoardRules
{
    public const string Situation = "situation";
    public const string Follow = "follow";
    public const string Drawing = "drawing";
    public const string NoFly = "no-fly";
    public const string View = "view";
    public const int MaxWho = 100;
    public const int MaxLine = 100;
    public const int MaxNote = 1000;

    private static readonly string[] States = ["open", "working", "done", "false-report"];
    private static readonly string[] Views = ["whole", "side", "deck", "span"];
    private static readonly string[] Colours = ["red", "orange", "green", "blue", "purple", "black"];
    private static readonly string[] Patterns = ["none", "diagonal", "cross", "dots"];

    /// <summary>The kind of a row by its id, or null when it is no id.</summary>
    public static string? KindOf(string boardId) =>
        boardId == Situation ? Situation
        : FollowId().IsMatch(boardId) ? Follow
        : ViewId().IsMatch(boardId) ? View
        : DrawingId().IsMatch(boardId) ? boardId[..boardId.IndexOf(':', StringComparison.Ordinal)]
        : null;

    /// <summary>How many rows of the kind there may be.</summary>
    public static long Most(string kind) => kind switch { Drawing => 20_000, NoFly => 2_000, _ => long.MaxValue };

    /// <summary>What a follow or a general view is about: its table and id.</summary>
    public static (FeatureTable Table, string Id) Target(string boardId)
    {
        string[] parts = boardId.Split(':', 3);
        if (parts[0] == View)
        {
            return (FieldTables.Photos, parts[1]);
        }

        FeatureTable table = parts[1] switch
        {
            "event" => FieldTables.Events,
            "alarm" => FieldTables.Alarms,
            "finding" => FieldTables.Findings,
            _ => FieldTables.Devices,
        };
        return (table, parts[2]);
    }

    /// <summary>What is wrong with the content, all at once.</summary>
    public static IEnumerable<BoardError> Check(string kind, BoardRequest request)
    {
        if (request.Who is null || request.Who.Length > MaxWho || request.Who.Any(char.IsControl))
        {
            yield return BoardError.Wrong("who", $"氏名を {MaxWho} 字以内で入れてください", $"a name of 1 to {MaxWho} characters");
        }

        if (Long("crew", request.Crew, MaxLine) is { } crew)
        {
            yield return crew;
        }

        if (Long("title", request.Title, MaxLine) is { } title)
        {
            yield return title;
        }

        if (Long("note", request.Note, MaxNote) is { } note)
        {
            yield return note;
        }

        foreach (BoardError error in request.IsRemoved ? [] : kind switch
        {
            Follow => OneOf("state", request.State, States),
            Drawing => OfDrawing(request),
            NoFly => OfArea(request),
            View => OfView(request),
            _ => request.Title is null ? [BoardError.Wrong("title", "災害対応名を入れてください", "the name of the situation is missing")] : [],
        })
        {
            yield return error;
        }
    }

    private static IEnumerable<BoardError> OfDrawing(BoardRequest request)
    {
        string? type = request.Shape switch { "point" or "text" => "Point", "line" => "LineString", "polygon" => "Polygon", _ => null };
        if (type is null)
        {
            yield return BoardError.Wrong("shape", "point、line、polygon、text のどれかです", "one of point, line, polygon, text");
        }
        else if (request.Geometry?.GeometryType != type)
        {
            yield return BoardError.Wrong("geometry", $"{request.Shape} には {type} が要ります", $"{request.Shape} needs a {type}");
        }

        if (request is { Shape: "text", Title: null })
        {
            yield return BoardError.Wrong("title", "文字を入れてください", "a text needs words");
        }

        foreach (BoardError error in OneOf("colour", request.Colour, Colours).Concat(OneOf("pattern", request.Pattern, Patterns)))
        {
            yield return error;
        }
    }

    private static IEnumerable<BoardError> OfArea(BoardRequest request)
    {
        if (request.Title is null)
        {
            yield return BoardError.Wrong("title", "区域の名前を入れてください", "the area needs a name");
        }

        if (request.Geometry is not { GeometryType: "Polygon", IsValid: true })
        {
            yield return BoardError.Wrong("geometry", "辺が交わらない範囲（Polygon）を描いてください", "draw an area (Polygon) whose edges do not cross");
        }

        if (request is { PermitNumber: null, PermitHolder: null, PermitUntil: null })
        {
            yield break;
        }

        if (request.PermitNumber is not { Length: <= MaxLine } number || number.Any(char.IsControl))
        {
            yield return BoardError.Wrong("permitNumber", $"許可・承認番号を {MaxLine} 字以内で入れてください", $"the permit's number, 1 to {MaxLine} characters");
        }

        if (request.PermitHolder is not { Length: <= MaxLine } holder || holder.Any(char.IsControl))
        {
            yield return BoardError.Wrong("permitHolder", $"許可を受けた人や団体を {MaxLine} 字以内で入れてください", $"to whom the permit was given, 1 to {MaxLine} characters");
        }

        if (NoFlyAreas.Day(request.PermitUntil) is null)
        {
            yield return BoardError.Wrong("permitUntil", "許可の期限を 2027-03-31 の形の日付で入れてください", "the last day of the permit, as 2027-03-31");
        }
    }

    private static IEnumerable<BoardError> OfView(BoardRequest request)
    {
        if (request.AssetId?.StartsWith("bridge:", StringComparison.Ordinal) != true || request.AssetId.Length > MaxLine)
        {
            yield return BoardError.Wrong("assetId", "橋を選んでください", "choose a bridge");
        }

        foreach (BoardError error in OneOf("state", request.State, Views))
        {
            yield return error;
        }
    }

    private static BoardError[] OneOf(string member, string? value, string[] values) =>
        values.Contains(value) ? [] : [BoardError.Wrong(member, $"{string.Join("、", values)} のどれかです", $"one of {string.Join(", ", values)}")];

    private static BoardError? Long(string member, string? text, int most) =>
        text?.Length > most || text?.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')) == true
            ? BoardError.Wrong(member, $"{most} 字以内で、制御文字なしで入れてください", $"at most {most} characters, no control characters")
            : null;

    [GeneratedRegex(@"\Afollow:(event:[a-z0-9-]{1,32}:[0-9]{1,19}|(alarm|finding):[0-9a-f]{32}|device:[a-z0-9-]{1,32})\z")]
    private static partial Regex FollowId();

    [GeneratedRegex(@"\Aview:[0-9a-f]{64}\z")]
    private static partial Regex ViewId();

    [GeneratedRegex(@"\A(drawing|no-fly):[a-z0-9-]{8,64}\z")]
    private static partial Regex DrawingId();
}
