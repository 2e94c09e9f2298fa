using System.Text.Json;

namespace Field.Contracts;

/// <summary>A report of a person in the field: an event of kind <c>report</c> (SPEC.md section 4).</summary>
public static class ReportEvent
{
    /// <summary>The event's kind.</summary>
    public const string Kind = "report";

    /// <summary>Longest note, characters.</summary>
    public const int MaxNote = 4_000;

    /// <summary>Most photos of a report.</summary>
    public const int MaxPhotos = 32;

    private const int MaxFileName = 255;

    private static readonly string[] Severities = ["info", "warning", "critical"];

    /// <summary>Checks the properties of an event of this kind; all of them are optional.</summary>
    internal static void Check(JsonChecker json, JsonElement properties, string at)
    {
        CheckCommon(json, properties, at);
        if (properties.TryGetProperty("category", out _))
        {
            json.Name(properties, at, "category");
        }

        foreach ((string photo, string photoAt) in Texts(json, properties, at, "photoIds"))
        {
            if (!Ids.IsPhoto(photo))
            {
                json.Add(photoAt, ErrorCodes.BadFormat, "must be a SHA-256 in 64 lower-case hex digits");
            }
        }

        foreach ((string name, string nameAt) in Texts(json, properties, at, "missingPhotos").Where(n => n.Text.Length > MaxFileName))
        {
            json.Add(nameAt, ErrorCodes.TooLarge, $"{name.Length} characters, at most {MaxFileName}");
        }
    }

    /// <summary>Checks what a report has alike on the wire and in a dropped file.</summary>
    internal static void CheckCommon(JsonChecker json, JsonElement properties, string at)
    {
        string? severity = json.Text(properties, at, "severity", required: false);
        if (severity is not null && !Severities.Contains(severity))
        {
            json.Add($"{at}/severity", ErrorCodes.BadFormat, $"must be one of {string.Join(", ", Severities)}");
        }

        json.Text(properties, at, "note", required: false, maxLength: MaxNote);
    }

    /// <summary>The texts of an optional array of at most <see cref="MaxPhotos"/>, each with its pointer.</summary>
    internal static IReadOnlyList<(string Text, string At)> Texts(JsonChecker json, JsonElement parent, string at, string name)
    {
        at += $"/{name}";
        if (!parent.TryGetProperty(name, out JsonElement array) || array.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        if (array.ValueKind != JsonValueKind.Array || array.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String))
        {
            json.Add(at, ErrorCodes.WrongType, "must be an array of strings");
            return [];
        }

        if (array.GetArrayLength() > MaxPhotos)
        {
            json.Add(at, ErrorCodes.TooLarge, $"{array.GetArrayLength()} items, at most {MaxPhotos}");
            return [];
        }

        return [.. array.EnumerateArray().Select((e, i) => (e.GetString()!, $"{at}/{i}"))];
    }
}
