using Field.Geo.Linear;
using Field.Geo.Routes;
using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;
using NetTopologySuite.Operation.Overlay;
using NetTopologySuite.Operation.OverlayNG;

namespace Field.Geo.Review;

/// <summary>Compares the photos of a flight with what was to be shown.</summary>
public static class FlightCoverage
{
    private const double LeastGapM2 = 1;
    private const double LeveeReachM = 200;
    private const double SameViewDeg = 30;

    /// <summary>Compares.</summary>
    /// <param name="photos">All photos of the flight.</param>
    /// <param name="target">What was to be shown.</param>
    /// <param name="levees">Levees by which gaps are named; null for none.</param>
    public static CoverageReport Of(IReadOnlyList<ReviewPhoto> photos, ReviewTarget target, LeveeNetwork? levees = null)
    {
        ArgumentNullException.ThrowIfNull(photos);
        ArgumentNullException.ThrowIfNull(target);
        var missed = PlanMatch.Missed(photos, target.Photos);
        if (FaceCoverage.Of(photos, target, missed) is { } faces)
        {
            return faces;
        }

        var plane = Plane(photos, target);
        if (plane is null || target.Area is null)
        {
            return new CoverageReport
            {
                Share = target.Photos.Count > 0 ? 1 - ((double)missed.Count / target.Photos.Count) : null,
                LeastOverlap = plane is null ? null : LeastOverlap(photos, plane),
                Missed = missed,
            };
        }

        Geometry[] footprints = [.. photos.Where(p => p.IsUseful).Select(p => p.Footprint).OfType<Polygon>().Select(plane.ToPlane)];
        var area = Without(plane.ToPlane(target.Area), target.PlanGaps.Select(plane.ToPlane));
        var unseen = Without(area, footprints);
        var gaps = Polygons(Open(unseen, target.EdgeM)).Where(g => g.Area >= LeastGapM2).OrderByDescending(g => g.Area).ToArray();
        GapParts parts = new(target.Parts, plane, levees);
        return new CoverageReport
        {
            Share = area.Area > 0 ? 1 - (gaps.Sum(g => g.Area) / area.Area) : null,
            TwiceShare = area.Area > 0 ? OverlayNGRobust.Overlay(area, Twice(footprints), SpatialFunction.Intersection).Area / area.Area : null,
            LeastOverlap = LeastOverlap(photos, plane),
            Gaps = [.. gaps.Select(g => Describe(g, plane, target.BaseLine, target.Parts.Count == 0 ? levees : null) with { Parts = parts.Of(g) })],
            Missed = [.. missed.Select(m => m with { Needed = gaps.Length > 0 && IsNear(m.Photo, gaps, plane, photos) })],
        };
    }

    private static RoutePlane? Plane(IReadOnlyList<ReviewPhoto> photos, ReviewTarget target)
    {
        var around = target.Area?.EnvelopeInternal ?? new Envelope(photos.Where(p => p.Footprint is not null).SelectMany(p => p.Footprint!.Coordinates));
        return around.IsNull ? null : new RoutePlane([new LonLat(around.MinX, around.MinY), new LonLat(around.MaxX, around.MaxY)]);
    }

    private static Geometry Without(Geometry area, IEnumerable<Geometry> parts)
    {
        Geometry[] all = [.. parts.Where(p => p.EnvelopeInternal.Intersects(area.EnvelopeInternal))];
        return all.Length == 0 ? area : OverlayNGRobust.Overlay(area, OverlayNGRobust.Union(all), SpatialFunction.Difference);
    }

    /// <summary>Without strips that are narrow throughout.</summary>
    private static Geometry Open(Geometry geometry, double edgeM) =>
        OverlayNGRobust.Overlay(geometry, geometry.Buffer(-edgeM).Buffer(edgeM * 1.5), SpatialFunction.Intersection);

