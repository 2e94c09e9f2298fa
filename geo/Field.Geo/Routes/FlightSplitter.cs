using NetTopologySuite.Geometries.Prepared;

namespace Field.Geo.Routes;

/// <summary>How long things take in the air.</summary>
internal sealed class FlightClock(RouteRequest request, RoutePlane plane)
{
    // What multicopters of this size do in automatic flight by their data sheets (5-6 m/s up, 3-6 m/s down), halved, because a plan that
    // is too short in time ends on an empty battery.
    internal const double ClimbMps = 3;
    internal const double DescentMps = 2;

    /// <summary>To brake, turn on the spot and pick up speed again.</summary>
    internal const double StopS = 4;

    internal double FlightS(RouteHome home, double transitM, IReadOnlyList<RouteLeg> legs)
    {
        var (first, last) = (legs[0].Waypoints[0], legs[^1].Waypoints[^1]);
        var seconds = (transitM / ClimbMps) + VerticalS(first.HeightM - transitM) + (Metres(home.Position, first.Position) / request.TransitSpeedMps);
        seconds += VerticalS(transitM - last.HeightM) + (Metres(last.Position, home.Position) / request.TransitSpeedMps) + (transitM / DescentMps);
        for (var i = 0; i < legs.Count; i++)
        {
            seconds += LegS(legs[i]) + (i == 0 ? 0 : SegmentS(legs[i - 1].Waypoints[^1], legs[i].Waypoints[0]));
        }

        return seconds;
    }

    internal double FlightM(RouteHome home, IReadOnlyList<RouteLeg> legs)
    {
        LonLat[] places = [home.Position, .. legs.SelectMany(l => l.Waypoints).Select(w => w.Position), home.Position];
        return Enumerable.Range(1, places.Length - 1).Sum(i => Metres(places[i - 1], places[i]));
    }

    private double LegS(RouteLeg leg)
    {
        var seconds = leg.Waypoints.Count(w => w.TurnM <= 0) * StopS;
        for (var i = 1; i < leg.Waypoints.Count; i++)
        {
            seconds += SegmentS(leg.Waypoints[i - 1], leg.Waypoints[i]);
        }

        return seconds;
    }

    private double SegmentS(RouteWaypoint a, RouteWaypoint b) =>
        Math.Max(Metres(a.Position, b.Position) / request.SpeedMps, VerticalS(b.HeightM - a.HeightM));

    private static double VerticalS(double climbM) => climbM > 0 ? climbM / ClimbMps : -climbM / DescentMps;

    private double Metres(LonLat a, LonLat b) => plane.ToPlane(a).Distance(plane.ToPlane(b));
}

/// <summary>Gives legs to batteries: as many legs in a row as one battery flies, with the way out and back.</summary>
internal sealed class FlightSplitter(RouteRequest request, RoutePlane plane, RefusalList refusals)
{
    private const double LowestTransitM = 10;

    private readonly FlightClock clock = new(request, plane);
    private readonly List<(NoFlyZone Zone, IPreparedGeometry Area)> noFly = [.. request.NoFly.Select(z => (z, PreparedGeometryFactory.Prepare(plane.ToPlane(z.Area))))];

    /// <summary>Splits the legs of one home point.</summary>
    /// <param name="home">Start and landing of all of them.</param>
    /// <param name="legs">In the order in which they are flown.</param>
    /// <param name="transitM">Least height above home on the way out and back.</param>
    /// <param name="firstNumber">Number of the first flight.</param>
    internal IReadOnlyList<RouteFlight> Split(RouteHome home, IReadOnlyList<RouteLeg> legs, double transitM, int firstNumber)
    {
        var flights = new List<RouteFlight>();
        var open = new List<RouteLeg>();
        foreach (var leg in legs)
        {
            var alone = clock.FlightS(home, Transit([leg], transitM), [leg]);
            if (alone > request.UsableS)
            {
                refusals.Add(RouteRefusalCodes.Battery, leg.Name, alone / 60, request.UsableS / 60);
            }

            if (open.Count > 0 && clock.FlightS(home, Transit([.. open, leg], transitM), [.. open, leg]) > request.UsableS)
            {
                flights.Add(Close(home, open, transitM, firstNumber + flights.Count));
                open = [];
            }

            open.Add(leg);
        }

        if (open.Count > 0)
        {
            flights.Add(Close(home, open, transitM, firstNumber + flights.Count));
        }

        return flights;
    }

    private RouteFlight Close(RouteHome home, List<RouteLeg> legs, double leastM, int number)
    {
        var transitM = Transit(legs, leastM);
        Between(home.Position, legs[0].Waypoints[0].Position, $"→ {legs[0].Name}");
        Between(legs[^1].Waypoints[^1].Position, home.Position, $"{legs[^1].Name} →");
        for (var i = 1; i < legs.Count; i++)
        {
            Between(legs[i - 1].Waypoints[^1].Position, legs[i].Waypoints[0].Position, $"{legs[i - 1].Name} → {legs[i].Name}");
        }

        return new RouteFlight(number, home, transitM, legs, clock.FlightS(home, transitM, legs), clock.FlightM(home, legs));
    }

    private void Between(LonLat from, LonLat to, string way)
    {
        var path = RoutePlane.Metres.CreateLineString([plane.ToPlane(from), plane.ToPlane(to)]);
        foreach (var (zone, _) in noFly.Where(z => z.Area.Intersects(path)))
        {
            if (zone.Permit is not null)
            {
                refusals.Permit(zone);
                continue;
            }

            refusals.Add(RouteRefusalCodes.NoFlyTransit, $"{zone.Name}: {way}");
        }
    }

    private static double Transit(IReadOnlyList<RouteLeg> legs, double leastM) =>
        Math.Max(Math.Max(LowestTransitM, leastM), legs.SelectMany(l => l.Waypoints).Max(w => w.HeightM));
}
