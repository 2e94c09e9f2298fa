using System.Text.Json;
using Field.Harness;

namespace Field.Tests.Journeys;

/// <summary>The switches of <c>up</c> for the limits of ingest arrive where they count, and wrong ones stop the start with every error.</summary>
public sealed class UpOptionsJourneyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Limits_of_the_disk_are_those_of_the_switches()
    {
        using TemporaryFolder folder = new();
        await using Server server = await Server.StartAsync(folder["data"], null, "--incoming-max", "3M", "--disk-reserve", "7K", "--incoming-age", "2", "--clock-threshold", "600");
        using HttpClient http = new() { BaseAddress = server.Http };
        JsonElement health = JsonElement.Parse(await http.GetStringAsync("/healthz", TestContext.Current.CancellationToken));
        Assert.Equal(7 << 10, health.GetProperty("minFreeDiskBytes").GetInt64());
        Assert.Equal(3 << 20, health.GetProperty("uploads").GetProperty("maxSizeBytes").GetInt64());
    }

    [Fact]
    public async Task Limits_out_of_range_stop_the_start_and_are_all_said()
    {
        using TemporaryFolder folder = new();
        await using FieldProcess server = Server.StartProcess(folder["data"], null, "--incoming-max", "1K", "--incoming-age", "0", "--clock-threshold", "1");
        Assert.Equal(2, await server.ExitAsync(Limit));
        Assert.All(["MaxIncomingBytes: 1024", "MaxIncomingAge: 00:00:00", "ClockSkewThreshold: 00:00:01"], said => Assert.Contains(said, server.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--disk-reserve", "many", "is no size")]
    [InlineData("--broker", "mosquitto", "is no address")]
    [InlineData("--broker", "http://broker.example", "not a scheme of MQTT")]
    public async Task Values_that_cannot_be_read_are_refused_in_words(string option, string value, string said)
    {
        using TemporaryFolder folder = new();
        await using FieldProcess server = Server.StartProcess(folder["data"], null, option, value);
        Assert.NotEqual(0, await server.ExitAsync(Limit));
        Assert.Contains(said, server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", server.Output, StringComparison.Ordinal);
    }
}
