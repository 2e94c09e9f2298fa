using Field.Gdal;

namespace Field.Vision.Quality;

/// <summary>
/// Measures sharpness and exposure. The photo is first made at most 1,600 px on its longer side, so that the measure does not depend on its
/// resolution, and divided into squares of 64 px. In each, the difference of neighbouring pixels is set against the difference of pixels four
/// apart, in four directions: a blur spreads every step over several pixels and makes the first small beside the second. Only squares with
/// contrast count, and of those the sharpest tenth: sound concrete beside one sharp edge is a sharp photo. Of the four directions the worst
/// decides, because movement blurs along one.
/// </summary>
public static class QualityMeter
{
    /// <summary>Longer side of the picture that is measured.</summary>
    public const int LongestSidePx = 1600;

    private const int BlockPx = 64;
    private const int Far = 4;
    private const double LeastContrast = 16; // four levels, squared: above the noise of sensor and JPEG
    private const double NoiseLevel = 0.5;
    private const double SharpestShare = 0.9;
    private const int LeastBlocks = 4;
    private const double SmoothRatio = 0.25; // a straight ramp
    private const double SharpRatio = 0.75;
    private const int White = 250;

    private static readonly (int X, int Y)[] Directions = [(1, 0), (0, 1), (1, 1), (-1, 1)];

    /// <summary>Measures a photo.</summary>
    /// <param name="path">A JPEG, PNG or TIFF.</param>
    /// <exception cref="GdalException">The file is not a sound image.</exception>
    public static PhotoQuality Measure(string path)
    {
        var info = Images.Probe(path);
        return Measure(
            Math.Max(info.WidthPx, info.HeightPx) <= LongestSidePx ? Images.Read(path)
            : info.WidthPx >= info.HeightPx ? Images.Read(path, outWidthPx: LongestSidePx)
            : Images.Read(path, outHeightPx: LongestSidePx));
    }

    /// <summary>Measures a picture.</summary>
    /// <param name="image">Three bands.</param>
    public static PhotoQuality Measure(RasterImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        SmallLuma small = new(image.WidthPx, image.HeightPx);
        small.Take(image, 0);
        return Measure(small);
    }

    /// <summary>Measures a photo all rows of which have been taken.</summary>
    internal static PhotoQuality Measure(SmallLuma small)
    {
        var luma = small.Values;
        Span<int> levels = stackalloc int[256];
        foreach (var value in luma)
        {
            levels[Math.Min(255, (int)(value + 0.5f))]++;
        }

        var clipped = 0;
        for (var i = White; i < levels.Length; i++)
        {
            clipped += levels[i];
        }

        var brightest = levels.Length - 1;
        for (var above = levels[brightest]; brightest > 0 && above * 100L < luma.Length; above += levels[brightest])
        {
            brightest--;
        }

        return new PhotoQuality(Sharpness(luma, small.WidthPx, small.HeightPx), (double)clipped / luma.Length, brightest);
    }

    private static double? Sharpness(float[] luma, int width, int height)
    {
        double? least = null;
        foreach (var direction in Directions)
        {
            if (Ratio(luma, width, height, direction) is { } ratio)
            {
                least = Math.Min(least ?? double.MaxValue, ratio);
            }
        }

        return least is { } worst ? Math.Clamp((worst - SmoothRatio) / (SharpRatio - SmoothRatio), 0, 1) : null;
    }

    /// <summary>Near against far difference of the sharpest squares in one direction.</summary>
    private static double? Ratio(float[] luma, int width, int height, (int X, int Y) direction)
    {
        List<double> ratios = [];
        for (var top = 0; top + BlockPx <= height; top += BlockPx)
        {
            for (var left = 0; left + BlockPx <= width; left += BlockPx)
            {
                var (near, far) = Differences(luma, width, height, left, top, direction);
                if (far > LeastContrast)
                {
                    ratios.Add(Math.Sqrt(Math.Max(0, near - NoiseLevel) / far));
                }
            }
        }

        if (ratios.Count < LeastBlocks)
        {
            return null;
        }

        ratios.Sort();
        return ratios[(int)(SharpestShare * (ratios.Count - 1))];
    }

    private static (double Near, double Far) Differences(float[] luma, int width, int height, int left, int top, (int X, int Y) direction)
    {
        var (step, right, bottom) = ((direction.Y * width) + direction.X, left + BlockPx, Math.Min(top + BlockPx, height - (Far * direction.Y)));
        var from = direction.X < 0 ? Math.Max(left, Far) : left;
        var to = direction.X > 0 ? Math.Min(right, width - Far) : right;
        double near = 0, far = 0;
        for (var y = top; y < bottom; y++)
        {
            float nearRow = 0, farRow = 0;
            for (var at = (y * width) + from; at < (y * width) + to; at++)
            {
                var one = luma[at + step] - luma[at];
                var four = luma[at + (Far * step)] - luma[at];
                nearRow += one * one;
                farRow += four * four;
            }

            (near, far) = (near + nearRow, far + farRow);
        }

        var count = Math.Max(1, (to - from) * Math.Max(0, bottom - top));
        return (near / count, far / count);
    }
}
