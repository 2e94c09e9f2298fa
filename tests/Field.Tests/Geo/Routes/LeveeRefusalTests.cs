using Field.Geo;
using Field.Geo.Routes;
using NetTopologySuite.Geometries;

namespace Field.Tests.Geo.Routes;

public sealed class LeveeRefusalTests
{
    [Fact]
    public void No_fly_area_on_the_line_is_named_with_from_and_to()
    {
        // 400 m long line to the east: the area lies from 250 m to 300 m along it.
        var request = East() with { NoFly = [new NoFlyZone("浄水場", RouteSamples.Box(50, -100, 100, 100))] };

        var plan = RouteSamples.Plan(request);

        var refusal = Assert.Single(plan.Refusals, r => r.Code == RouteRefusalCodes.NoFly);
        Assert.Equal("浄水場", refusal.Subject);
        Assert.Equal(250, refusal.FromM!.Value, 0.5);
        Assert.Equal(300, refusal.ToM!.Value, 0.5);
        var part = RouteSamples.Metres(refusal.Part!);
        Assert.Equal(50, part.EnvelopeInternal.MinX, 0.5);
        Assert.Equal(100, part.EnvelopeInternal.MaxX, 0.5);
        Assert.Empty(plan.Flights);
        Assert.Contains("250～300 m", RouteRefusalText.Of(refusal, japanese: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Plans_that_are_given_never_touch_a_no_fly_area()
    {
        var random = new Random(17);
        var (given, refused) = (0, 0);
        for (var i = 0; i < 60; i++)
        {
            NoFlyZone[] zones =
            [
                .. Enumerable.Range(0, 4).Select(z =>
                {
                    var (east, north) = ((random.NextDouble() * 700) - 350, (random.NextDouble() * 700) - 350);
                    return new NoFlyZone($"{z}", RouteSamples.Box(east, north, east + 60, north + 60));
                }),
            ];
            var plan = RouteSamples.Plan(East() with { Line = RouteSamples.Winding(random, 60, 4), Homes = [], NoFly = zones });
            if (plan.Refusals.Count > 0)
            {
                refused++;
                Assert.All(plan.Refusals, r => Assert.StartsWith("no-fly", r.Code, StringComparison.Ordinal));
                continue;
            }

            given++;
            foreach (var flight in plan.Flights)
            {
                LonLat[] way = [flight.Home.Position, .. flight.Legs.SelectMany(l => l.Waypoints).Select(w => w.Position), flight.Home.Position];
                var path = GeometryFactory.Default.CreateLineString([.. way.Select(p => new Coordinate(p.Lon, p.Lat))]);
                Assert.All(zones, z => Assert.False(z.Area.Buffer(-1e-8).Intersects(path)));
            }
        }

        Assert.True(given >= 5 && refused >= 5, $"{given} given, {refused} refused");
    }

    [Fact]
    public void Way_from_home_through_a_no_fly_area_is_refused_as_transit()
    {
        var plan = RouteSamples.Plan(East() with { Homes = [new RouteHome(RouteSamples.Place(0, -200))], NoFly = [new NoFlyZone("校庭", RouteSamples.Box(-400, -150, 400, -120))] });

        Assert.All(plan.Refusals, r => Assert.Equal(RouteRefusalCodes.NoFlyTransit, r.Code));
        Assert.Contains(plan.Refusals, r => r.Subject.StartsWith("校庭", StringComparison.Ordinal));
    }

    [Fact]
    public void What_no_pilot_sees_is_refused_from_where_to_where()
    {
        // Home at 200 m of 2,000 m: by Pythagoras everything beyond 200 + 500 m is out of sight, with the width of the corridor 2 m less.
        var plan = RouteSamples.Plan(RouteSamples.Straight() with
        {
            Line = [RouteSamples.Place(-1000, 0), RouteSamples.Place(1000, 0)],
            Homes = [new RouteHome(RouteSamples.Place(-800, 0))],
        });

        var refusal = Assert.Single(plan.Refusals, r => r.Code == RouteRefusalCodes.BeyondSight);
        Assert.InRange(refusal.FromM!.Value, 680, 710);
        Assert.Equal(2000, refusal.ToM!.Value, 0.5);
        Assert.InRange(refusal.Value!.Value, 1795, 1820);
    }

    [Fact]
    public void Steep_ground_is_refused_where_it_is()
    {
        // 30 m over 60 m: 26.6 degrees.
        var plan = RouteSamples.Plan(East() with { Ground = [new(0, 0), new(100, 0), new(160, 30), new(400, 30)] });

        var refusal = Assert.Single(plan.Refusals);
        Assert.Equal(RouteRefusalCodes.TooSteep, refusal.Code);
        Assert.Equal(100, refusal.FromM!.Value, 0.5);
        Assert.Equal(160, refusal.ToM!.Value, 0.5);
        Assert.Equal(26.565, refusal.Value!.Value, 0.1);
    }

    [Fact]
    public void All_reasons_come_at_once()
    {
        var plan = RouteSamples.Plan(East() with
        {
            HeightM = 160,
            SpeedMps = 15,
            FrontOverlap = 0.97,
            BatteryMin = 2,
            SightM = 150,
            Ground = [new(0, 0), new(100, 0), new(110, 30)],
            NoFly = [new NoFlyZone("送電線", RouteSamples.Box(100, -100, 150, 100))],
        });

        Assert.Subset(
            plan.Refusals.Select(r => r.Code).ToHashSet(),
            new HashSet<string>
            {
                RouteRefusalCodes.TooHigh, RouteRefusalCodes.TooFast, RouteRefusalCodes.Battery, RouteRefusalCodes.BeyondSight,
                RouteRefusalCodes.TooSteep, RouteRefusalCodes.NoFly,
            });
        Assert.Empty(plan.Flights);
        Assert.NotEmpty(plan.Legs);
    }

    [Fact]
    public void Values_that_make_no_sense_are_refused_together()
    {
        var plan = RouteSamples.Plan(East() with
        {
            FrontOverlap = 1,
            SideOverlap = -0.1,
            HeightM = double.NaN,
            SpeedMps = 0,
            Line = [RouteSamples.Origin],
            Ground = [new(10, 0), new(5, 0)],
        });

        Assert.Equal(2, plan.Refusals.Count(r => r.Code == RouteRefusalCodes.Overlap));
        Assert.Equal(2, plan.Refusals.Count(r => r.Code == RouteRefusalCodes.OutOfRange));
        Assert.Contains(plan.Refusals, r => r.Code == RouteRefusalCodes.LineTooShort);
        Assert.Contains(plan.Refusals, r => r.Code == RouteRefusalCodes.Profile);
        Assert.Empty(plan.Legs);
    }

    [Fact]
    public void Speed_limit_is_the_interval_over_the_cameras_shortest_time()
    {
        // Phantom 4 Pro: 8.8 mm, 13.2 mm for 5472 px, 2.5 s; the ground of a photo 50 m below is 50 m long.
        var camera = RouteCamera.Find("phantom4pro")!;
        var interval = 50 * (13.2 * 3648 / 5472) / 8.8 * 0.1;

        var slow = RouteSamples.Plan(East() with { Camera = camera, FrontOverlap = 0.9, SpeedMps = (interval / 2.5) - 0.01 });
        var fast = RouteSamples.Plan(East() with { Camera = camera, FrontOverlap = 0.9, SpeedMps = (interval / 2.5) + 0.01 });

        Assert.Empty(slow.Refusals);
        var refusal = Assert.Single(fast.Refusals);
        Assert.Equal(RouteRefusalCodes.TooFast, refusal.Code);
        Assert.Equal(interval / 2.5, refusal.Limit!.Value, 1e-6);
    }

    public static TheoryData<string, double[]> BadLines => new()
    {
        { RouteRefusalCodes.LineCrosses, [-100, -100, 100, 100, 100, -100, -100, 100] },
        { RouteRefusalCodes.LineTooShort, [0, 0, 5, 0] },
        { RouteRefusalCodes.LineTooLong, [0, 0, 15_000, 0, 15_000, 8_000] },
    };

    [Theory]
    [MemberData(nameof(BadLines))]
    public void Lines_that_cannot_be_followed_are_refused(string code, double[] metres)
    {
        LonLat[] line = [.. metres.Chunk(2).Select(m => RouteSamples.Place(m[0], m[1]))];

        Assert.Equal(code, Assert.Single(RouteSamples.Plan(East() with { Line = line }).Refusals).Code);
    }

    [Fact]
    public void Lat_lon_order_is_found_out()
    {
        var swapped = East().Line.Select(p => new LonLat(p.Lat, p.Lon)).ToArray();

        Assert.Equal(RouteRefusalCodes.NotAPlace, Assert.Single(RouteSamples.Plan(East() with { Line = swapped }).Refusals).Code);
    }

    [Fact]
    public void Every_number_out_of_range_is_named_as_people_call_it()
    {
        var levee = RouteSamples.Plan(East() with { HeightM = 5000, BatteryMin = 0, UsableShare = 2, FrontOverlap = 1.2, Homes = [new RouteHome(RouteSamples.Origin, 1e6)] }).Refusals;

        Assert.Equal(
            [
                "バッテリーの飛行時間 0 min は使えません。1～300 min にしてください。", "計画に使う割合 200 % は使えません。5～100 % にしてください。",
                "離着陸地点の標高 1000000 m は使えません。-500～9000 m にしてください。", "縦重複率 120 % は使えません。0 % 以上 99 % 未満にしてください。", "対地高度 5000 m は使えません。2～2000 m にしてください。",
            ],
            levee.Select(r => RouteRefusalText.Of(r, japanese: true)));
        Assert.All(
            levee.Concat(RouteSamples.Plan(BridgePlannerTests.Sample() with { MarginM = -1, TopM = 1e4, BottomM = 1e4, WaterClearanceM = 0, StandOffM = 0, MaxGimbalUpDeg = 90, UndersideM = 1e4, WaterM = 1e4, GimbalPitchDeg = 90 }).Refusals)
                .Where(r => r.Code == RouteRefusalCodes.OutOfRange),
            r => Assert.NotNull(r.Subject.StartsWith("home-ground", StringComparison.Ordinal) ? "" : RouteNumbers.Find(r.Subject.Split(' ')[0])?.Ja));
    }

    [Fact]
    public void A_line_with_too_many_points_for_its_tracks_is_refused()
    {
        var zigzag = Enumerable.Range(0, 4000).Select(i => RouteSamples.Place((i * 2) - 4000, i % 2 * 2)).ToArray();

        var plan = RouteSamples.Plan(East() with { Line = zigzag, WidthM = 100, HeightM = 60, Homes = [] });

        Assert.Equal(RouteRefusalCodes.TooDetailed, Assert.Single(plan.Refusals).Code);
    }

    private static LeveeRouteRequest East() => RouteSamples.Straight() with { Line = [RouteSamples.Place(-200, 0), RouteSamples.Place(200, 0)] };
}
