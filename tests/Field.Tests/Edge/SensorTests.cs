using System.Text;
using Field.Contracts;
using Field.EdgeAgent.Agents;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.Sensor;
using Field.EdgeAgent.View;

namespace Field.Tests.Edge;

public sealed class SensorTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 5, 11, 0, 0, 0, TimeSpan.Zero);

    private readonly EdgeBench _bench = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("2026-05-11T09:00:00+09:00,level,1.42,m", "level", 1.42, "m", 0)]
    [InlineData("1778457600.5, rain , 3e-1", "rain", 0.3, null, 500)]
    [InlineData(",battery,87,%EL", "battery", 87, "%EL", 0)]
    [InlineData("{\"n\":\"level\",\"u\":\"m\",\"v\":1.5}", "level", 1.5, "m", 0)]
    [InlineData("[{\"bn\":\"x/\",\"n\":\"level\",\"v\":2,\"t\":-3}]", "x/level", 2, null, -3000)]
    public void Line_is_read(string line, string name, double value, string? unit, int milliseconds)
    {
        Measurement measurement = Assert.Single(ReadingLine.Parse(line, Now));
        Assert.Equal(new Measurement(name, measurement.Time, unit, value), measurement);
        Assert.Equal(Now.AddMilliseconds(milliseconds), measurement.Time);
    }

    [Theory]
    [InlineData("level,1.42")]
    [InlineData("yesterday,level,1.42")]
    [InlineData(",level,NaN")]
    [InlineData(",level,high")]
    [InlineData(",河川水位,1")]
    [InlineData(",,1")]
    [InlineData("{\"n\":\"level\"}")]
    [InlineData("[{")]
    public void Line_that_is_none_is_refused_with_a_reason(string line) =>
        Assert.NotEmpty(Assert.Throws<FieldException>(() => ReadingLine.Parse(line, Now)).Message);

    [Fact]
    public void Lines_of_random_bytes_never_do_anything_else_than_be_refused()
    {
        Random random = new(11);
        string[] seeds = ["2026-05-11T09:00:00+09:00,level,1.42,m", "{\"n\":\"level\",\"v\":1}", "[{\"bn\":\"x/\",\"n\":\"a\",\"vs\":\"b\"}]"];
        for (int i = 0; i < 20_000; i++)
        {
            char[] line = seeds[i % seeds.Length].ToCharArray();
            for (int k = random.Next(1, 4); k > 0; k--)
            {
                line[random.Next(line.Length)] = (char)random.Next(1, 0x3100);
            }

            try
            {
                ReadingLine.Parse(new string(line), Now);
            }
            catch (FieldException)
            {
                // Refused.
            }
        }
    }

    [Fact]
    public void Dead_band_sends_the_first_a_large_change_and_a_heartbeat()
    {
        DeadBandFilter filter = Filter(new SendRule(0.1, 0, TimeSpan.FromSeconds(100)));
        Assert.True(Passes(filter, 0, 1.0));
        Assert.False(Passes(filter, 10, 1.09));
        Assert.False(Passes(filter, 20, 0.91));
        Assert.True(Passes(filter, 30, 1.11));
        Assert.False(Passes(filter, 129, 1.11));
        Assert.True(Passes(filter, 130, 1.11));
    }

    [Fact]
    public void Slow_drift_is_compared_with_what_was_sent_not_with_what_was_read()
    {
        DeadBandFilter filter = Filter(new SendRule(0, 10, TimeSpan.FromDays(1)));
        int sent = Enumerable.Range(0, 100).Count(i => Passes(filter, i, 100 + i));
        Assert.Equal(8, sent); // 100, 110, 121, 134, 148, 163, 180, 198
    }

    [Fact]
    public void Configuration_says_everything_that_is_wrong_at_once()
    {
        (SensorConfig? config, IReadOnlyList<string> errors) = SensorConfig.Parse("""
            { "intervalSeconds": 0, "interval": 3, "readings": [ { "name": "水位", "file": 3, "deadBand": -1 }, { "name": "a", "file": "x", "command": ["y"] } ], "place": { "lon": 200 } }
            """u8.ToArray());
        Assert.Null(config);
        Assert.Equal(
            ["/interval", "/intervalSeconds", "/readings/0/name", "/readings/0/file", "/readings/0/deadBand", "/readings/1/command", "/place/lon", "/place"],
            errors.Select(e => e.Split(':')[0]));
    }

    [Fact]
    public void Example_of_the_help_is_a_configuration()
    {
        (SensorConfig? config, IReadOnlyList<string> errors) = SensorConfig.Parse(Encoding.UTF8.GetBytes(SensorConfig.Example));
        Assert.Empty(errors);
        Assert.Equal(["level", "rain", "battery"], config!.Readings.Select(r => r.Name));
    }

    [Fact]
    public async Task Once_reads_lines_files_and_commands_and_sends_what_passes()
    {
        string level = Path.Combine(_bench.Card, "in_distance_raw");
        File.WriteAllText(level, "1420\n");
        SensorConfig config = SensorConfig.Parse(Encoding.UTF8.GetBytes($$"""
            { "input": "-", "firmware": "7", "place": { "lon": 138.4, "lat": 35 }, "readings": [
              { "name": "level", "unit": "m", "file": "{{level}}", "scale": 0.001 },
              { "name": "rain", "command": ["echo", "2.5"] }, { "name": "gone", "file": "/no/such/file" },
              { "name": "x", "deadBand": 1 } ] }
            """)).Config!;
        Assert.Equal(ExitCodes.SomeFailed, await RunAsync(config, "# a comment\n1778457600,x,1\n1778457601,x,1.5\n1778457602,x,2\nnonsense\n1778457603,battery,55,%EL\n"));
        (string Name, double? Value)[] sent = [.. _bench.Server.Messages
            .SelectMany(m => SenMLPack.Parse(Encoding.UTF8.GetBytes(m), Now).Value!.Measurements).Select(m => (m.Name, m.Value)).Order()];
        Assert.Equal([("drone-01/battery", 55), ("drone-01/level", 1.42), ("drone-01/rain", 2.5), ("drone-01/x", 1), ("drone-01/x", 2)], sent);
        Assert.Contains("stdin, line 5: must be time,name,value", _bench.Errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("gone: ", _bench.Errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("stored ", _bench.Output.ToString(), StringComparison.Ordinal);
        Assert.Equal(new DeviceStatus(false, "sensor", new GeoPoint(138.4, 35), "7", 55), _bench.Server.Statuses[^1]);
    }

    private static DeadBandFilter Filter(SendRule rule) => new(new Dictionary<string, SendRule> { ["level"] = rule });

    private static bool Passes(DeadBandFilter filter, int second, double value) => filter.Passes(new Measurement("level", Now.AddSeconds(second), "m", value));

    private async Task<int> RunAsync(SensorConfig config, string input)
    {
        AgentView view = new(new Texts(false), _bench.Output, _bench.Errors, isInteractive: false, TimeProvider.System);
        AgentOptions options = new("sensor") { Site = "aoba", Device = "drone-01", Outbox = _bench.OutboxFolder, Once = true };
        AgentRun run = new(options, config.Firmware, _bench.Links, view, TimeProvider.System);
        return await run.RunAsync(new SensorPart(config, once: true, new StringReader(input), TimeProvider.System), Token);
    }
}
