using System.Globalization;

namespace Field.Vision.Eval;

/// <summary>A true box, in pixels.</summary>
internal readonly record struct Box(double X0, double Y0, double X1, double Y1);

/// <summary>One image with its truth: a YOLO file beside it, or a mask.</summary>
internal sealed record EvalImage(string ImagePath, string? BoxPath, string? MaskPath);

/// <summary>
/// Finds images with truth below a folder: NAME.jpg with NAME.txt beside it (YOLO: class cx cy w h, 0..1), or images/NAME.jpg with
/// masks/NAME.png or masks/NAME_CRACK.png. In a mask, pure red or white is crack.
/// </summary>
internal static class EvalData
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".tif", ".tiff"];

    internal static List<EvalImage> Find(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new VisionException($"{folder} is not a folder.");
        }

        var images = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(p => Extensions.Contains(Path.GetExtension(p).ToLowerInvariant()) && Path.GetFileName(Path.GetDirectoryName(p)) != "masks")
            .Order(StringComparer.Ordinal).Select(Describe).Where(i => i.BoxPath is not null || i.MaskPath is not null).ToList();
        return images.Count > 0 ? images : throw new VisionException(
            $"{folder} holds no image with truth. Put NAME.txt (YOLO boxes) beside NAME.jpg, or masks/NAME.png for images/NAME.jpg.");
    }

    internal static List<Box> Boxes(string path, int width, int height)
    {
        var boxes = new List<Box>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                boxes.Add(Parse(line) is { } v
                    ? new Box((v[1] - v[3] / 2) * width, (v[2] - v[4] / 2) * height, (v[1] + v[3] / 2) * width, (v[2] + v[4] / 2) * height)
                    : throw new VisionException($"{path} line {number}: expected \"class cx cy w h\" with numbers from 0 to 1."));
            }
        }

        return boxes;
    }

    /// <summary>True where the mask is pure red or white.</summary>
    internal static bool[] Mask(string path, int width, int height)
    {
        var image = Gdal.Images.Read(path);
        if (image.WidthPx != width || image.HeightPx != height)
        {
            throw new VisionException($"{path} is {image.WidthPx}x{image.HeightPx} but its image is {width}x{height}.");
        }

        var truth = new bool[width * height];
        for (var i = 0; i < truth.Length; i++)
        {
            byte r = image.Pixels[i * 3], g = image.Pixels[i * 3 + 1], b = image.Pixels[i * 3 + 2];
            truth[i] = r == 255 && g == b && (g == 0 || g == 255);
        }

        return truth;
    }

    private static double[]? Parse(string line)
    {
        var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var values = fields.Take(5)
            .Select(f => double.TryParse(f, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v) ? v : double.NaN).ToArray();
        return values.Length == 5 && values.All(v => v >= 0) && values.Skip(1).All(v => v <= 1) ? values : null;
    }

    private static EvalImage Describe(string path)
    {
        var boxes = Path.ChangeExtension(path, ".txt");
        var masks = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(path)) ?? "", "masks");
        var name = Path.GetFileNameWithoutExtension(path);
        var mask = new[] { name + ".png", name + "_CRACK.png" }.Select(f => Path.Combine(masks, f)).FirstOrDefault(File.Exists);
        return new EvalImage(path, File.Exists(boxes) ? boxes : null, Path.GetFileName(Path.GetDirectoryName(path)) == "images" ? mask : null);
    }
}
