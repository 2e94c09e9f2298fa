using Field.Geo.Linear;
using Field.Geo.Routes;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Overlay;
using NetTopologySuite.Operation.OverlayNG;

namespace Field.Geo.Review;

/// <summary>Names gaps by the parts of a structure that they hide.</summary>
internal sealed class GapParts
{
    private const double LeastShare = 0.1;
    private const double MostShare = 0.8;
    private const double LeastOffset = 0.1;
    private const double RiverReachM = 500;
    private const double FlowStepM = 20;

    /// <summary>A line or a point of the ledger stands for this much around it.</summary>
    private const double ThinM = 0.5;

    private readonly (TargetPart Part, Geometry Shape)[] parts;
    private readonly Coordinate? downstream;

    /// <param name="parts">lon, lat.</param>
    /// <param name="plane">Metres.</param>
    /// <param name="levees">Tell how the river flows; null for none.</param>
    internal GapParts(IReadOnlyList<TargetPart> parts, RoutePlane plane, LeveeNetwork? levees)
    {
        this.parts = [.. parts.Select(p => (p, Area(plane.ToPlane(p.Shape))))];
        downstream = parts.Count > 0 && levees is not null ? Flow(parts[0].Shape.EnvelopeInternal.Centre, plane, levees) : null;
    }

    /// <summary>The parts that a gap hides something of.</summary>
    /// <param name="gap">In metres of the plane.</param>
    /// <returns>Those of which it hides a good part; the one that it hides most of when there is none.</returns>
    internal IReadOnlyList<PartGap> Of(Polygon gap)
    {
        PartGap[] hidden =
        [
            .. parts.Where(p => p.Shape.EnvelopeInternal.Intersects(gap.EnvelopeInternal)).Select(p => Of(p.Part, p.Shape, gap))
                .Where(p => p.Share > 0).OrderByDescending(p => p.Share).ThenBy(p => p.Part.Code, StringComparer.Ordinal),
        ];
        var much = hidden.Count(p => p.Share >= LeastShare);
        return hidden[..Math.Min(hidden.Length, Math.Max(1, much))];
    }

    private PartGap Of(TargetPart part, Geometry shape, Polygon gap)
    {
        var hidden = OverlayNGRobust.Overlay(shape, gap, SpatialFunction.Intersection);
        var share = shape.Area > 0 ? hidden.Area / shape.Area : 0;
        return new PartGap(part, share, share > 0 && share < MostShare ? Side(shape, hidden) : null);
    }

    private PartSide? Side(Geometry shape, Geometry hidden)
    {
        var (middle, at) = (shape.Centroid.Coordinate, hidden.Centroid.Coordinate);
        double east = at.X - middle.X, north = at.Y - middle.Y;
        if (Math.Sqrt((east * east) + (north * north)) < LeastOffset * Math.Sqrt(shape.Area))
        {
            return null;
        }

        if (downstream is not { } flow)
        {
            return Math.Abs(east) > Math.Abs(north) ? (east > 0 ? PartSide.East : PartSide.West) : north > 0 ? PartSide.North : PartSide.South;
        }

        double along = (east * flow.X) + (north * flow.Y), right = (east * flow.Y) - (north * flow.X);
        return Math.Abs(along) >= Math.Abs(right) ? (along > 0 ? PartSide.Downstream : PartSide.Upstream) : right > 0 ? PartSide.RightBank : PartSide.LeftBank;
    }

    private static Geometry Area(Geometry shape) => shape.Dimension == Dimension.Surface ? shape : shape.Buffer(ThinM);

    /// <summary>A vector of length 1 along the nearest levee to where its marks become less.</summary>
    private static Coordinate? Flow(Coordinate near, RoutePlane plane, LeveeNetwork levees)
    {
        LonLat place = new(near.X, near.Y);
        if (levees.Locate(place, RiverReachM, 0) is not { MarkKm: { } km, MarkOffsetM: { } offset } found)
        {
            return null;
        }

        var up = found.Line.PlaceOf(km, offset + FlowStepM) ?? found.Line.PlaceOf(km, offset);
        var down = found.Line.PlaceOf(km, offset - FlowStepM) ?? found.Line.PlaceOf(km, offset);
        if (up is not { } from || down is not { } to)
        {
            return null;
        }

        var (a, b) = (plane.ToPlane(from), plane.ToPlane(to));
        var length = a.Distance(b);
        return length > 1 ? new Coordinate((b.X - a.X) / length, (b.Y - a.Y) / length) : null;
    }
}
