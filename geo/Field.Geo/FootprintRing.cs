using NetTopologySuite.Geometries;

namespace Field.Geo;

/// <summary>Cuts the outline of a photo where it would leave the ground plane or the range.</summary>
internal static class FootprintRing
{
    /// <summary>
    /// Downward part of a ray, as a share of the focal length, where it is cut first. No ray is shorter than the focal length, so
    /// what is lost lies beyond 100 times the height, outside every range; what is kept stays finite for the exact cut.
    /// </summary>
    private const double Horizon = 0.01;

    /// <summary>Sutherland-Hodgman against the one half space of rays that go down; linear between neighbouring corners.</summary>
    internal static List<Vector3> Clip(Vector3[] corners, double focalPx)
    {
        var limit = -Horizon * focalPx;
        var kept = new List<Vector3>(corners.Length + 1);
        for (var i = 0; i < corners.Length; i++)
        {
            var (from, to) = (corners[i], corners[(i + 1) % corners.Length]);
            if (from.Z <= limit)
            {
                kept.Add(from);
            }

            if (from.Z <= limit != to.Z <= limit)
            {
                kept.Add(from + ((to - from) * ((limit - from.Z) / (to.Z - from.Z))));
            }
        }

        return kept;
    }

    /// <summary>The closed ring of the part within a circle about the origin, whose 256 corners lie 0.01 % inside it; empty when nothing is.</summary>
    internal static EastNorth[] WithinRange(EastNorth[] ring, double rangeM)
    {
        if (ring.All(p => Math.Sqrt((p.EastM * p.EastM) + (p.NorthM * p.NorthM)) <= rangeM))
        {
            return [.. ring, ring[0]];
        }

        var plane = new GeometryFactory();
        var outline = plane.CreatePolygon([.. ring.Append(ring[0]).Select(p => new Coordinate(p.EastM, p.NorthM))]);
        var circle = plane.CreatePoint(new Coordinate(0, 0)).Buffer(rangeM, quadrantSegments: 64);
        return outline.Intersection(circle) is Polygon { IsEmpty: false } inside
            ? [.. inside.Shell.Coordinates.Select(c => new EastNorth(c.X, c.Y))]
            : [];
    }
}
