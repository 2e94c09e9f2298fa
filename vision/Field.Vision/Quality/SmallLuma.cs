using System.Numerics;
using Field.Gdal;

namespace Field.Vision.Quality;

/// <summary>
/// The brightness of a photo, averaged to the size at which <see cref="QualityMeter"/> measures. It takes the rows as they are decoded, so that
/// a photo that is decoded to be scored need not be decoded again to be measured. A small photo stays as it is.
/// </summary>
internal sealed class SmallLuma
{
    private readonly int _sourceWidth;
    private readonly int _sourceHeight;
    private readonly double _scaleX;
    private readonly double _scaleY;
    private readonly float[] _row;
    private readonly float[] _sum;
    private int _nextRow;

    /// <summary>An empty one.</summary>
    /// <param name="widthPx">Of the photo.</param>
    /// <param name="heightPx">Of the photo.</param>
    internal SmallLuma(int widthPx, int heightPx)
    {
        (_sourceWidth, _sourceHeight) = (widthPx, heightPx);
        var scale = Math.Max(1, Math.Max(widthPx, heightPx) / (double)QualityMeter.LongestSidePx);
        (WidthPx, HeightPx) = (Side(widthPx, scale), Side(heightPx, scale));
        (_scaleX, _scaleY) = ((double)widthPx / WidthPx, (double)heightPx / HeightPx);
        (_row, _sum, Values) = (new float[widthPx], new float[widthPx], new float[WidthPx * HeightPx]);
    }

    /// <summary>Columns.</summary>
    internal int WidthPx { get; }

    /// <summary>Rows.</summary>
    internal int HeightPx { get; }

    /// <summary>Luma 0 to 255, row by row; whole when the photo's last row has been taken.</summary>
    internal float[] Values { get; }

    /// <summary>Takes the rows of a band that have not come yet; bands come from the top and leave no row out.</summary>
    /// <returns>The band.</returns>
    internal RasterImage Take(RasterImage band, int top)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(band.Bands, 3, nameof(band));
        ArgumentOutOfRangeException.ThrowIfNotEqual(band.WidthPx, _sourceWidth, nameof(band));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(top, _nextRow);
        for (var bottom = Math.Min(top + band.HeightPx, _sourceHeight); _nextRow < bottom; _nextRow++)
        {
            ReadRow(band.Pixels.AsSpan((_nextRow - top) * _sourceWidth * 3, _sourceWidth * 3));
            AddRow();
        }

        return band;
    }

    private static int Side(int length, double scale) => Math.Max(1, (int)Math.Round(length / scale));

    private void ReadRow(ReadOnlySpan<byte> rgb)
    {
        for (var x = 0; x < _row.Length; x++)
        {
            _row[x] = (0.299f * rgb[x * 3]) + (0.587f * rgb[(x * 3) + 1]) + (0.114f * rgb[(x * 3) + 2]);
        }
    }

    /// <summary>Shares a row out between the one or two rows of the small picture that it lies in.</summary>
    private void AddRow()
    {
        var target = Math.Min(HeightPx - 1, (int)(_nextRow / _scaleY));
        var here = Math.Min(1, ((target + 1) * _scaleY) - _nextRow);
        var isLast = _nextRow + 1 == _sourceHeight;
        AddRow(isLast ? 1 : (float)here);
        if (isLast || ((target + 1) * _scaleY) - (_nextRow + 1) < 1e-9)
        {
            Finish(target);
            Array.Clear(_sum);
            AddRow(isLast ? 0 : (float)(1 - here));
        }
    }

    private void AddRow(float weight)
    {
        var x = 0;
        if (weight > 0)
        {
            for (Vector<float> w = new(weight); x <= _row.Length - Vector<float>.Count; x += Vector<float>.Count)
            {
                (new Vector<float>(_sum, x) + (w * new Vector<float>(_row, x))).CopyTo(_sum, x);
            }

            for (; x < _row.Length; x++)
            {
                _sum[x] += weight * _row[x];
            }
        }
    }

    private void Finish(int target)
    {
        var into = Values.AsSpan(target * WidthPx, WidthPx);
        var share = (float)(1 / (_scaleX * _scaleY));
        for (var x = 0; x < WidthPx; x++)
        {
            double left = x * _scaleX, right = Math.Min(_sourceWidth, (x + 1) * _scaleX);
            int first = (int)left, last = Math.Min(_sourceWidth - 1, (int)right);
            var sum = _sum[first] * (float)(Math.Min(right, first + 1) - left);
            for (var i = first + 1; i < last; i++)
            {
                sum += _sum[i];
            }

            into[x] = (sum + (last > first ? _sum[last] * (float)(right - last) : 0)) * share;
        }
    }
}
