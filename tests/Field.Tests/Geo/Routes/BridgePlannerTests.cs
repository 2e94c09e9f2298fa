using System.Text.Json;
using Field.Geo.Routes;
using Field.Geo.Routes.Export;
using NetTopologySuite.Geometries;

namespace Field.Tests.Geo.Routes;

public sealed class BridgePlannerTests
{
    // Mavic 3E: focal length in pixels, and what it sees per metre of distance.
    private const double Focal = 12.29 / 17.3 * 5280;
    private const double WidthPerM = 5280 / Focal;
    private const double HeightPerM = 3956 / Focal;

    [Fact]
    public void Nothing_comes_nearer_than_the_stand_off()
    {
        var random = new Random(23);
        var flights = 0;
        for (var i = 0; i < 80; i++)
        {
            var request = Random(random);
            var plan = RouteSamples.Plan(request);

            Assert.DoesNotContain(plan.Refusals, r => r.Code == RouteRefusalCodes.Outline);
            var structure = RouteSamples.Metres(request.Outline).Buffer(request.MarginM, 32);
            foreach (var flight in plan.Flights)
            {
                flights++;
                foreach (var leg in flight.Legs)
                {
                    var path = GeometryFactory.Default.CreateLineString([.. leg.Waypoints.Select(w => RouteSamples.Metres(w.Position))]);
                    Assert.True(structure.Distance(path) >= request.StandOffM - 0.01, $"{i}: {structure.Distance(path)} m of {request.StandOffM}");
                    Assert.All(leg.Waypoints, w => Assert.True(w.HeightAboveGroundM >= request.WaterClearanceM - 1e-9));
                    Assert.All(leg.Waypoints, w => Assert.Equal(w.HeightAboveGroundM + request.WaterM, w.HeightM + flight.Home.GroundM!.Value, 1e-9));
                    Assert.InRange(leg.PitchDeg, -60, request.MaxGimbalUpDeg + 1e-9);
                }

                // Flights between home and the first point, and from side to side, pass above everything.
                Assert.True(flight.TransitHeightM + flight.Home.GroundM!.Value >= request.TopM + request.MarginM + request.StandOffM - 1e-9);
                Assert.Single(flight.Legs.Select(l => l.Name[0]).Distinct());
                Assert.InRange(flight.TimeS, 1, request.UsableS);
            }
        }

        Assert.True(flights > 100, $"{flights} flights");
    }

    [Fact]
    public void Photos_beside_overlap_as_asked_and_show_the_whole_face()
    {
        var request = Sample() with { TopM = 25, Under = false };

        var plan = RouteSamples.Plan(request);

        Assert.Empty(plan.Refusals);
        Assert.Equal(1, plan.CoverageShare, 1e-9);
        Assert.Equal(9 / Focal, plan.Gsd.MinM, 1e-9);
        var rows = plan.Flights.SelectMany(f => f.Legs).Where(l => l.Name[0] == 'R').ToArray();
        var heights = rows.Select(l => l.Waypoints[0].HeightM + 10).ToArray();
        Assert.All(Enumerable.Range(1, heights.Length - 1), i => Assert.Equal(9 * HeightPerM * 0.3, heights[i - 1] - heights[i], 1e-6));
        for (var z = 10.0; z <= 25; z += 0.1)
        {
            Assert.Contains(heights, h => Math.Abs(h - z) <= 9 * HeightPerM / 2);
        }

        foreach (var leg in rows)
        {
            var places = leg.Photos.Select(p => RouteSamples.Metres(p.Position)).ToArray();
            var steps = Enumerable.Range(1, places.Length - 1).Select(i => places[i].Distance(places[i - 1])).ToArray();
            Assert.All(steps, s => Assert.InRange(1 - (s / (9 * WidthPerM)), 0.8 - 0.001, 0.82));
            Assert.All(steps, s => Assert.Equal(leg.IntervalM, s, 0.01));
            Assert.Equal(100, places[0].Distance(places[^1]), 0.05); // 100 m of bridge, seen from end to end
        }
    }

