using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Field.Harness;
using Field.Mqtt;

namespace Field.Tests.Journeys;

/// <summary>Issue 3: a subscriber is away, a publisher is told "stored", the server is killed -9 in the middle, again and again.</summary>
public sealed class SessionJourneyTests
{
    private const int Kills = 5;
    private const int MostPerLife = 8_000;
    private const int InFlight = 50;
    private const string Last = "the last";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Absent_subscriber_gets_each_acknowledged_message_after_the_server_was_killed_5_times(int qos)
    {
        Requirement.Program("mosquitto_sub");
        using TemporaryFolder folder = new();
        ConcurrentDictionary<int, bool> acknowledged = new();
        Random random = new(60 + qos);
        int next = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            await using Server doomed = await Server.StartAsync(folder["data"]);
            if (kill == 0)
            {
                await using FieldProcess subscribing = FieldProcess.Start("mosquitto_sub", "mosquitto_sub", [.. Session(doomed, qos), "-E"]);
                Assert.True(await subscribing.ExitAsync(Limit) == 0, subscribing.Output);
            }

            int before = acknowledged.Count;
            int enough = before + random.Next(50, 3_000); // the kill falls somewhere into the load: the input of the test
            Task publishing = PublishAsync(doomed.Mqtt, qos, () => Interlocked.Increment(ref next), acknowledged);
            while (acknowledged.Count < enough && !publishing.IsCompleted)
            {
                await Task.Delay(2, TestContext.Current.CancellationToken);
            }

            await doomed.KillAsync();
            await publishing;
            Assert.True(acknowledged.Count > before, "something was acknowledged before the kill");
        }

        await using Server server = await Server.StartAsync(folder["data"]);
        await using (MqttClient end = await MqttClient.ConnectAsync(new() { Server = server.Mqtt, ClientId = "end" }, TestContext.Current.CancellationToken))
        {
            await end.PublishAsync(new("notes/x", Encoding.UTF8.GetBytes(Last), qos), TestContext.Current.CancellationToken);
        }

        int[] received = await ReceiveAsync(server, qos, folder["received"]);
        Assert.Empty(acknowledged.Keys.Except(received).Order());
        if (qos == 2)
        {
            Assert.Equal(received.Distinct().Count(), received.Length);
        }
    }

    /// <summary>Publishes until the connection breaks.</summary>
    private static async Task PublishAsync(Uri server, int qos, Func<int> next, ConcurrentDictionary<int, bool> acknowledged)
    {
        try
        {
            await using MqttClient client = await MqttClient.ConnectAsync(new() { Server = server, ClientId = "publisher" }, TestContext.Current.CancellationToken);
            int sent = 0;
            await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
            {
                while (Interlocked.Increment(ref sent) < MostPerLife)
                {
                    int number = next();
                    await client.PublishAsync(
                        new("notes/x", Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)), qos), TestContext.Current.CancellationToken);
                    acknowledged[number] = true;
                }
            }));
        }
        catch (MqttException)
        {
            // Killed. What was not acknowledged is not promised.
        }
    }

    private static async Task<int[]> ReceiveAsync(Server server, int qos, string file)
    {
        string command = string.Join(' ', Session(server, qos).Select(a => $"'{a}'"));
        await using FieldProcess subscriber = FieldProcess.Start("mosquitto_sub", "sh", "-c", $"exec stdbuf -oL mosquitto_sub {command} > '{file}'");
        using CancellationTokenSource limit = new(Limit);
        while (!File.Exists(file) || !(await Lines(file)).Contains(Last))
        {
            Assert.False(limit.IsCancellationRequested || subscriber.HasExited, $"the last message never came:\n{subscriber.Output}\n{server.Output}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        return [.. (await Lines(file)).Where(l => l != Last).Select(l => int.Parse(l, CultureInfo.InvariantCulture))];
    }

    /// <summary>Whole lines of a file that is being written.</summary>
    private static async Task<IReadOnlyList<string>> Lines(string file)
    {
        await using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(stream);
        string text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string[] Session(Server server, int qos) =>
    [
        "-h", "127.0.0.1", "-p", server.MqttPort.ToString(CultureInfo.InvariantCulture), "-i", "keeper", "-c",
        "-q", qos.ToString(CultureInfo.InvariantCulture), "-t", "notes/#",
    ];
}
