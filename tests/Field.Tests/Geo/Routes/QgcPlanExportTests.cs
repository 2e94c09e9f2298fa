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
        Assert.Equal("Plan", root.GetProperty("fileType").GetString());
        Assert.Equal(1, root.GetProperty("version").GetInt32());
        Assert.Equal(JsonValueKind.String, root.GetProperty("groundStation").ValueKind);

        var mission = root.GetProperty("mission");
        Assert.Equal(2, mission.GetProperty("version").GetInt32());
        Assert.Equal(12, mission.GetProperty("firmwareType").GetInt32());
        Assert.Equal(2, mission.GetProperty("vehicleType").GetInt32());
        Assert.True(mission.GetProperty("hoverSpeed").GetDouble() > 0);
        Assert.True(mission.GetProperty("cruiseSpeed").GetDouble() > 0);
        LatLon(mission.GetProperty("plannedHomePosition"), 3);
        var items = mission.GetProperty("items").EnumerateArray().ToArray();
        for (var i = 0; i < items.Length; i++)
        {
            Item(items[i], i + 1);
        }

        int[] commands = [.. items.Select(i => i.GetProperty("command").GetInt32())];
        Assert.Equal(22, commands[0]);
        Assert.Equal(20, commands[^1]);
        Assert.Equal(1, commands.Count(c => c == 22));
        Assert.Equal(flight.Legs.Count, commands.Count(c => c == 205));
        Triggers(items, flight);
        Fence(root.GetProperty("geoFence"), plan, flight);
        Assert.Equal(2, root.GetProperty("rallyPoints").GetProperty("version").GetInt32());
        Assert.All(root.GetProperty("rallyPoints").GetProperty("points").EnumerateArray(), p => LatLon(p, 3));
    }

    private static void Item(JsonElement item, int number)
    {
        Assert.Equal("SimpleItem", item.GetProperty("type").GetString());
        Assert.True(item.GetProperty("autoContinue").GetBoolean());
        Assert.Equal(number, item.GetProperty("doJumpId").GetInt32());
        Assert.Equal(7, item.GetProperty("params").GetArrayLength());
        Assert.All(item.GetProperty("params").EnumerateArray(), p => Assert.Contains(p.ValueKind, new[] { JsonValueKind.Number, JsonValueKind.Null }));
        var command = item.GetProperty("command").GetInt32();
        Assert.Contains(command, new[] { 16, 20, 22, 178, 205, 206 });
        var frame = item.GetProperty("frame").GetInt32();
        if (command is 16 or 22)
        {
            Assert.Equal(3, frame); // MAV_FRAME_GLOBAL_RELATIVE_ALT
            Assert.InRange(item.GetProperty("params")[4].GetDouble(), 20, 46);
            Assert.InRange(item.GetProperty("params")[5].GetDouble(), 122, 154);
            Assert.Equal(item.GetProperty("Altitude").GetDouble(), item.GetProperty("params")[6].GetDouble(), 0.001);
            Assert.Equal(1, item.GetProperty("AltitudeMode").GetInt32());
        }
        else
        {
            Assert.Equal(2, frame); // MAV_FRAME_MISSION
            Assert.DoesNotContain(item.GetProperty("params").EnumerateArray(), p => p.ValueKind == JsonValueKind.Null);
        }
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
        Assert.Equal(2, fence.GetProperty("version").GetInt32());
        Assert.Equal(JsonValueKind.Array, fence.GetProperty("circles").ValueKind);
        var polygons = fence.GetProperty("polygons").EnumerateArray().ToArray();
        Assert.Equal(plan.Request.NoFly.Count, polygons.Count(p => !p.GetProperty("inclusion").GetBoolean()));
        Assert.All(polygons, p => Assert.Equal(1, p.GetProperty("version").GetInt32()));
        Assert.All(polygons.SelectMany(p => p.GetProperty("polygon").EnumerateArray()), p => LatLon(p, 2));
        var around = Assert.Single(polygons, p => p.GetProperty("inclusion").GetBoolean()).GetProperty("polygon").EnumerateArray()
            .Select(p => new Coordinate(p[1].GetDouble(), p[0].GetDouble())).ToArray();
        var inside = GeometryFactory.Default.CreatePolygon([.. around, around[0]]);
        Assert.All(flight.Legs.SelectMany(l => l.Waypoints), w => Assert.True(inside.Contains(new Point(w.Position.Lon, w.Position.Lat))));
        Assert.True(inside.Contains(new Point(flight.Home.Position.Lon, flight.Home.Position.Lat)));
    }

    private static void LatLon(JsonElement position, int length)
    {
        Assert.Equal(length, position.GetArrayLength());
        Assert.InRange(position[0].GetDouble(), 20, 46);
        Assert.InRange(position[1].GetDouble(), 122, 154);
    }
}
