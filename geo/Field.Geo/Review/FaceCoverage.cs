using Field.Geo.Routes;
using NetTopologySuite.Geometries;

namespace Field.Geo.Review;

/// <summary>
/// What photos show of the upright faces and the underside of a structure, by squares of the face: a square is shown when its middle lies in the photo, nearly as near as the
/// plan would have it, and not at a grazing angle. Only what the plan's own photos would show is asked for. Heights count from the place of take-off, for that is what
/// aircraft measure.
/// </summary>
internal sealed class FaceCoverage
{
    private const double SquareM = 0.25;
    private const int MostSquares = 200_000;
    private const double GrazingDeg = 10;

    /// <summary>Strips narrower than this are no gap: heights and places are not known better.</summary>
    private const double LeastWidthM = 1;

    /// <summary>A photo from farther away shows less than the plan wanted.</summary>
    private const double FartherShare = 1.5;
    private const double ShapeWidthM = 1;

    private readonly RoutePlane plane;
    private readonly Track axis;
    private readonly List<(bool IsRight, Grid Grid, double HeightM)> surfaces = [];
    private readonly Grid[] grids;

    private FaceCoverage(ReviewTarget target, RoutePlane plane)
    {
        this.plane = plane;
        axis = new Track(plane.ToPlane(target.BaseLine!).Coordinates);
        Grid? under = null;
        foreach (var face in target.Faces)
        {
            if (!face.IsUnder)
            {
                surfaces.Add((face.IsRight, Grid.Upright(new Track(plane.ToPlane(face.Foot).Coordinates), face), 0));
            }
            else
            {
                surfaces.Add((face.IsRight, under ??= Grid.Level(axis, plane.ToPlane(face.Foot)), face.BottomM));
            }
        }

        grids = [.. surfaces.Select(s => s.Grid).Distinct()];
    }

    /// <summary>Compares; null when nothing can be said: the plan has no faces, or no photo tells its height above the place of take-off.</summary>
    /// <param name="photos">All photos of the flight.</param>
    /// <param name="target">What was to be shown.</param>
    /// <param name="missed">Photos of the plan that were not taken.</param>
    internal static CoverageReport? Of(IReadOnlyList<ReviewPhoto> photos, ReviewTarget target, IReadOnlyList<MissedPhoto> missed)
    {
        ReviewPhoto[] known = [.. photos.Where(p => p is { TakeOffHeightM: not null, Stand: not null })];
        PlannedPhoto[] planned = [.. target.Photos.Where(p => p.HeightM is not null)];
        if (target.Faces.Count == 0 || target.BaseLine is not { Length: > 0 } line || known.Length == 0 || planned.Length == 0)
        {
            return null;
        }

        FaceCoverage coverage = new(target, new RoutePlane([.. line.Coordinates.Select(c => new LonLat(c.X, c.Y))]));
        var camera = known[0].Camera.Intrinsics;
        foreach (var photo in planned)
        {
            coverage.Plan(photo, camera);
        }

        foreach (var photo in known.Where(p => p.IsUseful))
        {
            coverage.Take(photo.Stand!, photo.TakeOffHeightM!.Value, photo.Camera.Intrinsics);
        }

        return coverage.Report(missed, camera);
    }

    private CoverageReport Report(IReadOnlyList<MissedPhoto> missed, CameraIntrinsics camera)
    {
        double wanted = 0, unseen = 0;
        List<CoverageGap> gaps = [];
        foreach (var grid in grids)
        {
            wanted += grid.WantedM2;
            foreach (var gap in grid.Gaps((int)Math.Ceiling(LeastWidthM / grid.StepM)))
            {
                unseen += gap.Squares.Count * grid.StepM * grid.StepM;
                gaps.Add(Describe(grid, gap));
            }
        }

        return new CoverageReport
        {
            Share = wanted > 0 ? 1 - (unseen / wanted) : null,
            Gaps = [.. gaps.OrderByDescending(g => g.AreaM2)],
            Missed = [.. missed.Select(m => m with { Needed = gaps.Count > 0 && (m.Photo.HeightM is null || WouldShowGap(m.Photo, camera)) })],
        };
    }

    private void Plan(PlannedPhoto photo, CameraIntrinsics camera)
    {
        foreach (var (grid, square, distance) in Shown(photo, camera))
        {
            grid.Wanted[square] = Math.Min(grid.Wanted[square], distance);
        }
    }

    private void Take(CameraPose stand, double heightM, CameraIntrinsics camera)
    {
        foreach (var (grid, square, distance) in Shown(stand, heightM, camera))
        {
            grid.Seen[square] |= distance <= FartherShare * grid.Wanted[square];
        }
    }

    private bool WouldShowGap(PlannedPhoto photo, CameraIntrinsics camera) => Shown(photo, camera).Any(s => s.Grid.IsGap(s.Square));

