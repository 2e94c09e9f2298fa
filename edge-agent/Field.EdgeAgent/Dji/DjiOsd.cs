using System.Text.Json;
using Field.Contracts;

namespace Field.EdgeAgent.Dji;

/// <summary>What Field uses of an aircraft's, remote controller's or dock's properties. All may be absent.</summary>
internal sealed record DjiOsd
{
    /// <summary>Where it is; the altitude is DJI's <c>height</c>, metres above the ellipsoid. Null without a position.</summary>
    public GeoPoint? Place { get; init; }

    /// <summary><c>elevation</c>: metres above the take-off point.</summary>
    public double? AboveTakeoffM { get; init; }

    /// <summary><c>attitude_head</c>: degrees from true north, clockwise.</summary>
    public double? HeadingDeg { get; init; }

    /// <summary><c>attitude_pitch</c>, degrees.</summary>
    public double? PitchDeg { get; init; }

    /// <summary><c>attitude_roll</c>, degrees.</summary>
    public double? RollDeg { get; init; }

    /// <summary><c>horizontal_speed</c>, m/s.</summary>
    public double? SpeedMps { get; init; }

    /// <summary><c>vertical_speed</c>, m/s, up is positive.</summary>
    public double? ClimbMps { get; init; }

    /// <summary><c>battery.capacity_percent</c>, or <c>capacity_percent</c> of a remote controller.</summary>
    public double? BatteryPercent { get; init; }

    /// <summary><c>mode_code</c>: 0 standby, 3 manual flight, 5 wayline, 9 returning home, 10 landing, 14 not connected, and so on.</summary>
    public long? Mode { get; init; }

    /// <summary><c>firmware_version</c>.</summary>
    public string? Firmware { get; init; }

    /// <summary>Reads the properties of <c>osd</c> or <c>state</c>; what lies outside its limits is an error.</summary>
    public static DjiOsd Read(JsonChecker json, JsonElement data)
    {
        const string At = "/data";
        double? lat = json.Number(data, At, "latitude", -90, 90);
        double? lon = json.Number(data, At, "longitude", -180, 180);
        double? height = json.Number(data, At, "height", -2_000, 20_000);
        JsonElement? battery = json.Object(data, At, "battery", required: false);

        // Without a fix DJI sends 0, 0, a place in the Gulf of Guinea.
        bool isPlaced = lat is not null && lon is not null && (lat != 0 || lon != 0);
        return new DjiOsd
        {
            Place = isPlaced ? new GeoPoint(lon!.Value, lat!.Value, height) : null,
            AboveTakeoffM = json.Number(data, At, "elevation", -2_000, 20_000),
            HeadingDeg = json.Number(data, At, "attitude_head", -360, 360),
            PitchDeg = json.Number(data, At, "attitude_pitch", -360, 360),
            RollDeg = json.Number(data, At, "attitude_roll", -360, 360),
            SpeedMps = json.Number(data, At, "horizontal_speed", 0, 200),
            ClimbMps = json.Number(data, At, "vertical_speed", -100, 100),
            BatteryPercent = battery is { } b
                ? json.Number(b, $"{At}/battery", "capacity_percent", 0, 100)
                : json.Number(data, At, "capacity_percent", 0, 100),
            Mode = json.Integer(data, At, "mode_code", 0, 1_000),
            Firmware = json.Line(data, At, "firmware_version", required: false, maxLength: 64),
        };
    }

    /// <summary>The measurements (SPEC.md section 3): units lon and lat move the device on the map, %EL is its battery.</summary>
    public IReadOnlyList<Measurement> ToMeasurements(DateTimeOffset at)
    {
        List<Measurement> all = [];
        void Add(string name, string? unit, double? value)
        {
            if (value is not null)
            {
                all.Add(new Measurement(name, at, unit, value));
            }
        }

        Add("lon", "lon", Place?.Lon);
        Add("lat", "lat", Place?.Lat);
        Add("alt", "m", Place?.AltitudeM);
        Add("above-takeoff", "m", AboveTakeoffM);
        Add("heading", "deg", HeadingDeg);
        Add("pitch", "deg", PitchDeg);
        Add("roll", "deg", RollDeg);
        Add("speed", "m/s", SpeedMps);
        Add("climb", "m/s", ClimbMps);
        Add("battery", "%EL", BatteryPercent);
        Add("mode", null, Mode);
        return all;
    }
}
