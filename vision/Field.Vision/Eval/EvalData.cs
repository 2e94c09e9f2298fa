using System.Globalization;

namespace Field.Vision.Eval;

/// <summary>A true box, in pixels.</summary>
internal readonly record struct Box(double X0, double Y0, double X1, double Y1);

/// <summary>A mask file: white is <see cref="Class"/>, or when that is null its colours name classes.</summary>
internal sealed record MaskFile(string Path, string? Class);

/// <summary>One image with its truth: a YOLO file beside it, masks, or both.</summary>
internal sealed record EvalImage(string ImagePath, string? BoxPath, IReadOnlyList<MaskFile> Masks);

/// <summary>
/// Finds images with truth below a folder: NAME.jpg with NAME.txt beside it (YOLO: class cx cy w h, 0..1), or images/NAME.jpg with
/// masks/NAME.png or masks/NAME_CRACK.png. What numbers, colours and endings mean is in <see cref="TruthClasses"/>.
/// </summary>
internal static class EvalData
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".tif", ".tiff"];

    internal static List<EvalImage> Find(string folder, TruthClasses classes)
    {
        if (!Directory.Exists(folder))
        {
            throw new VisionException($"{folder} is not a folder.");
        }

        var images = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(p => Extensions.Contains(Path.GetExtension(p).ToLowerInvariant()) && Path.GetFileName(Path.GetDirectoryName(p)) != "masks")
            .Order(StringComparer.Ordinal).Select(p => Describe(p, classes)).Where(i => i.BoxPath is not null || i.Masks.Count > 0).ToList();
        return images.Count > 0 ? images : throw new VisionException(
            $"{folder} holds no image with truth. Put NAME.txt (YOLO boxes) beside NAME.jpg, or masks/NAME.png for images/NAME.jpg.");
    }

    /// <summary>The boxes of each class that boxes may name.</summary>
    internal static Dictionary<string, List<Box>> Boxes(string path, TruthClasses classes, int width, int height)
    {
        var boxes = classes.Boxes.ToDictionary(c => c, _ => new List<Box>());
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var v = Parse(line) ?? throw new VisionException($"{path} line {number}: expected \"class cx cy w h\" with numbers from 0 to 1.");
            if (classes.OfBox((int)v[0]) is { } name)
            {
                boxes[name].Add(new Box((v[1] - v[3] / 2) * width, (v[2] - v[4] / 2) * height, (v[1] + v[3] / 2) * width, (v[2] + v[4] / 2) * height));
            }
        }

        return boxes;
    }

    /// <summary>True where the mask shows a class, for each class that its colours or its file's ending may name.</summary>
    /// <param name="file">The mask, as large as its image.</param>
    /// <param name="classes">What colours mean.</param>
    /// <param name="width">Of the result: the image's, or that of a smaller copy (nearest pixel).</param>
    /// <param name="height">Of the result.</param>
    internal static Dictionary<string, bool[]> Mask(MaskFile file, TruthClasses classes, int width, int height)
    {
        var image = Gdal.Images.Read(file.Path);
        if ((long)image.WidthPx * height != (long)image.HeightPx * width && Math.Abs((double)image.WidthPx / image.HeightPx - (double)width / height) > 0.01)
        {
            throw new VisionException($"{file.Path} is {image.WidthPx}x{image.HeightPx} but its image is {width}x{height}.");
        }

        var truth = (file.Class is { } only ? [only] : classes.Colours).ToDictionary(c => c, _ => new bool[width * height]);
        for (var i = 0; i < width * height; i++)
        {
            int x = (int)((i % width + 0.5) * image.WidthPx / width), y = (int)((i / width + 0.5) * image.HeightPx / height);
            var at = (y * image.WidthPx + x) * 3;
            var rgb = (uint)(image.Pixels[at] << 16 | image.Pixels[at + 1] << 8 | image.Pixels[at + 2]);
            var name = file.Class is null ? classes.OfColour(rgb, file.Path) : rgb == 0xFFFFFF ? file.Class : null;
            if (name is not null && truth.TryGetValue(name, out var plane))
            {
                plane[i] = true;
            }
        }

        return truth;
    }

    private static double[]? Parse(string line)
    {
        var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var values = fields.Take(5)
            .Select(f => double.TryParse(f, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v) ? v : double.NaN).ToArray();
        return values.Length == 5 && values[0] is >= 0 and < 1000 && values.Skip(1).All(v => v is >= 0 and <= 1) ? values : null;
    }

    private static EvalImage Describe(string path, TruthClasses classes)
    {
        var boxes = Path.ChangeExtension(path, ".txt");
        return new EvalImage(path, File.Exists(boxes) ? boxes : null, [.. MasksOf(path, classes)]);
    }

    private static IEnumerable<MaskFile> MasksOf(string path, TruthClasses classes)
    {
        var folder = Path.GetDirectoryName(path);
        if (Path.GetFileName(folder) != "images")
        {
            return [];
        }

        var start = Path.Combine(Path.GetDirectoryName(folder) ?? "", "masks", Path.GetFileNameWithoutExtension(path));
        return classes.Suffixes.Select(s => new MaskFile(start + s.Suffix + ".png", s.Class)).Prepend(new MaskFile(start + ".png", null)).Where(m => File.Exists(m.Path));
    }
}
