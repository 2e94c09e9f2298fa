using Field.Demo.Synthetic;

namespace Field.Bench.Vision;

/// <summary>A flight over a bridge deck that is mostly sound.</summary>
internal static class DeckFlight
{
    private static readonly Shot[] Views = [.. FlightPlan.Shots(SeededRandom.For(new DemoDataOptions().Seed, "shots")).Where(s => s.Surface == SurfaceKind.BridgeDeck)];

    /// <summary>How many of the photos show planted cracks.</summary>
    public static int Damaged => Views.Length;

    /// <summary>Sound bridge deck in three lanes with its joints, lines, grates and stains, and before the end the demo's ten views of cracks.</summary>
    public static IReadOnlyList<Shot> Shots(int sound)
    {
        SeededRandom random = SeededRandom.For(10, "triage");
        List<Shot> shots = [.. Enumerable.Range(0, sound).Select(i =>
        {
            Vec place = new(-44 + (i / 3 * 2.3 % 88), ((i % 3) - 1) * 1.7);
            return new Shot(
                "", SurfaceKind.BridgeDeck, FlightPlan.ToEastNorth(SurfaceKind.BridgeDeck, place), 5.5, Math.Round(SiteFrame.StreetAzimuthDeg + random.Next(-2, 2), 2), -90,
                0, random.Next(0.92, 1.08));
        })];
        shots.InsertRange(sound * 3 / 4, Views);
        return [.. shots.Select((s, i) => s with { FileName = $"FLD_{i + 1:0000}.JPG", SecondsFromStart = i * 4 })];
    }
}
