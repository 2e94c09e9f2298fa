using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Field.Geo.Impact;
using Field.Ingest.Layers;

namespace Field.MapApp.Impact;

/// <summary>How a class is drawn.</summary>
internal sealed record ClassLook(string Colour, string Pattern);

/// <summary>
/// The class tables of several layers as one. Depths are put together by their metres, so that 0.3 m of one map and 0.5 m of another are two classes;
/// other tables by their ranks.
/// </summary>
/// <param name="Classes">0 is outside.</param>
/// <param name="Looks">By number, from 1.</param>
/// <param name="NumberOf">By layer: from the place in its own table (<see cref="PreparedLayer"/>) to the number.</param>
internal sealed partial record StoredClasses(IReadOnlyList<HazardClass> Classes, IReadOnlyList<ClassLook> Looks, IReadOnlyList<byte[]> NumberOf)
{
    private const int MostLabels = 3;

    public static StoredClasses Of(IReadOnlyList<PreparedLayer> layers)
    {
        bool isDepth = layers.Count > 0 && layers.All(l => l.Classes.Count > 0 && l.Classes.All(c => DepthOf(c, l.IsDepthM) is not null));
        double Key(LayerClass c, PreparedLayer of) => isDepth ? DepthOf(c, of.IsDepthM)!.Value : c.Rank ?? 0;
        bool hasPlain = layers.Any(l => l.Classes.Count == 0);
        IGrouping<double, LayerClass>[] groups = [.. layers.SelectMany(l => l.Classes, (l, c) => (Key: Key(c, l), Class: c)).GroupBy(k => k.Key, k => k.Class).OrderBy(g => g.Key)];
        int first = hasPlain || groups.Length == 0 ? 2 : 1; // layers without classes are class 1: inside
        List<HazardClass> classes = [isDepth ? new(0, "浸水なし", "dry", null) : new(0, "区域外", "outside", null)];
        List<ClassLook> looks = [new("#FFFFFF", LayerPattern.None)];
        if (first == 2)
        {
            classes.Add(new(1, "区域内", "inside", null));
            looks.Add(new("#FFB7B7", LayerPattern.None));
        }

        foreach (IGrouping<double, LayerClass> group in groups)
        {
            classes.Add(new(classes.Count, Join(group.Select(c => c.Ja)), Join(group.Select(c => c.En)), isDepth ? group.Key : null));
            looks.Add(new(group.First().Colour, group.First().Pattern));
        }

        byte[] Numbers(PreparedLayer layer) =>
            [0, 1, .. layer.Classes.Select(c => checked((byte)(first + Array.FindIndex(groups, g => g.Key == Key(c, layer)))))];
        return new StoredClasses(classes, looks, [.. layers.Select(Numbers)]);
    }

    /// <summary>Classes of a layer from the slightest to the worst.</summary>
    public static IReadOnlyList<LayerClass> Ordered(Layer layer)
    {
        IReadOnlyList<LayerClass> classes = layer.Classes?.Classes ?? [];
        bool isDepthM = layer.Classes?.IsDepthM ?? false;
        return classes.All(c => DepthOf(c, isDepthM) is not null) ? [.. classes.OrderBy(c => DepthOf(c, isDepthM))] : [.. classes.OrderBy(c => c.Rank ?? int.MinValue)];
    }

    /// <summary>Metres from which a class of depth begins; null when it is none.</summary>
    private static double? DepthOf(LayerClass c, bool isDepthM)
    {
        if (isDepthM && c.IsRange)
        {
            return c.From ?? 0;
        }

        Match match = Depth().Match(c.Ja.Normalize(NormalizationForm.FormKC).Replace(" ", "", StringComparison.Ordinal));
        return !match.Success ? null : match.Groups["end"].Value == "未満" ? 0 : double.Parse(match.Groups["from"].Value, CultureInfo.InvariantCulture);
    }

    private static string Join(IEnumerable<string> labels) => string.Join("・", labels.Distinct(StringComparer.Ordinal).Take(MostLabels));

    [GeneratedRegex(@"^(?<from>[0-9]+(?:\.[0-9]+)?)(?:m(?<end>未満)|m(?<end>以上)|m?(?<end>[~〜～\-–]).*m.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Depth();

    private static class LayerPattern
    {
        public const string None = "none";
    }
}
