using Field.Geo.Linear;
using Field.Geo.Review;
using Field.Ingest.Assets;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;

namespace Field.MapApp.Review;

/// <summary>
/// An asset as what was to be photographed: a bridge by its outline and elements from above, a levee or a road by a corridor along its line.
/// Faces that stand upright are judged against a plan alone: the ledger does not know their heights.
/// </summary>
internal static class AssetTarget
{
    /// <summary>Width of the ground along a levee or road line, metres.</summary>
    public const double CorridorM = 40;

    private const double BridgeLineM = 10;
    private const double ElementLineM = 1;
    private const double BridgeEdgeM = 0.5;

    /// <summary>Kinds of assets that can be photographed whole.</summary>
    public static readonly string[] Kinds = ["bridge", "levee", "road"];

    /// <summary>The target.</summary>
    /// <param name="assets">At least the asset, and the elements of a bridge.</param>
    /// <param name="id">Such as <c>bridge:B-001</c>.</param>
    /// <param name="widthM">Of a corridor.</param>
    /// <exception cref="FlightInputException">There is no such asset, or it has no shape.</exception>
    public static ReviewTarget Of(IReadOnlyList<LedgerAsset> assets, string id, double widthM = CorridorM)
    {
        LedgerAsset asset = assets.FirstOrDefault(a => a.Id == id && Kinds.Contains(a.Kind))
            ?? throw new FlightInputException(FlightFault.NoAsset(id));
        return asset switch
        {
            { Kind: "bridge" } => Bridge(asset, [.. assets.Where(a => a.Kind == "element" && a.Geometry is { IsEmpty: false } && (a.Parent == id || a.Parent == asset.LedgerId))]),
            { Geometry: LineString { Length: > 0 } line } => ReviewTarget.Corridor(line, widthM) with { Name = asset.Title },
            { Geometry: { IsEmpty: false } shape } => Around(asset, [(shape, widthM)]),
            _ => throw NoShape(asset),
        };
    }

    /// <summary>The levees by which gaps are named and that tell how a river flows; null when none has distance marks.</summary>
    public static LeveeNetwork? Levees(IReadOnlyList<LedgerAsset> assets)
    {
        LedgerAsset[] marks = [.. assets.Where(a => a is { Geometry: Point, Km: not null })];
        LeveeLine[] lines = [.. assets.Where(a => a.River is not null).Select(a => a.Levee(marks)).OfType<LeveeLine>()];
        return lines.Any(l => l.Range is not null) ? new LeveeNetwork(lines) : null;
    }

    private static ReviewTarget Bridge(LedgerAsset bridge, LedgerAsset[] elements)
    {
        List<(Geometry, double)> shapes = [.. elements.Select(e => (e.Geometry!, ElementLineM))];
        if (bridge.Geometry is { IsEmpty: false, Dimension: > Dimension.Point } own)
        {
            shapes.Insert(0, (own, BridgeLineM));
        }

        ReviewTarget whole = Around(bridge, shapes);
        return whole with
        {
            EdgeM = BridgeEdgeM,
            Parts = elements.Length > 0
                ? [.. elements.Select(e => new TargetPart(Code(e), e.Name, e.Geometry!))]
                : [new TargetPart("", bridge.Title, whole.Area!)],
        };
    }

    /// <summary>Areas as they are, lines with ground on both sides.</summary>
    private static ReviewTarget Around(LedgerAsset asset, IReadOnlyList<(Geometry Shape, double LineWidthM)> shapes)
    {
        Geometry[] areas = [.. shapes.SelectMany(s => Parts(s.Shape).Select(p => (p, s.LineWidthM))).Select(s => Area(s.p, s.LineWidthM)).OfType<Geometry>()];
        return areas.Length == 0 ? throw NoShape(asset) : new ReviewTarget
        {
            Area = areas.Length == 1 ? areas[0] : NetTopologySuite.Operation.OverlayNG.OverlayNGRobust.Union(areas),
            Name = asset.Title,
        };
    }

    private static Geometry? Area(Geometry part, double lineWidthM) => part switch
    {
        Polygon { IsEmpty: false } polygon => polygon.IsValid ? polygon : GeometryFixer.Fix(polygon),
        LineString { Length: > 0 } line => ReviewTarget.Corridor(line, lineWidthM).Area,
        _ => null,
    };

    private static IEnumerable<Geometry> Parts(Geometry geometry) => Enumerable.Range(0, geometry.NumGeometries).Select(geometry.GetGeometryN);

    private static string Code(LedgerAsset element)
    {
        string id = element.LedgerId ?? element.Id;
        return id[(id.LastIndexOf('/') + 1)..];
    }

    private static FlightInputException NoShape(LedgerAsset asset) => new(FlightFault.NoShape(asset.Title));
}
