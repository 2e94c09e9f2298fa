using System.Text.Json;
using System.Text.Json.Nodes;

namespace Field.Demo.Run;

/// <summary>Compares findings with the cracks that the generator planted. Its own plane geometry, so that it can disagree with Field.Geo.</summary>
internal static class PlantedCracks
{
    /// <summary>A crack counts as findable from this width in at least one photo, px.</summary>
    public const double MinWidthPx = 3;

    /// <summary>A finding belongs to a planted crack when its centre, and most of its outline, lie this near to it, m.</summary>
    public const double WithinM = 0.5;

    /// <summary>The share of the outline that must be near: a long joint whose middle happens to lie beside a crack is not that crack.</summary>
    public const double OutlineShare = 0.8;

    private sealed record Crack(string Id, double MaxWidthPx, (double X, double Y)[] Line);

    private sealed record Found((double X, double Y) Centre, (double X, double Y)[] Outline)
    {
        public bool Is(Crack crack) =>
            Distance(Centre, crack.Line) <= WithinM
            && Outline.Count(p => Distance(p, crack.Line) <= WithinM) >= OutlineShare * Outline.Length;
    }

    /// <summary>Counts found, missed and false.</summary>
    /// <param name="truth">truth.geojson of the generator.</param>
    /// <param name="findings">The findings' FeatureCollection.</param>
    public static (JsonObject Planted, int FalseFindings) Compare(JsonElement truth, JsonElement findings)
    {
        JsonElement[] features = [.. truth.GetProperty("features").EnumerateArray()];
        JsonElement first = features[0].GetProperty("geometry").GetProperty("coordinates")[0];
        LocalPlane plane = new(first[0].GetDouble(), first[1].GetDouble());
        Crack[] cracks = [.. features.Select(f => ReadCrack(f, plane))];
        Found[] all = [.. Damages(findings).Select(f => ReadFinding(f, plane))];
        Crack[] findable = [.. cracks.Where(c => c.MaxWidthPx >= MinWidthPx)];
        (string Id, double M)[] nearest =
            [.. findable.Select(c => (c.Id, all.Where(f => f.Is(c)).Select(f => Distance(f.Centre, c.Line)).DefaultIfEmpty(double.PositiveInfinity).Min()))];
        double[] found = [.. nearest.Where(n => n.M <= WithinM).Select(n => n.M)];
        JsonObject planted = new()
        {
            ["cracks"] = cracks.Length,
            ["atOrAbove3Px"] = findable.Length,
            ["found"] = found.Length,
            ["foundShare"] = findable.Length == 0 ? 1 : Math.Round((double)found.Length / findable.Length, 3),
            ["meanDistanceM"] = found.Length == 0 ? null : Math.Round(found.Average(), 3),
            ["maxDistanceM"] = found.Length == 0 ? null : Math.Round(found.Max(), 3),
            ["missed"] = new JsonArray([.. nearest.Where(n => n.M > WithinM).Select(n => (JsonNode)n.Id)]),
        };
        return (planted, all.Count(f => !cracks.Any(f.Is)));
    }

    /// <summary>The findings that stand for a damage: those that are not merged into another photo's.</summary>
    public static IEnumerable<JsonElement> Damages(JsonElement findings) =>
        findings.GetProperty("features").EnumerateArray().Where(f => f.GetProperty("properties").GetProperty("mergedInto").ValueKind == JsonValueKind.Null);

    /// <summary>A finding without a place is nowhere near a crack.</summary>
    private static Found ReadFinding(JsonElement feature, LocalPlane plane)
    {
        JsonElement properties = feature.GetProperty("properties");
        JsonElement geometry = feature.GetProperty("geometry");
        if (geometry.ValueKind == JsonValueKind.Null)
        {
            return new Found((double.MaxValue, double.MaxValue), []);
        }

        JsonElement coordinates = geometry.GetProperty("coordinates");
        IEnumerable<JsonElement> exteriors = geometry.GetProperty("type").GetString() == "Polygon"
            ? [coordinates[0]]
            : coordinates.EnumerateArray().Select(polygon => polygon[0]);
        return new Found(
            plane.ToMetres(properties.GetProperty("centreLon").GetDouble(), properties.GetProperty("centreLat").GetDouble()),
            [.. exteriors.SelectMany(ring => ring.EnumerateArray()).Select(c => plane.ToMetres(c[0].GetDouble(), c[1].GetDouble()))]);
    }

    private static Crack ReadCrack(JsonElement feature, LocalPlane plane)
    {
        JsonElement properties = feature.GetProperty("properties");
        return new Crack(
            properties.GetProperty("id").ToString(),
            properties.GetProperty("maxWidthPx").GetDouble(),
            [.. feature.GetProperty("geometry").GetProperty("coordinates").EnumerateArray().Select(c => plane.ToMetres(c[0].GetDouble(), c[1].GetDouble()))]);
    }

    private static double Distance((double X, double Y) p, (double X, double Y)[] line)
    {
        double best = double.PositiveInfinity;
        for (int i = 1; i < line.Length; i++)
        {
            (double dx, double dy) = (line[i].X - line[i - 1].X, line[i].Y - line[i - 1].Y);
            double length2 = (dx * dx) + (dy * dy);
            double t = length2 == 0 ? 0 : Math.Clamp((((p.X - line[i - 1].X) * dx) + ((p.Y - line[i - 1].Y) * dy)) / length2, 0, 1);
            best = Math.Min(best, double.Hypot(p.X - line[i - 1].X - (t * dx), p.Y - line[i - 1].Y - (t * dy)));
        }

        return best;
    }

    /// <summary>East and north of an origin by the radii of curvature of GRS80: below 1 mm of error over the demo's kilometre.</summary>
    private readonly struct LocalPlane
    {
        private readonly double _lon;
        private readonly double _lat;
        private readonly double _east;
        private readonly double _north;

        public LocalPlane(double lon, double lat)
        {
            const double A = 6378137.0;
            const double F = 1 / 298.257222101;
            const double E2 = F * (2 - F);
            double w2 = 1 - (E2 * Math.Pow(Math.Sin(double.DegreesToRadians(lat)), 2));
            (_lon, _lat) = (lon, lat);
            _north = double.DegreesToRadians(A * (1 - E2) / Math.Pow(w2, 1.5));
            _east = double.DegreesToRadians(A / Math.Sqrt(w2) * Math.Cos(double.DegreesToRadians(lat)));
        }

        public (double X, double Y) ToMetres(double lon, double lat) => ((lon - _lon) * _east, (lat - _lat) * _north);
    }
}
