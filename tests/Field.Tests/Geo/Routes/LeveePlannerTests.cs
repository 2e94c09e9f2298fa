using Field.Geo;
using Field.Geo.Routes;
using NetTopologySuite.Geometries;

namespace Field.Tests.Geo.Routes;

public sealed class LeveePlannerTests
{
    [Theory]
    [InlineData(-90, 0.8, 0.7)]
    [InlineData(-90, 0.6, 0.3)]
    [InlineData(-70, 0.8, 0.6)]
    [InlineData(-50, 0.75, 0.5)]
    public void Overlap_between_footprints_is_what_was_asked_for(double pitch, double front, double side)
    {
        var plan = RouteSamples.Plan(RouteSamples.Straight() with { GimbalPitchDeg = pitch, FrontOverlap = front, SideOverlap = side, WidthM = 120, SpeedMps = 2 });

        Assert.Empty(plan.Refusals);
        var legs = plan.Legs.Select(l => l.Photos.Select(p => Extent(plan, p)).ToArray()).ToArray();
        Assert.True(legs.Length >= 2);
        foreach (var photos in legs)
        {
            for (var i = 1; i < photos.Length; i++)
            {
                var (a, b) = (photos[i - 1], photos[i]);
                var (near, far) = b.Near > a.Near ? (a, b) : (b, a);
                Assert.InRange((near.Far - far.Near) / (near.Far - near.Near), front - 0.01, front + 0.01);
            }
        }

        for (var i = 1; i < legs.Length; i++)
        {
            var (a, b) = (legs[i - 1][0], legs[i][0]);
            var (left, right) = a.Left < b.Left ? (a, b) : (b, a);
            Assert.InRange((left.Right - right.Left) / (left.Right - left.Left), side - 0.01, side + 0.01);
        }
    }

    [Theory]
    [InlineData(-90, 0)]
    [InlineData(-90, -60)]
    [InlineData(-60, 25)]
    public void Straight_corridor_is_shown_completely(double pitch, double offset)
    {
        var plan = RouteSamples.Plan(RouteSamples.Straight() with { GimbalPitchDeg = pitch, OffsetM = offset, WidthM = 150 });

        Assert.Empty(plan.Refusals);
        Assert.Empty(plan.Gaps);
        Assert.Equal(1, plan.CoverageShare);
        Assert.Equal(1, ShownShare(plan, new Random(3), 2000));
    }

    [Theory]
    [InlineData(30, 60)]
    [InlineData(50, 120)]
    [InlineData(120, 60)]
    public void Straight_down_gsd_is_height_over_focal_length(double height, double width)
    {
        var plan = RouteSamples.Plan(RouteSamples.Straight() with { HeightM = height, WidthM = width, SpeedMps = 3 });

        // Mavic 3E: 12.29 mm before 5280 px on 17.3 mm.
        var expected = height / (12.29 / 17.3 * 5280);
        Assert.Equal(expected, plan.Gsd.MinM, 1e-9);
        Assert.Equal(expected, plan.Gsd.MeanM, 1e-9);
        Assert.Equal(expected, plan.Gsd.MaxM, 1e-9);
    }

    [Fact]
    public void Winding_lines_report_the_coverage_that_random_points_find()
    {
        for (var seed = 0; seed < 6; seed++)
        {
            var random = new Random(seed);
            var request = RouteSamples.Straight() with { Line = RouteSamples.Winding(random, 80, 5), Homes = [], WidthM = 30 + (20 * seed), OffsetM = 10 * (seed - 2) };

            var plan = RouteSamples.Plan(request);

            Assert.Empty(plan.Refusals);
            var shown = ShownShare(plan, random, 3000);
            Assert.InRange(plan.CoverageShare, shown - 0.01, shown + 0.01);
            Assert.InRange(plan.CoverageShare, 0.97, 1);
            var target = RouteSamples.Metres(plan.Target!).Area;
            Assert.Equal((1 - plan.CoverageShare) * target, plan.Gaps.Sum(g => RouteSamples.Metres(g).Area), 0.001 * target);
        }
    }

