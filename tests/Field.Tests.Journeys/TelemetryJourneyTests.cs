using System.Globalization;
using System.Text.Json;
using Field.Harness;

namespace Field.Tests.Journeys;

/// <summary>Issue 2: SenML in by public clients, the live update out by public clients.</summary>
public sealed class TelemetryJourneyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task Mosquitto_pub_telemetry_reaches_mosquitto_sub_on_the_live_topic(string version)
    {
        Requirement.Program("mosquitto_pub");
        using TemporaryFolder folder = new();
        await using Server server = await Server.StartAsync(folder["data"]);
        string port = server.MqttPort.ToString(CultureInfo.InvariantCulture);
        // stdbuf: into a pipe mosquitto_sub would say that it has subscribed only when its buffer is full.
        await using FieldProcess subscriber = FieldProcess.Start(
            "mosquitto_sub", "stdbuf", "-oL", "mosquitto_sub", "-h", "127.0.0.1", "-p", port, "-V", version, "-q", "1", "-d", "-C", "1", "-v", "-t", "field/v1/demo/live/telemetry/#");
        await subscriber.SaysAsync("Subscribed", Limit);
        await using FieldProcess publisher = FieldProcess.Start(
            "mosquitto_pub", "mosquitto_pub", "-h", "127.0.0.1", "-p", port, "-V", version, "-q", "1",
            "-t", "field/v1/demo/gauge-7/up/telemetry", "-m", """[{"bn":"gauge-7/","n":"level","u":"m","v":1.42}]""");
        Assert.True(await publisher.ExitAsync(Limit) == 0, publisher.Output);
        Assert.True(await subscriber.ExitAsync(Limit) == 0, subscriber.Output);
        AssertLive(subscriber.Output, "gauge-7", 1.42);
        Assert.Contains(
            await server.FeaturesAsync("devices"),
            d => d.GetProperty("properties").GetProperty("device").GetString() == "gauge-7");
    }

    [Fact]
    public async Task MqttJs_over_WebSocket_publishes_telemetry_and_sees_the_live_update()
    {
        string scripts = Path.Combine(Checkout.Root, "tests", "fixtures", "mqttjs");
        Requirement.Holds(Directory.Exists(Path.Combine(scripts, "node_modules")), "npm packages of tests/fixtures/mqttjs (run npm ci there)");

        using TemporaryFolder folder = new();
        await using Server server = await Server.StartAsync(folder["data"]);
        string url = $"ws://127.0.0.1:{server.Http.Port}/mqtt";
        await using FieldProcess client = FieldProcess.Start("MQTT.js", "node", Path.Combine(scripts, "telemetry.mjs"), url, "demo", "gauge-8", "0.31");
        Assert.True(await client.ExitAsync(Limit) == 0, client.Output);
        AssertLive(client.Output, "gauge-8", 0.31);
    }

    private static void AssertLive(string output, string device, double level)
    {
        string topic = $"field/v1/demo/live/telemetry/{device} ";
        string line = Assert.Single(output.Split('\n'), l => l.StartsWith(topic, StringComparison.Ordinal));
        JsonElement record = Assert.Single(JsonElement.Parse(line[topic.Length..]).EnumerateArray());
        Assert.Equal($"{device}/level", record.GetProperty("n").GetString());
        Assert.Equal("m", record.GetProperty("u").GetString());
        Assert.Equal(level, record.GetProperty("v").GetDouble());
        Assert.True(record.GetProperty("t").GetDouble() > 1_700_000_000, "the time is absolute");
    }
}
