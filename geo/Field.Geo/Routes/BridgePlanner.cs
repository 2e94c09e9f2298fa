using NetTopologySuite.Geometries;

namespace Field.Geo.Routes;

/// <summary>
/// Plans passes along both sides of a bridge: beside the deck, in rows from the top down, and below deck level looking up. No waypoint
/// and no way between them at working height is nearer to the outline with its margin than the stand-off. The way out and back is
/// flown above the structure, with the stand-off again, and straight down outside it. Each side has its own flights. Pure and synchronous.
/// </summary>
public static class BridgePlanner
{
    private const double SimplifyM = 0.5;

    /// <summary>Plans the route, or says everything that stands against it.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="cancel">Gives up, soon.</param>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public static RoutePlan Plan(BridgeRouteRequest request, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var refusals = new RefusalList();
        var sound = BridgeChecks.Values(request, refusals);
        if (RouteChecks.Line(request.Axis, refusals) is not var (plane, drawn) || !sound)
        {
            return Refused(request, refusals);
        }

        var axis = drawn.Simplify(SimplifyM);
        if (BridgeSides.Of(request, plane, axis) is not { } sides)
        {
            refusals.Add(RouteRefusalCodes.Outline);
            return Refused(request, refusals);
        }

        BridgeChecks.Homes(request, sides.Structure, plane, refusals);
        var rows = new BridgeRows(request, sides.WidthM);
        if (!RouteChecks.Amount(refusals, 2 * (rows.Count + 1), 2 * (rows.Count + 1) * ((sides.LengthM / rows.StepM) + 2), axis.Points.Count))
        {
            return Refused(request, refusals);
        }

        var (beside, under) = (request.Beside ? rows.Beside() : [], request.Under ? rows.Under(refusals) : null);
        BridgeRow[] all = under is { } below ? [.. beside, below] : [.. beside];
        var transitM = request.TopM + request.FaceM;
        RouteChecks.TooHigh(request, Math.Max(transitM, all.Select(r => r.ElevationM).DefaultIfEmpty().Max()) - request.WaterM, refusals);
        var (legs, flights) = Fly(request, plane, axis, sides, all, transitM, refusals, cancel);
        var faces = sides.Sides.SelectMany(s => Faces(request, rows, s, plane));
        if (legs.Count > 0)
        {
            RouteChecks.TooFast(request, legs.Min(l => l.IntervalM), refusals);
        }

