using System.Text.Json;
using Field.Geo;
using Field.Geo.Linear;
using Field.Geo.Review;
using Field.Ingest.Assets;
using Field.MapApp.Routes;
using NetTopologySuite.Geometries;
using static Field.MapApp.Review.LedgerFile;

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
            throw new FlightInputException(FlightFault.NoRoute(path));
        }

        var features = RouteInput.Read(file);
        var photos = Kind(features, "footprint").Concat(Kind(features, "photo")).Select(f => Planned(f.Properties)).ToArray();
        if (photos.Length == 0 || photos.Contains(null))
        {
            throw new FlightInputException(FlightFault.BadRoute(file));
        }

        bool looksAtGround = Kind(features, "footprint").Any();
        return new ReviewTarget
        {
            Area = looksAtGround ? Kind(features, "target").Select(f => f.Geometry).FirstOrDefault(g => g is Polygon or MultiPolygon) : null,
            Faces = [.. Kind(features, "face").Select(f => Face(f.Geometry, f.Properties)).OfType<TargetFace>()],
            PlanGaps = [.. Kind(features, "gap").Select(f => f.Geometry).OfType<Polygon>()],
            BaseLine = Kind(features, "line").Select(f => f.Geometry).OfType<LineString>().FirstOrDefault(),
            Photos = [.. photos.OfType<PlannedPhoto>()],
        };
    }

    /// <summary>The ledger as <c>assets export</c> writes it.</summary>
    public static IReadOnlyList<LedgerAsset> Assets(string path) => LedgerFile.Assets(RouteInput.Read(path));

    /// <summary>Levees with distance marks.</summary>
    public static LeveeNetwork Levees(string path, IReadOnlyList<LedgerAsset> assets) => AssetTarget.Levees(assets) ?? throw new FlightInputException(FlightFault.NoMarks(path));

    private static IEnumerable<(Geometry Geometry, JsonElement Properties)> Kind(IEnumerable<(Geometry Geometry, JsonElement Properties)> features, string kind) =>
        features.Where(f => Text(f.Properties, "kind") == kind);

    private static PlannedPhoto? Planned(JsonElement p) =>
        Text(p, "track") is { } track && Number(p, "photo") is { } number && Number(p, "lon") is { } lon && Number(p, "lat") is { } lat
        && Math.Abs(lon) <= 180 && Math.Abs(lat) <= 89 && Number(p, "yawDeg") is { } yaw && Number(p, "pitchDeg") is { } pitch
            ? new PlannedPhoto((int?)Number(p, "flight"), track, (int)number, new LonLat(lon, lat), yaw, pitch) { HeightM = Number(p, "heightM") }
            : null;

    /// <summary>Null for one that is none: the photos are still compared one by one.</summary>
    private static TargetFace? Face(Geometry foot, JsonElement p) =>
        Number(p, "bottomM") is { } bottom && Number(p, "topM") is { } top && p.TryGetProperty("under", out JsonElement under)
        && (under.ValueKind == JsonValueKind.True ? foot is Polygon && bottom == top : foot is LineString { Length: > 0 } && top > bottom)
            ? new TargetFace(Text(p, "side") == "right", under.ValueKind == JsonValueKind.True, foot, bottom, top)
            : null;
}
