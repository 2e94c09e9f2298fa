using System.Globalization;
using Field.Vision.Eval;

namespace Field.Vision;

/// <summary>How far measured widths are from drawn ones, for one drawn width.</summary>
public sealed record WidthFigures
{
    /// <summary>The drawn width, pixels.</summary>
    public double TrueWidthPx { get; init; }

    /// <summary>Cracks drawn.</summary>
    public int Planted { get; init; }

    /// <summary>Of these, found: findings lie on at least half of the middle line.</summary>
    public int Found { get; init; }

    /// <summary>Median of the found cracks' measured mean width, pixels; 0 when none was found.</summary>
    public double MeasuredPx { get; init; }

    /// <summary>Median of the distance between measured and drawn width, pixels.</summary>
    public double MedianErrorPx { get; init; }

    /// <summary>Nine of ten found cracks err by no more than this, pixels.</summary>
    public double P90ErrorPx { get; init; }
}

/// <summary>Measures drawn cracks of known width, half of them on concrete and half on asphalt, by the same path as production scoring.</summary>
public static class WidthEval
{
    private const int PerGround = 12;
    private const int SidePx = 512;
    private const int NearPx = 3;
    private static readonly double[] WidthsPx = [2, 3, 4, 6, 8, 12];
    private static readonly (double Level, double Grain)[] Grounds = [(150, 9), (85, 12)];

    /// <summary>Draws, scores and compares.</summary>
    /// <param name="cardPath">Path of the model card; its model finds lines.</param>
    /// <param name="output">Where the table is printed; null prints nothing.</param>
    /// <param name="ct">Stops between two tiles.</param>
    /// <exception cref="VisionException">The card or the model cannot be used.</exception>
    public static IReadOnlyList<WidthFigures> Run(string cardPath, TextWriter? output = null, CancellationToken ct = default)
    {
        using var scorer = PhotoScorer.Load(cardPath);
        output?.WriteLine($"drawn cracks, {Grounds.Length * PerGround} of each width on concrete and asphalt; pixels");
        output?.WriteLine($"{"width",-8}{"found",-10}{"measured",-10}{"median error",-14}90 % error");
        var all = new List<WidthFigures>();
        foreach (var width in WidthsPx)
        {
            var f = Figures(width, [.. Grounds.SelectMany((g, k) => Enumerable.Range(0, PerGround).Select(
                n => Measure(scorer, new CrackScene(SidePx, SidePx, 1000 * k + n, g.Level, g.Grain).WithCrack(width), ct)))]);
            all.Add(f);
            output?.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{f.TrueWidthPx,-8}{$"{f.Found}/{f.Planted}",-10}{f.MeasuredPx,-10:0.00}{f.MedianErrorPx,-14:0.00}{f.P90ErrorPx:0.00}"));
        }

        return all;
    }

    /// <summary>Writes the figures into a card as its widthError section.</summary>
    /// <param name="cardPath">The card to change.</param>
    /// <param name="figures">Of <see cref="Run"/>.</param>
    /// <exception cref="VisionException">The card cannot be read.</exception>
    public static void Save(string cardPath, IReadOnlyList<WidthFigures> figures) =>
        CardFile.Change(cardPath, card => card["widthError"] = CardFile.Node(figures));

    internal static WidthFigures Figures(double width, IReadOnlyList<double?> measured)
    {
        double[] found = [.. measured.OfType<double>().Order()];
        double[] errors = [.. found.Select(m => Math.Abs(m - width)).Order()];
        double At(double[] sorted, double share) => sorted.Length == 0 ? 0 : Math.Round(sorted[(int)Math.Ceiling(share * sorted.Length) - 1], 3);
        return new WidthFigures
        {
            TrueWidthPx = width,
            Planted = measured.Count,
            Found = found.Length,
            MeasuredPx = At(found, 0.5),
            MedianErrorPx = At(errors, 0.5),
            P90ErrorPx = At(errors, 0.9),
        };
    }

    /// <summary>Mean width of what was found on the crack, by length; null when less than half of it was found.</summary>
    private static double? Measure(PhotoScorer scorer, CrackScene scene, CancellationToken ct)
    {
        var on = new bool[SidePx * SidePx];
        foreach (var (x, y) in scene.Truth)
        {
            for (var i = 0; i < (2 * NearPx + 1) * (2 * NearPx + 1); i++)
            {
                int px = (int)x + i % (2 * NearPx + 1) - NearPx, py = (int)y + i / (2 * NearPx + 1) - NearPx;
                if (px is >= 0 and < SidePx && py is >= 0 and < SidePx)
                {
                    on[py * SidePx + px] = true;
                }
            }
        }

        var hits = scorer.Trace(scorer.Infer(scene.Image, scorer.Card.Input, ct), ct)
            .Where(f => f.Parts.SelectMany(p => p.Runs).Any(r => on.AsSpan(r.Y * SidePx + r.X0, r.X1 - r.X0).Contains(true))).ToList();
        var cells = new bool[SidePx * SidePx];
        foreach (var run in hits.SelectMany(f => f.Parts).SelectMany(p => p.Runs))
        {
            cells.AsSpan(run.Y * SidePx + run.X0, run.X1 - run.X0).Fill(true);
        }

        var covered = scene.Truth.Count(p => cells[Math.Clamp((int)p.Y, 0, SidePx - 1) * SidePx + Math.Clamp((int)p.X, 0, SidePx - 1)]);
        return covered >= 0.5 * scene.Truth.Count ? hits.Sum(f => f.Finding.MeanWidthPx * f.Finding.LengthPx) / hits.Sum(f => f.Finding.LengthPx) : null;
    }
}
