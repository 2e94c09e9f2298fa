using Field.Gdal;
using Field.Vision;
using Field.Vision.Eval;
using Field.Vision.Shape;

namespace Field.Tests.Vision;

/// <summary>Figures per class: cell counts worked out by hand on masks of 20 x 10 pixels.</summary>
public sealed class EvalClassesTests : IDisposable
{
    private const int Width = 20, Height = 10;
    private static readonly string[] Two = ["spalling", "corrosion"];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Mask_colours_are_counted_per_class_by_the_usual_meanings()
    {
        // spalling in grey, 10 x 4; corrosion in cyan, 5 x 2; rebar in green is no class of this card
        var image = WithMask("m.png", (0, 0, 10, 4, 0x808080), (12, 6, 5, 2, 0x00FFFF), (12, 0, 3, 3, 0x00FF00));
        var tallies = Tallies(image, TruthClasses.Load(null, Two),
            Found("spalling", (0, 0, 10, 2)), // half of it
            Found("corrosion", (12, 6, 5, 2)), // all
            Found("corrosion", (0, 2, 10, 2))); // on spalling: wrong class
        Assert.Equal(new Tally(40, 20, 20, 20), tallies[("spalling", "pixel")]);
        Assert.Equal(new Tally(10, 10, 30, 10), tallies[("corrosion", "pixel")]);
        Assert.Equal(new Tally(1, 1, 1, 1), tallies[("spalling", "object")]);
        Assert.Equal(new Tally(1, 1, 2, 1), tallies[("corrosion", "object")]);
        Assert.Equal(6, tallies.Count);
    }

    [Fact]
    public void Classes_file_gives_colours_and_endings_their_meaning()
    {
        var path = Description("""{ "masks": { "#102030": "spalling", "#FFFFFF": "grass" }, "suffixes": { "_RUST": "corrosion" } }""");
        var image = WithMask("m.png", (0, 0, 4, 4, 0x102030), (8, 0, 4, 4, 0xFFFFFF));
        WithMask("m_RUST.png", (0, 6, 10, 2, 0xFFFFFF));
        var tallies = Tallies(Assert.Single(EvalData.Find(_folder.FullPath, TruthClasses.Load(path, Two))), TruthClasses.Load(path, Two), Found("corrosion", (0, 6, 5, 2)));
        Assert.Equal(2, Assert.Single(EvalData.Find(_folder.FullPath, TruthClasses.Load(path, Two))).Masks.Count);
        Assert.Equal(new Tally(16, 0, 0, 0), tallies[("spalling", "pixel")]);
        Assert.Equal(new Tally(20, 10, 10, 10), tallies[("corrosion", "pixel")]);
        Assert.NotNull(image);
    }

    [Fact]
    public void Colour_that_the_classes_file_does_not_name_is_refused()
    {
        var classes = TruthClasses.Load(Description("""{ "masks": { "#FF0000": "spalling" } }"""), Two);
        var image = WithMask("m.png", (0, 0, 4, 4, 0x00FF00));
        var error = Assert.Throws<VisionException>(() => Tallies(image, classes));
        Assert.Contains("#00FF00", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "masks": { "red": "crack" } }""")]
    [InlineData("""{ "mask": { "#FF0000": "crack" } }""")]
    [InlineData("[")]
    public void Broken_classes_file_is_named(string text)
    {
        var path = Description(text);
        Assert.Contains("classes.json", Assert.Throws<VisionException>(() => TruthClasses.Load(path, Two)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Box_numbers_are_counted_per_class()
    {
        var path = Path.Combine(_folder.FullPath, "a.txt");
        File.WriteAllLines(path, ["0 0.25 0.5 0.5 0.2", "1 0.75 0.5 0.2 0.2", "7 0.5 0.5 0.1 0.1"]);
        var tallies = Tallies(new EvalImage("a.png", path, []), TruthClasses.Load(null, Two), Found("corrosion", (13, 4, 4, 2)), Found("spalling", (13, 4, 4, 2)));
        Assert.Equal(new Tally(1, 1, 1, 1), tallies[("corrosion", "iou50")]);
        Assert.Equal(new Tally(1, 0, 1, 0), tallies[("spalling", "iou50")]);
    }

    [Fact]
    public void Interval_of_equal_images_is_a_point_and_of_unequal_ones_holds_the_figure()
    {
        var same = new Bootstrap([.. Enumerable.Repeat(new Tally(4, 3, 5, 3), 10)]);
        Assert.Equal([0.75, 0.75], same.Interval(r => r.Recall));
        Assert.Equal([0.6, 0.6], same.Interval(r => r.Precision));
        Assert.Equal([0.5, 0.5], same.Interval(r => r.Iou)); // 3 of 4 + 5 - 3

        // ten images, in half of which the one box is found: the count is binomial, 95 % of it lies in 0.2 .. 0.8
        var mixed = new Bootstrap([.. Enumerable.Range(0, 10).Select(i => new Tally(1, i % 2, i % 2, i % 2))]);
        Assert.Equal([0.2, 0.8], mixed.Interval(r => r.Recall));
        Assert.Equal(mixed.Interval(r => r.Recall), new Bootstrap([.. Enumerable.Range(0, 10).Select(i => new Tally(1, i % 2, i % 2, i % 2))]).Interval(r => r.Recall));
    }

    private static Dictionary<(string, string), Tally> Tallies(EvalImage image, TruthClasses classes, params TracedFinding[] findings) =>
        VisionEval.Tallies(image, classes, new ModelCard { Classes = Two, Thresholds = new Thresholds { MinAreaPx = 4 } }, Width, Height, findings)
            .ToDictionary(t => (t.Class, t.Rule), t => t.Tally);

    private static TracedFinding Found(string name, (int X, int Y, int W, int H) bar)
    {
        var runs = Enumerable.Range(bar.Y, bar.H).Select(y => new Run(y, bar.X, bar.X + bar.W)).ToList();
        return new TracedFinding(new PixelFinding(name, 1, [], bar.W * bar.H, bar.W, bar.H, bar.H, default), [new Component(runs, 0, 255)]);
    }

    private EvalImage WithMask(string name, params (int X, int Y, int W, int H, int Rgb)[] bars)
    {
        var pixels = new byte[Width * Height * 3];
        foreach (var bar in bars)
        {
            for (var i = 0; i < bar.W * bar.H; i++)
            {
                var at = ((bar.Y + i / bar.W) * Width + bar.X + i % bar.W) * 3;
                (pixels[at], pixels[at + 1], pixels[at + 2]) = ((byte)(bar.Rgb >> 16), (byte)(bar.Rgb >> 8), (byte)bar.Rgb);
            }
        }

        var (images, masks) = (Directory.CreateDirectory(Path.Combine(_folder.FullPath, "images")), Directory.CreateDirectory(Path.Combine(_folder.FullPath, "masks")));
        var path = Path.Combine(masks.FullName, name);
        File.WriteAllBytes(path, Images.EncodePng(new RasterImage(Width, Height, 3, pixels)));
        var picture = Path.Combine(images.FullName, "m.png");
        File.WriteAllBytes(picture, Images.EncodePng(new RasterImage(Width, Height, 3, new byte[Width * Height * 3])));
        return new EvalImage(picture, null, [new MaskFile(path, null)]);
    }

    private string Description(string text)
    {
        var path = Path.Combine(_folder.FullPath, "classes.json");
        File.WriteAllText(path, text);
        return path;
    }
}
