using System.Globalization;
using System.Text;
using System.Text.Json;
using Field.Geo;
using Field.Geo.Impact;
using Field.Store;

namespace Field.MapApp.Impact;

/// <summary>A place to evacuate to, or a facility whose people need care.</summary>
/// <param name="Id">Layer and number.</param>
/// <param name="Name">Name.</param>
/// <param name="Address">Address, or null.</param>
/// <param name="Place">lon, lat.</param>
/// <param name="IsAllowed">Designated for this kind of hazard; null when the layer does not say.</param>
/// <param name="Class">Class of the hazard at the place; 0 outside.</param>
/// <param name="Capacity">People it takes, or null when not known.</param>
internal sealed record ShelterPlace(string Id, string Name, string? Address, LonLat Place, bool? IsAllowed, int Class, long? Capacity)
{
    /// <summary>What it is: kind of facility, or null.</summary>
    public string? Kind { get; init; }
}

/// <summary>Reads shelters and facilities out of layers by the column names of 指定緊急避難場所, 避難所 and 要配慮者利用施設 (国土地理院, 推奨データセット and municipal lists).</summary>
internal static class ShelterList
{
    // The hazards of the Disaster Countermeasures Basic Act's designation, with the words that their columns bear.
    private static readonly Dictionary<string, string[]> Words = new(StringComparer.Ordinal)
    {
        ["flood"] = ["洪水", "風水害", "水害"],
        ["landslide"] = ["崖崩れ", "がけ崩れ", "土砂災害", "土石流"],
        ["surge"] = ["高潮"],
        ["earthquake"] = ["地震"],
        ["tsunami"] = ["津波"],
        ["fire"] = ["大規模な火事", "火災"],
        ["pluvial"] = ["内水", "風水害", "水害"],
        ["volcano"] = ["火山"],
    };

    private static readonly string[] CapacityNames = ["想定収容人数", "収容人数", "収容可能人数", "最大収容人数", "capacity"];
    private static readonly string[] AddressNames = ["住所", "所在地", "address"];
    private static readonly string[] KindNames = ["区分", "施設種別", "種別", "kind"];
    private static readonly string[] Marks = ["○", "〇", "◯", "●", "1", "1.0", "true", "可", "有"];

    /// <summary>The hazards that can be asked for.</summary>
    public static IReadOnlyList<string> Hazards { get; } = [.. Words.Keys];

    /// <summary>The places of a layer.</summary>
    /// <param name="features">Its features.</param>
    /// <param name="hazard">One of <see cref="Hazards"/>, or null for facilities.</param>
    /// <param name="classAt">Class of the hazard at a place.</param>
    public static IEnumerable<ShelterPlace> Of(IReadOnlyList<Feature> features, string? hazard, Func<LonLat, int> classAt)
    {
        string[] columns = hazard is null ? [] : Columns(features, hazard);
        foreach (Feature feature in features)
        {
            if (feature.Geometry?.Centroid is not { IsEmpty: false } c)
            {
                continue;
            }

            using JsonDocument attributes = JsonDocument.Parse(feature.Text("attributes") ?? "{}");
            Dictionary<string, string> values = attributes.RootElement.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.ToString().Normalize(NormalizationForm.FormKC).Trim(), StringComparer.Ordinal);
            LonLat place = new(c.X, c.Y);
            yield return new ShelterPlace(feature.Id, feature.Text("label") ?? feature.Id, First(values, AddressNames), place, hazard is null ? null : Allowed(values, columns), classAt(place), Capacity(values))
            {
                Kind = First(values, KindNames),
            };
        }
    }

    /// <summary>The nearest of each point that is asked for; looks near first, since most have one near.</summary>
    public static int[] Nearest(ResidentPoints points, IReadOnlyList<ShelterPlace> shelters, Func<int, bool> isAsked)
    {
        LonLat[] places = [.. shelters.Select(s => s.Place)];
        NearbyPlaces near = new(places, 2_000), far = new(places, 20_000);
        int[] nearest = new int[points.Count];
        for (int i = 0; i < nearest.Length; i++)
        {
            LonLat at = new(points.Lon[i], points.Lat[i]);
            nearest[i] = !isAsked(i) ? PolygonSet.None : near.Nearest(at)?.Place ?? far.Nearest(at)?.Place ?? PolygonSet.None;
        }

        return nearest;
    }

    /// <summary>Metres to the shelter as the crow flies, the mean over people, in steps of 50; null for fewer people than that.</summary>
    public static double?[] MeanDistances(ResidentPoints points, IReadOnlyList<ShelterPlace> shelters, int[] nearestOf, int leastPeople)
    {
        const double StepM = 50;
        (double Sum, long People)[] sums = new (double, long)[shelters.Count];
        for (int i = 0; i < nearestOf.Length; i++)
        {
            if (nearestOf[i] is >= 0 and var s)
            {
                long people = points.At(i).People;
                sums[s] = (sums[s].Sum + (people * NearbyPlaces.Between(new LonLat(points.Lon[i], points.Lat[i]), shelters[s].Place)), sums[s].People + people);
            }
        }

        return [.. sums.Select(s => s.People < leastPeople ? (double?)null : Math.Max(StepM, Math.Round(s.Sum / s.People / StepM) * StepM))];
    }

    /// <summary>Columns of a layer that speak of a hazard; an empty value is not among the attributes of a row, so all rows are asked.</summary>
    private static string[] Columns(IReadOnlyList<Feature> features, string hazard)
    {
        foreach (string word in Words[hazard])
        {
            string[] found = [.. features.SelectMany(Names).Distinct(StringComparer.Ordinal).Where(n => n.Contains(word, StringComparison.Ordinal))];
            if (found.Length > 0)
            {
                return found;
            }
        }

        return [];
    }

    private static string[] Names(Feature feature)
    {
        using JsonDocument attributes = JsonDocument.Parse(feature.Text("attributes") ?? "{}");
        return [.. attributes.RootElement.EnumerateObject().Select(m => m.Name)];
    }

    private static bool? Allowed(Dictionary<string, string> values, string[] columns) =>
        columns.Length == 0 ? null : columns.Any(c => values.TryGetValue(c, out string? value) && Marks.Contains(value.ToLowerInvariant()));

    private static string? First(Dictionary<string, string> values, string[] names) =>
        names.Select(n => values.GetValueOrDefault(n)).FirstOrDefault(v => !string.IsNullOrEmpty(v));

    private static long? Capacity(Dictionary<string, string> values) =>
        double.TryParse((First(values, CapacityNames) ?? "").Replace(",", "", StringComparison.Ordinal).TrimEnd('人', '名'), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number is > 0 and < 1e7 ? (long)number : null;
}
