using System.Text.Json;
using Field.Contracts;
using NetTopologySuite.Geometries;

namespace Field.Ingest.Board;

/// <summary>Why a change of the board is refused.</summary>
/// <param name="Code">A fixed word.</param>
/// <param name="Ja">In Japanese.</param>
/// <param name="En">In English.</param>
public sealed record BoardError(string Code, string Ja, string En) : RequestError(Code, Ja, En)
{
    internal static readonly BoardError NotAnObject = new("not-an-object", "本文は JSON のオブジェクトで送ってください", "the body must be a JSON object");
    internal static readonly BoardError NothingToUndo = new("nothing-to-undo", "取り消せる変更がありません", "there is nothing to undo");
    internal static readonly BoardError TooMany = new("too-many", "書き込みが多すぎます。不要なものを消してください", "there are too many drawings: remove some");

    internal static BoardError Wrong(string member, string ja, string en) => new(member, $"{member}：{ja}", $"{member}: {en}");
}

/// <summary>
/// What a row of the board is to be (SPEC.md, Board): all of it, what is not given is empty. Null members were not given.
/// </summary>
public sealed record BoardRequest
{
    /// <summary>Who changes it.</summary>
    public string? Who { get; init; }

    /// <summary>The revision that the person saw; 0 when there was nothing.</summary>
    public long? Revision { get; init; }

    /// <summary>Of what is followed: <c>open</c>, <c>working</c>, <c>done</c>, <c>false-report</c>.</summary>
    public string? State { get; init; }

    /// <summary>Who is on it.</summary>
    public string? Crew { get; init; }

    /// <summary>Free text.</summary>
    public string? Note { get; init; }

    /// <summary>Name of the situation, or the words of a drawing.</summary>
    public string? Title { get; init; }

    /// <summary>Of a general view: the bridge in whose record the photo stands.</summary>
    public string? AssetId { get; init; }

    /// <summary>Of a no-fly area: number of the permit or approval to fly there.</summary>
    public string? PermitNumber { get; init; }

    /// <summary>To whom it was given.</summary>
    public string? PermitHolder { get; init; }

    /// <summary>The last day on which it holds, <c>yyyy-MM-dd</c> in Japan.</summary>
    public string? PermitUntil { get; init; }

    /// <summary>When the situation began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Of a drawing: <c>point</c>, <c>line</c>, <c>polygon</c>, <c>text</c>.</summary>
    public string? Shape { get; init; }

    /// <summary>Of a drawing.</summary>
    public string? Colour { get; init; }

    /// <summary>Of a drawing: colour alone says nothing.</summary>
    public string? Pattern { get; init; }

    /// <summary>Where a drawing lies; lon, lat.</summary>
    public Geometry? Geometry { get; init; }

    /// <summary>True: it is taken away.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>Reads the body of a request; members it does not know are left alone.</summary>
    /// <param name="body">The JSON value.</param>
    /// <param name="errors">What is wrong with its form.</param>
    public static BoardRequest Read(JsonElement body, ICollection<BoardError> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (body.ValueKind != JsonValueKind.Object)
        {
            errors.Add(BoardError.NotAnObject);
            return new BoardRequest();
        }

        return new BoardRequest
        {
            Who = Text(body, "who", errors),
            Revision = Whole(body, "revision", errors),
            State = Text(body, "state", errors),
            Crew = Text(body, "crew", errors),
            Note = Text(body, "note", errors),
            Title = Text(body, "title", errors),
            AssetId = Text(body, "assetId", errors),
            PermitNumber = Text(body, "permitNumber", errors),
            PermitHolder = Text(body, "permitHolder", errors),
            PermitUntil = Text(body, "permitUntil", errors),
            StartedAt = Time(body, "startedAt", errors),
            Shape = Text(body, "shape", errors),
            Colour = Text(body, "colour", errors),
            Pattern = Text(body, "pattern", errors),
            Geometry = Place(body, errors),
            IsRemoved = Flag(body, "removed", errors),
        };
    }

    private static bool Find(JsonElement body, string name, out JsonElement value) => body.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private static string? Text(JsonElement body, string name, ICollection<BoardError> errors)
    {
        if (!Find(body, name, out JsonElement value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString()!.Trim() is { Length: > 0 } text ? text : null;
        }

        errors.Add(BoardError.Wrong(name, "文字列で入れてください", "must be a text"));
        return null;
    }

    private static long? Whole(JsonElement body, string name, ICollection<BoardError> errors)
    {
        if (Find(body, name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= 0)
        {
            return number;
        }

        errors.Add(BoardError.Wrong(name, "表示した版の番号を入れてください（新しいものは 0）", "the revision that was seen, 0 for something new"));
        return null;
    }

    private static DateTimeOffset? Time(JsonElement body, string name, ICollection<BoardError> errors)
    {
        if (!Find(body, name, out JsonElement value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && WireTime.TryParse(value.GetString()!, out DateTimeOffset at))
        {
            return at;
        }

        errors.Add(BoardError.Wrong(name, "時差の付いた日時（RFC 3339）で入れてください", "must be an RFC 3339 time with an offset"));
        return null;
    }

    private static bool Flag(JsonElement body, string name, ICollection<BoardError> errors)
    {
        if (!Find(body, name, out JsonElement value))
        {
            return false;
        }

        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            errors.Add(BoardError.Wrong(name, "true か false で入れてください", "must be true or false"));
        }

        return value.ValueKind == JsonValueKind.True;
    }

    private static Geometry? Place(JsonElement body, ICollection<BoardError> errors)
    {
        if (!Find(body, "geometry", out JsonElement value))
        {
            return null;
        }

        if (BoardGeometry.Read(value) is { } geometry)
        {
            return geometry;
        }

        errors.Add(BoardError.Wrong(
            "geometry",
            $"GeoJSON の Point、LineString、Polygon（経度・緯度、{BoardGeometry.MaxPoints} 点まで）で入れてください",
            $"must be a GeoJSON Point, LineString or Polygon (lon, lat, at most {BoardGeometry.MaxPoints} points)"));
        return null;
    }
}
