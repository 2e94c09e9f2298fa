using System.Text.Json;

namespace Field.Contracts;

/// <summary>A device's own state (SPEC.md section 4); the offline form is its will.</summary>
/// <param name="Online">False when it said goodbye, or its will was published.</param>
/// <param name="Kind"><c>drone</c>, <c>lock</c>, <c>tablet</c>, <c>sensor</c>, or null.</param>
/// <param name="Place">Where it is, or null.</param>
/// <param name="Firmware">Version of its software, or null.</param>
/// <param name="BatteryPercent">0 to 100, or null.</param>
/// <param name="QueueDepth">Messages that wait on the device, or null.</param>
public sealed record DeviceStatus(
    bool Online, string? Kind = null, GeoPoint? Place = null, string? Firmware = null, double? BatteryPercent = null, long? QueueDepth = null)
{
    private static readonly string[] Kinds = ["drone", "lock", "tablet", "sensor"];

    /// <summary>Writes the status' CloudEvent.</summary>
    public byte[] Write(string site, string device, long sequence, DateTimeOffset time) =>
        Envelope.FromDevice(site, device, EventTypes.DeviceStatus, null, time, sequence).Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("type", "Feature");
            writer.WriteGeometry(Place);
            writer.WriteStartObject("properties");
            writer.WriteString("state", Online ? "online" : "offline");
            writer.WriteOptional("kind", Kind);
            writer.WriteOptional("firmware", Firmware);
            writer.WriteOptional("batteryPercent", BatteryPercent);
            writer.WriteOptional("queueDepth", QueueDepth);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });

    /// <summary>Reads and checks a status.</summary>
    /// <param name="utf8">The payload.</param>
    /// <param name="topic">The topic it came on.</param>
    public static Parsed<DeviceMessage<DeviceStatus>> Parse(ReadOnlyMemory<byte> utf8, UpTopic topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        JsonChecker json = new();
        DeviceMessage<DeviceStatus>? status = null;
        string source = Envelope.DeviceSource(topic.Site, topic.Device);
        if (Envelope.Read(json, utf8, EventTypes.DeviceStatus, source, needsSequence: true) is { } message)
        {
            DeviceStatus? body = ReadData(json, message.Data);
            status = message.Envelope is null || body is null ? null : new(message.Envelope, body);
        }

        return new Parsed<DeviceMessage<DeviceStatus>>(status, json.Errors);
    }

    private static DeviceStatus? ReadData(JsonChecker json, JsonElement data)
    {
        const string In = "/data/properties";
        GeoPoint? place = json.Point(data, "/data");
        if (json.Object(data, "/data", "properties") is not { } properties)
        {
            return null;
        }

        string? state = json.Text(properties, In, "state");
        if (state is not (null or "online" or "offline"))
        {
            json.Add($"{In}/state", ErrorCodes.BadFormat, "must be online or offline");
        }

        string? kind = json.Text(properties, In, "kind", required: false);
        if (kind is not null && !Kinds.Contains(kind))
        {
            json.Add($"{In}/kind", ErrorCodes.BadFormat, $"must be one of {string.Join(", ", Kinds)}");
        }

        return new DeviceStatus(
            state == "online",
            kind,
            place,
            json.Text(properties, In, "firmware", required: false, maxLength: 64),
            json.Number(properties, In, "batteryPercent", 0, 100),
            json.Integer(properties, In, "queueDepth", 0, long.MaxValue));
    }
}

/// <summary>A device's message and its envelope.</summary>
/// <typeparam name="T">The message.</typeparam>
/// <param name="Envelope">Identity and time.</param>
/// <param name="Body">The message.</param>
public sealed record DeviceMessage<T>(Envelope Envelope, T Body);
