using Field.Bench.Figures;
using Field.Demo.Synthetic;
using Field.Vision;
using Field.Vision.Shape;

namespace Field.Bench.Vision;

/// <summary>
/// Mean widths of findings in the demo's flight, beside the planted widths of those parts of the cracks and of their branches that the
/// finding lies on.
/// </summary>
internal static class PlantedWidths
{
    private const int NearPx = 3;
    private const double LeastShare = 0.5; // of a finding's length that lies on a crack; less is another thing

    public static void Measure(FigureSheet sheet, PhotoScorer scorer, string folder, CancellationToken cancel)
    {
        SyntheticFlight flight = new(new DemoDataOptions());
        List<(double Measured, double Planted)> widths = [];
        for (int i = 0; i < flight.Photos.Count; i++)
        {
            string path = Path.Combine(folder, flight.Photos[i].Shot.FileName);
            File.WriteAllBytes(path, flight.Jpeg(i, cancel));
            widths.AddRange(Widths(flight, i, scorer.Trace(scorer.Infer(path, cancel), cancel)));
        }

        double[] errors = [.. widths.Select(w => Math.Abs(w.Measured - w.Planted)).Order()];
        sheet.Add(new Figure("width of planted cracks, median error", VisionBench.Median(errors), "px")
        {
            Target = Target.AtMost(0.5),
            Note = FormattableString.Invariant(
                $"{widths.Count} findings in {flight.Photos.Count} photos, planted {widths.Min(w => w.Planted):0.0} to {widths.Max(w => w.Planted):0.0} px; 90 % within {errors[(int)(0.9 * errors.Length)]:0.00} px, median of measured - planted {VisionBench.Median(widths.Select(w => w.Measured - w.Planted)):0.00} px"),
        });
    }

    private static IEnumerable<(double Measured, double Planted)> Widths(SyntheticFlight flight, int photo, IReadOnlyList<TracedFinding> findings)
    {
        (Shot shot, PinholeCamera camera) = flight.Photos[photo];
        int[] owner = Owners(findings, camera);
        (double Length, double Area)[] on = new (double, double)[findings.Count];
        foreach (CrackPath path in flight.Cracks.Where(c => c.Plan.Surface == shot.Surface).SelectMany(c => c.Branches.Prepend(c.Trunk)))
        {
            for (int i = 1; i < path.Points.Count; i++)
            {
                (Vec at, double length, double width) = Segment(path, i, shot.Surface, camera);
                if (camera.Shows(at) && owner[((int)at.Y * camera.WidthPx) + (int)at.X] is > 0 and int index)
                {
                    (double sum, double area) = on[index - 1];
                    on[index - 1] = (sum + length, area + (length * width));
                }
            }
        }

        return findings.Select((f, i) => (f.Finding, on[i])).Where(p => p.Item2.Length >= LeastShare * p.Finding.LengthPx)
            .Select(p => (p.Finding.MeanWidthPx, p.Item2.Area / p.Item2.Length));
    }

    /// <summary>The number of the finding, from 1, that has a pixel within <see cref="NearPx"/>; 0 where there is none.</summary>
    private static int[] Owners(IReadOnlyList<TracedFinding> findings, PinholeCamera camera)
    {
        int[] owner = new int[camera.WidthPx * camera.HeightPx];
        for (int i = 0; i < findings.Count; i++)
        {
            foreach (Run run in findings[i].Parts.SelectMany(p => p.Runs))
            {
                for (int y = Math.Max(0, run.Y - NearPx); y <= Math.Min(camera.HeightPx - 1, run.Y + NearPx); y++)
                {
                    int from = Math.Max(0, run.X0 - NearPx);
                    owner.AsSpan((y * camera.WidthPx) + from, Math.Min(camera.WidthPx, run.X1 + NearPx) - from).Fill(i + 1);
                }
            }
        }

        return owner;
    }

    /// <summary>A piece of a crack in the photo: its middle, its length and its width across it, pixels.</summary>
    private static (Vec At, double LengthPx, double WidthPx) Segment(CrackPath path, int i, SurfaceKind surface, PinholeCamera camera)
    {
        Vec Pixel(Vec p) => camera.GroundToPixel(FlightPlan.ToEastNorth(surface, p));
        (Vec a, Vec b) = (path.Points[i - 1], path.Points[i]);
        Vec middle = (a + b) * 0.5;
        Vec at = Pixel(middle);
        Vec line = Pixel(b) - Pixel(a);
        Vec edge = Pixel(middle + ((b - a).Unit().Left() * ((path.WidthsM[i] + path.WidthsM[i - 1]) / 4))) - at;
        Vec across = line.Unit().Left();
        return (at, line.Length, 2 * Math.Abs((edge.X * across.X) + (edge.Y * across.Y)));
    }
}
