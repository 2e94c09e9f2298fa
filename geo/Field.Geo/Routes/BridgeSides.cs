using NetTopologySuite.Geometries;

namespace Field.Geo.Routes;

/// <summary>Where the aircraft flies beside a bridge.</summary>
/// <param name="Structure">Outline with margin, metres.</param>
/// <param name="LengthM">Length of the structure along the axis.</param>
/// <param name="WidthM">Greatest width across the axis.</param>
/// <param name="Sides">Right and left of the axis.</param>
internal sealed record BridgeSides(Geometry Structure, double LengthM, double WidthM, IReadOnlyList<BridgeSide> Sides)
{
    private const int MostSteps = 40;
    private const double RoundingM = 0.001;

    /// <summary>Null when the axis does not run through the outline, or bends so that no parallel keeps the stand-off in one piece.</summary>
    internal static BridgeSides? Of(BridgeRouteRequest request, RoutePlane plane, Track axis)
    {
        var outline = plane.ToPlane(request.Outline);
        if (!outline.IsValid || outline.IsEmpty || !outline.Intersects(axis.Line))
        {
            return null;
        }

        var places = outline.Coordinates;
        double[] along = [.. places.Select(axis.Project)];
        var (from, to) = (along.Min(), along.Max());
        if (to - from < RouteChecks.ShortestLineM)
        {
            return null;
        }

        double[] across = [.. places.Select(axis.RightM)];
        var bridge = axis.Between(from, to);
        var structure = outline.Buffer(request.MarginM, 16);
        var right = Side("R", true, Math.Max(0, across.Max()));
        var left = Side("L", false, Math.Min(0, across.Min()));
        return right is null || left is null ? null : new BridgeSides(structure, bridge.LengthM, across.Max() - across.Min(), [right, left]);

        BridgeSide? Side(string name, bool isRight, double faceM) =>
            Outside(bridge, structure, faceM + (isRight ? request.FaceM : -request.FaceM), request.StandOffM) is { } track && bridge.Parallel(faceM) is [var face]
                ? new BridgeSide(name, isRight, track, face)
                : null;
    }

    /// <summary>The parallel, moved outwards until the whole of it keeps the stand-off.</summary>
    private static Track? Outside(Track bridge, Geometry structure, double rightM, double standOffM)
    {
        for (var i = 0; i < MostSteps; i++)
        {
            if (bridge.Parallel(rightM) is not [var track])
            {
                return null;
            }

            var missing = standOffM - structure.Distance(track.Line);
            if (missing <= 0)
            {
                return track;
            }

            rightM += Math.Sign(rightM) * (missing + RoundingM);
        }

        return null;
    }
}

/// <summary>One side of a bridge.</summary>
/// <param name="Name">Of its legs.</param>
/// <param name="IsRight">Looking along the axis.</param>
/// <param name="Track">The parallel of the axis that keeps the stand-off.</param>
/// <param name="Face">Where its face stands, along the axis.</param>
internal sealed record BridgeSide(string Name, bool IsRight, Track Track, Track Face);

/// <summary>What can be refused of a bridge's route before anything is planned.</summary>
internal static class BridgeChecks
{
    /// <returns>False when nothing can be planned with the values.</returns>
    internal static bool Values(BridgeRouteRequest request, RefusalList refusals)
    {
        RouteChecks.Common(request, refusals);
        refusals.Range("margin m", request.MarginM, 0, 50);
        refusals.Range("stand-off m", request.StandOffM, 2, 200);
        refusals.Range("top m", request.TopM, -100, 5000);
        refusals.Range("underside m", request.UndersideM, -100, 5000);
        refusals.Range("bottom m", request.BottomM ?? request.UndersideM, -100, 5000);
        refusals.Range("water m", request.WaterM, -100, 5000);
        refusals.Range("water-clearance m", request.WaterClearanceM, 1, 100);
        var steepestDeg = PhotoGround.MaxEdgeDeg - (PhotoGround.EdgeDeg(request.Camera, 0) - 90);
        refusals.Range("pitch deg", request.GimbalPitchDeg, -Math.Min(45, steepestDeg), Math.Min(30, steepestDeg));
        refusals.Range("max-up deg", request.MaxGimbalUpDeg, 0, 60);
        var bottomM = request.BottomM ?? request.UndersideM;
        if (!(request.TopM > request.UndersideM && request.UndersideM > request.WaterM && request.TopM > bottomM && bottomM >= request.WaterM))
        {
            refusals.Add(RouteRefusalCodes.Heights);
        }

        if (request.Homes.Count == 0 || !request.Homes.All(h => h.GroundM is { } ground && double.IsFinite(ground)))
        {
            refusals.Add(RouteRefusalCodes.HomeNeeded);
        }

        if (!request.Outline.Coordinates.All(c => RouteChecks.OnEarth(new LonLat(c.X, c.Y))))
        {
            refusals.Add(RouteRefusalCodes.NotAPlace, "outline");
        }

        return !refusals.Any;
    }

    internal static void Homes(BridgeRouteRequest request, Geometry structure, RoutePlane plane, RefusalList refusals)
    {
        foreach (var home in request.Homes)
        {
            var away = structure.Distance(RoutePlane.Metres.CreatePoint(plane.ToPlane(home.Position)));
            if (away < request.StandOffM)
            {
                refusals.Add(RouteRefusalCodes.HomeTooNear, "", away, request.StandOffM);
            }
        }
    }
}
