using System.Globalization;
using System.Text.Json;
using Field.Contracts;

namespace Field.EdgeAgent.Dji;

/// <summary>An event of DJI that is worth reporting.</summary>
/// <param name="Event">The event as Field tells it (SPEC.md, Adapters).</param>
/// <param name="Sameness">Equal for two that say the same; null for one that is always told.</param>
internal sealed record DjiReport(FieldEvent Event, string? Sameness);

/// <summary>Reads the events of DJI that mean something to the headquarters. The others are known to nobody but DJI's own cloud.</summary>
/// <param name="json">Collects the errors.</param>
/// <param name="gateway">Serial number of the gateway, to be told where no aircraft is; else null.</param>
internal sealed class DjiEventReader(JsonChecker json, string? gateway)
{
    private const string At = "/data";
    private const int MaxAlarms = 64;
    private const int MaxFlights = 64;
    private const int MaxPathPoints = 2048;

    /// <summary>True for the methods that are read.</summary>
    public static bool Knows(string? method) =>
        method is "hms" or "file_upload_callback" or "flighttask_progress" or "flighttask_ready" or "return_home_info" or "device_exit_homing_notify";

    /// <summary>The report, or null with or without errors.</summary>
    public DjiReport? Read(DjiMessage message)
    {
        if (!Knows(message.Method) || message.Data(json) is not { } data)
        {
            return null;
        }

        DjiReport? report = message.Method switch
        {
            "hms" => Health(data),
            "file_upload_callback" => File(data),
            "flighttask_progress" => Flight(data),
            "flighttask_ready" => Ready(data),
            "return_home_info" => ReturnHome(data),
            _ => ReturnHomeStopped(data),
        };
        return json.Errors.Count == 0 ? report : null;
    }

