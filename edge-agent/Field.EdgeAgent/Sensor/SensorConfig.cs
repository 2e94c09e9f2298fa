using System.Text.Json;
using Field.Contracts;

namespace Field.EdgeAgent.Sensor;

/// <summary>Which changes of a value are worth sending.</summary>
/// <param name="DeadBand">A change below this is not sent, in the value's unit. Default 0: every change.</param>
/// <param name="DeadBandPercent">As the other, in percent of the value sent last; the larger of both counts.</param>
/// <param name="Heartbeat">After so long a value is sent also when it did not change. Default 10 min.</param>
internal sealed record SendRule(double DeadBand, double DeadBandPercent, TimeSpan Heartbeat)
{
    /// <summary>For names of which the configuration says nothing: everything is sent.</summary>
    public static SendRule Everything { get; } = new(0, 0, TimeSpan.Zero);
}

/// <summary>A value that is read at each interval.</summary>
/// <param name="Name">SenML name, relative to the device.</param>
/// <param name="Unit">SenML unit, or null.</param>
/// <param name="Rule">What is sent.</param>
/// <param name="File">A file that holds a number, such as sysfs or IIO; or null.</param>
/// <param name="Command">A program and its arguments that prints a number; or null. It is not given to a shell.</param>
/// <param name="Scale">The number is multiplied by this.</param>
/// <param name="Offset">Then this is added.</param>
internal sealed record Reading(string Name, string? Unit, SendRule Rule, string? File, IReadOnlyList<string>? Command, double Scale, double Offset);

/// <summary>The configuration of a sensor agent: a JSON file, see <see cref="Example"/>.</summary>
/// <param name="Interval">How often the readings are taken.</param>
/// <param name="Input">A file, FIFO or <c>-</c> for standard input with lines of readings; or null.</param>
/// <param name="Readings">What is read, and what is sent of it.</param>
/// <param name="Place">Where the sensor stands, or null.</param>
/// <param name="Firmware">Version to report, or null.</param>
internal sealed record SensorConfig(TimeSpan Interval, string? Input, IReadOnlyList<Reading> Readings, GeoPoint? Place, string? Firmware)
{
    /// <summary>What a file looks like; shown by the help.</summary>
    public const string Example = """
        { "intervalSeconds": 10, "place": { "lon": 138.38, "lat": 34.97 },
          "readings": [
            { "name": "level", "unit": "m", "file": "/sys/bus/iio/devices/iio:device0/in_distance_raw", "scale": 0.001,
              "deadBand": 0.01, "heartbeatSeconds": 600 },
            { "name": "rain", "unit": "l/m2", "command": ["/usr/bin/rain-gauge", "--total"] },
            { "name": "battery", "unit": "%EL", "file": "/sys/class/power_supply/BAT0/capacity", "deadBandPercent": 1 } ] }
        """;

    /// <summary>Without a file: everything that comes as lines is sent.</summary>
    public static SensorConfig Lines(string input) => new(TimeSpan.FromSeconds(10), input, [], null, null);

    /// <summary>Reads a configuration; all that is wrong with it at once.</summary>
    public static (SensorConfig? Config, IReadOnlyList<string> Errors) Parse(ReadOnlyMemory<byte> utf8)
    {
        List<string> errors = [];
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(utf8, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            return (null, [e.Message]);
        }

        using (document)
        {
            ConfigReader json = new(document.RootElement, "", errors);
            json.Only("intervalSeconds", "input", "readings", "place", "firmware");
            SensorConfig config = new(
                TimeSpan.FromSeconds(json.Number("intervalSeconds", 10, 0.05, 86_400)),
                json.Text("input"),
                [.. json.Objects("readings").Select(ReadReading)],
                ReadPlace(json),
                json.Text("firmware"));
            foreach (string name in config.Readings.GroupBy(r => r.Name).Where(g => g.Count() > 1).Select(g => g.Key))
            {
                errors.Add($"/readings: the name {name} occurs twice");
            }

            if (config.Readings.All(r => r.File is null && r.Command is null) && config.Input is null)
            {
                errors.Add("/readings: nothing to read; give a reading a file or a command, or give an input");
            }

            return (errors.Count == 0 ? config : null, errors);
        }
    }

