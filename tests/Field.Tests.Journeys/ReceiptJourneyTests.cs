using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Field.Harness;

namespace Field.Tests.Journeys;

/// <summary>
/// Step 2: the device's side of receipts. A sensor behind mosquitto, which acknowledges from memory, keeps each sample until a receipt
/// names it: what mosquitto acknowledged and lost is sent again, and everything is stored once.
/// </summary>
public sealed partial class ReceiptJourneyTests
{
    private const string Device = "river-1";
    private const int FirstSamples = 300;
    private const int SamplesForNobody = 300;
    private const int SamplesUnderFire = 1500;

    private static readonly TimeSpan Finish = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Sensor_behind_mosquitto_keeps_what_was_acknowledged_until_its_receipt_while_broker_and_server_are_killed()
    {
        Requirement.Holds(Mosquitto.IsInstalled, "mosquitto");
        using TemporaryFolder folder = new();
        await using Mosquitto mosquitto = await Mosquitto.StartAsync(folder.Path, "allow_anonymous true", "log_type all");
        Launch behind = Launch.With("FIELD_EXTERNAL_BROKER", mosquitto.Uri.ToString());
        await using FieldProcess fifo = FieldProcess.Start("mkfifo", "mkfifo", folder["lines"]);
        Assert.Equal(0, await fifo.ExitAsync(Finish));
        await using FieldProcess agent = Agent.Sensor(Device, folder["lines"], mosquitto.Uri, folder["outbox"], folder["summary"]);
        int written = 0;
        await using (StreamWriter lines = new(folder["lines"]))
        {
            await using (Server first = await Server.StartAsync(folder["data"], behind))
            {
                await WriteAsync(lines, written, written += FirstSamples);
                await SaysAsync(agent, f => f is { Waiting: 0, Stored: > 0 });
                await first.KillAsync();
            }

            // Nobody stores now: mosquitto acknowledges, keeps it in memory for the server's session, and is killed.
            long before = Acknowledged(mosquitto);
            await WriteAsync(lines, written, written += SamplesForNobody);
            await Wait.UntilAsync(() => Acknowledged(mosquitto) > before, Finish, () => $"mosquitto acknowledged nothing:\n{mosquitto.Output}");
            await SaysAsync(agent, f => f.Waiting > 0);
            await mosquitto.RestartAsync();
            await KillInTurnAsync(folder["data"], behind, mosquitto, lines, () => written++);
        }

        await using (Server last = await Server.StartAsync(folder["data"], behind))
        {
            Assert.True(await agent.ExitAsync(Finish) == 0, $"{agent.Output}\n{last.Output}");
            await last.KillAsync();
        }

        JsonElement summary = JsonElement.Parse(await File.ReadAllBytesAsync(folder["summary"], TestContext.Current.CancellationToken));
        Assert.Equal((0, 0), (summary.GetProperty("waiting").GetInt64(), summary.GetProperty("dropped").GetInt64()));
        await mosquitto.KillAsync();
        await OutboxIsEmptyAsync(folder, mosquitto.Uri);
        await using StoredTelemetry store = StoredTelemetry.Open(folder["data"]);
        Dictionary<long, int> times = await store.TimesStoredAsync(Device);
        Assert.Equal(Enumerable.Range(1, written).Select(i => (long)i), times.Keys.Order());
        Assert.All(times.Values, t => Assert.Equal(1, t));
    }

    /// <summary>Samples keep coming while mosquitto and the server are killed in turn.</summary>
    private static async Task KillInTurnAsync(string data, Launch behind, Mosquitto mosquitto, StreamWriter lines, Func<int> number)
    {
        Server server = await Server.StartAsync(data, behind);
        try
        {
            for (int i = 0; i < SamplesUnderFire; i++)
            {
                int n = number();
                await WriteAsync(lines, n, n + 1);
                if (i % 500 == 250)
                {
                    await mosquitto.RestartAsync();
                }
                else if (i % 500 == 499)
                {
                    await server.KillAsync();
                    await server.DisposeAsync();
                    server = await Server.StartAsync(data, behind);
                }
            }

            await server.KillAsync();
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>An agent that has nothing to send ends without a server.</summary>
    private static async Task OutboxIsEmptyAsync(TemporaryFolder folder, Uri nobody)
    {
        await File.WriteAllTextAsync(folder["nothing"], "", TestContext.Current.CancellationToken);
        await using FieldProcess idle = Agent.Sensor(Device, folder["nothing"], nobody, folder["outbox"], folder["idle-summary"]);
        Assert.True(await idle.ExitAsync(Finish) == 0, idle.Output);
    }

    /// <summary>Waits until the last line in which the agent says what it keeps, and how much the server stored, is as it should be.</summary>
    private static Task SaysAsync(FieldProcess agent, Func<(long Waiting, long Stored), bool> isSo) => Wait.UntilAsync(
        () => Figures().Matches(agent.Output).LastOrDefault() is { } last && isSo((Number(last, 1) + Number(last, 2), Number(last, 3))),
        Finish,
        () => $"the agent never said so:\n{agent.Output}");

    private static long Number(Match match, int group) => long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static long Acknowledged(Mosquitto mosquitto) => mosquitto.Output.Split('\n').Count(l => l.Contains($"Sending PUBACK to {Device}/", StringComparison.Ordinal));

    /// <summary>Lines of a second each, whose value is their number, from <paramref name="after"/> + 1.</summary>
    private static async Task WriteAsync(StreamWriter lines, int after, int last)
    {
        for (int i = after + 1; i <= last; i++)
        {
            await lines.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{1_777_593_600 + i},{TelemetryLoad.Quantity},{i},m"));
        }

        await lines.FlushAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"waiting: (\d+) messages, (\d+) samples, 0 photos  stored (\d+)")]
    private static partial Regex Figures();
}