    private static IEnumerable<Polygon> Polygons(Geometry geometry) =>
        Enumerable.Range(0, geometry.NumGeometries).Select(geometry.GetGeometryN).OfType<Polygon>();

    /// <summary>What two or more footprints show.</summary>
    private static Geometry Twice(Geometry[] footprints)
    {
        STRtree<int> index = new();
        for (var i = 0; i < footprints.Length; i++)
        {
            index.Insert(footprints[i].EnvelopeInternal, i);
        }

        List<Geometry> pairs = [];
        for (var i = 0; i < footprints.Length; i++)
        {
            Geometry[] others = [.. index.Query(footprints[i].EnvelopeInternal).Where(j => j > i).Select(j => footprints[j])];
            if (others.Length > 0)
            {
                pairs.Add(OverlayNGRobust.Overlay(footprints[i], OverlayNGRobust.Union(others), SpatialFunction.Intersection));
            }
        }

        return pairs.Count == 0 ? GeometryFactory.Default.CreatePolygon() : OverlayNGRobust.Union(pairs.SelectMany(Polygons));
    }

    private static double? LeastOverlap(IReadOnlyList<ReviewPhoto> photos, RoutePlane plane)
    {
        double? least = null;
        ReviewPhoto[] inOrder = [.. photos.Where(p => p is { IsUseful: true, Footprint: not null, TakenAt: not null }).OrderBy(p => p.TakenAt)];
        foreach (var (before, after) in inOrder.Zip(inOrder.Skip(1)))
        {
            var (a, b) = (plane.ToPlane(before.Footprint!), plane.ToPlane(after.Footprint!));
            var turned = Math.Abs(Math.IEEERemainder(after.Camera.Pose!.YawDeg - before.Camera.Pose!.YawDeg, 360));
            if (turned <= SameViewDeg && a.Intersects(b))
            {
                var share = OverlayNGRobust.Overlay(a, b, SpatialFunction.Intersection).Area / Math.Min(a.Area, b.Area);
                least = Math.Min(least ?? 1, share);
            }
        }

        return least;
    }

    private static CoverageGap Describe(Polygon gap, RoutePlane plane, LineString? baseLine, LeveeNetwork? levees)
    {
        var shape = (Polygon)plane.ToLonLat(gap);
        LonLat[] corners = [.. shape.Shell.Coordinates.Select(c => new LonLat(c.X, c.Y))];
        double? from = null, to = null;
        if (baseLine is { Length: > 0 })
        {
            MeasuredLine line = new(baseLine);
            double[] along = [.. corners.Select(c => line.Nearest(c).ChainageM)];
            (from, to) = (along.Min(), along.Max());
        }

        var box = gap.EnvelopeInternal;
        return new CoverageGap(shape, gap.Area, to - from ?? Math.Max(box.Width, box.Height), from, to, levees is null ? null : Stretch(shape, corners, levees));
    }

    private static LeveeStretch? Stretch(Polygon shape, LonLat[] corners, LeveeNetwork levees)
    {
        var inside = shape.InteriorPoint;
        if (levees.Locate(new LonLat(inside.X, inside.Y), LeveeReachM, 0) is not { MarkKm: not null } middle)
        {
            return null;
        }

        return middle.Line.Stretch(corners);
    }

    /// <summary>True when the photo could show one of the gaps: as far away as the flight's own photos look.</summary>
    private static bool IsNear(PlannedPhoto photo, Polygon[] gaps, RoutePlane plane, IReadOnlyList<ReviewPhoto> photos)
    {
        var camera = photos.FirstOrDefault(p => p.Camera.Pose is not null)?.Camera;
        if (camera is null)
        {
            return true;
        }

        CameraPose pose = new(photo.Position, camera.Pose!.HeightAboveGroundM, photo.YawDeg, photo.PitchDeg, 0);
        var ground = new GroundProjection(pose, camera.Intrinsics, camera.Uncertainty).Footprint();
        return ground is null || gaps.Any(plane.ToPlane(ground).Intersects);
    }
}
