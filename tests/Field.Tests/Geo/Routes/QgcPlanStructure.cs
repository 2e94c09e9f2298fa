using System.Text.Json;

namespace Field.Tests.Geo.Routes;

/// <summary>A .plan against QGroundControl's published "Plan File Format" and the MAV_CMD tables of MAVLink: what is required, its type and range.</summary>
internal static class QgcPlanStructure
{
    /// <summary>The waypoints (MAV_CMD_NAV_WAYPOINT) of a plan that is as published: lon, lat, and metres above the place of take-off.</summary>
    internal static IReadOnlyList<(double Lon, double Lat, double HeightM)> Check(JsonElement root)
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
        Fence(root.GetProperty("geoFence"));
        Assert.Equal(2, root.GetProperty("rallyPoints").GetProperty("version").GetInt32());
        Assert.All(root.GetProperty("rallyPoints").GetProperty("points").EnumerateArray(), p => LatLon(p, 3));
        return
        [
            .. items.Where(i => i.GetProperty("command").GetInt32() == 16).Select(i => i.GetProperty("params"))
                .Select(p => (p[5].GetDouble(), p[4].GetDouble(), p[6].GetDouble())),
        ];
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

    private static void Fence(JsonElement fence)
    {
        Assert.Equal(2, fence.GetProperty("version").GetInt32());
        Assert.Equal(JsonValueKind.Array, fence.GetProperty("circles").ValueKind);
        Assert.All(fence.GetProperty("polygons").EnumerateArray(), p => Assert.Equal(1, p.GetProperty("version").GetInt32()));
        Assert.All(fence.GetProperty("polygons").EnumerateArray().SelectMany(p => p.GetProperty("polygon").EnumerateArray()), p => LatLon(p, 2));
    }

    private static void LatLon(JsonElement position, int length)
    {
        Assert.Equal(length, position.GetArrayLength());
        Assert.InRange(position[0].GetDouble(), 20, 46);
        Assert.InRange(position[1].GetDouble(), 122, 154);
    }
}
