using System.Globalization;
using System.Text.Json;
using Field.Geo;
using Field.Geo.Routes;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Linemerge;

namespace Field.MapApp.Routes;

/// <summary>Reads what a route is planned from.</summary>
internal static class RouteInput
{
    private const long LargestFileBytes = 64 << 20;
    private static readonly GeometryFactory Wgs84 = new(new PrecisionModel(), 4326);

    /// <summary>The one line of a GeoJSON file; parts that touch are joined.</summary>
    public static IReadOnlyList<LonLat> Line(string path) => Line(path, Read(path));

    /// <summary>The one polygon of a GeoJSON file.</summary>
    public static Polygon Area(string path) => Area(path, Read(path));

    /// <summary>The polygons of a GeoJSON file, with their <c>name</c>.</summary>
    public static IEnumerable<NoFlyZone> Zones(string path) => Zones(path, Path.GetFileNameWithoutExtension(path), Read(path));

    /// <param name="what">Names the input in a refusal.</param>
    /// <param name="features">What it holds.</param>
    public static IReadOnlyList<LonLat> Line(string what, IReadOnlyList<(Geometry Geometry, JsonElement Properties)> features)
    {
        LineMerger merger = new();
        merger.Add(features.Select(g => g.Geometry).Where(g => g is LineString or MultiLineString));
        var lines = merger.GetMergedLineStrings();
        return lines.Count == 1
            ? [.. lines[0].Coordinates.Select(c => new LonLat(c.X, c.Y))]
            : throw new RouteInputException(what, RouteInputFault.Lines(lines.Count));
    }

    /// <param name="what">Names the input in a refusal.</param>
    /// <param name="features">What it holds.</param>
    public static Polygon Area(string what, IReadOnlyList<(Geometry Geometry, JsonElement Properties)> features)
    {
        List<NoFlyZone> zones = [.. Zones(what, what, features)];
        return zones is [{ Area: Polygon polygon }]
            ? polygon
            : throw new RouteInputException(what, RouteInputFault.Polygons(zones.Count));
    }

    /// <param name="what">Names the input in a refusal.</param>
    /// <param name="name">Begins the name of polygons that have none.</param>
    /// <param name="features">What it holds.</param>
    public static IEnumerable<NoFlyZone> Zones(string what, string name, IReadOnlyList<(Geometry Geometry, JsonElement Properties)> features)
    {
        int number = 0;
        foreach ((Geometry geometry, JsonElement properties) in features.Where(g => g.Geometry is Polygon or MultiPolygon))
        {
            number++;
            yield return geometry.IsValid
                ? new NoFlyZone(NameOf(properties) ?? $"{name} {number}", geometry)
                : throw new RouteInputException(what, RouteInputFault.InvalidPolygon(number));
        }
    }

    /// <summary>A table of distance and ground elevation in metres, comma separated; a first row that is no number is its head.</summary>
    public static IReadOnlyList<GroundSample> Profile(string path)
    {
        List<GroundSample> samples = [];
        int row = 0;
        foreach (string line in Text(path).Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0))
        {
            row++;
            string[] cells = line.Split(',');
            if (cells.Length >= 2 && Number(cells[0]) is { } distance && Number(cells[1]) is { } ground)
            {
                samples.Add(new GroundSample(distance, ground));
            }
            else if (row > 1)
            {
                throw new RouteInputException(path, RouteInputFault.ProfileRow(row));
            }
        }

        return samples;
    }

    /// <summary><c>LON,LAT</c> or <c>LON,LAT,GROUND</c>.</summary>
    public static RouteHome Home(string text)
    {
        double?[] numbers = [.. text.Split(',').Select(Number)];
        return numbers.Length is 2 or 3 && numbers.All(n => n is not null)
            ? new RouteHome(new LonLat(numbers[0]!.Value, numbers[1]!.Value), numbers.Length == 3 ? numbers[2] : null)
            : throw new RouteInputException($"--home {text}", RouteInputFault.Home);
    }

    /// <summary>The geometries of a GeoJSON file with their properties; a geometry of its own has none.</summary>
    public static IReadOnlyList<(Geometry Geometry, JsonElement Properties)> Read(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(Text(path));
            return Read(path, document.RootElement);
        }
        catch (JsonException e)
        {
            throw new RouteInputException(path, RouteInputFault.NotGeoJson, e);
        }
    }

    /// <param name="what">Names the input in a refusal.</param>
    /// <param name="json">A geometry, Feature or FeatureCollection.</param>
    public static IReadOnlyList<(Geometry Geometry, JsonElement Properties)> Read(string what, JsonElement json)
    {
        try
        {
            return [.. Features(json, default)];
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or ArgumentException or FormatException or IndexOutOfRangeException)
        {
            throw new RouteInputException(what, RouteInputFault.NotGeoJson, e);
        }
    }

    private static string? NameOf(JsonElement properties) =>
        properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty("name", out JsonElement n) && n.ValueKind == JsonValueKind.String ? n.GetString() : null;

    private static IEnumerable<(Geometry Geometry, JsonElement Properties)> Features(JsonElement json, JsonElement properties)
    {
        switch (json.GetProperty("type").GetString())
        {
            case "FeatureCollection":
                return json.GetProperty("features").EnumerateArray().SelectMany(f => Features(f, default));
            case "Feature":
                JsonElement geometry = json.GetProperty("geometry");
                JsonElement its = json.TryGetProperty("properties", out JsonElement p) ? p.Clone() : default;
                return geometry.ValueKind == JsonValueKind.Null ? [] : Features(geometry, its);
            case "GeometryCollection":
                return json.GetProperty("geometries").EnumerateArray().SelectMany(g => Features(g, properties));
            case "Point":
                JsonElement at = json.GetProperty("coordinates");
                return [(Wgs84.CreatePoint(new Coordinate(at[0].GetDouble(), at[1].GetDouble())), properties)];
            case "LineString":
                return [(Wgs84.CreateLineString(Positions(json.GetProperty("coordinates"))), properties)];
            case "MultiLineString":
                return json.GetProperty("coordinates").EnumerateArray().Select(l => ((Geometry)Wgs84.CreateLineString(Positions(l)), properties));
            case "Polygon":
                return [(ToPolygon(json.GetProperty("coordinates")), properties)];
            case "MultiPolygon":
                return json.GetProperty("coordinates").EnumerateArray().Select(p => ((Geometry)ToPolygon(p), properties));
            default:
                return [];
        }
    }

    private static Polygon ToPolygon(JsonElement rings)
    {
        if (rings.GetArrayLength() == 0)
        {
            throw new FormatException("a polygon has a ring");
        }

        LinearRing[] all = [.. rings.EnumerateArray().Select(r => Wgs84.CreateLinearRing(Positions(r)))];
        return Wgs84.CreatePolygon(all[0], all[1..]);
    }

    private static Coordinate[] Positions(JsonElement array) =>
        [.. array.EnumerateArray().Select(p => p.GetArrayLength() >= 2 ? new Coordinate(p[0].GetDouble(), p[1].GetDouble()) : throw new FormatException("a position has two numbers"))];

    private static string Text(string path)
    {
        try
        {
            FileInfo file = new(path);
            return file.Length <= LargestFileBytes ? File.ReadAllText(path) : throw new RouteInputException(path, RouteInputFault.TooLarge);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RouteInputException(path, RouteInputFault.Unreadable, e);
        }
    }

    private static double? Number(string text) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
}
