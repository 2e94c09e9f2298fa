using System.Text.Json;
using Field.Vision;

namespace Field.Ingest.Decisions;

/// <summary>What a person decides on a finding (SPEC.md, Inspection, Decisions). Null members were not given.</summary>
public sealed record DecisionRequest
{
    /// <summary>Takes the draft as it is.</summary>
    public const string Confirm = "confirm";

    /// <summary>Changes class, degree, asset, element or mask.</summary>
    public const string Correct = "correct";

    /// <summary>It is no damage.</summary>
    public const string Reject = "reject";

    /// <summary>Takes back the latest decision that is not taken back.</summary>
    public const string Undo = "undo";

    internal const int MaxWho = 100;
    internal const int MaxNote = 1000;
    internal const int MaxRings = 100;
    internal const int MaxPoints = 5000;

    /// <summary><c>confirm</c>, <c>correct</c>, <c>reject</c> or <c>undo</c>.</summary>
    public string? Action { get; init; }

    /// <summary>Who decides.</summary>
    public string? Who { get; init; }

    /// <summary>Why; free text.</summary>
    public string? Note { get; init; }

    /// <summary>The finding's revision that the person saw.</summary>
    public long? Revision { get; init; }

    /// <summary>The letter that the person decides.</summary>
    public string? Degree { get; init; }

    /// <summary>The class that it is.</summary>
    public string? Class { get; init; }

    /// <summary>The asset that it belongs to.</summary>
    public string? AssetId { get; init; }

    /// <summary>The element of that bridge.</summary>
    public string? ElementId { get; init; }

    /// <summary>The outline in pixels of the finding's photo.</summary>
    public IReadOnlyList<IReadOnlyList<PixelPoint>>? PixelRings { get; init; }

    internal bool Changes => Degree is not null || Class is not null || AssetId is not null || ElementId is not null || PixelRings is not null;

    /// <summary>Reads the body of a request; members it does not know are left alone.</summary>
    /// <param name="body">The JSON value.</param>
    /// <param name="errors">What is wrong with its form.</param>
    public static DecisionRequest Read(JsonElement body, ICollection<DecisionError> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (body.ValueKind != JsonValueKind.Object)
        {
            errors.Add(DecisionError.NotAnObject);
            return new DecisionRequest();
        }

        return new DecisionRequest
        {
            Action = Text(body, "action", errors),
            Who = Text(body, "who", errors)?.Trim(),
            Note = Text(body, "note", errors)?.Trim() is { Length: > 0 } note ? note : null,
            Revision = RevisionOf(body, errors),
            Degree = Text(body, "degree", errors),
            Class = Text(body, "class", errors),
            AssetId = Text(body, "assetId", errors),
            ElementId = Text(body, "elementId", errors),
            PixelRings = Rings(body, errors),
        };
    }

    private static string? Text(JsonElement body, string name, ICollection<DecisionError> errors)
    {
        if (!body.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        errors.Add(DecisionError.WrongType(name));
        return null;
    }

    private static long? RevisionOf(JsonElement body, ICollection<DecisionError> errors)
    {
        if (body.TryGetProperty("revision", out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long revision))
        {
            return revision;
        }

        errors.Add(DecisionError.WrongType("revision"));
        return null;
    }

    private static List<IReadOnlyList<PixelPoint>>? Rings(JsonElement body, ICollection<DecisionError> errors)
    {
        if (!body.TryGetProperty("pixelRings", out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        List<IReadOnlyList<PixelPoint>> rings = [];
        if (value.ValueKind != JsonValueKind.Array || !value.EnumerateArray().All(r => Ring(r, rings)))
        {
            errors.Add(DecisionError.WrongType("pixelRings"));
            return null;
        }

        return rings;
    }

    private static bool Ring(JsonElement value, List<IReadOnlyList<PixelPoint>> rings)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        List<PixelPoint> ring = [];
        foreach (JsonElement point in value.EnumerateArray())
        {
            if (point.ValueKind != JsonValueKind.Array || point.GetArrayLength() != 2 || !Number(point[0], out double x) || !Number(point[1], out double y))
            {
                return false;
            }

            ring.Add(new PixelPoint(Math.Round(x, 2), Math.Round(y, 2)));
        }

        if (ring.Count > 1 && ring[0] == ring[^1])
        {
            ring.RemoveAt(ring.Count - 1); // closed as GeoJSON closes
        }

        rings.Add(ring);
        return true;
    }

    private static bool Number(JsonElement value, out double number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out number) && double.IsFinite(number);
    }
}