    private static Reading ReadReading(ConfigReader json)
    {
        json.Only("name", "unit", "deadBand", "deadBandPercent", "heartbeatSeconds", "file", "command", "scale", "offset");
        string name = json.Text("name") ?? "";
        if (!IsName(name))
        {
            json.Error("name", "must be 1 to 100 of A-Z a-z 0-9 - . / _ and begin with a letter or digit");
        }

        (string? file, IReadOnlyList<string>? command) = (json.Text("file"), json.Texts("command"));
        if (file is not null && command is not null)
        {
            json.Error("command", "give a file or a command, not both");
        }

        SendRule rule = new(
            json.Number("deadBand", 0, 0, double.MaxValue),
            json.Number("deadBandPercent", 0, 0, 100),
            TimeSpan.FromSeconds(json.Number("heartbeatSeconds", 600, 0, 864_000)));
        return new Reading(name, json.Text("unit"), rule, file, command, json.Number("scale", 1, double.MinValue, double.MaxValue), json.Number("offset", 0, double.MinValue, double.MaxValue));
    }

    private static GeoPoint? ReadPlace(ConfigReader json)
    {
        if (json.Object("place") is not { } place)
        {
            return null;
        }

        place.Only("lon", "lat", "altitudeM");
        (double lon, double lat) = (place.Number("lon", double.NaN, -180, 180), place.Number("lat", double.NaN, -90, 90));
        double altitude = place.Number("altitudeM", double.NaN, -1000, 10_000);
        if (double.IsNaN(lon) || double.IsNaN(lat))
        {
            place.Error("", "needs lon and lat");
        }

        return new GeoPoint(lon, lat, double.IsNaN(altitude) ? null : altitude);
    }

    /// <summary>A SenML name that fits behind the device's id.</summary>
    internal static bool IsName(string name) =>
        name.Length is > 0 and <= 100 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '/' or '_');
}

/// <summary>Reads the members of a configuration and collects what is wrong, with a JSON pointer.</summary>
internal sealed class ConfigReader(JsonElement json, string at, List<string> errors)
{
    private bool IsObject => json.ValueKind == JsonValueKind.Object;

    /// <summary>Every other member is a mistake, most likely in its spelling.</summary>
    public void Only(params string[] names)
    {
        if (!IsObject)
        {
            errors.Add($"{(at.Length == 0 ? "the file" : at)}: must be an object");
            return;
        }

        foreach (JsonProperty member in json.EnumerateObject().Where(m => !names.Contains(m.Name)))
        {
            errors.Add($"{at}/{member.Name}: is not known; there is {string.Join(", ", names)}");
        }
    }

    public void Error(string name, string what) => errors.Add($"{at}{(name.Length > 0 ? "/" : "")}{name}: {what}");

    public string? Text(string name) => Member(name, JsonValueKind.String, "a text") is { } member ? member.GetString() : null;

    public double Number(string name, double missing, double min, double max)
    {
        if (Member(name, JsonValueKind.Number, "a number") is not { } member)
        {
            return missing;
        }

        double value = member.GetDouble();
        if (!(value >= min && value <= max))
        {
            Error(name, FormattableString.Invariant($"must lie in {min} to {max}"));
        }

        return value;
    }

    public IReadOnlyList<string>? Texts(string name)
    {
        if (Member(name, JsonValueKind.Array, "an array of texts") is not { } member)
        {
            return null;
        }

        if (member.GetArrayLength() == 0 || member.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String))
        {
            Error(name, "must be an array of texts, not empty");
            return null;
        }

        return [.. member.EnumerateArray().Select(e => e.GetString()!)];
    }

    public ConfigReader? Object(string name) => Member(name, JsonValueKind.Object, "an object") is { } member ? new ConfigReader(member, $"{at}/{name}", errors) : null;

    public IReadOnlyList<ConfigReader> Objects(string name) => Member(name, JsonValueKind.Array, "an array") is { } member
        ? [.. member.EnumerateArray().Select((e, i) => new ConfigReader(e, $"{at}/{name}/{i}", errors))]
        : [];

    private JsonElement? Member(string name, JsonValueKind kind, string expected)
    {
        if (!IsObject || !json.TryGetProperty(name, out JsonElement member))
        {
            return null;
        }

        if (member.ValueKind == kind)
        {
            return member;
        }

        Error(name, $"must be {expected}");
        return null;
    }
}
