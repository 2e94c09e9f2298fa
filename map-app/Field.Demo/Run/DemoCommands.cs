using System.CommandLine;
using Field.Demo.Synthetic;

namespace Field.Demo.Run;

/// <summary>The demo's commands and their options.</summary>
internal static class DemoCommands
{
    public static Command Run()
    {
        Option<bool> headless = new("--headless") { Description = "Run once, write the results and a screenshot, and stop. Without it the map stays open until Ctrl+C." };
        Option<DirectoryInfo> output = new("--out") { Description = "Folder for summary.json, findings.geojson, footprints.geojson and map.png.", DefaultValueFactory = _ => new DirectoryInfo("OUT") };
        Option<DirectoryInfo?> flight = new("--flight") { Description = "Your own folder of flight photos instead of the synthetic flight." };
        Command command = new("run", "Runs the whole line: server, agent, scoring, map.") { headless, output, flight };
        command.SetAction(async (result, cancel) =>
        {
            DemoOptions options = new(
                result.GetValue(headless),
                result.GetValue(output)!.FullName,
                result.GetValue(flight)?.FullName,
                Installation.Find());
            try
            {
                await DemoRun.RunAsync(options, cancel).ConfigureAwait(false);
                return 0;
            }
            catch (FieldException e)
            {
                await Console.Error.WriteLineAsync($"demo: {e.Message}").ConfigureAwait(false);
                return 1;
            }
            catch (OperationCanceledException)
            {
                return 130;
            }
        });
        return command;
    }

    public static Command Data()
    {
        Option<DirectoryInfo> output = new("--out") { Description = "Folder for the synthetic city and flight.", Required = true };
        Command command = new("data", "Writes the synthetic city and flight only.") { output };
        command.SetAction(async (result, cancel) =>
        {
            DemoDataSummary data = await DemoData.EnsureAsync(result.GetValue(output)!.FullName, new DemoDataOptions(), progress: null, cancel).ConfigureAwait(false);
            Console.WriteLine(data.Reused ? "unchanged" : "written");
            return 0;
        });
        return command;
    }
}

/// <summary>What one run of the demo is asked for.</summary>
/// <param name="Headless">Stop after writing the results.</param>
/// <param name="OutDir">Folder for the results.</param>
/// <param name="FlightDir">A folder of real photos, or null for the synthetic flight.</param>
/// <param name="Installation">Where Field's programs are.</param>
internal sealed record DemoOptions(bool Headless, string OutDir, string? FlightDir, Installation Installation);
