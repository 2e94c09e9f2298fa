using System.Diagnostics;
using System.Globalization;
using Field.Bench.Figures;
using Field.Vision;

namespace Field.Bench.Vision;

/// <summary>
/// The worst photo for what comes after the network: crazing, thousands of cracks that cross and are one component. Drawn masks with
/// few cracks and with many, so that the time for each crack is seen to stay.
/// </summary>
internal static class CrazingSpeed
{
    private const int WidthPx = 4000, HeightPx = 3000, LegPx = 25, Legs = 8, RadiusPx = 2, Seed = 12;
    private static readonly int[] Cracks = [750, 6000];

    public static void Measure(FigureSheet sheet, CancellationToken cancel)
    {
        ModelCard card = ModelCard.Load(VisionBench.CardPath);
        foreach (int cracks in Cracks)
        {
            ProbabilityMap map = Draw(cracks);
            PhotoScorer.Trace([map], card, Environment.ProcessorCount, cancel);
            long begin = Stopwatch.GetTimestamp();
            int findings = PhotoScorer.Trace([map], card, Environment.ProcessorCount, cancel).Count;
            double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            sheet.Add(new Figure($"vectorise and measure 12 megapixels of {cracks.ToString("N0", CultureInfo.InvariantCulture)} cracks that cross", seconds, "s")
            {
                Note = $"drawn mask, cracks of {Legs * LegPx} px; {findings} findings, {(seconds / cracks * 1000).ToString("0.00", CultureInfo.InvariantCulture)} ms a crack",
            });
        }
    }

    private static ProbabilityMap Draw(int cracks)
    {
        Random random = new(Seed);
        byte[] values = new byte[WidthPx * HeightPx];
        for (int i = 0; i < cracks; i++)
        {
            double x = random.NextDouble() * WidthPx, y = random.NextDouble() * HeightPx, heading = random.NextDouble() * 2 * Math.PI;
            for (int leg = 0; leg < Legs; leg++)
            {
                double turned = heading + (random.NextDouble() - 0.5) * 1.2;
                for (int step = 0; step < LegPx; step++)
                {
                    (x, y) = (x + Math.Cos(turned), y + Math.Sin(turned));
                    Dot(values, (int)x, (int)y);
                }
            }
        }

        return new ProbabilityMap(WidthPx, HeightPx, values);
    }

    private static void Dot(byte[] values, int x, int y)
    {
        for (int row = Math.Max(0, y - RadiusPx); row <= Math.Min(HeightPx - 1, y + RadiusPx); row++)
        {
            int left = Math.Clamp(x - RadiusPx, 0, WidthPx), right = Math.Clamp(x + RadiusPx + 1, 0, WidthPx);
            values.AsSpan(row * WidthPx + left, right - left).Fill(byte.MaxValue);
        }
    }
}