    /// <summary>Health alarms; null when there are none.</summary>
    private DjiReport? Health(JsonElement data)
    {
        List<(string Code, long? Level)> alarms = [];
        foreach ((JsonElement item, string at) in json.Objects(data, At, "list", MaxAlarms))
        {
            if (json.Line(item, at, "code", required: true, maxLength: 64) is { } code)
            {
                alarms.Add((code, json.Integer(item, at, "level", 0, 9)));
            }
        }

        return alarms.Count == 0 ? null : Report("drone-health", null, sameness: null, writer =>
        {
            writer.WriteStartArray("alarms");
            foreach ((string code, long? level) in alarms)
            {
                writer.WriteStartObject();
                writer.WriteString("code", code);
                writer.WriteOptional("level", (double?)level);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    /// <summary>A photo or video reached, or did not reach, the storage that the dock was given.</summary>
    private DjiReport? File(JsonElement data)
    {
        long? result = json.Integer(data, At, "result", long.MinValue, long.MaxValue);
        if (json.Object(data, At, "file") is not { } file)
        {
            return null;
        }

        const string FileAt = $"{At}/file";
        string? name = json.Line(file, FileAt, "name", required: true, maxLength: 255);
        string? key = json.Line(file, FileAt, "object_key", required: false, maxLength: 1024);
        JsonElement? ext = json.Object(file, FileAt, "ext", required: false);
        string? flight = ext is { } e ? json.Line(e, $"{FileAt}/ext", "flight_id", required: false, maxLength: 128) : null;
        JsonElement? metadata = json.Object(file, FileAt, "metadata", required: false);
        JsonElement? shot = metadata is { } m ? json.Object(m, $"{FileAt}/metadata", "shoot_position", required: false) : null;
        GeoPoint? place = shot is { } s ? Place(s, $"{FileAt}/metadata/shoot_position", "lng", "lat", null) : null;
        double? above = metadata is { } d ? json.Number(d, $"{FileAt}/metadata", "relative_altitude", -2_000, 20_000) : null;
        return Report("drone-file", place, $"{key ?? name} {result}", writer =>
        {
            writer.WriteOptional("name", name);
            writer.WriteOptional("objectKey", key);
            writer.WriteOptional("flightId", flight);
            writer.WriteOptional("aboveTakeoffM", above);
            writer.WriteBoolean("uploaded", result is null or 0);
        });
    }

    /// <summary>A flight along a route goes on, or ended.</summary>
    private DjiReport? Flight(JsonElement data)
    {
        long? result = json.Integer(data, At, "result", long.MinValue, long.MaxValue);
        if (json.Object(data, At, "output") is not { } output)
        {
            return null;
        }

        const string OutAt = $"{At}/output";
        string? status = json.Line(output, OutAt, "status", required: true, maxLength: 32);
        JsonElement? ext = json.Object(output, OutAt, "ext", required: false);
        JsonElement? progress = json.Object(output, OutAt, "progress", required: false);
        string? flight = ext is { } e ? json.Line(e, $"{OutAt}/ext", "flight_id", required: false, maxLength: 128) : null;
        long? waypoint = ext is { } w ? json.Integer(w, $"{OutAt}/ext", "current_waypoint_index", 0, 1_000_000) : null;
        long? media = ext is { } m ? json.Integer(m, $"{OutAt}/ext", "media_count", 0, 1_000_000) : null;
        long? step = progress is { } p ? json.Integer(p, $"{OutAt}/progress", "current_step", 0, 1_000_000) : null;
        double? percent = progress is { } q ? json.Number(q, $"{OutAt}/progress", "percent", 0, 100) : null;
        return Report("drone-flight", null, $"{flight} {status} {step} {result}", writer =>
        {
            writer.WriteOptional("flightId", flight);
            writer.WriteOptional("status", status);
            writer.WriteOptional("step", (double?)step);
            writer.WriteOptional("progressPercent", percent);
            writer.WriteOptional("waypoint", (double?)waypoint);
            writer.WriteOptional("mediaCount", (double?)media);
            writer.WriteOptional("result", (double?)result);
        });
    }

    /// <summary>Flights whose conditions are met.</summary>
    private DjiReport? Ready(JsonElement data)
    {
        List<string> flights = [];
        if (!data.TryGetProperty("flight_ids", out JsonElement ids) || ids.ValueKind != JsonValueKind.Array)
        {
            json.Add($"{At}/flight_ids", ErrorCodes.WrongType, "must be an array");
            return null;
        }

        foreach (JsonElement id in ids.EnumerateArray().Take(MaxFlights))
        {
            if (id.ValueKind == JsonValueKind.String && id.GetString() is { Length: > 0 and <= 128 } text && !text.Any(char.IsControl))
            {
                flights.Add(text);
            }
            else
            {
                json.Add($"{At}/flight_ids", ErrorCodes.BadFormat, "must hold ids of 1 to 128 characters");
                return null;
            }
        }

        return flights.Count == 0 ? null : Report("drone-flight-ready", null, string.Join(' ', flights), writer =>
        {
            writer.WriteStartArray("flightIds");
            flights.ForEach(writer.WriteStringValue);
            writer.WriteEndArray();
        });
    }

    /// <summary>The way home that the aircraft means to take; its last point is the event's place.</summary>
    private DjiReport? ReturnHome(JsonElement data)
    {
        string? flight = json.Line(data, At, "flight_id", required: false, maxLength: 128);
        long? last = json.Integer(data, At, "last_point_type", 0, 1);
        GeoPoint? end = null;
        foreach ((JsonElement point, string at) in json.Objects(data, At, "planned_path_points", MaxPathPoints))
        {
            end = Place(point, at, "longitude", "latitude", "height");
        }

        string sameness = string.Create(CultureInfo.InvariantCulture, $"{flight} {last} {end?.Lon:F4} {end?.Lat:F4}");
        return Report("drone-return-home", end, sameness, writer =>
        {
            writer.WriteOptional("flightId", flight);
            if (last is { } type)
            {
                writer.WriteBoolean("reachesHome", type == 0);
            }
        });
    }

    /// <summary>The aircraft leaves the way home (1), or goes on with it (0). DJI writes the reason as a number or as its text.</summary>
    private DjiReport? ReturnHomeStopped(JsonElement data)
    {
        long? action = json.Integer(data, At, "action", 0, 1, required: true);
        long? reason = data.TryGetProperty("reason", out JsonElement text) && text.ValueKind == JsonValueKind.String
            && long.TryParse(text.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : json.Integer(data, At, "reason", 0, long.MaxValue);
        return Report("drone-return-home-stopped", null, $"{action} {reason}", writer =>
        {
            writer.WriteBoolean("stopped", action == 1);
            writer.WriteOptional("reason", (double?)reason);
        });
    }

    /// <summary>A place; none where DJI has no fix and sends 0, 0.</summary>
    private GeoPoint? Place(JsonElement item, string at, string lonName, string latName, string? heightName)
    {
        double? lon = json.Number(item, at, lonName, -180, 180);
        double? lat = json.Number(item, at, latName, -90, 90);
        double? height = heightName is null ? null : json.Number(item, at, heightName, -2_000, 20_000);
        return lon is { } x && lat is { } y && (x != 0 || y != 0) ? new GeoPoint(x, y, height) : null;
    }

    private DjiReport Report(string kind, GeoPoint? place, string? sameness, Action<Utf8JsonWriter> members) => new(
        new FieldEvent(kind, place, WireJson.WriteObject(writer =>
        {
            writer.WriteString("kind", kind);
            members(writer);
            writer.WriteOptional("gateway", gateway);
        })),
        sameness);
}