    private IEnumerable<(Grid Grid, int Square, double Distance)> Shown(PlannedPhoto photo, CameraIntrinsics camera) =>
        Shown(new CameraPose(photo.Position, 1, photo.YawDeg, photo.PitchDeg, 0), photo.HeightM!.Value, camera);

    /// <summary>The squares that a photo shows, of the faces of the side that it is on.</summary>
    private IEnumerable<(Grid Grid, int Square, double Distance)> Shown(CameraPose stand, double heightM, CameraIntrinsics camera)
    {
        var at = plane.ToPlane(stand.Position);
        var isRight = axis.RightM(at) > 0;
        var view = new View(new Vector3(at.X, at.Y, heightM), stand, camera);
        var least = Math.Sin(double.DegreesToRadians(GrazingDeg));
        foreach (var (side, grid, surfaceM) in surfaces)
        {
            if (side != isRight)
            {
                continue;
            }

            foreach (var square in grid.Near(at))
            {
                var (place, normal) = grid.At(square, isRight, surfaceM);
                if (view.DistanceTo(place) is { } distance && (view.From - place).Dot(normal) >= least * distance)
                {
                    yield return (grid, square, distance);
                }
            }
        }
    }

    private CoverageGap Describe(Grid grid, Gap gap)
    {
        var (low, high) = (gap.FromM, gap.ToM);
        var isRight = surfaces.First(s => s.Grid == grid).IsRight;
        Coordinate[] ends = [grid.Foot(low, gap.LowM), grid.Foot(high, gap.LowM), grid.Foot(high, gap.HighM), grid.Foot(low, gap.HighM)];
        double[] along = [.. ends.Select(axis.Project)];
        var shape = grid.IsUpright
            ? grid.Line.Between(low, high).Line.Buffer(ShapeWidthM / 2)
            : RoutePlane.Metres.CreatePolygon([.. ends, ends[0]]);
        return new CoverageGap((Polygon)plane.ToLonLat(shape), gap.Squares.Count * grid.StepM * grid.StepM, high - low, along.Min(), along.Max(), null)
        {
            Face = new FaceSpan(grid.IsUpright ? isRight : null, gap.LowM, gap.HighM),
        };
    }

    /// <summary>Squares that belong together.</summary>
    private sealed record Gap(IReadOnlyList<int> Squares, double FromM, double ToM, double LowM, double HighM);

    /// <summary>A camera in metres: how far away a place of the photo is, or null when it is not in it.</summary>
    private sealed class View(Vector3 from, CameraPose pose, CameraIntrinsics camera)
    {
        private readonly (Vector3 Axis, Vector3 Right, Vector3 Up) axes = GroundProjection.Axes(pose);

        internal Vector3 From => from;

        internal double? DistanceTo(Vector3 place)
        {
            var ray = place - from;
            var depth = ray.Dot(axes.Axis);
            return depth > 0 && Math.Abs(ray.Dot(axes.Right)) * camera.FocalPx <= depth * camera.WidthPx / 2 && Math.Abs(ray.Dot(axes.Up)) * camera.FocalPx <= depth * camera.HeightPx / 2
                ? Math.Sqrt(ray.Dot(ray))
                : null;
        }
    }

    /// <summary>The squares of a face: along its line, and up it (or, of an underside, to the right).</summary>
    private sealed class Grid
    {
        /// <summary>Squares are looked for along the face this many times as far as the camera is away from it.</summary>
        private const double ReachShare = 3;
        private const double LeastReachM = 20;
        private readonly int columns;
        private readonly int rows;
        private readonly double lowM;
        private readonly bool[]? within;
        private readonly (Coordinate Foot, double YawRad)[] stations;
        private HashSet<int>? gaps;

        private Grid(Track line, double lowM, double highM, Geometry? within)
        {
            (Line, this.lowM) = (line, lowM);
            StepM = Math.Max(SquareM, Math.Sqrt(line.LengthM * (highM - lowM) / MostSquares));
            columns = Math.Max(1, (int)Math.Round(line.LengthM / StepM));
            rows = Math.Max(1, (int)Math.Round((highM - lowM) / StepM));
            stations = [.. Enumerable.Range(0, columns).Select(c => (line.At((c + 0.5) * StepM), double.DegreesToRadians(line.YawDeg((c + 0.5) * StepM))))];
            this.within = within is null ? null : [.. Enumerable.Range(0, columns * rows).Select(s => within.Covers(RoutePlane.Metres.CreatePoint(Level(s / rows, s % rows))))];
            Wanted = new double[columns * rows];
            Array.Fill(Wanted, double.PositiveInfinity);
            Seen = new bool[columns * rows];
        }

        internal Track Line { get; }

        internal double StepM { get; }

        internal bool IsUpright => within is null;

