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
    private const int MaxLabel = 80;
    private const int MaxQuestions = 40;
    private const int MaxModels = 4;
    private const int MaxPlaces = 5;

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

        if (json.Object(properties, at, "labels", required: false) is { } labels)
        {
            CheckLabels(json, labels, $"{at}/labels");
        }

        if (properties.TryGetProperty("hints", out JsonElement hints) && hints.ValueKind != JsonValueKind.Null)
        {
            foreach ((JsonElement hint, string hintAt) in json.Objects(properties, at, "hints", MaxPhotos * MaxModels))
            {
                CheckHint(json, hint, hintAt);
            }
        }
    }

    /// <summary>The words of the form that the report was made with (SPEC.md section 21).</summary>
    private static void CheckLabels(JsonChecker json, JsonElement labels, string at)
    {
        CheckLabel(json, labels, at, "category");
        CheckLabel(json, labels, at, "form");
        if (json.Object(labels, at, "answers", required: false) is not { } answers)
        {
            return;
        }

        if (answers.EnumerateObject().Count() is var count && count > MaxQuestions)
        {
            json.Add($"{at}/answers", ErrorCodes.TooLarge, $"{count} answers, at most {MaxQuestions}");
            return;
        }

        foreach (string name in answers.EnumerateObject().Select(a => a.Name).Distinct())
        {
            if (CheckLabel(json, answers, $"{at}/answers", name) is { } answer)
            {
                CheckLabel(json, answer, $"{at}/answers/{name}", "value");
            }
        }
    }

    private static JsonElement? CheckLabel(JsonChecker json, JsonElement parent, string at, string name)
    {
        JsonElement? label = json.Object(parent, at, name, required: false);
        if (label is { } given)
        {
            json.Text(given, $"{at}/{name}", "ja", maxLength: MaxLabel);
            json.Text(given, $"{at}/{name}", "en", required: false, maxLength: MaxLabel);
        }

        return label;
    }

    /// <summary>What a tablet made of a photo by itself (SPEC.md section 21).</summary>
    private static void CheckHint(JsonChecker json, JsonElement hint, string at)
    {
        if (json.Text(hint, at, "photoId") is { } photo && !Ids.IsPhoto(photo))
        {
            json.Add($"{at}/photoId", ErrorCodes.BadFormat, "must be a SHA-256 in 64 lower-case hex digits");
        }

        json.Name(hint, at, "model");
        if (json.Text(hint, at, "class", required: false) is not null)
        {
            json.Name(hint, at, "class");
        }

        json.Number(hint, at, "score", 0, 1, required: true);
        json.Integer(hint, at, "found", 0, int.MaxValue);
        json.Flag(hint, at, "taken");
        if (hint.TryGetProperty("places", out JsonElement places) && !IsPlaces(places))
        {
            json.Add($"{at}/places", ErrorCodes.BadFormat, $"must be at most {MaxPlaces} of [left, top, right, bottom], each 0 to 1");
        }

        if (json.Object(hint, at, "suggested", required: false) is { } suggested)
        {
            json.Name(suggested, $"{at}/suggested", "category");
            CheckSeverity(json, suggested, $"{at}/suggested");
        }
    }

    private static bool IsPlaces(JsonElement places) => places.ValueKind == JsonValueKind.Array && places.GetArrayLength() <= MaxPlaces
        && places.EnumerateArray().All(p => p.ValueKind == JsonValueKind.Array && p.GetArrayLength() == 4
            && p.EnumerateArray().All(n => n.ValueKind == JsonValueKind.Number && n.GetDouble() is >= 0 and <= 1));

    /// <summary>Checks what a report has alike on the wire and in a dropped file.</summary>
    internal static void CheckCommon(JsonChecker json, JsonElement properties, string at)
    {
        CheckSeverity(json, properties, at);
        json.Text(properties, at, "note", required: false, maxLength: MaxNote);
    }

    private static void CheckSeverity(JsonChecker json, JsonElement parent, string at)
    {
        string? severity = json.Text(parent, at, "severity", required: false);
        if (severity is not null && !Severities.Contains(severity))
        {
            json.Add($"{at}/severity", ErrorCodes.BadFormat, $"must be one of {string.Join(", ", Severities)}");
        }
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