    [Fact]
    public void Camera_looks_at_the_bridge_from_both_sides()
    {
        var plan = RouteSamples.Plan(Sample());

        Assert.Empty(plan.Refusals);
        Assert.Equal(["L", "R"], plan.Legs.Select(l => l.Name[..1]).Distinct().Order());
        var outline = RouteSamples.Metres(Sample().Outline);
        foreach (var photo in plan.Legs.SelectMany(l => l.Photos))
        {
            var (at, yaw) = (RouteSamples.Metres(photo.Position), photo.YawDeg * Math.PI / 180);
            var seen = GeometryFactory.Default.CreatePoint(new Coordinate(at.X + (9.5 * Math.Sin(yaw)), at.Y + (9.5 * Math.Cos(yaw))));
            Assert.True(outline.Distance(seen) < 0.1);
        }
    }

    [Fact]
    public void Tilted_rows_aim_at_the_same_face()
    {
        var plan = RouteSamples.Plan(Sample() with { GimbalPitchDeg = -20, Under = false });

        Assert.Empty(plan.Refusals);
        Assert.Equal(1, plan.CoverageShare, 1e-9);
        var level = RouteSamples.Plan(Sample() with { Under = false });
        Assert.True(plan.Legs[0].Waypoints[0].HeightM > level.Legs[0].Waypoints[0].HeightM + 2);
    }

    [Fact]
    public void Pass_below_the_deck_looks_up_at_the_middle_of_the_underside()
    {
        // Underside at 10, water at 2, clearance 3: 5 m below the deck at 9 m + 4 m from its middle, so atan(5 / 13) up.
        var plan = RouteSamples.Plan(Sample() with { Beside = false });

        Assert.Empty(plan.Refusals);
        var leg = plan.Legs[0];
        Assert.Equal(Math.Atan2(5, 13) * 180 / Math.PI, leg.PitchDeg, 0.05);
        Assert.Equal(3, leg.Waypoints[0].HeightAboveGroundM, 1e-9);
        Assert.InRange(plan.CoverageShare, 0.9, 1);
    }

    [Theory]
    [InlineData(7.5, true)]
    [InlineData(7.2, false)]
    public void Too_little_room_below_the_deck_is_refused_with_how_much_is_missing(double underside, bool possible)
    {
        // 13 m to the middle at 10 degrees need 2.29 m below the underside, above water (2) and clearance (3).
        var plan = RouteSamples.Plan(Sample() with { UndersideM = underside });

        if (possible)
        {
            Assert.Empty(plan.Refusals);
            return;
        }

        var refusal = Assert.Single(plan.Refusals);
        Assert.Equal(RouteRefusalCodes.Clearance, refusal.Code);
        Assert.Equal(2.2, refusal.Value!.Value, 1e-9);
        Assert.Equal(13 * Math.Tan(10 * Math.PI / 180), refusal.Limit!.Value, 0.01);
        Assert.Empty(RouteSamples.Plan(Sample() with { UndersideM = underside, Under = false }).Refusals);
    }

    [Fact]
    public void All_reasons_come_at_once()
    {
        var plan = RouteSamples.Plan(Sample() with
        {
            Homes = [new RouteHome(RouteSamples.Place(0, 10), 10)],
            UndersideM = 6,
            SpeedMps = 15,
            SightM = 40,
            BatteryMin = 1,
            NoFly = [new NoFlyZone("送電線", RouteSamples.Box(20, 5, 30, 40))],
            MaxHeightM = 15,
        });

        Assert.Equal(
            [
                RouteRefusalCodes.Battery, RouteRefusalCodes.BeyondSight, RouteRefusalCodes.Clearance, RouteRefusalCodes.HomeTooNear,
                RouteRefusalCodes.NoFly, RouteRefusalCodes.TooFast, RouteRefusalCodes.TooHigh,
            ],
            plan.Refusals.Select(r => r.Code).Where(c => c != RouteRefusalCodes.NoFlyTransit).Distinct().Order());
        Assert.Empty(plan.Flights);
    }

