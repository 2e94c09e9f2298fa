using System.Text.Json;
using Field.Geo;
using Field.Geo.Linear;
using Field.Geo.Review;
using Field.MapApp.Routes;
using NetTopologySuite.Geometries;

namespace Field.MapApp.Review;

/// <summary>Reads what was to be photographed, and the levees by which gaps are named.</summary>
internal static class TargetReader
{
    /// <summary>The plan that <c>route</c> wrote into a folder.</summary>
    public static ReviewTarget Plan(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, "preview.geojson") : path;
        if (!File.Exists(file))
        {
            throw new FlightInputException($"{path}: ルートがありません。./field route の --out を指定してください", $"{path}: no route here; give the folder that ./field route wrote (--out)");
        }

        var features = RouteInput.Read(file);
        var photos = Kind(features, "footprint").Concat(Kind(features, "photo")).Select(f => Planned(f.Properties)).ToArray();
        if (photos.Length == 0 || photos.Contains(null))
        {
            throw new FlightInputException(
                $"{file}: 計画の写真が読めません。./field route でもう一度作ってください", $"{file}: the planned photos cannot be read; make the route again with ./field route");
        }

        bool looksAtGround = Kind(features, "footprint").Any();
        return new ReviewTarget
        {
            Area = looksAtGround ? Kind(features, "target").Select(f => f.Geometry).FirstOrDefault(g => g is Polygon or MultiPolygon) : null,
            PlanGaps = [.. Kind(features, "gap").Select(f => f.Geometry).OfType<Polygon>()],
            BaseLine = Kind(features, "line").Select(f => f.Geometry).OfType<LineString>().FirstOrDefault(),
            Photos = [.. photos.OfType<PlannedPhoto>()],
        };
    }

    /// <summary>Levees and distance marks as <c>assets export</c> writes them.</summary>
    public static LeveeNetwork Levees(string path)
    {
        var features = RouteInput.Read(path);
        var marks = features.Where(f => f.Geometry is Point && Number(f.Properties, "km") is not null)
            .ToLookup(f => Text(f.Properties, "river") ?? "");
        LeveeLine[] lines = [.. features.Where(f => f.Geometry is LineString { Length: > 0 } && Text(f.Properties, "river") is not null).Select((f, i) => Levee(i, f, marks))];
        return lines.Any(l => l.Range is not null)
            ? new LeveeNetwork(lines)
            : throw new FlightInputException(
                $"{path}: 距離標のある堤防がありません（river, bank と、startKm・endKm または km の点が要ります）",
                $"{path}: no levee with distance marks (needs river, bank, and startKm and endKm or points with km)");
    }

    private static LeveeLine Levee(int index, (Geometry Geometry, JsonElement Properties) levee, ILookup<string, (Geometry Geometry, JsonElement Properties)> marks)
    {
        string river = Text(levee.Properties, "river")!;
        string? bankText = Text(levee.Properties, "bank");
        Bank? bank = MarkText.ParseBank(bankText);
        LineString line = (LineString)levee.Geometry;
        string id = Text(levee.Properties, "name") ?? $"{river} {index + 1}";
        return Number(levee.Properties, "startKm") is { } start && Number(levee.Properties, "endKm") is { } end
            ? LeveeLine.WithEnds(id, river, bank, line, start, end)
            : LeveeLine.WithMarks(id, river, bank, line, marks[river]
                .Where(m => Text(m.Properties, "bank") is not { } its || MarkText.ParseBank(its) == bank)
                .Select(m => new DistanceMark(Number(m.Properties, "km")!.Value, new LonLat(m.Geometry.Coordinate.X, m.Geometry.Coordinate.Y))));
    }

    private static IEnumerable<(Geometry Geometry, JsonElement Properties)> Kind(IEnumerable<(Geometry Geometry, JsonElement Properties)> features, string kind) =>
        features.Where(f => Text(f.Properties, "kind") == kind);

    private static PlannedPhoto? Planned(JsonElement p) =>
        Text(p, "track") is { } track && Number(p, "photo") is { } number && Number(p, "lon") is { } lon && Number(p, "lat") is { } lat
        && Math.Abs(lon) <= 180 && Math.Abs(lat) <= 89 && Number(p, "yawDeg") is { } yaw && Number(p, "pitchDeg") is { } pitch
            ? new PlannedPhoto((int?)Number(p, "flight"), track, (int)number, new LonLat(lon, lat), yaw, pitch)
            : null;

    private static string? Text(JsonElement properties, string name) =>
        properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement properties, string name) =>
        properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
