namespace Field.Geo.Routes;

/// <summary>One pass: its height, its pitch, and how far apart its photos are.</summary>
/// <param name="Name">For the leg.</param>
/// <param name="ElevationM">Of the aircraft.</param>
/// <param name="PitchDeg">Of the gimbal.</param>
/// <param name="StepM">Along the face between two photos.</param>
internal readonly record struct BridgeRow(string Name, double ElevationM, double PitchDeg, double StepM);

/// <summary>
/// The passes on one side of a bridge. A camera at distance D of a vertical face with pitch p and half angle b sees D tan(p - b) to
/// D tan(p + b) of it; at the level underside, h above, a ray with elevation e arrives h / tan e away.
/// </summary>
internal sealed class BridgeRows(BridgeRouteRequest request, double widthM)
{
    /// <summary>Rays that meet the underside flatter than this show nothing that could be judged.</summary>
    private const double GrazingDeg = 10;

    private readonly double half = Math.Atan(request.Camera.HeightPx / 2.0 / request.Camera.FocalPx);
    private readonly double distance = request.FaceM;

    internal double BottomM => request.BottomM ?? request.UndersideM;

    /// <summary>From the track to the middle of the underside.</summary>
    private double ToMiddleM => distance + (widthM / 2);

    /// <summary>Rows beside the deck.</summary>
    internal double Count => Math.Max(1, Math.Ceiling((request.TopM - BottomM - SeenM) / (SeenM * (1 - request.SideOverlap))) + 1);

    /// <summary>Between two photos of a row that need not look down.</summary>
    internal double StepM => Step(double.DegreesToRadians(request.GimbalPitchDeg));

    /// <summary>Height of the face that one row shows.</summary>
    private double SeenM
    {
        get
        {
            var pitch = double.DegreesToRadians(request.GimbalPitchDeg);
            return distance * (Math.Tan(pitch + half) - Math.Tan(pitch - half));
        }
    }

    internal IReadOnlyList<BridgeRow> Beside()
    {
        var pitch = double.DegreesToRadians(request.GimbalPitchDeg);
        var (below, above) = (distance * Math.Tan(pitch - half), distance * Math.Tan(pitch + half));
        var spacing = SeenM * (1 - request.SideOverlap);
        var spanM = request.TopM - BottomM;
        var count = (int)Count;
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                var middle = BottomM + (spanM / 2) + ((((count - 1) / 2.0) - i) * spacing);
                var elevation = middle - ((below + above) / 2);
                if (elevation >= request.LowestM)
                {
                    return new BridgeRow($"{i + 1}", elevation, request.GimbalPitchDeg, Step(pitch));
                }

                // Too near the water: from higher up, looking down, but never so far that the photo's edge meets the face at a grazing angle.
                var down = Math.Max(Math.Atan((middle - request.LowestM) / distance), half - double.DegreesToRadians(PhotoGround.MaxEdgeDeg));
                return new BridgeRow($"{i + 1}", request.LowestM, double.RadiansToDegrees(down), Step(down));
            }),
        ];
    }

    /// <summary>The pass that looks up at the underside; null with a refusal when there is no room for it.</summary>
    internal BridgeRow? Under(RefusalList refusals)
    {
        var room = request.UndersideM - request.LowestM;
        var needed = ToMiddleM * Math.Tan(double.DegreesToRadians(GrazingDeg));
        if (room < needed)
        {
            refusals.Add(RouteRefusalCodes.Clearance, "", room, needed);
            return null;
        }

        var lowered = Math.Min(room, ToMiddleM * Math.Tan(double.DegreesToRadians(request.MaxGimbalUpDeg)));
        var pitch = Math.Atan(lowered / ToMiddleM);
        var depth = (distance * Math.Cos(pitch)) + (lowered * Math.Sin(pitch));
        return new BridgeRow("u", request.UndersideM - lowered, double.RadiansToDegrees(pitch), depth * PerMetre * (1 - request.FrontOverlap));
    }

    /// <summary>Share of the face's height that the rows show.</summary>
    internal double FaceShare(IEnumerable<BridgeRow> rows) => Covered(
        rows.Select(r => (r.ElevationM, Pitch: double.DegreesToRadians(r.PitchDeg)))
            .Select(r => (r.ElevationM + (distance * Math.Tan(r.Pitch - half)), r.ElevationM + (distance * Math.Tan(r.Pitch + half)))),
        BottomM,
        request.TopM);

    /// <summary>Share of the underside's width that the passes of both sides show.</summary>
    internal double UnderShare(BridgeRow row)
    {
        var (nearM, farM) = UnderReach(row);
        return Covered([(nearM - distance, farM - distance), (widthM - (farM - distance), widthM - (nearM - distance))], 0, widthM);
    }

    /// <summary>Smallest, mean and largest distance from the camera to what a row shows.</summary>
    internal (double NearM, double MeanM, double FarM) Distances(BridgeRow row)
    {
        if (row.Name == "u")
        {
            var up = request.UndersideM - row.ElevationM;
            var (nearM, farM) = UnderReach(row);
            var (near, far) = (Math.Sqrt((up * up) + (nearM * nearM)), Math.Sqrt((up * up) + (farM * farM)));
            return (near, (near + far) / 2, far);
        }

        var pitch = double.DegreesToRadians(row.PitchDeg);
        var edge = distance / Math.Cos(Math.Abs(pitch) + half);
        var nearest = Math.Abs(pitch) <= half ? distance : distance / Math.Cos(Math.Abs(pitch) - half);
        return (nearest, (nearest + edge) / 2, edge);
    }

    private double PerMetre => request.Camera.WidthPx / request.Camera.FocalPx;

    private (double NearM, double FarM) UnderReach(BridgeRow row)
    {
        var (up, pitch) = (request.UndersideM - row.ElevationM, double.DegreesToRadians(row.PitchDeg));
        var nearest = up / Math.Tan(Math.Min(pitch + half, Math.PI / 2));
        var farthest = up / Math.Tan(Math.Max(pitch - half, double.DegreesToRadians(GrazingDeg)));
        return (Math.Max(distance, nearest), Math.Min(distance + widthM, farthest));
    }

    /// <summary>Between two photos where the face is nearest to the camera's plane, so that the overlap holds over the whole height.</summary>
    private double Step(double pitch)
    {
        double[] depths = [.. new[] { pitch - half, pitch + half }.Select(e => distance * (Math.Cos(pitch) + (Math.Tan(e) * Math.Sin(pitch))))];
        return depths.Min() * PerMetre * (1 - request.FrontOverlap);
    }

    private static double Covered(IEnumerable<(double From, double To)> parts, double low, double high)
    {
        var (reached, sum) = (low, 0.0);
        foreach (var (from, to) in parts.OrderBy(p => p.From))
        {
            var (start, end) = (Math.Max(from, reached), Math.Min(to, high));
            if (end > start)
            {
                sum += end - start;
                reached = end;
            }
        }

        return high > low ? sum / (high - low) : 0;
    }
}