    [Fact]
    public void Home_without_elevation_and_heights_out_of_order_are_refused()
    {
        var plan = RouteSamples.Plan(Sample() with { Homes = [new RouteHome(RouteSamples.Place(0, -60))], WaterM = 11 });

        Assert.Equal([RouteRefusalCodes.Heights, RouteRefusalCodes.HomeNeeded], plan.Refusals.Select(r => r.Code).Order());
        var off = RouteSamples.Plan(Sample() with { Outline = RouteSamples.Box(-50, 100, 50, 108) });
        Assert.Equal(RouteRefusalCodes.Outline, Assert.Single(off.Refusals).Code);
    }

    [Fact]
    public void Files_of_a_bridge_have_what_their_formats_require()
    {
        var plan = RouteSamples.Plan(Sample() with { NoFly = [new NoFlyZone("a", RouteSamples.Box(300, 300, 310, 310))] });

        Assert.NotEmpty(plan.Flights);
        foreach (var flight in plan.Flights)
        {
            var kmz = WpmlExport.Kmz(plan, flight, new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero));
            WpmlExportTests.Waypoints(WpmlStructure.Check(kmz), flight);
            using var document = JsonDocument.Parse(QgcPlanExport.Plan(plan, flight));
            QgcPlanExportTests.Check(document.RootElement, plan, flight);
        }
    }

    /// <summary>A bridge of 100 m by 8 m to the east, deck 10 to 12 m, water at 2 m, home on the bank at 10 m.</summary>
    internal static BridgeRouteRequest Sample() => new()
    {
        Camera = RouteSamples.Camera,
        Axis = [RouteSamples.Place(-70, 0), RouteSamples.Place(70, 0)],
        Outline = RouteSamples.Box(-50, -4, 50, 4),
        Homes = [new RouteHome(RouteSamples.Place(-80, -40), 10)],
        TopM = 12,
        UndersideM = 10,
        WaterM = 2,
        SpeedMps = 1,
    };

    /// <summary>Straight and bent bridges with ragged outlines.</summary>
    private static BridgeRouteRequest Random(Random random)
    {
        var (bend, turn) = (random.NextDouble() * 0.002, random.NextDouble() * Math.PI);
        var half = 30 + (120 * random.NextDouble());
        var width = 3 + (10 * random.NextDouble());
        Coordinate At(double x, double y) => new((x * Math.Cos(turn)) - (((bend * x * x) + y) * Math.Sin(turn)), (x * Math.Sin(turn)) + (((bend * x * x) + y) * Math.Cos(turn)));
        var xs = Enumerable.Range(-6, 13).Select(i => i * half / 6).ToArray();
        Coordinate[] ring =
        [
            .. xs.Select(x => At(x, width * (0.5 + (0.5 * random.NextDouble())))), .. xs.Reverse().Select(x => At(x, -width * (0.5 + (0.5 * random.NextDouble())))),
        ];
        var lonLat = ring.Append(ring[0]).Select(c => RouteSamples.Place(c.X, c.Y)).Select(p => new Coordinate(p.Lon, p.Lat));
        var home = At(-half - 20, -60);
        return Sample() with
        {
            Axis = [.. xs.Select(x => At(x * 1.1, 0)).Select(c => RouteSamples.Place(c.X, c.Y))],
            Outline = GeometryFactory.Default.CreatePolygon([.. lonLat]),
            Homes = [new RouteHome(RouteSamples.Place(home.X, home.Y), 5 + (10 * random.NextDouble()))],
            StandOffM = 5 + (10 * random.NextDouble()),
            UndersideM = 11 + (5 * random.NextDouble()),
            TopM = 18 + (20 * random.NextDouble()),
            GimbalPitchDeg = -20 + (30 * random.NextDouble()),
            BottomM = 4,
        };
    }
}
