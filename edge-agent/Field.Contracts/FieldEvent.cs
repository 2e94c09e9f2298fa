using System.Text.Json;
using Field.Contracts.Locks;

namespace Field.Contracts;

/// <summary>Something that happened at a device (SPEC.md section 4).</summary>
/// <param name="Kind">What happened, such as <c>door-opened</c>.</param>
/// <param name="Place">Where, or null.</param>
/// <param name="PropertiesJson">All properties of the Feature, as JSON, unaltered.</param>
public sealed record FieldEvent(string Kind, GeoPoint? Place, string PropertiesJson)
{
    /// <summary>Writes the event's CloudEvent.</summary>
    public byte[] Write(string site, string device, long sequence, DateTimeOffset time) =>
        Envelope.FromDevice(site, device, EventTypes.Event, null, time, sequence).Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("type", "Feature");
            writer.WriteGeometry(Place);
            writer.WritePropertyName("properties");
            writer.WriteRawValue(PropertiesJson);
            writer.WriteEndObject();
        });

    /// <summary>Reads and checks an event.</summary>
    /// <param name="utf8">The payload.</param>
    /// <param name="topic">The topic it came on.</param>
    public static Parsed<DeviceMessage<FieldEvent>> Parse(ReadOnlyMemory<byte> utf8, UpTopic topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        JsonChecker json = new();
        DeviceMessage<FieldEvent>? result = null;
        string source = Envelope.DeviceSource(topic.Site, topic.Device);
        if (Envelope.Read(json, utf8, EventTypes.Event, source, needsSequence: true) is { } message)
        {
            GeoPoint? place = json.Point(message.Data, "/data");
            if (json.Object(message.Data, "/data", "properties") is { } properties
                && json.Name(properties, "/data/properties", "kind") is { } kind)
            {
                CheckKnown(json, kind, properties);
                result = message.Envelope is null ? null : new(message.Envelope, new FieldEvent(kind, place, properties.GetRawText()));
            }
        }

        return new Parsed<DeviceMessage<FieldEvent>>(result, json.Errors);
    }

    /// <summary>Kinds that this specification defines have their properties checked; every other kind is kept as it is.</summary>
    private static void CheckKnown(JsonChecker json, string kind, JsonElement properties)
    {
        const string At = "/data/properties";
        if (kind == CommandResult.Kind)
        {
            CommandResult.Read(json, properties, At);
        }
        else if (kind == ReportEvent.Kind)
        {
            ReportEvent.Check(json, properties, At);
        }
        else if (kind.StartsWith("lock-", StringComparison.Ordinal))
        {
            LockEvent.Check(json, kind, properties, At);
        }
    }
}
