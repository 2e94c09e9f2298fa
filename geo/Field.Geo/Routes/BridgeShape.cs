using NetTopologySuite.Algorithm;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Buffer;

namespace Field.Geo.Routes;

/// <summary>A bridge's axis or outline where the ledger has only the other.</summary>
public static class BridgeShape
{
    /// <summary>
    /// The axis of a straight bridge: through the middle of the narrowest rectangle around its outline, from end to end. A bridge that
    /// bends needs its own.
    /// </summary>
    /// <param name="outline">Lon, lat.</param>
    /// <returns>Two places; null when the outline has no area.</returns>
    public static IReadOnlyList<LonLat>? AxisOf(Polygon outline)
    {
        ArgumentNullException.ThrowIfNull(outline);
        if (outline.IsEmpty || !outline.Coordinates.All(c => RouteChecks.OnEarth(new LonLat(c.X, c.Y))))
        {
            return null;
        }

        var plane = new RoutePlane([.. outline.Coordinates.Select(c => new LonLat(c.X, c.Y))]);
        if (MinimumDiameter.GetMinimumRectangle(plane.ToPlane(outline)) is not Polygon { Area: > 0 } around)
        {
            return null;
        }

        var corners = around.Shell.Coordinates;
        var first = corners[0].Distance(corners[1]) >= corners[1].Distance(corners[2]) ? 1 : 0;
        return [plane.ToLonLat(Middle(corners[first], corners[first + 1])), plane.ToLonLat(Middle(corners[first + 2], corners[(first + 3) % 4]))];
    }

    /// <summary>The outline of a deck of one width along an axis.</summary>
    /// <param name="axis">Lon, lat.</param>
    /// <param name="widthM">Of the whole structure, metres.</param>
    /// <returns>Null when the axis has no length, is not on the earth, or bends so that the outline falls to pieces.</returns>
    public static Polygon? OutlineOf(IReadOnlyList<LonLat> axis, double widthM)
    {
        ArgumentNullException.ThrowIfNull(axis);
        if (axis.Count < 2 || !axis.All(RouteChecks.OnEarth) || !(widthM > 0))
        {
            return null;
        }

        var plane = new RoutePlane(axis);
        var flat = new BufferParameters(8, EndCapStyle.Flat, JoinStyle.Mitre, 2);
        var line = RoutePlane.Metres.CreateLineString([.. axis.Select(plane.ToPlane)]);
        return new BufferOp(line, flat).GetResultGeometry(widthM / 2) is Polygon { IsEmpty: false } deck ? (Polygon)plane.ToLonLat(deck) : null;
    }

    private static Coordinate Middle(Coordinate a, Coordinate b) => new((a.X + b.X) / 2, (a.Y + b.Y) / 2);
}
