using System.Globalization;
using Field.Contracts;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.Ingest;

/// <summary>An event as a feature; its id is (device, sequence), so it is stored once.</summary>
internal static class EventRow
{
    public static Feature From(UpTopic topic, DeviceMessage<FieldEvent> message, DateTimeOffset receivedAt, DateTimeOffset time, long clockOffsetS) => new(
        FieldTables.Events,
        string.Create(CultureInfo.InvariantCulture, $"{topic.Device}:{message.Envelope.Sequence}"),
        message.Body.Place is { } place ? GeometryFactory.Default.CreatePoint(new Coordinate(place.Lon, place.Lat)) : null,
        new Dictionary<string, object?>
        {
            ["device"] = topic.Device,
            ["sequence"] = message.Envelope.Sequence,
            ["kind"] = message.Body.Kind,
            ["time"] = time,
            ["receivedAt"] = receivedAt,
            ["details"] = message.Body.PropertiesJson,
            ["deviceTime"] = clockOffsetS == 0 ? null : message.Envelope.Time,
            ["clockOffsetS"] = clockOffsetS == 0 ? null : (double)clockOffsetS,
        });

    /// <summary>True when both are the same event, sent twice. Times are kept to the millisecond.</summary>
    public static bool IsSame(Feature a, Feature b) =>
        a.Text("kind") == b.Text("kind") && a.Text("details") == b.Text("details")
        && Math.Abs((DeviceTime(a) - DeviceTime(b)).TotalMilliseconds) < 1;

    /// <summary>As the device said it: the correction may be another when the event comes again.</summary>
    private static DateTimeOffset DeviceTime(Feature row) => row.Time("deviceTime") ?? row.Time("time")!.Value;
}
