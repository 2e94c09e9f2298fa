using System.Text.Json;
using NetTopologySuite.Geometries;

namespace Field.Geo.Routes.Export;

/// <summary>A flight as QGroundControl's <c>.plan</c> (file type Plan, version 1; mission version 2) for PX4 and ArduPilot multicopters.</summary>
public static class QgcPlanExport
{
    // MAV_CMD of MAVLink's common set.
    private const int NavWaypoint = 16;
    private const int NavReturnToLaunch = 20;
    private const int NavTakeoff = 22;
    private const int DoChangeSpeed = 178;
    private const int DoMountControl = 205;
    private const int DoSetCamTriggDist = 206;

    private const int FrameMission = 2;
    private const int FrameGlobalRelativeAltitude = 3;
    private const int MountModeMavlinkTargeting = 2;

    /// <summary>The fence lies this far around the flight, metres.</summary>
    private const double FenceM = 50;

    /// <summary>The JSON file of a flight, UTF-8.</summary>
    public static byte[] Plan(RoutePlan plan, RouteFlight flight)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(flight);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("fileType", "Plan");
            json.WriteString("groundStation", "QGroundControl");
            json.WriteNumber("version", 1);
            Mission(json, plan.Request, flight);
            Fence(json, plan.Request, flight);
            json.WriteStartObject("rallyPoints");
            json.WriteStartArray("points");
            Numbers(json, flight.Home.Position.Lat, flight.Home.Position.Lon, flight.TransitHeightM);
            json.WriteEndArray();
            json.WriteNumber("version", 2);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Mission(Utf8JsonWriter json, RouteRequest request, RouteFlight flight)
    {
        json.WriteStartObject("mission");
        json.WriteNumber("version", 2);
        json.WriteNumber("firmwareType", 12); // MAV_AUTOPILOT_PX4
        json.WriteNumber("vehicleType", 2); // MAV_TYPE_QUADROTOR
        json.WriteNumber("globalPlanAltitudeMode", 1);
        json.WriteNumber("cruiseSpeed", request.SpeedMps);
        json.WriteNumber("hoverSpeed", request.SpeedMps);
        json.WritePropertyName("plannedHomePosition");
        Numbers(json, flight.Home.Position.Lat, flight.Home.Position.Lon, flight.Home.GroundM ?? 0);
        json.WriteStartArray("items");
        Items(new ItemWriter(json), request, flight);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Items(ItemWriter items, RouteRequest request, RouteFlight flight)
    {
        var home = flight.Home.Position;
        items.At(NavTakeoff, 0, null, home, flight.TransitHeightM);
        items.Command(DoChangeSpeed, 1, request.TransitSpeedMps, -1, 0, 0, 0, 0);
        items.At(NavWaypoint, 0, null, flight.Legs[0].Waypoints[0].Position, flight.TransitHeightM);
        items.Command(DoChangeSpeed, 1, request.SpeedMps, -1, 0, 0, 0, 0);
        foreach (var leg in flight.Legs)
        {
            items.Command(DoMountControl, leg.PitchDeg, 0, 0, 0, 0, 0, MountModeMavlinkTargeting);
            for (var i = 0; i < leg.Waypoints.Count; i++)
            {
                var waypoint = leg.Waypoints[i];
                items.At(NavWaypoint, waypoint.TurnM, leg.NoseAlongTrack ? null : waypoint.YawDeg, waypoint.Position, waypoint.HeightM);
                if (i == 0 && leg.IntervalM > 0)
                {
                    items.Command(DoSetCamTriggDist, leg.IntervalM, 0, 1, 0, 0, 0, 0); // 1: the first photo at once
                }
            }

            items.Command(DoSetCamTriggDist, 0, 0, 0, 0, 0, 0, 0);
        }

        items.At(NavWaypoint, 0, null, flight.Legs[^1].Waypoints[^1].Position, flight.TransitHeightM);
        items.Command(NavReturnToLaunch, 0, 0, 0, 0, 0, 0, 0);
    }

    private static void Fence(Utf8JsonWriter json, RouteRequest request, RouteFlight flight)
    {
        LonLat[] places = [flight.Home.Position, .. flight.Legs.SelectMany(l => l.Waypoints).Select(w => w.Position)];
        var plane = new RoutePlane(places);
        var around = RoutePlane.Metres.CreateMultiPointFromCoords([.. places.Select(plane.ToPlane)]).ConvexHull().Buffer(FenceM, 2);

        json.WriteStartObject("geoFence");
        json.WriteNumber("version", 2);
        json.WriteStartArray("circles");
        json.WriteEndArray();
        json.WriteStartArray("polygons");
        FencePolygon(json, (Polygon)plane.ToLonLat(around), inclusion: true);
        foreach (var area in request.NoFly.Where(z => z.Permit is null).Select(z => z.Area))
        {
            for (var i = 0; i < area.NumGeometries; i++)
            {
                FencePolygon(json, (Polygon)area.GetGeometryN(i), inclusion: false);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void FencePolygon(Utf8JsonWriter json, Polygon polygon, bool inclusion)
    {
        json.WriteStartObject();
        json.WriteBoolean("inclusion", inclusion);
        json.WriteStartArray("polygon");
        foreach (var c in polygon.Shell.Coordinates[..^1])
        {
            Numbers(json, c.Y, c.X);
        }

        json.WriteEndArray();
        json.WriteNumber("version", 1);
        json.WriteEndObject();
    }

    private static void Numbers(Utf8JsonWriter json, params ReadOnlySpan<double> numbers)
    {
        json.WriteStartArray();
        foreach (var number in numbers)
        {
            json.WriteNumberValue(Math.Round(number, 9));
        }

        json.WriteEndArray();
    }

    /// <summary>Writes simple items, numbered from 1.</summary>
    private sealed class ItemWriter(Utf8JsonWriter json)
    {
        private int number;

        internal void At(int command, double acceptanceM, double? yawDeg, LonLat place, double heightM)
        {
            json.WriteStartObject();
            json.WriteNull("AMSLAltAboveTerrain");
            json.WriteNumber("Altitude", Math.Round(heightM, 3));
            json.WriteNumber("AltitudeMode", 1);
            Rest(command, FrameGlobalRelativeAltitude, 0, acceptanceM, 0, yawDeg, place.Lat, place.Lon, heightM);
        }

        internal void Command(int command, params ReadOnlySpan<double> p)
        {
            json.WriteStartObject();
            Rest(command, FrameMission, p[0], p[1], p[2], p[3], p[4], p[5], p[6]);
        }

        private void Rest(int command, int frame, params ReadOnlySpan<double?> parameters)
        {
            json.WriteBoolean("autoContinue", true);
            json.WriteNumber("command", command);
            json.WriteNumber("doJumpId", ++number);
            json.WriteNumber("frame", frame);
            json.WriteStartArray("params");
            foreach (var value in parameters)
            {
                if (value is { } v)
                {
                    json.WriteNumberValue(Math.Round(v, 9));
                }
                else
                {
                    json.WriteNullValue();
                }
            }

            json.WriteEndArray();
            json.WriteString("type", "SimpleItem");
            json.WriteEndObject();
        }
    }
}
