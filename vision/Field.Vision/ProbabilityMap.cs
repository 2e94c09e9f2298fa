using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using Field.Gdal;
using Field.Vision.Onnx;

namespace Field.Vision;

/// <summary>Probability per pixel, 0..255 for 0..1, row by row.</summary>
internal sealed record ProbabilityMap(int WidthPx, int HeightPx, byte[] Values);

/// <summary>
/// Runs a model over a photo of any size. Memory is bounded: a band of decoded rows (at most <see cref="BandPixels"/>), one tile, one
/// row of tiles as floats, and one byte per pixel of result; the last two for each class.
/// </summary>
/// <param name="model">The model; output channel k is class k.</param>
/// <param name="spec">How pixels become its input.</param>
/// <param name="classes">Output channels.</param>
internal sealed class PhotoInference(OnnxModel model, InputSpec spec, int classes = 1)
{
    /// <summary>Pixels decoded at once: 72 MB as RGB, so a 12 or 20 MP photo is decoded in one go and a huge one in bands.</summary>
    internal const int BandPixels = 24_000_000;

    internal ProbabilityMap[] Run(string path, CancellationToken ct)
    {
        var info = Images.Probe(path);
        return Run(info.WidthPx, info.HeightPx, window => Images.Read(path, window), ct);
    }

    /// <summary>One map per class.</summary>
    internal ProbabilityMap[] Run(int width, int height, Func<PixelWindow, RasterImage> read, CancellationToken ct)
    {
        var columns = new TilePlan(width, spec.TilePx, spec.OverlapPx, spec.Multiple);
        var rows = new TilePlan(height, spec.TilePx, spec.OverlapPx, spec.Multiple);
        var bandRows = (int)Math.Min(height, Math.Max(rows.Tile, (long)BandPixels / width));
        var work = new Work(columns, rows, width, height, classes, model.Threads);
        RasterImage? band = null;
        var bandTop = 0;
        for (var r = 0; r < rows.Starts.Count; r++)
        {
            var top = rows.Starts[r];
            if (band is null || Math.Min(height, top + rows.Tile) > bandTop + band.HeightPx)
            {
                bandTop = top;
                band = read(new PixelWindow(0, top, width, Math.Min(bandRows, height - top)));
            }

            for (var c = 0; c < columns.Starts.Count; c++)
            {
                ct.ThrowIfCancellationRequested();
                Fill(work, band, bandTop, columns.Starts[c], top);
                model.Run(work.Input, [1, 3, rows.Tile, columns.Tile], work.Output, [1, classes, rows.Tile, columns.Tile]);
                work.Add(r, c);
            }

            work.Flush(r);
        }

        return [.. work.Result.Select(values => new ProbabilityMap(width, height, values))];
    }

    /// <summary>Runs the model alone, for a measurement: the same tiles, and only the time between their input and their output.</summary>
    internal TimeSpan Alone(RasterImage image, CancellationToken ct)
    {
        var columns = new TilePlan(image.WidthPx, spec.TilePx, spec.OverlapPx, spec.Multiple);
        var rows = new TilePlan(image.HeightPx, spec.TilePx, spec.OverlapPx, spec.Multiple);
        var work = new Work(columns, rows, image.WidthPx, image.HeightPx, classes, model.Threads);
        var total = TimeSpan.Zero;
        foreach (var (top, left) in rows.Starts.SelectMany(t => columns.Starts.Select(l => (t, l))))
        {
            ct.ThrowIfCancellationRequested();
            Fill(work, image, 0, left, top);
            var begin = Stopwatch.GetTimestamp();
            model.Run(work.Input, [1, 3, rows.Tile, columns.Tile], work.Output, [1, classes, rows.Tile, columns.Tile]);
            total += Stopwatch.GetElapsedTime(begin);
        }

        return total;
    }

    /// <summary>Copies a tile to planes of R, G, B; beyond the photo the picture is mirrored.</summary>
    private void Fill(Work work, RasterImage band, int bandTop, int left, int top)
    {
        var columns = Enumerable.Range(left, work.Columns.Tile).Select(x => Mirror(x, work.Width) * 3).ToArray();
        float[][] levels = [.. Enumerable.Range(0, 3).Select(Levels)];
        WorkSharing.Bands(work.Rows.Tile, model.Threads, (from, to) => FillRows(work, band, bandTop, columns, top, levels, from, to));

        float[] Levels(int k) => [.. Enumerable.Range(0, 256).Select(v => v * (float)(spec.Scale / spec.Std[k]) - (float)(spec.Mean[k] / spec.Std[k]))];
    }