        /// <summary>How near the plan's nearest photo would be; infinite for what it would not show.</summary>
        internal double[] Wanted { get; }

        internal bool[] Seen { get; }

        internal double WantedM2 => Wanted.Count(double.IsFinite) * StepM * StepM;

        internal static Grid Upright(Track line, TargetFace face) => new(line, face.BottomM, face.TopM, null);

        /// <summary>An underside, along the axis as far as its outline reaches.</summary>
        internal static Grid Level(Track axis, Geometry outline)
        {
            double[] along = [.. outline.Coordinates.Select(axis.Project)];
            double[] right = [.. outline.Coordinates.Select(axis.RightM)];
            return new Grid(axis.Between(along.Min(), along.Max()), right.Min(), right.Max(), outline);
        }

        internal IEnumerable<int> Near(Coordinate place)
        {
            var middle = Line.Project(place);
            var reach = LeastReachM + (ReachShare * Line.At(middle).Distance(place));
            var (first, last) = (Math.Max(0, (int)((middle - reach) / StepM)), Math.Min(columns - 1, (int)((middle + reach) / StepM)));
            return last < first ? [] : Enumerable.Range(first * rows, (last - first + 1) * rows).Where(s => within?[s] ?? true);
        }

        /// <summary>The middle of a square, and where the face looks.</summary>
        internal (Vector3 Place, Vector3 Normal) At(int square, bool isRight, double surfaceM)
        {
            var (column, row) = (square / rows, square % rows);
            var (foot, yaw) = stations[column];
            if (within is not null)
            {
                var level = Level(column, row);
                return (new Vector3(level.X, level.Y, surfaceM), new Vector3(0, 0, -1));
            }

            var outward = isRight ? 1 : -1;
            return (new Vector3(foot.X, foot.Y, lowM + ((row + 0.5) * StepM)), new Vector3(outward * Math.Cos(yaw), -outward * Math.Sin(yaw), 0));
        }

        /// <summary>The place on the map of a distance along the line and, of an underside, to the right of it.</summary>
        internal Coordinate Foot(double alongM, double rightM) => within is null ? Line.At(alongM) : Aside(Line.At(alongM), double.DegreesToRadians(Line.YawDeg(alongM)), rightM);

        internal bool IsGap(int square) => gaps?.Contains(square) == true;

        /// <summary>What the plan would show and no photo does, without strips narrower than so many squares.</summary>
        internal List<Gap> Gaps(int leastSquares)
        {
            HashSet<int> wide = [];
            for (var square = 0; square < Seen.Length; square++)
            {
                var (column, row) = (square / rows, square % rows);
                if (Block(column, row, leastSquares).All(s => s is { } inside && IsUnseen(inside)))
                {
                    wide.UnionWith(Block(column, row, leastSquares).Select(s => s!.Value));
                }
            }

            gaps = wide;
            List<Gap> found = [];
            HashSet<int> done = [];
            foreach (var first in wide.Order())
            {
                if (done.Add(first))
                {
                    found.Add(Together(first, wide, done));
                }
            }

            return found;
        }

        private Gap Together(int first, HashSet<int> wide, HashSet<int> done)
        {
            List<int> squares = [first];
            for (var i = 0; i < squares.Count; i++)
            {
                var (column, row) = (squares[i] / rows, squares[i] % rows);
                foreach (var (c, r) in new[] { (column - 1, row), (column + 1, row), (column, row - 1), (column, row + 1) })
                {
                    if (c >= 0 && c < columns && r >= 0 && r < rows && wide.Contains((c * rows) + r) && done.Add((c * rows) + r))
                    {
                        squares.Add((c * rows) + r);
                    }
                }
            }

            return new Gap(
                squares, squares.Min(s => s / rows) * StepM, (squares.Max(s => s / rows) + 1) * StepM, lowM + (squares.Min(s => s % rows) * StepM), lowM + ((squares.Max(s => s % rows) + 1) * StepM));
        }

        private bool IsUnseen(int square) => double.IsFinite(Wanted[square]) && !Seen[square];

        /// <summary>A block of squares from this one on; null where it leaves the face. A face lower than the block is taken whole.</summary>
        private IEnumerable<int?> Block(int column, int row, int size)
        {
            for (var c = column; c < column + Math.Min(size, columns); c++)
            {
                for (var r = row; r < row + Math.Min(size, rows); r++)
                {
                    yield return c < columns && r < rows ? (c * rows) + r : null;
                }
            }
        }

        private Coordinate Level(int column, int row) => Aside(stations[column].Foot, stations[column].YawRad, lowM + ((row + 0.5) * StepM));

        private static Coordinate Aside(Coordinate foot, double yawRad, double rightM) => new(foot.X + (rightM * Math.Cos(yawRad)), foot.Y - (rightM * Math.Sin(yawRad)));
    }
}