    [Fact]
    public void Zigzag_with_hairpins_has_gaps_where_they_are()
    {
        // Teeth of 150 m with 30 degrees between them, seen from a narrow height: the outer sides of the tips cannot all be shown.
        LonLat[] zigzag = [.. Enumerable.Range(0, 6).Select(i => RouteSamples.Place(-200 + (i * 80), i % 2 == 0 ? -75 : 75))];

        var plan = RouteSamples.Plan(RouteSamples.Straight() with { Line = zigzag, Homes = [], HeightM = 20, WidthM = 30, SideOverlap = 0.2, FrontOverlap = 0.5 });

        Assert.Empty(plan.Refusals);
        var shown = plan.Legs.SelectMany(l => l.Photos).Select(p => plan.Footprint(p)!).ToArray();
        foreach (var gap in plan.Gaps)
        {
            var inside = gap.InteriorPoint;
            Assert.True(plan.Target!.Contains(inside));
            Assert.DoesNotContain(shown, f => f.Contains(inside));
        }

        Assert.InRange(plan.CoverageShare, 0.9, 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    public void Flights_fit_their_batteries(double turnRadius)
    {
        var request = RouteSamples.Straight() with
        {
            Line = RouteSamples.Winding(new Random(5), 60, 6),
            Homes = [],
            WidthM = 150,
            BatteryMin = 8,
            TurnRadiusM = turnRadius,
            TransitSpeedMps = 10,
        };

        var plan = RouteSamples.Plan(request);

        Assert.Empty(plan.Refusals);
        Assert.True(plan.Flights.Count >= 3);
        Assert.Equal(plan.Legs, plan.Flights.SelectMany(f => f.Legs));
        Assert.Equal(Enumerable.Range(1, plan.Flights.Count), plan.Flights.Select(f => f.Number));
        foreach (var flight in plan.Flights)
        {
            var seconds = Seconds(flight, request);
            Assert.Equal(seconds, flight.TimeS, 0.01 * seconds);
            Assert.InRange(flight.TimeS, 1, 8 * 60 * 0.7);
        }
    }

    [Fact]
    public void Bends_are_flown_without_a_stop_only_with_a_turn_radius()
    {
        var request = RouteSamples.Straight() with { Line = RouteSamples.Winding(new Random(5), 60, 6), Homes = [] };

        var stopping = RouteSamples.Plan(request).Legs.SelectMany(l => l.Waypoints.Skip(1).SkipLast(1));
        var turning = RouteSamples.Plan(request with { TurnRadiusM = 10 }).Legs;

        Assert.All(stopping, w => Assert.Equal(0, w.TurnM));
        Assert.All(turning.SelectMany(l => l.Waypoints.Skip(1).SkipLast(1)), w => Assert.True(w.TurnM > 0));
        foreach (var leg in turning)
        {
            Assert.Equal(0, leg.Waypoints[0].TurnM);
            for (var i = 1; i < leg.Waypoints.Count; i++)
            {
                var (a, b) = (leg.Waypoints[i - 1], leg.Waypoints[i]);
                Assert.True(a.TurnM + b.TurnM < RouteSamples.Metres(a.Position).Distance(RouteSamples.Metres(b.Position)));
            }
        }
    }

    [Fact]
    public void Proposed_homes_see_the_whole_route()
    {
        var plan = RouteSamples.Plan(RouteSamples.Straight(3500) with { Homes = [], WidthM = 100 });

        Assert.Empty(plan.Refusals);
        Assert.True(plan.Homes.Count >= 4);
        foreach (var flight in plan.Flights)
        {
            var pilot = RouteSamples.Metres(flight.Home.Position);
            Assert.All(flight.Legs.SelectMany(l => l.Waypoints), w => Assert.InRange(RouteSamples.Metres(w.Position).Distance(pilot), 0, 500.5));
        }

        Assert.Equal(1, plan.CoverageShare, 0.0005);
    }

    [Fact]
    public void Heights_follow_the_ground_and_count_from_home()
    {
        // A ramp of 8 m over 100 m in the middle of a level line; home is 2 m below its lower end.
        var plan = RouteSamples.Plan(RouteSamples.Straight() with
        {
            Ground = [new(150, 10), new(250, 18)],
            Homes = [new RouteHome(RouteSamples.Place(0, -30), 8)],
        });

        Assert.Empty(plan.Refusals);
        Assert.All(plan.Legs, l => Assert.True(l.Waypoints.Count == 4 && l.Waypoints.All(w => w.HeightAboveGroundM == 50)));
        var heights = plan.Legs[0].Waypoints.Select(w => Math.Round(w.HeightM, 2));
        Assert.Equal([52, 52, 60, 60], heights);
    }

    /// <summary>The footprint along and across the direction of the first leg, metres; across where it is narrowest, at its near edge.</summary>
    private static (double Near, double Far, double Left, double Right) Extent(RoutePlan plan, RoutePhoto photo)
    {
        var yaw = plan.Legs[0].Photos[0].YawDeg * Math.PI / 180;
        var forward = RouteSamples.TurnDeg(photo.YawDeg, plan.Legs[0].Photos[0].YawDeg) < 90 ? 1 : -1;
        var corners = RouteSamples.Metres(plan.Footprint(photo)!).Coordinates[..4]
            .Select(c => (Along: (c.X * Math.Sin(yaw)) + (c.Y * Math.Cos(yaw)), Across: (c.X * Math.Cos(yaw)) - (c.Y * Math.Sin(yaw)))).ToArray();
        var nearest = corners.OrderBy(c => c.Along * forward).Take(2).Select(c => c.Across).ToArray();
        return (corners.Min(c => c.Along), corners.Max(c => c.Along), nearest.Min(), nearest.Max());
    }

    private static double ShownShare(RoutePlan plan, Random random, int points)
    {
        var footprints = plan.Legs.SelectMany(l => l.Photos).Select(p => plan.Footprint(p)!).ToArray();
        var box = plan.Target!.EnvelopeInternal;
        var (inside, shown) = (0, 0);
        while (inside < points)
        {
            var p = new Point(box.MinX + (random.NextDouble() * box.Width), box.MinY + (random.NextDouble() * box.Height));
            if (plan.Target.Contains(p))
            {
                inside++;
                shown += footprints.Any(f => f.EnvelopeInternal.Contains(p.Coordinate) && f.Contains(p)) ? 1 : 0;
            }
        }

        return (double)shown / points;
    }

    /// <summary>Climb at 3 m/s, sink at 2 m/s, 4 s at each stop, the transit at its own speed.</summary>
    private static double Seconds(RouteFlight flight, LeveeRouteRequest request)
    {
        var way = flight.Legs.SelectMany(l => l.Waypoints).ToArray();
        var home = RouteSamples.Metres(flight.Home.Position);
        var seconds = (RouteSamples.Metres(way[0].Position).Distance(home) + RouteSamples.Metres(way[^1].Position).Distance(home)) / request.TransitSpeedMps;
        seconds += (way[0].HeightM / 3) + (way[^1].HeightM / 2) + (4 * way.Count(w => w.TurnM == 0));
        return seconds + Enumerable.Range(1, way.Length - 1)
            .Sum(i => RouteSamples.Metres(way[i].Position).Distance(RouteSamples.Metres(way[i - 1].Position)) / request.SpeedMps);
    }
}
