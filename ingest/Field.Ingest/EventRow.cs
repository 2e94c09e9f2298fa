using System.Globalization;
using Field.Contracts;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.Ingest;

/// <summary>An event as a feature; its id is (device, sequence), so it is stored once.</summary>
internal static class EventRow
{
    public static Feature From(UpTopic topic, DeviceMessage<FieldEvent> message, DateTimeOffset receivedAt) => new(
        FieldTables.Events,
        string.Create(CultureInfo.InvariantCulture, $"{topic.Device}:{message.Envelope.Sequence}"),
        message.Body.Place is { } place ? GeometryFactory.Default.CreatePoint(new Coordinate(place.Lon, place.Lat)) : null,
        new Dictionary<string, object?>
        {
            ["device"] = topic.Device,
            ["sequence"] = message.Envelope.Sequence,
            ["kind"] = message.Body.Kind,
            ["time"] = message.Envelope.Time,
            ["receivedAt"] = receivedAt,
            ["details"] = message.Body.PropertiesJson,
        });

    /// <summary>True when both are the same event, sent twice. Times are kept to the millisecond.</summary>
    public static bool IsSame(Feature a, Feature b) =>
        a.Text("kind") == b.Text("kind") && a.Text("details") == b.Text("details")
        && Math.Abs((a.Time("time") - b.Time("time"))!.Value.TotalMilliseconds) < 1;
}
