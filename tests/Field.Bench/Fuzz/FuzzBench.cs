using System.CommandLine;
using System.Globalization;
using Field.Bench.Figures;

namespace Field.Bench.Fuzz;

/// <summary>
/// Every parser that faces the network or a card gets mutated golden inputs: no exception but the declared ones, no input that takes
/// seconds, no allocation beyond the parser's declared limit. A failure is printed with what repeats it, and its input is kept.
/// </summary>
internal static class FuzzBench
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Option<int> Seconds = new("--seconds") { DefaultValueFactory = _ => 60, Description = "For each parser." };
    private static readonly Option<int?> Minutes = new("--minutes") { Description = "For each parser, instead of --seconds." };
    private static readonly Option<int> Seed = new("--seed") { DefaultValueFactory = _ => Today(), Description = "Of the mutations; the default is another one each day." };
    private static readonly Option<string?> Only = new("--target") { HelpName = "NAME", Description = "Only this parser." };
    private static readonly Option<long?> Input = new("--input") { HelpName = "N", Description = "Only the N-th input of the seed, with --target: repeats a failure." };

    public static BenchCommand Command() => new(
        "fuzz", "Mutated inputs for every parser that faces the network or a card.", RunAsync, Seconds, Minutes, Seed, Only, Input);

    private static async Task RunAsync(FigureSheet sheet, ParseResult arguments, CancellationToken cancel)
    {
        int seed = arguments.GetValue(Seed);
        TimeSpan time = arguments.GetValue(Minutes) is { } minutes ? TimeSpan.FromMinutes(minutes) : TimeSpan.FromSeconds(arguments.GetValue(Seconds));
        List<FuzzTarget> targets = [.. await FuzzTargets.AllAsync()];
        try
        {
            FuzzRun[] runs = [.. targets.Where(t => arguments.GetValue(Only) is not { } only || t.Name == only).Select(t => new FuzzRun(t, seed))];
            if (arguments.GetValue(Input) is { } number)
            {
                Repeat(sheet, runs.Single(), number);
                return;
            }

            sheet.Say($"seed {seed}, {time.TotalSeconds:0} s for each of {runs.Length} parsers");
            using Timer watch = new(_ => EndIfHanging(sheet, runs, seed), null, FuzzRun.HangLimit, TimeSpan.FromSeconds(1));
            ParallelOptions parallel = new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancel };
            await Task.Run(() => Parallel.ForEach(runs, parallel, run => run.Run(time, cancel)), cancel);
            foreach (FuzzRun run in runs)
            {
                Report(sheet, run, seed);
            }
        }
        finally
        {
            targets.ForEach(t => t.Dispose());
        }
    }

    private static void Report(FigureSheet sheet, FuzzRun run, int seed)
    {
        string allocation = run.Target.AllocatedPerByte == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", {run.WorstAllocation:0 %} of {run.Target.AllocatedBytes / 1024} KB + {run.Target.AllocatedPerByte} a byte allocated");
        sheet.Add(new Figure($"{run.Target.Name}: crash, hang or greed", run.Failures.Count, "inputs")
        {
            Target = Target.Exactly(0),
            Note = string.Create(
                CultureInfo.InvariantCulture,
                $"{run.Inputs:#,0} inputs, {(double)run.Accepted / run.Inputs:0 %} accepted, slowest {run.Slowest.TotalMilliseconds:0} ms{allocation}"),
        });
        foreach (FuzzFailure failure in run.Failures)
        {
            Tell(sheet, failure, seed);
        }
    }

    private static void Tell(FigureSheet sheet, FuzzFailure failure, int seed)
    {
        string folder = Path.Combine(Harness.Checkout.Root, ".field", "fuzz");
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, $"{failure.Target}-{seed}-{failure.Number}.bin");
        File.WriteAllBytes(file, failure.Input);
        sheet.Say($"{failure.Target}: {failure.Reason}");
        sheet.Say($"  again: ./field bench fuzz --seed {seed} --target {failure.Target} --input {failure.Number}   input: {file}");
    }

    private static void Repeat(FigureSheet sheet, FuzzRun run, long number)
    {
        string? reason = run.Try(run.Input(number));
        sheet.Say(reason ?? "no failure");
        sheet.Add(new Figure($"{run.Target.Name}: crash, hang or greed", reason is null ? 0 : 1, "inputs") { Target = Target.Exactly(0) });
    }

    /// <summary>A parser that does not come back cannot be stopped from outside, so the process ends.</summary>
    private static void EndIfHanging(FigureSheet sheet, FuzzRun[] runs, int seed)
    {
        FuzzFailure[] hanging = [.. runs.Select(r => r.Hanging).OfType<FuzzFailure>()];
        foreach (FuzzFailure failure in hanging)
        {
            Tell(sheet, failure, seed);
        }

        if (hanging.Length > 0)
        {
            Environment.Exit(1);
        }
    }

    private static int Today() => (int)(TimeProvider.System.GetUtcNow() - Epoch).TotalDays;
}
