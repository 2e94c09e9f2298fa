using System.CommandLine;
using Field.Bench.Figures;

namespace Field.Bench;

/// <summary>One measurement of <c>./field bench</c>: a name, its options and what it does.</summary>
internal sealed class BenchCommand : Command
{
    private static readonly Option<string?> Results = new("--results")
    {
        HelpName = "FILE",
        Description = "Write the figures and the machine's description to FILE, in place of this bench's earlier section.",
    };

    /// <param name="name">Of the command and of the section in the results.</param>
    /// <param name="description">What it measures.</param>
    /// <param name="run">Measures and adds its figures to the sheet.</param>
    /// <param name="options">Of this bench; each has a default, which is the size of the acceptance.</param>
    public BenchCommand(string name, string description, Func<FigureSheet, ParseResult, CancellationToken, Task> run, params Option[] options)
        : base(name, description)
    {
        foreach (Option option in options)
        {
            Options.Add(option);
        }

        Options.Add(Results);
        SetAction(async (result, cancel) =>
        {
            FigureSheet sheet = new(name, Console.Out);
            await run(sheet, result, cancel);
            if (result.GetValue(Results) is { } path)
            {
                sheet.WriteTo(path, DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().DateTime));
            }

            return sheet.AllMet ? 0 : 1;
        });
    }

    /// <summary><c>all</c>: one bench after another, each with its defaults; fails when one missed a target.</summary>
    public static Command All(IReadOnlyList<BenchCommand> benches)
    {
        Command all = new("all", "Every bench, one after another, with its defaults.") { Results };
        all.SetAction(async (result, cancel) =>
        {
            string[] keep = result.GetValue(Results) is { } path ? [Results.Name, path] : [];
            int worst = 0;
            foreach (BenchCommand bench in benches)
            {
                worst = Math.Max(worst, await bench.Parse(keep).InvokeAsync(cancellationToken: cancel));
            }

            return worst;
        });
        return all;
    }
}
