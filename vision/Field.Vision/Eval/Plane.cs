using Field.Gdal;

namespace Field.Vision.Eval;

/// <summary>One value per pixel, and the classical filters on it; beyond the edge the nearest pixel counts.</summary>
internal sealed record Plane(int WidthPx, int HeightPx, float[] Values)
{
    internal static Plane Of(RasterImage image, int band)
    {
        var values = new float[image.WidthPx * image.HeightPx];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = image.Pixels[i * image.Bands + band];
        }

        return new Plane(image.WidthPx, image.HeightPx, values);
    }

    internal static Plane Grey(RasterImage image) => Of(image, 0).With(Of(image, 1), (r, g) => 0.299f * r + 0.587f * g).With(Of(image, 2), (rg, b) => rg + 0.114f * b);

    internal Plane With(Plane other, Func<float, float, float> combine)
    {
        var values = new float[Values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = combine(Values[i], other.Values[i]);
        }

        return this with { Values = values };
    }

    internal Plane Each(Converter<float, float> change) => this with { Values = Array.ConvertAll(Values, change) };

    internal Plane Blur(double sigmaPx)
    {
        var reach = (int)Math.Ceiling(3 * sigmaPx);
        var weights = Enumerable.Range(-reach, 2 * reach + 1).Select(d => Math.Exp(-d * d / (2 * sigmaPx * sigmaPx))).ToArray();
        var sum = weights.Sum();
        var kernel = Array.ConvertAll(weights, w => (float)(w / sum));
        return Both(line =>
        {
            var result = new float[line.Length];
            for (var i = 0; i < line.Length; i++)
            {
                for (var d = -reach; d <= reach; d++)
                {
                    result[i] += kernel[d + reach] * line[Math.Clamp(i + d, 0, line.Length - 1)];
                }
            }

            return result;
        });
    }

    /// <summary>Mean of a square of 2 reach + 1 pixels.</summary>
    internal Plane Mean(int reach) => Both(line =>
    {
        float At(int i) => line[Math.Clamp(i, 0, line.Length - 1)];
        var result = new float[line.Length];
        double sum = 0;
        for (var d = -reach; d <= reach; d++)
        {
            sum += At(d);
        }

        for (var i = 0; i < line.Length; i++)
        {
            result[i] = (float)(sum / (2 * reach + 1));
            sum += At(i + reach + 1) - At(i - reach);
        }

        return result;
    });

    /// <summary>Largest value of a square of 2 reach + 1 pixels.</summary>
    internal Plane Dilate(int reach) => Both(line =>
    {
        var result = new float[line.Length];
        for (var i = 0; i < line.Length; i++)
        {
            int from = Math.Max(0, i - reach), to = Math.Min(line.Length - 1, i + reach);
            var most = line[from];
            for (var k = from + 1; k <= to; k++)
            {
                most = Math.Max(most, line[k]);
            }

            result[i] = most;
        }

        return result;
    });

    internal Plane Erode(int reach) => Each(v => -v).Dilate(reach).Each(v => -v);

    /// <summary>The threshold in 0..255 that separates the values best into two kinds (Otsu 1979).</summary>
    internal double Otsu()
    {
        var counts = new long[256];
        foreach (var v in Values)
        {
            counts[(int)Math.Clamp(v, 0, 255)]++;
        }

        double total = Values.Length, sum = counts.Select((c, v) => (double)c * v).Sum(), below = 0, sumBelow = 0, best = -1, at = 0;
        for (var t = 0; t < 255; t++)
        {
            (below, sumBelow) = (below + counts[t], sumBelow + (double)counts[t] * t);
            var above = total - below;
            var between = below == 0 || above == 0 ? 0 : below * above * Math.Pow(sumBelow / below - (sum - sumBelow) / above, 2);
            (best, at) = between > best ? (between, t + 1) : (best, at);
        }

        return at;
    }

    /// <summary>A filter of lines, along the rows and then along the columns.</summary>
    private Plane Both(Func<float[], float[]> filter)
    {
        var values = new float[Values.Length];
        for (var y = 0; y < HeightPx; y++)
        {
            filter(Values[(y * WidthPx)..((y + 1) * WidthPx)]).CopyTo(values, y * WidthPx);
        }

        var column = new float[HeightPx];
        for (var x = 0; x < WidthPx; x++)
        {
            for (var y = 0; y < HeightPx; y++)
            {
                column[y] = values[y * WidthPx + x];
            }

            var result = filter(column);
            for (var y = 0; y < HeightPx; y++)
            {
                values[y * WidthPx + x] = result[y];
            }
        }

        return this with { Values = values };
    }
}
