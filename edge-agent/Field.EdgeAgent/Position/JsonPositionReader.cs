using System.Globalization;
using System.Text.Json;
using Field.Contracts;

namespace Field.EdgeAgent.Position;

/// <summary>
/// JSON lines: objects with <c>lon</c>, <c>lat</c> and optionally <c>alt</c> and <c>time</c> (RFC 3339 or Unix seconds). What gpsd writes is
/// of this form: of objects with a <c>class</c> only <c>TPV</c> counts, and <c>altMSL</c> goes before <c>alt</c>.
/// </summary>
internal sealed class JsonPositionReader : IPositionReader
{
    /// <inheritdoc/>
    public PositionFix? Read(string line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(line.TrimStart('\uFEFF'), new JsonDocumentOptions { MaxDepth = 16 });
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new FieldException($"is no JSON line with a position ({e.Message})", false, e);
        }
    }

    private static PositionFix? Read(JsonElement json)
    {
        bool isGpsd = json.TryGetProperty("class", out JsonElement kind);
        (double? lon, double? lat) = (Number(json, "lon"), Number(json, "lat"));
        if (isGpsd && (kind.GetString() != "TPV" || lon is null || lat is null))
        {
            return null; // not about the place, or no fix
        }

        return lon is { } x && lat is { } y
            ? PositionFix.Of(x, y, Number(json, "altMSL") ?? Number(json, "alt"), null, Time(json))
            : throw new FieldException("has no lon and lat");
    }

    private static double? Number(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement member) && member.ValueKind != JsonValueKind.Null
        ? member.GetDouble() is var value && double.IsFinite(value) ? value : throw new FormatException($"{name} is no number")
        : null;

    private static DateTimeOffset? Time(JsonElement json)
    {
        if (!json.TryGetProperty("time", out JsonElement member) || member.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (member.ValueKind == JsonValueKind.Number)
        {
            return member.GetDouble() is >= 0 and < 253_402_300_799 and var seconds
                ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond))
                : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{member} are no Unix seconds"));
        }

        return WireTime.TryParse(member.GetString()!, out DateTimeOffset time) ? time : throw new FormatException($"'{member}' is no RFC 3339 time with an offset");
    }
}
