namespace Field.Bench.Faults;

/// <summary>The benches that break things on purpose, or ask how much is carried.</summary>
internal static class FaultBenches
{
    public static IEnumerable<BenchCommand> All() => [CrashBench.Command(), FlightBench.Command(), ThirtyDaysBench.Command(), ConnectionsBench.Command(), Fuzz.FuzzBench.Command()];
}
