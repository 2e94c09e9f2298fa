using System.Globalization;
using System.Text;
using Field.Contracts;
using Field.Mqtt;
using Field.Store;
using Microsoft.Extensions.DependencyInjection;
using NetTopologySuite.Geometries;

namespace Field.Tests.Browser;

/// <summary>
/// The night at the river, all of it synthetic: a gauge, a lock and two tablets that speak MQTT with the real server as devices do. What was scored before the
/// night is written as scoring leaves it.
/// </summary>
internal sealed class FloodScene : IAsyncDisposable
{
    private readonly MqttClient _client;
    private readonly string _site;
    private readonly Dictionary<string, long> _sequences = [];

    private FloodScene(MqttClient client, string site) => (_client, _site) = (client, site);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public static async Task<FloodScene> BeginAsync(RealServer server)
    {
        FloodScene scene = new(await MqttClient.ConnectAsync(new MqttClientOptions { Server = server.Mqtt }, Cancel), "aoba");
        await scene.StatusAsync("river-01", "sensor", 138.3222, 34.8609);
        await scene.StatusAsync("lock-03", "lock", 138.3143, 34.8563);
        await scene.StatusAsync("tablet-02", "tablet", 138.3189, 34.8527);
        await scene.StatusAsync("tablet-05", "tablet", 138.3272, 34.8483);
        await scene.ReportAsync("tablet-05", Now.AddHours(-26.5), 138.3251, 34.8471, "tree", "info", "倒木が歩道をふさいでいます。通行はできます");
        await scene.ReportAsync("tablet-05", Now.AddHours(-2.5), 138.3268, 34.8502, "road", "warning", "側溝のふたが外れ、車が通れません");
        await server.Services.GetRequiredService<FieldStores>().Features.WriteAsync([new FeatureWrite(Bank(Now.AddHours(-20.5)))], Cancel);
        return scene;
    }

    /// <summary>What comes in while the officer looks on: the gauge rises over two limits, a door stays open, and the water is on the road.</summary>
    public async Task RiseAsync()
    {
        await LevelAsync(2.62);
        await LevelAsync(3.41);
        await EventAsync("lock-03", Now, null, """{"kind":"lock-left-open","cause":"door","minutes":30}""");
        await ReportAsync("tablet-02", Now, 138.3176, 34.8538, "flood", "critical", "県道が膝まで冠水。車が2台動けず、1台に人が残っています");
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private Task LevelAsync(double metres) => PublishAsync(Topics.Telemetry(_site, "river-01"), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""[{"bn":"river-01/","n":"level","u":"m","v":{{metres}}}]""")));

    private Task StatusAsync(string device, string kind, double lon, double lat) =>
        PublishAsync(Topics.Status(_site, device), new DeviceStatus(true, kind, new GeoPoint(lon, lat), BatteryPercent: 84).Write(_site, device, Next(device), Now));

    private Task ReportAsync(string device, DateTimeOffset at, double lon, double lat, string category, string severity, string note) =>
        EventAsync(device, at, new GeoPoint(lon, lat), $$"""{"kind":"report","category":"{{category}}","severity":"{{severity}}","note":"{{note}}"}""");

    private Task EventAsync(string device, DateTimeOffset at, GeoPoint? place, string properties)
    {
        using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse(properties);
        return PublishAsync(Topics.Event(_site, device), new FieldEvent(json.RootElement.GetProperty("kind").GetString()!, place, properties).Write(_site, device, Next(device), at));
    }

    private Task PublishAsync(string topic, byte[] payload) => _client.PublishAsync(new MqttMessage(topic, payload, Qos: 1), Cancel);

    private long Next(string device) => _sequences[device] = _sequences.GetValueOrDefault(device) + 1;

    /// <summary>The bank was found washed out the day before, and an inspector confirmed it.</summary>
    private static Feature Bank(DateTimeOffset at) => new(FieldTables.Findings, new string('b', 32), Patch(138.3121, 34.8604), new Dictionary<string, object?>
    {
        ["photoId"] = new string('0', 64),
        ["class"] = "erosion",
        ["score"] = 0.93,
        ["status"] = "confirmed",
        ["areaM2"] = 14.2,
        ["resolvable"] = true,
        ["centreLon"] = 138.3121,
        ["centreLat"] = 34.8604,
        ["rankScale"] = "levee",
        ["degreeLeast"] = "c",
        ["degreeMost"] = "d",
        ["degree"] = "d",
        ["capturedAt"] = at,
        ["device"] = "drone-01",
        ["decidedBy"] = "河川 次郎",
        ["decidedAt"] = at.AddHours(1),
        ["model"] = "levee-v1",
    });

    private static MultiPolygon Patch(double lon, double lat) => GeometryFactory.Default.CreateMultiPolygon([GeometryFactory.Default.CreatePolygon(
        [new(lon, lat), new(lon + 0.00012, lat), new(lon + 0.00012, lat + 0.00004), new(lon, lat + 0.00004), new(lon, lat)])]);
}
