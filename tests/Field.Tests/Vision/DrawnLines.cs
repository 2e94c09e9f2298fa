using Field.Vision;
using Field.Vision.Shape;

namespace Field.Tests.Vision;

/// <summary>A disc of a drawn mask.</summary>
internal readonly record struct Disc(double X, double Y, double Radius);

/// <summary>Masks of lines whose truth is known.</summary>
internal static class DrawnLines
{
    internal const int Size = 400;

    internal static Disc[] Segment(double x, double y, double angleDeg, double length, double width)
    {
        double c = Math.Cos(angleDeg * Math.PI / 180), s = Math.Sin(angleDeg * Math.PI / 180);
        return [.. Enumerable.Range(0, (int)(length * 4) + 1).Select(i => new Disc(x + (i / 4.0 - length / 2) * c, y + (i / 4.0 - length / 2) * s, width / 2))];
    }

    /// <summary>Left to right in straight legs of 6 to 16 px; the height at their ends is drawn anew each time, within a spread about the middle.</summary>
    internal static Disc[] Crack(int seed, double fromX, double y, double spread, double width)
    {
        var random = new Random(seed);
        var discs = new List<Disc>();
        for (double x = fromX, at = y; x < Size - 20;)
        {
            double leg = 6 + 10 * random.NextDouble(), next = y + (random.NextDouble() * 2 - 1) * spread;
            for (double t = 0; t < leg; t += 0.2)
            {
                discs.Add(new Disc(x + t, at + (next - at) * t / leg, width / 2));
            }

            (x, at) = (x + leg, next);
        }

        return [.. discs];
    }

    internal static ProbabilityMap Map(Disc[] discs)
    {
        var values = new byte[Size * Size];
        foreach (var (dx, dy, radius) in discs)
        {
            for (var y = Math.Max(0, (int)(dy - radius - 1)); y <= Math.Min(Size - 1, dy + radius + 1); y++)
            {
                for (var x = Math.Max(0, (int)(dx - radius - 1)); x <= Math.Min(Size - 1, dx + radius + 1); x++)
                {
                    if ((x + 0.5 - dx) * (x + 0.5 - dx) + (y + 0.5 - dy) * (y + 0.5 - dy) <= radius * radius)
                    {
                        values[y * Size + x] = 255;
                    }
                }
            }
        }

        return new ProbabilityMap(Size, Size, values);
    }

    internal static List<PixelFinding> Findings(ProbabilityMap map, Thresholds thresholds) =>
        [.. LineVectoriser.Findings(map, "crack", thresholds, threads: 2, TestContext.Current.CancellationToken).Select(f => f.Finding)];
}
