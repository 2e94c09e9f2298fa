using Field.Store;
using Microsoft.Extensions.DependencyInjection;
using NetTopologySuite.Geometries;

namespace Field.Tests.Browser;

/// <summary>A night with a flood, all of it synthetic: reports, a gauge over its limit, a door that stands open, a bearing that gave way.</summary>
internal static class BoardScene
{
    public const string ReportKey = "event:tablet-02:11";

    /// <summary>Stores what happened, as ingest leaves it.</summary>
    public static async Task StoreAsync(RealServer server, DateTimeOffset now)
    {
        IFeatureStore store = server.Services.GetRequiredService<FieldStores>().Features;
        Feature[] rows =
        [
            Device("river-01", "sensor", 138.452, 34.752, now), Device("lock-03", "lock", 138.448, 34.7525, now), Device("tablet-02", "tablet", 138.449, 34.748, now),
            Event("tablet-02:11", "report", now.AddHours(-1.5), (138.4475, 34.7485), """{"kind":"report","category":"flood","severity":"critical","note":"県道が膝まで冠水、車が2台止まっている"}"""),
            Event("tablet-02:12", "report", now.AddHours(-2.5), (138.4455, 34.7505), """{"kind":"report","category":"road","severity":"warning","note":"側溝のふたが外れている"}"""),
            Event("tablet-02:13", "report", now.AddHours(-30.5), (138.4535, 34.7495), """{"kind":"report","category":"other"}"""),
            Event("lock-03:5", "door-opened", now.AddHours(-3.5), null, "{}"),
            Alarm(Hex('a'), "river-01", "critical", "raised", now.AddHours(-2.5), 3.42, 3.2, "【避難判断水位】river-01 の水位が 3.42 m です（基準 3.2 m）"),
            Alarm(Hex('b'), "river-01", "warning", "cleared", now.AddHours(-5.5), 2.6, 2.5, "【氾濫注意水位】river-01 の水位が 2.6 m です（基準 2.5 m）"),
        ];
        await store.WriteAsync([.. rows.Select(r => new FeatureWrite(r))], TestContext.Current.CancellationToken);
    }

    /// <summary>Stores one more report.</summary>
    public static async Task StoreReportAsync(RealServer server, string id, DateTimeOffset at, (double Lon, double Lat) place, string details) =>
        await server.Services.GetRequiredService<FieldStores>().Features.WriteAsync([new FeatureWrite(Event(id, "report", at, place, details))], TestContext.Current.CancellationToken);

    /// <summary>Stores a zone that somebody drew: a triangle with its right angle at (138.4497, 34.7502).</summary>
    public static async Task StoreZoneAsync(RealServer server, string id, string title, DateTimeOffset now)
    {
        Coordinate[] ring = [new(138.4497, 34.7502), new(138.4497, 34.7522), new(138.4467, 34.7502), new(138.4497, 34.7502)];
        Feature zone = new(FieldTables.Board, id, GeometryFactory.Default.CreatePolygon(ring), new Dictionary<string, object?>
        {
            ["kind"] = "drawing",
            ["shape"] = "polygon",
            ["colour"] = "red",
            ["pattern"] = "diagonal",
            ["title"] = title,
            ["changedBy"] = "本部",
            ["changedAt"] = now,
            ["changeCount"] = 1L,
        });
        await server.Services.GetRequiredService<FieldStores>().Features.WriteAsync([new FeatureWrite(zone)], TestContext.Current.CancellationToken);
    }

    private static string Hex(char digit) => new(digit, 32);

    private static Point At(double lon, double lat) => GeometryFactory.Default.CreatePoint(new Coordinate(lon, lat));

    private static Feature Device(string id, string kind, double lon, double lat, DateTimeOffset now) => new(
        FieldTables.Devices, id, At(lon, lat), new Dictionary<string, object?> { ["kind"] = kind, ["state"] = "online", ["lastSeenAt"] = now });

    private static Feature Event(string id, string kind, DateTimeOffset at, (double Lon, double Lat)? place, string details) => new(
        FieldTables.Events, id, place is { } p ? At(p.Lon, p.Lat) : null, new Dictionary<string, object?>
        {
            ["device"] = id.Split(':')[0],
            ["sequence"] = long.Parse(id.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture),
            ["kind"] = kind,
            ["time"] = at,
            ["receivedAt"] = at,
            ["details"] = details,
        });

    private static Feature Alarm(string id, string device, string severity, string state, DateTimeOffset at, double value, double limit, string ja) => new(
        FieldTables.Alarms, id, At(138.452, 34.752), new Dictionary<string, object?>
        {
            ["rule"] = "river",
            ["device"] = device,
            ["kind"] = "threshold",
            ["severity"] = severity,
            ["state"] = state,
            ["raisedAt"] = at,
            ["clearedAt"] = state == "cleared" ? at.AddHours(1) : null,
            ["value"] = value,
            ["limitValue"] = limit,
            ["measure"] = "level",
            ["messageJa"] = ja,
            ["messageEn"] = $"{device}: {value} m (limit {limit} m)",
        });
}