        var refused = refusals.Merged(axis, plane);
        return Shown(request, rows, beside, under, sides.WidthM) with
        {
            Refusals = refused,
            Permitted = refusals.Permitted,
            Flights = refused.Count > 0 ? [] : flights,
            Legs = legs,
            Faces = [.. faces],
            BaseLine = (LineString)plane.ToLonLat(axis.Line),
            IntervalM = legs.Select(l => l.IntervalM).DefaultIfEmpty().Min(),
            SpacingM = beside.Count > 1 ? beside[0].ElevationM - beside[1].ElevationM : 0,
        };
    }

    private static RoutePlan Refused(BridgeRouteRequest request, RefusalList refusals) =>
        new() { Request = request, Refusals = refusals.Merged(null, null), Homes = request.Homes, FaceDistanceM = request.FaceM };

    private static (List<RouteLeg> Legs, List<RouteFlight> Flights) Fly(
        BridgeRouteRequest request, RoutePlane plane, Track axis, BridgeSides sides, BridgeRow[] rows, double transitM, RefusalList refusals, CancellationToken cancel)
    {
        var checks = new LegChecks(request, plane, axis, refusals, cancel);
        var splitter = new FlightSplitter(request, plane, refusals);
        var (legs, flights) = (new List<RouteLeg>(), new List<RouteFlight>());
        foreach (var side in sides.Sides)
        {
            var home = HomeOf(request, side, plane);
            RouteLeg[] flown = [.. rows.Select((row, i) => Leg(request, plane, sides, side, row, i % 2 == 1, home))];
            foreach (var leg in flown)
            {
                checks.Check(leg, home);
            }

            legs.AddRange(flown);
            flights.AddRange(splitter.Split(home, flown, transitM - home.GroundM!.Value, flights.Count + 1));
        }

        return (legs, flights);
    }

    private static RouteHome HomeOf(BridgeRouteRequest request, BridgeSide side, RoutePlane plane)
    {
        var middle = side.Track.At(side.Track.LengthM / 2);
        return request.Homes.MinBy(h => plane.ToPlane(h.Position).Distance(middle))!;
    }

    private static IEnumerable<RouteFace> Faces(BridgeRouteRequest request, BridgeRows rows, BridgeSide side, RoutePlane plane)
    {
        var groundM = HomeOf(request, side, plane).GroundM!.Value;
        if (request.Beside)
        {
            yield return new RouteFace(side.IsRight, false, plane.ToLonLat(side.Face.Line), rows.BottomM - groundM, request.TopM - groundM);
        }

        if (request.Under)
        {
            yield return new RouteFace(side.IsRight, true, request.Outline, request.UndersideM - groundM, request.UndersideM - groundM);
        }
    }

    /// <summary>One pass along a side; the photos' step on the track is that on the face, or less on the inner side of a bend.</summary>
    private static RouteLeg Leg(
        BridgeRouteRequest request, RoutePlane plane, BridgeSides sides, BridgeSide side, BridgeRow row, bool back, RouteHome home)
    {
        var track = side.Track;
        var photos = Math.Max(1, (int)Math.Ceiling((sides.LengthM / row.StepM) - 1e-9)) + 1;
        var step = track.LengthM / (photos - 1);
        var yaws = (double s) => (track.YawDeg(s) + (side.IsRight ? 270 : 90)) % 360;
        double[] stations = [.. Enumerable.Range(0, photos).Select(i => (back ? photos - 1 - i : i) * step)];
        double[] bends = [.. track.Distances.Skip(1).SkipLast(1)];
        double[] points = [stations[0], .. back ? bends.Reverse() : bends, stations[^1]];
        var (heightM, aboveM) = (row.ElevationM - home.GroundM!.Value, row.ElevationM - request.WaterM);
        return new RouteLeg(
            $"{side.Name}-{row.Name}",
            step,
            row.PitchDeg,
            false,
            [.. points.Select(s => new RouteWaypoint(plane.ToLonLat(track.At(s)), heightM, aboveM, yaws(s), 0))],
            [.. stations.Select(s => new RoutePhoto(plane.ToLonLat(track.At(s)), aboveM, yaws(s), row.PitchDeg))]);
    }

    /// <summary>How much of both faces and of the underside is shown, weighted by their areas, and how finely.</summary>
    private static RoutePlan Shown(BridgeRouteRequest request, BridgeRows rows, IReadOnlyList<BridgeRow> beside, BridgeRow? under, double widthM)
    {
        var faces = request.Beside ? 2 * (request.TopM - rows.BottomM) : 0;
        var underside = request.Under ? widthM : 0;
        var shown = (faces * rows.FaceShare(beside)) + (under is { } row ? underside * rows.UnderShare(row) : 0);
        BridgeRow[] all = under is { } below ? [.. beside, below] : [.. beside];
        var distances = all.Select(rows.Distances).DefaultIfEmpty().ToArray();
        var focal = request.Camera.FocalPx;
        return new RoutePlan
        {
            Request = request,
            Homes = request.Homes,
            Target = request.Outline,
            FaceDistanceM = request.FaceM,
            CoverageShare = faces + underside > 0 ? shown / (faces + underside) : 0,
            Gsd = new RouteGsd(distances.Min(d => d.NearM) / focal, distances.Average(d => d.MeanM) / focal, distances.Max(d => d.FarM) / focal),
        };
    }
}
