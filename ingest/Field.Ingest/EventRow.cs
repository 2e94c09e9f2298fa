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
}
