using System.Globalization;
using System.Runtime.CompilerServices;
using Field.Gdal;
using Microsoft.Playwright;

namespace Field.Tests.Browser;

/// <summary>
/// Compares a page with the picture of it in tests/golden/screens, at the size that the page has. A missing picture fails.
/// <c>FIELD_GOLDEN=write</c> writes what is drawn now in place of comparing: look at each picture before it is committed.
/// </summary>
/// <remarks>
/// Tolerance: of the means of 4 x 4 pixels, which take the edges of letters out, at most 1 % may differ by more than 24 of 255 in a channel. What is
/// not the same each time (times, identifiers) is masked by the test; a mask also hides what lies over it.
/// </remarks>
internal static class Golden
{
    private const int BlockPx = 4;
    private const int Levels = 24;
    private const double Share = 0.01;

    /// <summary>Compares what the page shows now.</summary>
    /// <param name="page">Settled: what the test waits for is there.</param>
    /// <param name="name">Of the picture, without size and ending.</param>
    /// <param name="masks">What may differ; painted over in both pictures.</param>
    public static async Task CompareAsync(IPage page, string name, params ILocator[] masks)
    {
        PageViewportSizeResult size = page.ViewportSize ?? throw new InvalidOperationException("a page without a size");
        await page.EvaluateAsync("() => document.fonts.ready");
        byte[] actual = await page.ScreenshotAsync(new PageScreenshotOptions { Mask = masks, MaskColor = "#888888", Animations = ScreenshotAnimations.Disabled, Caret = ScreenshotCaret.Hide });
        string file = $"{name}-{size.Width}x{size.Height}.png";
        string expected = Path.Combine(Folder(), file);
        if (Environment.GetEnvironmentVariable("FIELD_GOLDEN") == "write")
        {
            Directory.CreateDirectory(Folder());
            await File.WriteAllBytesAsync(expected, actual, TestContext.Current.CancellationToken);
            return;
        }

        string seen = Path.Combine(AppContext.BaseDirectory, "screens", file);
        Directory.CreateDirectory(Path.GetDirectoryName(seen)!);
        await File.WriteAllBytesAsync(seen, actual, TestContext.Current.CancellationToken);
        Assert.True(File.Exists(expected), $"no golden picture {expected}; the page as it is: {seen}. FIELD_GOLDEN=write writes it");
        double share = Differing(Images.Read(expected), Images.Read(seen));
        Assert.True(
            share <= Share,
            string.Create(CultureInfo.InvariantCulture, $"{share:P2} of {file} differ (allowed {Share:P0}): compare {seen} with {expected}; FIELD_GOLDEN=write takes the page as it is"));
    }

    /// <summary>The share of blocks of two pictures whose means differ; 1 when the sizes do.</summary>
    internal static double Differing(RasterImage a, RasterImage b)
    {
        if (a.WidthPx != b.WidthPx || a.HeightPx != b.HeightPx)
        {
            return 1;
        }

        int across = a.WidthPx / BlockPx, down = a.HeightPx / BlockPx, differing = 0;
        for (int block = 0; block < across * down; block++)
        {
            (int x, int y) = (block % across * BlockPx, block / across * BlockPx);
            bool differs = false;
            for (int channel = 0; channel < 3 && !differs; channel++)
            {
                differs = Math.Abs(Sum(a, x, y, channel) - Sum(b, x, y, channel)) > Levels * BlockPx * BlockPx;
            }

            differing += differs ? 1 : 0;
        }

        return (double)differing / (across * down);
    }

    private static int Sum(RasterImage image, int x, int y, int channel)
    {
        int sum = 0;
        for (int i = 0; i < BlockPx * BlockPx; i++)
        {
            sum += image.Pixels[((((y + (i / BlockPx)) * image.WidthPx) + x + (i % BlockPx)) * image.Bands) + channel];
        }

        return sum;
    }

    private static string Folder([CallerFilePath] string source = "") => Path.Combine(Path.GetDirectoryName(source)!, "..", "golden", "screens");
}
