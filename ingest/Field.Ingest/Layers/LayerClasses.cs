using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Field.Contracts;

namespace Field.Ingest.Layers;

/// <summary>One class of a layer, such as a range of depth.</summary>
/// <param name="Key">Its name in the store and in tiles.</param>
/// <param name="Rank">Higher is worse; where several lie over a place the highest counts. Null when the classes have no order.</param>
/// <param name="Ja">Label in Japanese.</param>
/// <param name="En">Label in English.</param>
/// <param name="Colour"><c>#RRGGBB</c>.</param>
/// <param name="Pattern"><c>none</c>, <c>diagonal</c>, <c>cross</c> or <c>dots</c>: so that colour is never alone.</param>
/// <param name="Values">Values of the field that mean it.</param>
public sealed record LayerClass(string Key, int? Rank, string Ja, string En, string Colour, string Pattern, IReadOnlyList<string> Values)
{
    /// <summary>Numbers from this one on mean it too; null for no lower end.</summary>
    public double? From { get; init; }

    /// <summary>Up to this number, which is not in it; null for no upper end.</summary>
    public double? To { get; init; }

    /// <summary>True when numbers mean it, beside <see cref="Values"/>.</summary>
    public bool IsRange => From is not null || To is not null;

    /// <summary>True for a number of the range.</summary>
    public bool Holds(double number) => IsRange && !(number < From) && !(number >= To);
}

/// <summary>Which field of a layer holds its class, and what each value means.</summary>
public sealed partial record LayerClasses
{
    /// <summary>Most classes of one layer; more is no legend.</summary>
    public const int MostClasses = 60;

    /// <summary>The field of the class; null when <see cref="Constant"/> says it for all rows.</summary>
    public string? Field { get; init; }

    /// <summary>The class of every row, when no field tells it.</summary>
    public string? Constant { get; init; }

    /// <summary>Name of the preset, or null.</summary>
    public string? Preset { get; init; }

    /// <summary>True when the ranges are metres of depth: several maps can then be put together by them.</summary>
    public bool IsDepthM { get; init; }

    /// <summary>Rows of the layer that have no class: their value is missing, or not in the table.</summary>
    public long UnclassedCount { get; init; }

    /// <summary>The classes, in the order of the legend.</summary>
    public required IReadOnlyList<LayerClass> Classes { get; init; }

    /// <summary>The class of a value, or null.</summary>
    public LayerClass? Of(string? value)
    {
        string normal = Normal(value ?? "");
        return normal.Length == 0 ? null
            : Classes.FirstOrDefault(c => c.Values.Any(v => Normal(v) == normal))
            ?? Classes.FirstOrDefault(c => Normal(c.Key) == normal)
            ?? (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? Classes.FirstOrDefault(c => c.Holds(number)) : null);
    }

    /// <summary>The class of a key.</summary>
    public LayerClass? Find(string? key) => Classes.FirstOrDefault(c => c.Key == key);

    /// <summary>Reads a class table file or the store's.</summary>
    /// <exception cref="FieldException">Not a class table; says what is wrong.</exception>
    public static LayerClasses Read(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            LayerClass[] classes = [.. root.GetProperty("classes").EnumerateArray().Select(ReadClass)];
            if (classes.Length is 0 or > MostClasses)
            {
                throw new FieldException(LayerFault.ClassCount(classes.Length, MostClasses).Both);
            }

            return new LayerClasses
            {
                Field = Text(root, "field"),
                Constant = Text(root, "constant"),
                Preset = Text(root, "preset"),
                IsDepthM = root.TryGetProperty("isDepthM", out JsonElement depth) && depth.ValueKind == JsonValueKind.True,
                UnclassedCount = root.TryGetProperty("unclassedCount", out JsonElement unclassed) && unclassed.TryGetInt64(out long count) ? count : 0,
                Classes = classes,
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FieldException(LayerFault.ClassTable(e.Message).Both, false, e);
        }
    }

    /// <summary>As <see cref="Read"/> takes it.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteOptional("field", Field);
        writer.WriteOptional("constant", Constant);
        writer.WriteOptional("preset", Preset);
        if (IsDepthM)
        {
            writer.WriteBoolean("isDepthM", true);
        }

        if (UnclassedCount > 0)
        {
            writer.WriteNumber("unclassedCount", UnclassedCount);
        }

        writer.WriteStartArray("classes");
        foreach (LayerClass c in Classes)
        {
            writer.WriteStartObject();
            writer.WriteString("key", c.Key);
            writer.WriteOptional("rank", (double?)c.Rank);
            writer.WriteString("ja", c.Ja);
            writer.WriteString("en", c.En);
            writer.WriteString("colour", c.Colour);
            writer.WriteString("pattern", c.Pattern);
            writer.WriteStartArray("values");
            foreach (string value in c.Values)
            {
                writer.WriteStringValue(value);
            }

            writer.WriteEndArray();
            writer.WriteOptional("from", c.From);
            writer.WriteOptional("to", c.To);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Full-width and half-width, the kinds of dashes and the words that say no more are the same. Without tables of a culture, which Field runs without.</summary>
    internal static string Normal(string value)
    {
        string text = string.Create(value.Length, value, static (half, full) =>
        {
            for (int i = 0; i < full.Length; i++)
            {
                half[i] = full[i] switch
                {
                    >= '\uFF01' and <= '\uFF5E' and var wide => (char)(wide - 0xFEE0),
                    '\u3000' => ' ',
                    var other => other,
                };
            }
        }).Trim();
        return Dashes().Replace(Words().Replace(text, ""), "~").ToUpperInvariant();
    }

    private static LayerClass ReadClass(JsonElement c)
    {
        string key = Text(c, "key") ?? Text(c, "value") ?? throw new FormatException("key");
        string ja = Text(c, "ja") ?? key;
        string colour = Text(c, "colour") ?? throw new FormatException($"{key}: colour");
        string pattern = Text(c, "pattern") ?? LayerPalette.NoPattern;
        if (!ColourForm().IsMatch(colour) || !LayerPalette.Patterns.Contains(pattern) || key.Length > 100 || ja.Length > 100)
        {
            throw new FormatException($"{key}: colour #RRGGBB, pattern {string.Join("|", LayerPalette.Patterns)}");
        }

        string[] values = c.TryGetProperty("values", out JsonElement all) ? [.. all.EnumerateArray().Select(v => v.ToString())] : [key];
        int? rank = c.TryGetProperty("rank", out JsonElement number) && number.ValueKind == JsonValueKind.Number ? number.GetInt32() : null;
        return new LayerClass(key, rank, ja, Text(c, "en") ?? ja, colour.ToUpperInvariant(), pattern, values) { From = Number(c, "from"), To = Number(c, "to") };
    }

    private static double? Number(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.ToString() : null;

    [GeneratedRegex("^#[0-9A-Fa-f]{6}$")]
    private static partial Regex ColourForm();

    [GeneratedRegex(@"の?区域$|[\s,]|m(?=未満|以上|[~〜～\-－–−]|$)")]
    private static partial Regex Words();

    [GeneratedRegex("[~〜～–—―−－-]+")]
    private static partial Regex Dashes();
}
