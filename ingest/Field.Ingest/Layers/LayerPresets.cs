using static Field.Ingest.Layers.LayerPalette;

namespace Field.Ingest.Layers;

/// <summary>A class table that an office publishes.</summary>
/// <param name="Name">What people choose it by.</param>
/// <param name="Kind">The kind of layer that it is for.</param>
/// <param name="Ja">What it is.</param>
/// <param name="En">What it is, in English.</param>
/// <param name="OfficialFields">Names of fields that can only hold these classes, by their specification.</param>
/// <param name="Classes">The classes.</param>
public sealed record LayerPreset(string Name, string Kind, string Ja, string En, IReadOnlyList<string> OfficialFields, IReadOnlyList<LayerClass> Classes);

/// <summary>The class tables of official hazard maps. Colours of depth: 水害ハザードマップ作成の手引き; where an older class spans two of them, the deeper one.</summary>
public static class LayerPresets
{
    /// <summary>Depth of floods, six ranks (国土数値情報 A31a_205).</summary>
    public const string FloodDepth = "flood-depth";

    private const string Below05 = "#F7F5A9";
    private const string To1 = "#F8E1A6";
    private const string To3 = "#FFD8C0";
    private const string To5 = "#FFB7B7";
    private const string To10 = "#FF9191";
    private const string To20 = "#F285C9";
    private const string Above20 = "#DC7ADC";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<LayerPreset> All { get; } =
    [
        new(FloodDepth, "flood", "洪水浸水深（6 ランク、A31a_205）", "flood depth, six ranks (A31a_205)", ["A31a_205", "A31a_105", "A31b_201", "A31b_101", "A31_205", "A31_105", "A31_201", "A31_101"],
        [
            Depth("1", 1, "0.5m未満", "below 0.5 m", Below05),
            Depth("2", 2, "0.5～3.0m", "0.5 to 3 m", To3, "0.5~3.0m未満", "0.5~3m未満"),
            Depth("3", 3, "3.0～5.0m", "3 to 5 m", To5, "3.0~5.0m未満", "3~5m未満"),
            Depth("4", 4, "5.0～10.0m", "5 to 10 m", To10, "5.0~10.0m未満", "5~10m未満"),
            Depth("5", 5, "10.0～20.0m", "10 to 20 m", To20, "10.0~20.0m未満", "10~20m未満"),
            Depth("6", 6, "20.0m以上", "20 m and more", Above20, "20m以上"),
        ]),
        new("flood-depth-old", "flood", "洪水浸水深（旧 A31、11～15・21～27）", "flood depth of the older A31 (11 to 15, 21 to 27)", ["A31_001"],
        [
            Depth("11", 1, "0.5m未満", "below 0.5 m", Below05),
            Depth("12", 2, "0.5～1.0m", "0.5 to 1 m", To1),
            Depth("13", 3, "1.0～2.0m", "1 to 2 m", To3),
            Depth("14", 5, "2.0～5.0m", "2 to 5 m", To5),
            Depth("15", 7, "5.0m以上", "5 m and more", To10),
            Coded("21", 1, "0.5m未満", "below 0.5 m", Below05),
            Coded("22", 2, "0.5～1.0m", "0.5 to 1 m", To1),
            Coded("23", 3, "1.0～2.0m", "1 to 2 m", To3),
            Depth("24", 4, "2.0～3.0m", "2 to 3 m", To3),
            Depth("25", 5, "3.0～4.0m", "3 to 4 m", To5),
            Depth("26", 6, "4.0～5.0m", "4 to 5 m", To5),
            Coded("27", 7, "5.0m以上", "5 m and more", To10),
        ]),
        new("pluvial-depth", "pluvial", "内水・雨水出水の浸水深", "depth of pluvial flooding", [],
        [
            Depth("p1", 1, "0.3m未満", "below 0.3 m", "#FFFFB3"),
            Depth("p2", 2, "0.3～0.5m", "0.3 to 0.5 m", Below05, "0.3~0.5m未満"),
            Depth("p3", 3, "0.5～1.0m", "0.5 to 1 m", To1, "0.5~1.0m未満"),
            Depth("p4", 4, "1.0～3.0m", "1 to 3 m", To3, "1.0~3.0m未満"),
            Depth("p5", 5, "3.0～5.0m", "3 to 5 m", To5, "3.0~5.0m未満"),
            Depth("p6", 6, "5.0～10.0m", "5 to 10 m", To10, "5.0~10.0m未満"),
            Depth("p7", 7, "10.0～20.0m", "10 to 20 m", To20, "10.0~20.0m未満"),
            Depth("p8", 8, "20.0m以上", "20 m and more", Above20),
        ]),
        new("flood-duration", "duration", "浸水継続時間（A31a）", "how long water stays (A31a)", ["A31a_305", "A31b_301", "A31_305", "A31_301"],
        [
            Depth("1", 1, "12時間未満", "below 12 hours", "#A0D2FF"),
            Depth("2", 2, "12時間～1日", "12 hours to 1 day", "#0041FF"),
            Depth("3", 3, "1～3日", "1 to 3 days", "#FAF500"),
            Depth("4", 4, "3日～1週間", "3 days to 1 week", "#FF9900"),
            Depth("5", 5, "1～2週間", "1 to 2 weeks", "#FF2800"),
            Depth("6", 6, "2～4週間", "2 to 4 weeks", "#B40068"),
            Depth("7", 7, "4週間以上", "4 weeks and more", "#600060"),
        ]),
        new("landslide", "landslide", "土砂災害（警戒区域・特別警戒区域）", "landslide (warning, special warning)", ["A33_002"],
        [
            new("warning", 1, "土砂災害警戒区域", "landslide warning area", "#FFE600", Diagonal, ["1", "3", "警戒区域", "土砂災害警戒区域", "イエローゾーン"]),
            new("special", 2, "土砂災害特別警戒区域", "landslide special warning area", "#E60012", Cross, ["2", "4", "特別警戒区域", "土砂災害特別警戒区域", "レッドゾーン"]),
        ]),
        new("collapse", "collapse", "家屋倒壊等氾濫想定区域（A31a 危険区域区分）", "zones where houses may collapse (A31a)", ["A31a_405", "A31b_401", "A31_405", "A31_401"],
        [
            new("erosion", 1, "家屋倒壊等（河岸侵食）", "house collapse by bank erosion", "#8C2D04", Diagonal, ["2", "河岸侵食", "河岸浸食", "侵食"]),
            new("flow", 2, "家屋倒壊等（氾濫流）", "house collapse by the current", "#B30059", Cross, ["1", "氾濫流"]),
            new("both", 3, "家屋倒壊等（氾濫流・河岸侵食）", "house collapse by the current and by bank erosion", "#5A0030", Dots, ["3", "氾濫流・河岸侵食"]),
        ]),
    ];

    /// <summary>The preset of the name, or null.</summary>
    public static LayerPreset? Find(string name) => All.FirstOrDefault(p => p.Name == name);

    /// <summary>The preset whose specification has this field, or null.</summary>
    public static (LayerPreset Preset, string Field)? OfField(IEnumerable<string> fields)
    {
        string[] there = [.. fields];
        return All.SelectMany(p => p.OfficialFields.Where(f => there.Contains(f, StringComparer.OrdinalIgnoreCase)), (p, f) => ((LayerPreset, string)?)(p, there.First(t => t.Equals(f, StringComparison.OrdinalIgnoreCase)))).FirstOrDefault();
    }

    /// <summary>By its code only: its label is that of another class too.</summary>
    private static LayerClass Coded(string key, int rank, string ja, string en, string colour) => new(key, rank, ja, en, colour, NoPattern, [key]);

    private static LayerClass Depth(string key, int rank, string ja, string en, string colour, params string[] values) =>
        new(key, rank, ja, en, colour, NoPattern, [key, ja, .. values]);
}
