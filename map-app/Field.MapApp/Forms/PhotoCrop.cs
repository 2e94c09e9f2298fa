using System.Text.Json;
using Field.Gdal;

namespace Field.MapApp.Forms;

/// <summary>The part of a photo around a damage, with the outline of its mask drawn in.</summary>
internal static class PhotoCrop
{
    private const int WidthPx = 760;
    private const int HeightPx = 464; // the frame of the photo sheet, 85 x 52 mm: 227 dpi
    private const int LeastPx = 380;
    private const int Quality = 84;
    private const double HaloPx = 2.6;
    private const double LinePx = 1.5;
    private static readonly byte[] White = [255, 255, 255];
    private static readonly byte[] Violet = [0x6A, 0x3D, 0xFF];

    /// <param name="path">The photo's file.</param>
    /// <param name="rings">The mask's outline as stored: arrays of [x, y] in the photo's pixels; null or empty shows the whole photo.</param>
    /// <exception cref="GdalException">The photo cannot be decoded.</exception>
    public static Picture Make(string path, string? rings)
    {
        RasterInfo info = Images.Probe(path);
        IReadOnlyList<(double X, double Y)[]> outline = Parse(rings);
        PixelWindow window = Window(info, outline);
        double scale = Math.Min(1.0 * WidthPx / window.WidthPx, 1.0 * HeightPx / window.HeightPx);
        int width = Math.Max(1, (int)Math.Round(window.WidthPx * scale));
        int height = Math.Max(1, (int)Math.Round(window.HeightPx * scale));
        RasterImage image = Images.Read(path, window, width, height);
        foreach ((double radius, byte[] colour) in new[] { (HaloPx, White), (LinePx, Violet) })
        {
            foreach ((double X, double Y)[] ring in outline)
            {
                DrawRing(image, [.. ring.Select(p => ((p.X - window.X) * scale, (p.Y - window.Y) * scale))], radius, colour);
            }
        }

        return new Picture(Images.EncodeJpeg(image, Quality), width, height);
    }

    private static PixelWindow Window(RasterInfo info, IReadOnlyList<(double X, double Y)[]> rings)
    {
        (double X, double Y)[] points = [.. rings.SelectMany(r => r).Where(p => p.X >= 0 && p.Y >= 0 && p.X <= info.WidthPx && p.Y <= info.HeightPx)];
        if (points.Length == 0)
        {
            return new PixelWindow(0, 0, info.WidthPx, info.HeightPx);
        }

        (double left, double right) = (points.Min(p => p.X), points.Max(p => p.X));
        (double top, double bottom) = (points.Min(p => p.Y), points.Max(p => p.Y));
        double width = Math.Max(LeastPx, 1.5 * (right - left));
        double height = Math.Max(width * HeightPx / WidthPx, 1.5 * (bottom - top));
        width = Math.Max(width, height * WidthPx / HeightPx);
        int w = Math.Clamp((int)width, 1, info.WidthPx);
        int h = Math.Clamp((int)height, 1, info.HeightPx);
        return new PixelWindow(
            Math.Clamp((int)(((left + right) / 2) - (w / 2.0)), 0, info.WidthPx - w), Math.Clamp((int)(((top + bottom) / 2) - (h / 2.0)), 0, info.HeightPx - h), w, h);
    }

    private static void DrawRing(RasterImage image, (double X, double Y)[] ring, double radius, byte[] colour)
    {
        for (int i = 0; i < ring.Length; i++)
        {
            (double x0, double y0) = ring[i];
            (double x1, double y1) = ring[(i + 1) % ring.Length];
            double length = Math.Min(20_000, Math.Sqrt(((x1 - x0) * (x1 - x0)) + ((y1 - y0) * (y1 - y0))));
            for (double at = 0; at <= length; at++)
            {
                double part = length > 0 ? at / length : 0;
                Stamp(image, x0 + (part * (x1 - x0)), y0 + (part * (y1 - y0)), radius, colour);
            }
        }
    }

    private static void Stamp(RasterImage image, double x, double y, double radius, byte[] colour)
    {
        for (int row = Math.Max(0, (int)(y - radius)); row <= Math.Min(image.HeightPx - 1, (int)(y + radius)); row++)
        {
            for (int column = Math.Max(0, (int)(x - radius)); column <= Math.Min(image.WidthPx - 1, (int)(x + radius)); column++)
            {
                if (((column - x) * (column - x)) + ((row - y) * (row - y)) <= radius * radius)
                {
                    colour.CopyTo(image.Pixels, ((row * image.WidthPx) + column) * image.Bands);
                }
            }
        }
    }

    private static List<(double X, double Y)[]> Parse(string? rings)
    {
        List<(double, double)[]> outline = [];
        if (rings is null)
        {
            return outline;
        }

        using JsonDocument json = JsonDocument.Parse(rings);
        foreach (JsonElement ring in json.RootElement.EnumerateArray())
        {
            outline.Add([.. ring.EnumerateArray().Select(p => (p[0].GetDouble(), p[1].GetDouble()))]);
        }

        return outline;
    }
}
