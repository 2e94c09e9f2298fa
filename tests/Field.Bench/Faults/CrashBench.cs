using System.CommandLine;
using Field.Bench.Figures;

namespace Field.Bench.Faults;

/// <summary>
/// kill -9 of the server at random moments under telemetry and photos, of the agent during an upload, and of sensors while they sample
/// and send: afterwards every message whose PUBACK came must be in the store once, every photo of the card, and every sample that was
/// durable on its device.
/// </summary>
internal static class CrashBench
{
    private static readonly Option<int> ServerKills = new("--server-kills") { DefaultValueFactory = _ => 200, Description = "How often the server is killed; 0 leaves this half out." };
    private static readonly Option<int> AgentKills = new("--agent-kills") { DefaultValueFactory = _ => 50, Description = "How often the agent is killed under photos, and as often under samples; 0 leaves this half out." };
    private static readonly Option<int> Seed = new("--seed") { DefaultValueFactory = _ => 1, Description = "Of the random moments." };

    public static BenchCommand Command() => new(
        "crash", "kill -9 of server and agent under load: acknowledged messages lost, and stored twice.", RunAsync, ServerKills, AgentKills, Seed);

    private static async Task RunAsync(FigureSheet sheet, ParseResult arguments, CancellationToken cancel)
    {
        int seed = arguments.GetValue(Seed);
        if (arguments.GetValue(ServerKills) is > 0 and var serverKills)
        {
            await ServerCrashes.RunAsync(sheet, serverKills, new Random(seed), cancel);
        }

        if (arguments.GetValue(AgentKills) is > 0 and var agentKills)
        {
            await AgentCrashes.RunAsync(sheet, agentKills, new Random(seed + 1), cancel);
            await SensorCrashes.RunAsync(sheet, agentKills, new Random(seed + 2), cancel);
        }
    }
}
