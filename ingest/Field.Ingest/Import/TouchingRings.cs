using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Polygonize;

namespace Field.Ingest.Import;

/// <summary>
/// Repairs areas whose outlines only touch themselves or each other at vertices, as those traced from depth grids do: by far the most of what is
/// invalid in hazard maps, and a hundred times faster than the general repair, which overlays.
/// </summary>
internal static class TouchingRings
{
    private const double AreaTolerance = 1e-9; // of the whole; overlapping parts would make the sum larger than what they cover

    /// <summary>The valid area that covers the same ground; null when outlines do more than touch.</summary>
    public static Geometry? Repair(Geometry geometry)
    {
        List<LinearRing> rings = [];
        double area = 0;
        for (int i = 0; i < geometry.NumGeometries; i++)
        {
            if (geometry.GetGeometryN(i) is Polygon { IsEmpty: false } polygon)
            {
                rings.Add((LinearRing)polygon.ExteriorRing);
                rings.AddRange(polygon.InteriorRings.Cast<LinearRing>());
                area += polygon.Area;
            }
        }

        Polygonizer polygonizer = new(extractOnlyPolygonal: true);
        HashSet<Coordinate> nodes = Nodes(rings);
        foreach (LinearRing ring in rings)
        {
            AddEdges(polygonizer, ring, nodes, geometry.Factory);
        }

        if (polygonizer.GetGeometry() is not (Polygon or MultiPolygon) || polygonizer.GetDangles().Count + polygonizer.GetCutEdges().Count + polygonizer.GetInvalidRingLines().Count > 0)
        {
            return null;
        }

        Geometry repaired = polygonizer.GetGeometry();
        return Math.Abs(repaired.Area - area) <= AreaTolerance * area && repaired.IsValid ? repaired : null;
    }

    /// <summary>Where outlines meet, and where each begins.</summary>
    private static HashSet<Coordinate> Nodes(List<LinearRing> rings)
    {
        (HashSet<Coordinate> seen, HashSet<Coordinate> nodes) = ([], []);
        foreach (LinearRing ring in rings)
        {
            Coordinate[] points = ring.Coordinates;
            nodes.Add(points[0]);
            for (int i = 1; i < points.Length; i++)
            {
                if (!points[i].Equals2D(points[i - 1]) && !seen.Add(points[i]))
                {
                    nodes.Add(points[i]);
                }
            }
        }

        return nodes;
    }

    private static void AddEdges(Polygonizer polygonizer, LinearRing ring, HashSet<Coordinate> nodes, GeometryFactory factory)
    {
        Coordinate[] points = ring.Coordinates;
        List<Coordinate> edge = [points[0]];
        for (int i = 1; i < points.Length; i++)
        {
            if (points[i].Equals2D(points[i - 1]))
            {
                continue;
            }

            edge.Add(points[i]);
            if (nodes.Contains(points[i]))
            {
                polygonizer.Add(factory.CreateLineString([.. edge]));
                edge = [points[i]];
            }
        }
    }
}