    private static void FillRows(Work work, RasterImage band, int bandTop, int[] columns, int top, float[][] levels, int from, int to)
    {
        int tileWidth = work.Columns.Tile, plane = tileWidth * work.Rows.Tile;
        var (red, green, blue) = (levels[0], levels[1], levels[2]);
        for (var y = from; y < to; y++)
        {
            var row = band.Pixels.AsSpan((Mirror(top + y, work.Height) - bandTop) * work.Width * 3, work.Width * 3);
            var target = work.Input.AsSpan(y * tileWidth);
            for (var x = 0; x < columns.Length; x++)
            {
                var pixel = row.Slice(columns[x], 3);
                target[x] = red[pixel[0]];
                target[plane + x] = green[pixel[1]];
                target[2 * plane + x] = blue[pixel[2]];
            }
        }
    }

    private static int Mirror(int i, int length)
    {
        while (i >= length || i < 0)
        {
            i = length == 1 ? 0 : i < 0 ? -i : 2 * (length - 1) - i;
        }

        return i;
    }

    /// <summary>The buffers of one run, reused for every tile.</summary>
    private sealed class Work(TilePlan columns, TilePlan rows, int width, int height, int classes, int threads)
    {
        private readonly float[][] _sum = Planes<float>(classes, width * rows.Tile);
        private readonly float[][] _across = columns.Shares();
        private readonly float[][] _down = rows.Shares();

        internal TilePlan Columns => columns;
        internal TilePlan Rows => rows;
        internal int Width => width;
        internal int Height => height;
        internal float[] Input { get; } = new float[3 * columns.Tile * rows.Tile];
        internal float[] Output { get; } = new float[classes * columns.Tile * rows.Tile];
        internal byte[][] Result { get; } = Planes<byte>(classes, width * height);

        /// <summary>Adds the output of tile (r, c), by its share, to the row of tiles.</summary>
        internal void Add(int r, int c)
        {
            int left = columns.Starts[c], across = Math.Min(columns.Tile, width - left), down = Math.Min(rows.Tile, height - rows.Starts[r]);
            for (var k = 0; k < classes; k++)
            {
                var of = k;
                WorkSharing.Bands(down, threads, (from, to) =>
                {
                    for (var y = from; y < to; y++)
                    {
                        AddRow(_sum[of].AsSpan(y * width + left, across), Output.AsSpan((of * rows.Tile + y) * columns.Tile, across), _across[c].AsSpan(0, across), _down[r][y]);
                    }
                });
            }
        }

        private static void AddRow(Span<float> sum, ReadOnlySpan<float> values, ReadOnlySpan<float> shares, float share)
        {
            var sums = MemoryMarshal.Cast<float, Vector<float>>(sum);
            var many = MemoryMarshal.Cast<float, Vector<float>>(values);
            var some = MemoryMarshal.Cast<float, Vector<float>>(shares);
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += many[i] * (some[i] * share);
            }

            for (var x = sums.Length * Vector<float>.Count; x < sum.Length; x++)
            {
                sum[x] += values[x] * (shares[x] * share);
            }
        }

        /// <summary>Writes the rows no later tile touches and moves the shared ones to the top.</summary>
        internal void Flush(int r)
        {
            var top = rows.Starts[r];
            var next = r + 1 < rows.Starts.Count ? rows.Starts[r + 1] : height;
            var done = (next - top) * width;
            for (var k = 0; k < classes; k++)
            {
                var (target, sum) = (Result[k], _sum[k]);
                WorkSharing.Bands(done, threads, (from, to) => ToLevels(sum.AsSpan(from, to - from), target.AsSpan(top * width + from)));
            }

            foreach (var buffer in _sum)
            {
                buffer.AsSpan(done).CopyTo(buffer);
                buffer.AsSpan(buffer.Length - Math.Min(done, buffer.Length)).Clear();
            }
        }

        private static void ToLevels(ReadOnlySpan<float> probabilities, Span<byte> levels)
        {
            var width = Vector<float>.Count;
            var i = 0;
            for (; i <= probabilities.Length - 4 * width; i += 4 * width)
            {
                var (a, b) = (Levels(probabilities, i), Levels(probabilities, i + width));
                var (c, d) = (Levels(probabilities, i + 2 * width), Levels(probabilities, i + 3 * width));
                Vector.AsVectorByte(Vector.Narrow(Vector.Narrow(a, b), Vector.Narrow(c, d))).CopyTo(levels[i..]);
            }

            for (; i < probabilities.Length; i++)
            {
                levels[i] = (byte)(Math.Clamp(probabilities[i], 0f, 1f) * 255f + 0.5f);
            }
        }

        private static Vector<int> Levels(ReadOnlySpan<float> probabilities, int at) =>
            Vector.ConvertToInt32(Vector.Min(Vector.Max(new Vector<float>(probabilities[at..]), Vector<float>.Zero), Vector<float>.One) * 255f + new Vector<float>(0.5f));

        private static T[][] Planes<T>(int count, int length) => [.. Enumerable.Range(0, count).Select(_ => new T[length])];
    }
}
