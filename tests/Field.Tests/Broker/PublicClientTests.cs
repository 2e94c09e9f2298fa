using System.Globalization;
using System.Text.Json;
using Field.Mqtt;

namespace Field.Tests.Broker;

/// <summary>Clients nobody here wrote, against our broker: mosquitto_pub, mosquitto_sub, mosquitto_rr and MQTT.js.</summary>
public sealed class PublicClientTests
{
    public static TheoryData<string, int> VersionsAndQos => new()
    {
        { "mqttv311", 0 }, { "mqttv311", 1 }, { "mqttv311", 2 }, { "mqttv5", 0 }, { "mqttv5", 1 }, { "mqttv5", 2 },
    };

    [Theory]
    [MemberData(nameof(VersionsAndQos))]
    public async Task Mosquitto_sub_receives_what_mosquitto_pub_sends(string version, int qos)
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        await using OutsideProgram subscriber = await SubscribeAsync(broker, version, "city/+/bridge", qos, "%t %q %r %p", count: 1);
        await PublishAsync(broker, version, "city/yaizu/bridge", qos, "-m", "ひび 0.3 mm");
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"city/yaizu/bridge {qos} 0 ひび 0.3 mm"), await subscriber.LineAsync());
        await subscriber.EndAsync();
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task Mosquitto_sub_receives_the_retained_message_and_the_will(string version)
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        await PublishAsync(broker, version, "kept/a", 1, "-r", "-m", "last");
        await using OutsideProgram subscriber = await SubscribeAsync(broker, version, "kept/#", 1, "%t %q %r %p", count: 2, awaitConnection: false);
        Assert.Equal("kept/a 1 1 last", await subscriber.LineAsync());

        await using OutsideProgram dying = OutsideProgram.Start(
            "mosquitto_sub", "-V", version, "-p", Port(broker), "-t", "unused", "--will-topic", "kept/will", "--will-payload", "gone", "--will-qos", "1");
        await BrokerSessionTests.Eventually(() => broker.Broker.ConnectionCount == 2);
        await BrokerSessionTests.Eventually(() => broker.Count("field.broker.subscriptions") >= 2);
        dying.Kill();
        Assert.Equal("kept/will 1 0 gone", await subscriber.LineAsync());
        await subscriber.EndAsync();
    }

    [Fact]
    public async Task Mosquitto_rr_gets_its_answer_with_the_correlation_data_it_sent()
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        await using MqttClient responder = await broker.ConnectAsync("responder");
        await responder.SubscribeAsync("ask/+", 1, async (question, ct) =>
        {
            MqttMessageProperties asked = question.Properties!;
            byte[] answer = [.. "水位 "u8, .. question.Payload.Span];
            await responder.PublishAsync(new(asked.ResponseTopic!, answer, 1) { Properties = new() { CorrelationData = asked.CorrelationData } }, ct);
        }, TestBroker.Token);
        string output = await OutsideProgram.RunAsync(
            "mosquitto_rr", "-V", "mqttv5", "-p", Port(broker), "-q", "1", "-t", "ask/level", "-e", "answer/here", "-m", "1.2 m", "-D", "publish", "correlation-data", "42",
            "-F", "%t %D %p", "-W", "30");
        Assert.Equal("answer/here 42 水位 1.2 m", output.TrimEnd());
    }

    [Theory]
    [InlineData("mqttv311", null)]
    [InlineData("mqttv5", "60")]
    public async Task Mosquitto_sub_with_a_kept_session_gets_what_came_while_it_was_away(string version, string? expiry)
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        string[] kept = ["-V", version, "-p", Port(broker), "-c", "-i", "tablet", "-q", "2", "-t", "work/#", .. expiry is null ? (string[])[] : ["-x", expiry]];
        await OutsideProgram.RunAsync("mosquitto_sub", [.. kept, "-E"]);
        await PublishAsync(broker, version, "work/1", 1, "-m", "first");
        await PublishAsync(broker, version, "work/2", 2, "-m", "second");
        string output = await OutsideProgram.RunAsync("mosquitto_sub", [.. kept, "-C", "2", "-F", "%t %q %p", "-W", "30"]);
        Assert.Equal("work/1 1 first\nwork/2 2 second\n", output);
    }

    [Fact]
    public async Task Mosquitto_sub_of_a_shared_subscription_shares_with_another()
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        await using OutsideProgram a = await SubscribeAsync(broker, "mqttv5", "$share/workers/job", 1, "%p", count: 2);
        await using OutsideProgram b = await SubscribeAsync(broker, "mqttv5", "$share/workers/job", 1, "%p", count: 2, awaitConnection: false);
        await BrokerSessionTests.Eventually(() => broker.Count("field.broker.subscriptions") >= 2);
        for (int i = 0; i < 4; i++)
        {
            await PublishAsync(broker, "mqttv5", "job", 1, "-m", $"{i}");
        }

        string[] all = [.. (await a.EndAsync()).Split('\n'), .. (await b.EndAsync()).Split('\n')];
        Assert.Equal(["0", "1", "2", "3"], all.Where(line => line.Length > 0).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Mosquitto_pub_of_a_large_file_arrives_whole()
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        string file = Path.GetTempFileName();
        try
        {
            byte[] bytes = new byte[1 << 20];
            new Random(3).NextBytes(bytes);
            await File.WriteAllBytesAsync(file, bytes, TestBroker.Token);
            await using OutsideProgram subscriber = await SubscribeAsync(broker, "mqttv5", "photo", 1, "%x", count: 1);
            await PublishAsync(broker, "mqttv5", "photo", 1, "-f", file);
            Assert.Equal(Convert.ToHexStringLower(bytes), await subscriber.LineAsync());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Mosquitto_pub_of_many_lines_arrives_in_order()
    {
        const int Count = 2000;
        await using TestBroker broker = await TestBroker.StartAsync();
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(file, Enumerable.Range(0, Count).Select(i => $"line {i}"), TestBroker.Token);
            await using OutsideProgram subscriber = await SubscribeAsync(broker, "mqttv311", "lines", 1, "%p", Count);
            await using OutsideProgram publisher = OutsideProgram.Start(
                "sh", "-c", $"'{OutsideProgram.Find("mosquitto_pub")}' -p {Port(broker)} -t lines -q 1 -l < '{file}'");
            await publisher.EndAsync();
            for (int i = 0; i < Count; i++)
            {
                Assert.Equal($"line {i}", await subscriber.LineAsync());
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Mqttjs_over_websocket_publishes_and_subscribes_with_retained_and_will(int version)
    {
        string folder = Path.Combine(SharedData.RepositoryRoot(), "tests", "fixtures", "mqttjs");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "mqtt")))
        {
            OutsideProgram.Missing("MQTT.js is not installed: run npm ci in tests/fixtures/mqttjs");
        }

        await using TestBroker broker = await TestBroker.StartAsync();
        string output = await OutsideProgram.RunAsync(
            "node", Path.Combine(folder, "interop.mjs"), broker.Web.ToString(), version.ToString(CultureInfo.InvariantCulture));
        JsonElement result = JsonDocument.Parse(output).RootElement;
        Assert.Equal([1, 1], result.GetProperty("granted").EnumerateArray().Select(q => q.GetInt32()));
        Assert.Equal(
            ["js-will/a gone 1 False", "js/q0 橋梁 0 False", "js/q1 one 1 False", "js/q2 two 1 False", "js/retained kept 1 False"],
            result.GetProperty("seen").EnumerateArray().Select(Text).Order(StringComparer.Ordinal));
        Assert.Equal("js/retained kept 0 True", Text(result.GetProperty("retained")));
    }

    [Theory]
    [InlineData("https://evil.example", 403)]
    [InlineData(null, 101)]
    public async Task Websocket_from_a_page_of_another_origin_is_refused(string? origin, int expected)
    {
        await using TestBroker broker = await TestBroker.StartAsync();
        using HttpClient http = new();
        using HttpRequestMessage request = new(HttpMethod.Get, $"http://127.0.0.1:{broker.WebPort}/mqtt");
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Protocol", "mqtt");
        request.Headers.TryAddWithoutValidation("Origin", origin);
        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestBroker.Token);
        Assert.Equal(expected, (int)response.StatusCode);
    }

    private static string Text(JsonElement m) =>
        $"{m.GetProperty("topic").GetString()} {m.GetProperty("payload").GetString()} {m.GetProperty("qos").GetInt32()} {m.GetProperty("retain").GetBoolean()}";

    private static string Port(TestBroker broker) => broker.TcpPort.ToString(CultureInfo.InvariantCulture);

    private static async Task<OutsideProgram> SubscribeAsync(
        TestBroker broker, string version, string filter, int qos, string format, int count, bool awaitConnection = true)
    {
        OutsideProgram program = OutsideProgram.Start(
            "mosquitto_sub", "-V", version, "-p", Port(broker), "-t", filter, "-q", qos.ToString(CultureInfo.InvariantCulture),
            "-F", format, "-C", count.ToString(CultureInfo.InvariantCulture), "-W", "30");
        if (awaitConnection)
        {
            await BrokerSessionTests.Eventually(() => broker.Count("field.broker.subscriptions") >= 1);
        }

        return program;
    }

    private static Task<string> PublishAsync(TestBroker broker, string version, string topic, int qos, params string[] more) =>
        OutsideProgram.RunAsync(
            "mosquitto_pub", ["-V", version, "-p", Port(broker), "-t", topic, "-q", qos.ToString(CultureInfo.InvariantCulture), .. more]);
}
