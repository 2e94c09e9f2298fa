namespace Field.Geo.Routes;

/// <summary>Makes the legs of a levee's route, and refuses what of them cannot be flown.</summary>
internal sealed class LeveeLegs(
    LeveeRouteRequest request, RoutePlane plane, Track line, PhotoGround photo, RefusalList refusals, CancellationToken cancel)
{
    private const double ClosestPointsM = 0.5;

    private readonly GroundProfile ground = new(request.Ground);
    private readonly LegChecks checks = new(request, plane, line, refusals, cancel);

    /// <summary>The tracks of one part of the line, to and fro.</summary>
    internal IReadOnlyList<RouteLeg> Of(int part, Track partLine, IReadOnlyList<double> rights, RouteHome home)
    {
        var legs = new List<RouteLeg>();
        for (var i = 0; i < rights.Count; i++)
        {
            var pieces = partLine.Parallel(rights[i]);
            var ordered = i % 2 == 0 ? pieces : pieces.Reverse().Select(p => p.Reverse());
            var piece = 0;
            foreach (var track in ordered)
            {
                var suffix = pieces.Count > 1 ? $"{(char)('a' + (piece++ % 26))}" : "";
                legs.Add(Leg($"{part}-{i + 1}{suffix}", track, home));
            }
        }

        return legs;
    }

    private RouteLeg Leg(string name, Track track, RouteHome home)
    {
        var photos = Math.Max(1, (int)Math.Ceiling((track.LengthM / photo.IntervalM) - 1e-9)) + 1;
        var flownM = (photos - 1) * photo.IntervalM;
        var startM = -photo.CentreM - ((flownM - track.LengthM) / 2);
        var homeGround = home.GroundM ?? ground.GroundM(line.Project(plane.ToPlane(home.Position)));

        var stations = Stations(track, startM, startM + flownM);
        RouteWaypoint[] waypoints = [.. Enumerable.Range(0, stations.Count).Select(i => Waypoint(track, stations, i, homeGround))];
        RoutePhoto[] shots =
        [
            .. Enumerable.Range(0, photos).Select(i => startM + (i * photo.IntervalM))
                .Select(s => new RoutePhoto(plane.ToLonLat(track.At(s)), request.HeightM, track.YawDeg(s), request.GimbalPitchDeg)),
        ];
        var leg = new RouteLeg(name, photo.IntervalM, request.GimbalPitchDeg, true, waypoints, shots);
        CheckClimb(leg);
        checks.Check(leg, home);
        return leg;
    }

    /// <summary>Where waypoints stand on the track: its ends, its bends, and where the ground's slope changes.</summary>
    private List<double> Stations(Track track, double startM, double endM)
    {
        var wanted = track.Distances.Skip(1).SkipLast(1).Concat(ground.Samples.Select(s => track.Project(line.At(s.DistanceM))))
            .Where(s => s > startM + ClosestPointsM && s < endM - ClosestPointsM).Order();
        var stations = new List<double> { startM };
        foreach (var s in wanted)
        {
            if (s - stations[^1] > ClosestPointsM)
            {
                stations.Add(s);
            }
        }

        stations.Add(endM);
        return stations;
    }

    private RouteWaypoint Waypoint(Track track, List<double> stations, int index, double homeGround)
    {
        cancel.ThrowIfCancellationRequested(); // a detailed line makes each point slow
        var s = stations[index];
        var place = track.At(s);
        var heightM = ground.GroundM(line.Project(place)) + request.HeightM - homeGround;
        return new RouteWaypoint(plane.ToLonLat(place), heightM, request.HeightM, track.YawDeg(s), Turns.DistanceM(track, stations, index, request.TurnRadiusM));
    }

    private void CheckClimb(RouteLeg leg)
    {
        for (var i = 1; i < leg.Waypoints.Count; i++)
        {
            var (a, b) = (leg.Waypoints[i - 1], leg.Waypoints[i]);
            var (from, to) = (plane.ToPlane(a.Position), plane.ToPlane(b.Position));
            var climbDeg = double.RadiansToDegrees(Math.Atan2(Math.Abs(b.HeightM - a.HeightM), from.Distance(to)));
            if (climbDeg > request.MaxClimbDeg + 1e-6)
            {
                refusals.AddPart(RouteRefusalCodes.TooSteep, "", line.Project(from), line.Project(to), climbDeg, request.MaxClimbDeg);
            }
        }
    }
}

/// <summary>How bends are flown.</summary>
internal static class Turns
{
    private const double StraightDeg = 3;
    private const double StraightM = 2;
    private const double LongestShare = 0.4;

    /// <summary>
    /// Distance before a waypoint at which its turn may begin, r tan(bend / 2) for radius r; never more than 0.4 of the shorter way to its
    /// neighbours, so that two turns never meet. 0 (stop) at the ends, and at bends without a radius. Where the way is straight on and only
    /// the slope changes there is no reason to stop.
    /// </summary>
    internal static double DistanceM(Track track, IReadOnlyList<double> stations, int index, double radiusM)
    {
        if (index == 0 || index == stations.Count - 1)
        {
            return 0;
        }

        var (before, at, after) = (track.At(stations[index - 1]), track.At(stations[index]), track.At(stations[index + 1]));
        var bend = Math.Abs(Math.IEEERemainder(Track.Yaw(at, after) - Track.Yaw(before, at), 360));
        var most = LongestShare * Math.Min(at.Distance(before), at.Distance(after));
        if (bend < StraightDeg)
        {
            return Math.Min(StraightM, most);
        }

        return bend > 150 ? 0 : Math.Min(radiusM * Math.Tan(double.DegreesToRadians(bend / 2)), most);
    }
}
