using Field.Geo.Routes;
using Field.Geo.Routes.Export;
using static Field.Tests.Geo.Routes.WpmlStructure;

namespace Field.Tests.Geo.Routes;

/// <summary>The KMZ against DJI's published tables of WPML (template.kml, waylines.wpml, common elements): what is required, its type, range and order.</summary>
public sealed class WpmlExportTests
{
    private static readonly DateTimeOffset Created = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Documents_have_what_the_format_requires_and_the_waypoints_of_the_plan()
    {
        foreach (var plan in new[] { Plan(), Plan(turnRadius: 10), Plan("m30"), Plan("p1-35") })
        {
            foreach (var flight in plan.Flights)
            {
                var kmz = WpmlExport.Kmz(plan, flight, Created);
                Waypoints(Check(kmz), flight);
                var template = Read(kmz, "wpmz/template.kml").Descendants(Kml + "Document").Single();
                Assert.Equal(Created.ToUnixTimeMilliseconds(), Number(template, "createTime"));
            }
        }
    }

    [Fact]
    public void Every_track_turns_the_gimbal_and_takes_a_photo_each_interval()
    {
        var plan = Plan(turnRadius: 10);
        var flight = plan.Flights[0];
        var marks = Read(WpmlExport.Kmz(plan, flight, Created), "wpmz/waylines.wpml").Descendants(Kml + "Placemark").ToArray();

        var first = Expected(flight).ToList().IndexOf(flight.Legs[0].Waypoints[0]);
        foreach (var leg in flight.Legs)
        {
            var groups = marks[first].Elements(Wpml + "actionGroup").ToArray();
            var rotate = groups[0].Elements(Wpml + "action").First();
            Assert.Equal("gimbalRotate", Text(rotate, "actionActuatorFunc"));
            Assert.Equal(leg.PitchDeg, Number(rotate.Element(Wpml + "actionActuatorFuncParam")!, "gimbalPitchRotateAngle"));
            var along = groups[1];
            Assert.Equal("multipleDistance", Text(along.Element(Wpml + "actionTrigger")!, "actionTriggerType"));
            Assert.Equal(leg.IntervalM, Number(along.Element(Wpml + "actionTrigger")!, "actionTriggerParam"), 0.0006);
            Assert.Equal(first, Number(along, "actionGroupStartIndex"));
            Assert.Equal(first + leg.Waypoints.Count - 1, Number(along, "actionGroupEndIndex"));
            first += leg.Waypoints.Count;
        }

        Assert.Equal(plan.Flights[0].Legs.Count * 2, marks.Sum(m => m.Elements(Wpml + "actionGroup").Count()));
    }

    [Fact]
    public void Camera_whose_aircraft_flies_no_wpml_has_no_kmz()
    {
        var plan = Plan("phantom4pro");

        Assert.Throws<ArgumentException>(() => WpmlExport.Kmz(plan, plan.Flights[0], Created));
    }

    /// <summary>A plan of several flights along a winding line over a hill.</summary>
    internal static RoutePlan Plan(string camera = "mavic3e", double turnRadius = 0)
    {
        var plan = RouteSamples.Plan(RouteSamples.Straight() with
        {
            Camera = RouteCamera.Find(camera)!,
            Line = RouteSamples.Winding(new Random(9), 50, 5),
            Homes = [],
            TurnRadiusM = turnRadius,
            GimbalPitchDeg = -80,
            WidthM = 120,
            BatteryMin = 14,
            SpeedMps = 2.5,
            TransitSpeedMps = 10,
            FrontOverlap = 0.7,
            Ground = [new(0, 3), new(200, 12), new(500, 5)],
            NoFly = [new NoFlyZone("a", RouteSamples.Box(900, 900, 950, 950))],
        });
        Assert.Empty(plan.Refusals);
        return plan;
    }

    internal static void Waypoints(IReadOnlyList<WpmlWaypoint> waypoints, RouteFlight flight)
    {
        var expected = Expected(flight);
        Assert.Equal(expected.Length, waypoints.Count);
        foreach (var (wanted, written) in expected.Zip(waypoints))
        {
            Assert.Equal(wanted.Position.Lon, written.Lon, 1e-8);
            Assert.Equal(wanted.Position.Lat, written.Lat, 1e-8);
            Assert.Equal(wanted.HeightM, written.HeightM, 0.001);
        }
    }

    /// <summary>Before the first and after the last waypoint one at the height of the way out and back, where that is higher.</summary>
    private static RouteWaypoint[] Expected(RouteFlight flight)
    {
        var way = flight.Legs.SelectMany(l => l.Waypoints).ToArray();
        RouteWaypoint[] before = flight.TransitHeightM > way[0].HeightM + 0.5 ? [way[0] with { HeightM = flight.TransitHeightM }] : [];
        RouteWaypoint[] after = flight.TransitHeightM > way[^1].HeightM + 0.5 ? [way[^1] with { HeightM = flight.TransitHeightM }] : [];
        return [.. before, .. way, .. after];
    }
}
