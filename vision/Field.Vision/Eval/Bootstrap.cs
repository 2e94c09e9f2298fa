namespace Field.Vision.Eval;

/// <summary>The ratios of a tally, and how far they would move with other images of the same kind.</summary>
internal readonly record struct Ratios(double Precision, double Recall, double F1, double Iou)
{
    /// <summary>The intersection over union holds only where truth and prediction are counted in the same things.</summary>
    internal static Ratios Of(Tally t)
    {
        double precision = Ratio(t.Correct, t.Predicted), recall = Ratio(t.Found, t.Truth);
        return new Ratios(precision, recall, Ratio(2 * precision * recall, precision + recall), Ratio(t.Correct, t.Truth + t.Predicted - t.Correct));
    }

    private static double Ratio(double part, double whole) => whole == 0 ? 0 : part / whole;
}

/// <summary>95 % intervals: as many images as there are, drawn with replacement 1000 times; the seed is fixed so that figures repeat.</summary>
internal sealed class Bootstrap
{
    private const int Resamples = 1000;
    private readonly Ratios[] _draws = new Ratios[Resamples];

    internal Bootstrap(IReadOnlyList<Tally> tallies)
    {
        var random = new Random(1);
        for (var n = 0; n < Resamples; n++)
        {
            var sum = default(Tally);
            for (var i = 0; i < tallies.Count; i++)
            {
                sum += tallies[random.Next(tallies.Count)];
            }

            _draws[n] = Ratios.Of(sum);
        }
    }

    /// <summary>Low and high of one of the ratios.</summary>
    internal double[] Interval(Func<Ratios, double> which)
    {
        var values = Array.ConvertAll(_draws, d => which(d));
        Array.Sort(values);
        return [Round(values[(int)(0.025 * Resamples)]), Round(values[(int)(0.975 * Resamples) - 1])];
    }

    internal static double Round(double value) => Math.Round(value, 4);
}
