using System.Globalization;
using System.Text.Json;

namespace Field.Contracts;

/// <summary>
/// Reads members of untrusted JSON and collects every error instead of stopping at the first. A getter that fails records why and
/// returns null, so that a parser reads as the list of members that a message has.
/// </summary>
internal sealed class JsonChecker
{
    private const int MaxDepth = 32;

    private readonly List<WireError> _errors = [];

    public IReadOnlyList<WireError> Errors => _errors;

    /// <summary>Parses a whole message; null with an error when it is not acceptable JSON of the kind.</summary>
    public JsonElement? Root(ReadOnlyMemory<byte> utf8, int maxBytes, JsonValueKind kind)
    {
        if (utf8.Length > maxBytes)
        {
            Add("", ErrorCodes.TooLarge, $"{utf8.Length} bytes, at most {maxBytes}");
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(
                utf8, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            JsonElement root = document.RootElement.Clone();
            ForceDecode(root);
            return root.ValueKind == kind ? root : Fail<JsonElement>("", ErrorCodes.WrongType, $"must be {KindName(kind)}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            Add("", ErrorCodes.NotJson, e.Message);
            return null;
        }
    }

    public void Add(string pointer, string code, string detail) => _errors.Add(new WireError(pointer, code, detail));

    public bool HasErrorAt(string pointer) => _errors.Exists(e => e.At == pointer);

    public JsonElement? Object(JsonElement parent, string at, string name, bool required = true) =>
        Member(parent, at, name, JsonValueKind.Object, required);

    public string? Text(JsonElement parent, string at, string name, bool required = true, int maxLength = 1024)
    {
        if (Member(parent, at, name, JsonValueKind.String, required) is not { } member)
        {
            return null;
        }

        string text = member.GetString()!;
        return text.Length <= maxLength
            ? text
            : FailText($"{at}/{name}", ErrorCodes.TooLarge, $"{text.Length} characters, at most {maxLength}");
    }

    /// <summary>A text of one line, without control characters: it may be shown, logged and joined with others by line breaks.</summary>
    public string? Line(JsonElement parent, string at, string name, bool required, int maxLength)
    {
        string? text = Text(parent, at, name, required, maxLength);
        return text is null || !text.Any(char.IsControl) ? text : FailText($"{at}/{name}", ErrorCodes.BadFormat, "must not hold control characters");
    }

    /// <summary>A name of 1 to 64 of a-z, 0-9 and -.</summary>
    public string? Name(JsonElement parent, string at, string name)
    {
        string? text = Text(parent, at, name, maxLength: 64);
        return text is null || (text.Length > 0 && Ids.HasOnlyNameCharacters(text))
            ? text
            : FailText($"{at}/{name}", ErrorCodes.BadFormat, "must be 1 to 64 of a-z, 0-9 and -");
    }

    /// <summary>The objects of an array, each with its pointer.</summary>
    public IEnumerable<(JsonElement Item, string At)> Objects(JsonElement parent, string at, string name, int maxCount)
    {
        if (Member(parent, at, name, JsonValueKind.Array, required: true) is not { } array)
        {
            yield break;
        }

        if (array.GetArrayLength() > maxCount)
        {
            Add($"{at}/{name}", ErrorCodes.TooLarge, $"{array.GetArrayLength()} items, at most {maxCount}");
            yield break;
        }

        int index = 0;
        foreach (JsonElement item in array.EnumerateArray())
        {
            string itemAt = $"{at}/{name}/{index++}";
            if (item.ValueKind == JsonValueKind.Object)
            {
                yield return (item, itemAt);
            }
            else
            {
                Add(itemAt, ErrorCodes.WrongType, "must be an object");
            }
        }
    }

    public double? Number(JsonElement parent, string at, string name, double min, double max, bool required = false)
    {
        if (Member(parent, at, name, JsonValueKind.Number, required) is not { } member)
        {
            return null;
        }

        double value = member.GetDouble();
        return value >= min && value <= max
            ? value
            : Fail<double>($"{at}/{name}", ErrorCodes.OutOfRange, string.Create(CultureInfo.InvariantCulture, $"{value} lies outside {min} to {max}"));
    }

    public long? Integer(JsonElement parent, string at, string name, long min, long max, bool required = false)
    {
        if (Member(parent, at, name, JsonValueKind.Number, required) is not { } member)
        {
            return null;
        }

        return member.TryGetInt64(out long value) && value >= min && value <= max
            ? value
            : Fail<long>($"{at}/{name}", ErrorCodes.OutOfRange, $"must be an integer from {min} to {max}");
    }

    public bool? Flag(JsonElement parent, string at, string name)
    {
        if (!parent.TryGetProperty(name, out JsonElement member) || member.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return member.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? member.GetBoolean()
            : Fail<bool>($"{at}/{name}", ErrorCodes.WrongType, "must be true or false");
    }

    public DateTimeOffset? Time(JsonElement parent, string at, string name, bool required = true)
    {
        if (Text(parent, at, name, required) is not { } text)
        {
            return null;
        }

        return WireTime.TryParse(text, out DateTimeOffset time)
            ? time
            : Fail<DateTimeOffset>($"{at}/{name}", ErrorCodes.BadFormat, "must be an RFC 3339 time with an offset");
    }

    /// <summary>The place of a GeoJSON Feature: a Point or null, with an error when it is neither or the data is no Feature.</summary>
    public GeoPoint? Point(JsonElement feature, string at)
    {
        if (Text(feature, at, "type") is { } type && type != "Feature")
        {
            Add($"{at}/type", ErrorCodes.Mismatch, "must be Feature");
        }

        if (!feature.TryGetProperty("geometry", out JsonElement geometry))
        {
            return Fail<GeoPoint>($"{at}/geometry", ErrorCodes.Missing, "a Feature has a geometry, null when it has no place (RFC 7946 section 3.2)");
        }

        if (geometry.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        at += "/geometry";
        if (geometry.ValueKind != JsonValueKind.Object || Text(geometry, at, "type") is not "Point")
        {
            return Fail<GeoPoint>(at, ErrorCodes.BadFormat, "must be a Point or null");
        }

        if (Member(geometry, at, "coordinates", JsonValueKind.Array, true) is not { } xyz)
        {
            return null;
        }

        double[] value = [.. xyz.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Number).Select(e => e.GetDouble())];
        if (value.Length != xyz.GetArrayLength() || value.Length is not (2 or 3))
        {
            return Fail<GeoPoint>($"{at}/coordinates", ErrorCodes.BadFormat, "must be [lon, lat] or [lon, lat, altitude]");
        }

        return GeoPoint.IsValid(value[0], value[1]) && (value.Length == 2 || double.IsFinite(value[2]))
            ? new GeoPoint(value[0], value[1], value.Length == 3 ? value[2] : null)
            : Fail<GeoPoint>($"{at}/coordinates", ErrorCodes.OutOfRange, "lon lies in -180 to 180, lat in -90 to 90, in this order");
    }

    private JsonElement? Member(JsonElement parent, string at, string name, JsonValueKind kind, bool required)
    {
        if (!parent.TryGetProperty(name, out JsonElement member) || (member.ValueKind == JsonValueKind.Null && !required))
        {
            return required ? Fail<JsonElement>($"{at}/{name}", ErrorCodes.Missing, $"{name} is required") : null;
        }

        return member.ValueKind == kind ? member : Fail<JsonElement>($"{at}/{name}", ErrorCodes.WrongType, $"must be {KindName(kind)}");
    }

    private T? Fail<T>(string pointer, string code, string detail)
        where T : struct
    {
        Add(pointer, code, detail);
        return null;
    }

    private string? FailText(string pointer, string code, string detail)
    {
        Add(pointer, code, detail);
        return null;
    }

    /// <summary>Strings are decoded lazily: a lone surrogate or bad UTF-8 must be found here, not at a later use.</summary>
    private static void ForceDecode(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                {
                    ForceDecode(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    _ = member.Name;
                    ForceDecode(member.Value);
                }

                break;
        }
    }

    private static string KindName(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        _ => kind.ToString(),
    };
}
