namespace Field.Vision.Shape;

/// <summary>Exact Euclidean distance to the nearest free pixel, by lower envelopes of parabolas (Felzenszwalb and Huttenlocher, 2012).</summary>
internal static class DistanceTransform
{
    /// <summary>Squared distance between pixel centres, 0 outside the mask.</summary>
    internal static float[] Squared(Mask mask)
    {
        int width = mask.Width, height = mask.Height;
        var field = new float[mask.Cells.Length];
        for (var i = 0; i < field.Length; i++)
        {
            field[i] = mask.Cells[i] ? 1e12f : 0;
        }

        var line = new Envelope(Math.Max(width, height));
        for (var x = 0; x < width; x++)
        {
            line.Apply(field, x, width, height);
        }

        for (var y = 0; y < height; y++)
        {
            line.Apply(field, y * width, 1, width);
        }

        return field;
    }

    private sealed class Envelope(int length)
    {
        private readonly float[] _value = new float[length];
        private readonly int[] _apex = new int[length];
        private readonly double[] _from = new double[length + 1];

        internal void Apply(float[] field, int start, int stride, int count)
        {
            for (var i = 0; i < count; i++)
            {
                _value[i] = field[start + i * stride];
            }

            var last = 0;
            (_apex[0], _from[0], _from[1]) = (0, double.NegativeInfinity, double.PositiveInfinity);
            for (var q = 1; q < count; q++)
            {
                var s = Cross(q, _apex[last]);
                while (s <= _from[last])
                {
                    s = Cross(q, _apex[--last]);
                }

                (_apex[++last], _from[last], _from[last + 1]) = (q, s, double.PositiveInfinity);
            }

            for (int i = 0, k = 0; i < count; i++)
            {
                while (_from[k + 1] < i)
                {
                    k++;
                }

                var d = i - _apex[k];
                field[start + i * stride] = (float)((double)d * d + _value[_apex[k]]);
            }
        }

        private double Cross(int q, int p) => (_value[q] + (double)q * q - _value[p] - (double)p * p) / (2.0 * (q - p));
    }
}
