using System.Text.Json;
using Field.Geo;

namespace Field.MapApp.Impact;

/// <summary>What was asked over HTTP, of imported layers and the register.</summary>
internal sealed record ImpactAsk
{
    public const int MostLayers = 60;
    private const int MostPolygons = 50;
    private const int MostCorners = 2000;
    private const int MostPlaces = 2000;

    /// <summary>Hazard layers; none when only own polygons are asked for.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];

    /// <summary>The older map to compare with.</summary>
    public IReadOnlyList<string> OlderLayers { get; init; } = [];

    /// <summary>From this class on a person is affected: a number of the answer's classes.</summary>
    public int LeastClass { get; init; } = 1;

    /// <summary>A layer of areas, <c>register</c> for what the register says, or null.</summary>
    public string? By { get; init; }

    /// <summary>Attribute of the id of areas; null goes by their names.</summary>
    public string? ById { get; init; }

    /// <summary>Digits of the mesh code, or null.</summary>
    public int? MeshDigits { get; init; }

    /// <summary>Own polygons: name, outline.</summary>
    public IReadOnlyList<(string Name, LonLat[] Ring)> Own { get; init; } = [];

    /// <summary>Places that people need near them: a layer, or points.</summary>
    public (string? Layer, IReadOnlyList<LonLat> Points, double WithinM)? Near { get; init; }

    /// <summary>Layers of shelters, and for which kind of hazard.</summary>
    public (IReadOnlyList<string> Layers, string Hazard)? Shelters { get; init; }

    /// <summary>Layers of facilities for people who need care.</summary>
    public IReadOnlyList<string> Facilities { get; init; } = [];

    /// <summary>Nothing hidden: for who may see residents.</summary>
    public bool IsExact { get; init; }

    /// <summary>Reads a body.</summary>
    /// <exception cref="ImpactException">What is wrong with it.</exception>
    public static ImpactAsk Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw Wrong("body");
        }

        ImpactAsk ask = new()
        {
            Layers = Ids(body, "layers"),
            OlderLayers = Ids(body, "olderLayers"),
            LeastClass = Whole(body, "leastClass", 1, 255) ?? 1,
            By = Text(body, "by"),
            ById = Text(body, "byId"),
            MeshDigits = Whole(body, "meshDigits", 8, 11),
            Own = [.. Items(body, "own", MostPolygons).Select((p, i) => (Text(p, "name") is { Length: <= 100 } name ? name : FormattableString.Invariant($"{i + 1}"), Places(p, "ring", MostCorners)))],
            Near = body.TryGetProperty("near", out JsonElement near) && near.ValueKind == JsonValueKind.Object
                ? (Text(near, "layer"), near.TryGetProperty("points", out _) ? Places(near, "points", MostPlaces) : [], Number(near, "withinM") ?? 300)
                : null,
            Shelters = body.TryGetProperty("shelters", out JsonElement shelters) && shelters.ValueKind == JsonValueKind.Object
                ? (Ids(shelters, "layers"), Text(shelters, "hazard") is { } hazard && ShelterList.Hazards.Contains(hazard) ? hazard : throw Wrong("shelters.hazard"))
                : null,
            Facilities = Ids(body, "facilities"),
            IsExact = body.TryGetProperty("exact", out JsonElement exact) && exact.ValueKind == JsonValueKind.True,
        };
        return ask.Layers.Count == 0 && ask.Own.Count == 0 ? throw Wrong("layers")
            : ask.Layers.Count == 0 && (ask.OlderLayers.Count > 0 || ask.Shelters is not null || ask.LeastClass > 1) ? throw Wrong("layers")
            : ask.Own.Any(o => o.Ring.Length < 3) ? throw Wrong("own.ring")
            : ask.Near is { } n && (!(n.WithinM is >= 50 and <= 5000) || (n.Layer is null) == (n.Points.Count == 0)) ? throw Wrong("near")
            : ask;
    }

    private static ImpactException Wrong(string member) => new($"{member} が正しくありません", $"{member} is not what it must be");

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static double? Number(JsonElement of, string name) => of.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static int? Whole(JsonElement of, string name, int least, int most) => Number(of, name) is not { } number ? null
        : number == Math.Floor(number) && number >= least && number <= most ? (int)number : throw Wrong(name);

    private static JsonElement[] Items(JsonElement of, string name, int most)
    {
        if (!of.TryGetProperty(name, out JsonElement items) || items.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return items.ValueKind == JsonValueKind.Array && items.GetArrayLength() <= most ? [.. items.EnumerateArray()] : throw Wrong(name);
    }

    private static string[] Ids(JsonElement of, string name) =>
        [.. Items(of, name, MostLayers).Select(i => i.ValueKind == JsonValueKind.String ? i.GetString()! : throw Wrong(name)).Distinct(StringComparer.Ordinal)];

    private static LonLat[] Places(JsonElement of, string name, int most) => [.. Items(of, name, most).Select(p =>
        p.ValueKind == JsonValueKind.Array && p.GetArrayLength() >= 2 && p[0].ValueKind == JsonValueKind.Number && p[1].ValueKind == JsonValueKind.Number
        && Math.Abs(p[0].GetDouble()) <= 180 && Math.Abs(p[1].GetDouble()) <= 80 ? new LonLat(p[0].GetDouble(), p[1].GetDouble()) : throw Wrong(name))];
}
