using System.CommandLine;
using Field.Bench;
using Field.Bench.Faults;
using Field.Bench.Impact;
using Field.Bench.Page;
using Field.Bench.Vision;

BenchCommand[] benches = [MqttBench.Command(), IngestBench.Command(), VisionBench.Command(), InspectionBench.Command(), ImpactBench.Command(), LiveBench.Command(), MapBench.Command(), .. FaultBenches.All()];
RootCommand root = new("Measurements of Field. Each prints one line per figure and fails when a target is missed.") { BenchCommand.All(benches) };
foreach (BenchCommand bench in benches)
{
    root.Add(bench);
}

root.Add(ScoringSpeed.ChildCommand());
return await root.Parse(args).InvokeAsync();
