using System.Text.Json;
using Field.Geo.Routes;
using Field.Geo.Routes.Export;
using NetTopologySuite.Geometries;

namespace Field.Tests.Geo.Routes;

/// <summary>The .plan against QGroundControl's published "Plan File Format" and the MAV_CMD tables of MAVLink.</summary>
public sealed class QgcPlanExportTests
{
    [Fact]
    public void Plan_has_what_the_format_requires()
    {
        var plan = WpmlExportTests.Plan(turnRadius: 10);
        foreach (var flight in plan.Flights)
        {
            using var document = JsonDocument.Parse(QgcPlanExport.Plan(plan, flight));
            Check(document.RootElement, plan, flight);
        }
    }

    internal static void Check(JsonElement root, RoutePlan plan, RouteFlight flight)
    {
        QgcPlanStructure.Check(root);
        var items = root.GetProperty("mission").GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(flight.Legs.Count, items.Count(i => i.GetProperty("command").GetInt32() == 205));
        Triggers(items, flight);
        Fence(root.GetProperty("geoFence"), plan, flight);
    }

    /// <summary>The waypoints between the trigger's start and its end are those of the leg, and the trigger is on nowhere else.</summary>
    private static void Triggers(JsonElement[] items, RouteFlight flight)
    {
        var (leg, on, inside) = (0, false, 1);
        for (var i = 0; i < items.Length; i++)
        {
            var p = items[i].GetProperty("params");
            switch (items[i].GetProperty("command").GetInt32())
            {
                case 205:
                    Assert.Equal(flight.Legs[leg].PitchDeg, p[0].GetDouble(), 1e-6);
                    Assert.Equal(2, p[6].GetInt32());
                    Assert.False(on);
                    break;
                case 206 when !on:
                    Assert.Equal(flight.Legs[leg].IntervalM, p[0].GetDouble(), 1e-6);
                    Assert.Equal(1, p[2].GetInt32());
                    (on, inside) = (true, 1);
                    break;
                case 206:
                    Assert.Equal(0, p[0].GetDouble());
                    Assert.Equal(flight.Legs[leg].Waypoints.Count, inside);
                    (on, leg) = (false, leg + 1);
                    break;
                case 16 when on:
                    var waypoint = flight.Legs[leg].Waypoints[inside++];
                    Assert.Equal(waypoint.Position.Lat, p[4].GetDouble(), 1e-8);
                    Assert.Equal(waypoint.Position.Lon, p[5].GetDouble(), 1e-8);
                    Assert.Equal(waypoint.HeightM, p[6].GetDouble(), 0.001);
                    break;
            }
        }

        Assert.False(on);
        Assert.Equal(flight.Legs.Count, leg);
    }

    private static void Fence(JsonElement fence, RoutePlan plan, RouteFlight flight)
    {
        var polygons = fence.GetProperty("polygons").EnumerateArray().ToArray();
        Assert.Equal(plan.Request.NoFly.Count, polygons.Count(p => !p.GetProperty("inclusion").GetBoolean()));
        var around = Assert.Single(polygons, p => p.GetProperty("inclusion").GetBoolean()).GetProperty("polygon").EnumerateArray()
            .Select(p => new Coordinate(p[1].GetDouble(), p[0].GetDouble())).ToArray();
        var inside = GeometryFactory.Default.CreatePolygon([.. around, around[0]]);
        Assert.All(flight.Legs.SelectMany(l => l.Waypoints), w => Assert.True(inside.Contains(new Point(w.Position.Lon, w.Position.Lat))));
        Assert.True(inside.Contains(new Point(flight.Home.Position.Lon, flight.Home.Position.Lat)));
    }
}
