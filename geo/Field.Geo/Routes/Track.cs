using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Buffer;
using NetTopologySuite.Simplify;

namespace Field.Geo.Routes;

/// <summary>A polyline in metres that is walked by distance; beyond its ends it goes on straight.</summary>
internal sealed class Track
{
    private const double MitreLimit = 2;

    private readonly Coordinate[] points;
    private readonly double[] distances;

    internal Track(IEnumerable<Coordinate> coordinates)
    {
        var distinct = new List<Coordinate>();
        foreach (var c in coordinates)
        {
            if (distinct.Count == 0 || c.Distance(distinct[^1]) > 1e-6)
            {
                distinct.Add(c);
            }
        }

        points = [.. distinct];
        distances = new double[points.Length];
        for (var i = 1; i < points.Length; i++)
        {
            distances[i] = distances[i - 1] + points[i].Distance(points[i - 1]);
        }
    }

    internal IReadOnlyList<Coordinate> Points => points;

    /// <summary>Distance of each point from the first.</summary>
    internal IReadOnlyList<double> Distances => distances;

    internal double LengthM => distances[^1];

    internal LineString Line => RoutePlane.Metres.CreateLineString(points);

    internal Coordinate At(double distanceM)
    {
        var i = Segment(distanceM);
        var share = (distanceM - distances[i]) / (distances[i + 1] - distances[i]);
        return new Coordinate(
            points[i].X + (share * (points[i + 1].X - points[i].X)), points[i].Y + (share * (points[i + 1].Y - points[i].Y)));
    }

    /// <summary>Direction of movement, clockwise from north, 0 to below 360.</summary>
    internal double YawDeg(double distanceM)
    {
        var i = Segment(distanceM);
        return Yaw(points[i], points[i + 1]);
    }

    internal static double Yaw(Coordinate from, Coordinate to) =>
        (double.RadiansToDegrees(Math.Atan2(to.X - from.X, to.Y - from.Y)) + 360) % 360;

    internal Track Reverse() => new(points.Reverse());

    internal Track Between(double fromM, double toM)
    {
        var inside = Enumerable.Range(0, points.Length).Where(i => distances[i] > fromM && distances[i] < toM).Select(i => points[i]);
        return new Track([At(fromM), .. inside, At(toM)]);
    }

    /// <summary>Distance along the track of its place nearest to <paramref name="place"/>, 0 to <see cref="LengthM"/>.</summary>
    internal double Project(Coordinate place)
    {
        var (best, nearest) = (0.0, double.MaxValue);
        for (var i = 0; i + 1 < points.Length; i++)
        {
            var segment = new LineSegment(points[i], points[i + 1]);
            var share = Math.Clamp(segment.ProjectionFactor(place), 0, 1);
            var away = segment.PointAlong(share).Distance(place);
            if (away < nearest - 1e-9)
            {
                (best, nearest) = (distances[i] + (share * segment.Length), away);
            }
        }

        return best;
    }

    /// <summary>How far to the right of the track a place lies; negative: to the left.</summary>
    internal double RightM(Coordinate place)
    {
        var along = Project(place);
        var (foot, yaw) = (At(along), double.DegreesToRadians(YawDeg(along)));
        return ((place.X - foot.X) * Math.Cos(yaw)) - ((place.Y - foot.Y) * Math.Sin(yaw));
    }

    /// <summary>The same line with fewer points, nowhere farther than <paramref name="toleranceM"/> from it.</summary>
    internal Track Simplify(double toleranceM) => new(DouglasPeuckerSimplifier.Simplify(Line, toleranceM).Coordinates);

    /// <summary>The parallel at a distance, in this track's direction; in tight bends on the inner side it may fall into pieces or vanish.</summary>
    /// <param name="rightM">Metres to the right; to the left when negative.</param>
    internal IReadOnlyList<Track> Parallel(double rightM)
    {
        if (Math.Abs(rightM) < 1e-6)
        {
            return [this];
        }

        var curve = OffsetCurve.GetCurve(Line, -rightM, 8, JoinStyle.Mitre, MitreLimit);
        return
        [
            .. Enumerable.Range(0, curve.NumGeometries).Select(curve.GetGeometryN).OfType<LineString>().Where(l => l.Length > 1e-3)
                .Select(l => new Track(l.Coordinates))
                .Select(t => Project(t.points[0]) <= Project(t.points[^1]) ? t : t.Reverse())
                .OrderBy(t => Project(t.points[0])),
        ];
    }

    private int Segment(double distanceM)
    {
        var i = Array.BinarySearch(distances, distanceM);
        return Math.Clamp(i >= 0 ? i : ~i - 1, 0, points.Length - 2);
    }
}
