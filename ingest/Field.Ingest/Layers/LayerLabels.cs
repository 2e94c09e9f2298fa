using System.Globalization;

namespace Field.Ingest.Layers;

/// <summary>Which attribute names a feature, and values as people read them.</summary>
internal static class LayerLabels
{
    private static readonly string[] Names =
        ["名称", "name", "施設・場所名", "施設名", "要配慮者利用施設名称", "水防倉庫名", "土のうステーション置き場", "自治会名", "学校名", "地区名", "町名", "town", "title", "label"];

    /// <summary>A usual name that is there, or null.</summary>
    public static string? Usual(IReadOnlyList<string> fields) =>
        Names.Select(n => fields.FirstOrDefault(f => f.Equals(n, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(f => f is not null);

    /// <summary>A value as text; null for none.</summary>
    public static string? Text(object? value) => value switch
    {
        null => null,
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
