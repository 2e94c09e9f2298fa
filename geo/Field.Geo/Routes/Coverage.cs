using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Overlay;
using NetTopologySuite.Operation.OverlayNG;

namespace Field.Geo.Routes;

/// <summary>How much of an area photos show.</summary>
internal static class Coverage
{
    /// <summary>A place smaller than this between photos is not counted as a gap: the line itself is only known to half a metre.</summary>
    private const double SmallestGapM2 = 1;

    /// <summary>Photos that are joined before anybody looks whether to give up.</summary>
    private const int Batch = 200;

    /// <summary>Share shown, and the parts not shown, in metres of the plane.</summary>
    internal static (double Share, IReadOnlyList<Polygon> Gaps) Of(
        Geometry area, IEnumerable<RoutePhoto> photos, RouteCamera camera, RoutePlane plane, CancellationToken cancel)
    {
        Geometry[] footprints = [.. photos.Select(p => RoutePlan.Projection(camera, p).Footprint()).OfType<Polygon>().Select(plane.ToPlane)];
        if (footprints.Length == 0 || area.Area <= 0)
        {
            return (0, [.. Polygons(area)]);
        }

        var batches = footprints.Chunk(Batch).Select(batch =>
        {
            cancel.ThrowIfCancellationRequested();
            return OverlayNGRobust.Union(batch);
        }).ToArray();
        var missing = OverlayNGRobust.Overlay(area, OverlayNGRobust.Union(batches), SpatialFunction.Difference);
        Polygon[] gaps = [.. Polygons(missing).Where(g => g.Area >= SmallestGapM2).OrderByDescending(g => g.Area)];
        return (1 - (gaps.Sum(g => g.Area) / area.Area), gaps);
    }

    private static IEnumerable<Polygon> Polygons(Geometry geometry) =>
        Enumerable.Range(0, geometry.NumGeometries).Select(geometry.GetGeometryN).OfType<Polygon>();
}
