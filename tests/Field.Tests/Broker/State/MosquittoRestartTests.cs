using System.Globalization;

namespace Field.Tests.Broker.State;

/// <summary>mosquitto_sub -c and mosquitto_pub over a crash.</summary>
public sealed class MosquittoRestartTests : IDisposable
{
    private readonly StateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mqttv311", 1)]
    [InlineData("mqttv5", 2)]
    public async Task Mosquitto_sub_gets_after_a_crash_what_mosquitto_pub_was_told_is_there(string version, int qos)
    {
        string level = qos.ToString(CultureInfo.InvariantCulture);
        await using TestBroker first = await _folder.StartAsync();
        string[] session = ["-V", version, "-i", "keeper", "-c", "-q", level, "-t", "news/#", .. version == "mqttv5" ? new[] { "-x", "3600" } : []];
        await OutsideProgram.RunAsync("mosquitto_sub", [.. session, "-p", Port(first), "-E"]); // subscribes and leaves
        await BrokerSessionTests.Eventually(() => first.Broker.ConnectionCount == 0);
        string[] texts = [.. Enumerable.Range(0, 5).Select(i => $"message {i}")];
        foreach (string text in texts)
        {
            await OutsideProgram.RunAsync("mosquitto_pub", "-V", version, "-p", Port(first), "-q", level, "-t", "news/a", "-m", text);
        }

        await OutsideProgram.RunAsync("mosquitto_pub", "-V", version, "-p", Port(first), "-q", "1", "-r", "-t", "kept", "-m", "last");
        await using TestBroker second = await _folder.Image().StartAsync();
        string got = await OutsideProgram.RunAsync("mosquitto_sub", [.. session, "-p", Port(second), "-C", "5"]);
        Assert.Equal(texts, got.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("last\n", await OutsideProgram.RunAsync("mosquitto_sub", "-V", version, "-p", Port(second), "-t", "kept", "-C", "1"));
    }

    private static string Port(TestBroker broker) => broker.TcpPort.ToString(CultureInfo.InvariantCulture);
}
