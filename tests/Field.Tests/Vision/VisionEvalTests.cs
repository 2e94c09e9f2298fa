using Field.Gdal;
using Field.Vision;

namespace Field.Tests.Vision;

/// <summary>Counts worked out by hand on pictures whose dark pixels are the findings.</summary>
public sealed class VisionEvalTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Boxes_are_counted_by_every_rule()
    {
        var card = DarkModel.Write(_folder.FullPath);
        var site = Directory.CreateDirectory(Path.Combine(_folder.FullPath, "data", "site")).FullName;
        // a: one line 60 px long, boxed exactly: right by every rule
        Save(site, "a", (20, 40, 60, 3));
        Truth(site, "a", (20, 40, 60, 3));
        // b: a line of 20 px in a box of 60 px (covers a third), and a line far from any box
        Save(site, "b", (20, 40, 20, 3), (20, 90, 60, 3));
        Truth(site, "b", (20, 40, 60, 3));
        // c: nothing found, nothing there
        Save(site, "c");
        Truth(site, "c");
        var report = VisionEval.Run(card, Path.Combine(_folder.FullPath, "data"), null, TestContext.Current.CancellationToken);
        Assert.Equal(3, report.Images);
        AssertCounts(report, "line", truth: 2, found: 1, predicted: 3, correct: 2);
        AssertCounts(report, "lineStrict", truth: 2, found: 1, predicted: 3, correct: 2);
        AssertCounts(report, "touch", truth: 2, found: 2, predicted: 3, correct: 2);
        AssertCounts(report, "iou30", truth: 2, found: 2, predicted: 3, correct: 2); // 20x3 in 60x3 is IoU 1/3
        AssertCounts(report, "iou50", truth: 2, found: 1, predicted: 3, correct: 1);
        Assert.Equal((0.6667, 0.5), (report.Figures[0].Precision, report.Figures[0].Recall));
    }

    [Fact]
    public void Mask_pixels_are_counted_within_two_pixels()
    {
        var card = DarkModel.Write(_folder.FullPath);
        var (images, masks) = (Sub("images"), Sub("masks"));
        Save(images, "m", (10, 40, 50, 4)); // predicted rows 40..43
        File.WriteAllBytes(Path.Combine(masks, "m.png"), Images.EncodePng(Picture([(10, 44, 50, 4)], 0, 255, 0, 0))); // true rows 44..47 in red
        var report = VisionEval.Run(card, Path.Combine(_folder.FullPath, "data"), null, TestContext.Current.CancellationToken);
        // rows 42, 43 are within 2 px of row 44; rows 44, 45 within 2 px of row 43
        AssertCounts(report, "pixel2", truth: 200, found: 100, predicted: 200, correct: 100);
    }

    [Theory]
    [InlineData("0 0.5 0.5 0.1")]
    [InlineData("0 0.5 0.5 0.1 x")]
    [InlineData("0 0.5 0.5 0.1 7")]
    [InlineData("0 NaN 0.5 0.1 0.1")]
    public void Broken_box_file_is_named_with_its_line(string line)
    {
        var card = DarkModel.Write(_folder.FullPath);
        var site = Sub("site");
        Save(site, "a");
        File.WriteAllText(Path.Combine(site, "a.txt"), "\n" + line);
        var error = Assert.Throws<VisionException>(() => VisionEval.Run(card, site, null, TestContext.Current.CancellationToken));
        Assert.Contains("a.txt line 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_without_truth_says_what_it_wants()
    {
        var card = DarkModel.Write(_folder.FullPath);
        Save(Sub("site"), "a");
        var error = Assert.Throws<VisionException>(() => VisionEval.Run(card, Sub("site"), null, TestContext.Current.CancellationToken));
        Assert.Contains("NAME.txt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Saved_figures_are_read_back_from_the_card()
    {
        var card = DarkModel.Write(_folder.FullPath);
        var site = Sub("site");
        Save(site, "a", (20, 40, 60, 3));
        Truth(site, "a", (20, 40, 60, 3));
        var report = VisionEval.Run(card, site, null, TestContext.Current.CancellationToken);
        report.SaveTo(card);
        Assert.Equivalent(report.Figures, ModelCard.Load(card).HeldOut, strict: true);
        Assert.Equal("site", ModelCard.Load(card).HeldOut[0].Data);
    }

    [Fact]
    public void Spoilt_images_and_the_plain_method_are_saved_and_other_data_stays()
    {
        var card = DarkModel.Write(_folder.FullPath);
        var (one, two) = (Sub("one"), Sub("two"));
        foreach (var site in (string[])[one, two])
        {
            Save(site, "a", (20, 40, 60, 3));
            Truth(site, "a", (20, 40, 60, 3));
        }

        var ct = TestContext.Current.CancellationToken;
        VisionEval.Run(card, one, new EvalOptions { Robust = true, Baseline = true }, ct).SaveTo(card);
        VisionEval.Run(card, two, new EvalOptions { Baseline = true }, ct).SaveTo(card);
        VisionEval.Run(card, two, null, ct).SaveTo(card); // again, without: what was measured before stays
        var saved = ModelCard.Load(card);
        Assert.Equal(["one", "two"], saved.HeldOut.Select(f => f.Data).Distinct());
        Assert.Equal(["blur2", "jpeg60", "ev-2", "half"], saved.Robustness.Select(f => f.Condition).Distinct());
        Assert.Equal(["one", "two"], saved.Baseline!.Figures.Select(f => f.Data).Distinct());
        Assert.Equal(1, saved.Baseline.Figures[0].F1); // a dark bar on white is what it looks for
    }

    [Fact]
    public void Perfect_masks_are_measured_by_the_rules_alone()
    {
        var card = DarkModel.Write(_folder.FullPath);
        var site = Sub("site");
        File.WriteAllBytes(Path.Combine(site, "a.png"), Images.EncodePng(Picture([(20, 40, 60, 3)], 0, 255, 255, 255))); // white on black: nothing but ground for the model
        Truth(site, "a", (20, 40, 60, 3));
        var ct = TestContext.Current.CancellationToken;
        AssertCounts(VisionEval.Run(card, site, new EvalOptions { Masks = true }, ct), "iou50", truth: 1, found: 1, predicted: 1, correct: 1);
        AssertCounts(VisionEval.Run(card, site, null, ct), "iou50", truth: 1, found: 0, predicted: 1, correct: 0); // the model finds the ground dark
    }

    [Fact]
    public void Every_second_image_is_the_second_the_fourth()
    {
        var card = DarkModel.Write(_folder.FullPath);
        var site = Sub("site");
        foreach (var name in (string[])["a", "b", "c", "d", "e"])
        {
            Save(site, name, (20, 40, 60, 3));
            Truth(site, name, name is "b" or "d" ? [(20, 40, 60, 3)] : []);
        }

        var report = VisionEval.Run(card, site, new EvalOptions { Every = 2 }, TestContext.Current.CancellationToken);
        Assert.Equal(2, report.Images);
        AssertCounts(report, "line", truth: 2, found: 2, predicted: 2, correct: 2);
        Assert.Equal("site, every 2th", report.Figures[0].Data);
    }

    private static void AssertCounts(EvalReport report, string rule, int truth, int found, int predicted, int correct)
    {
        var f = Assert.Single(report.Figures, f => f.Rule == rule);
        Assert.Equal((truth, found, predicted, correct), (f.Truth, f.Found, f.Predicted, f.Correct));
    }

    private string Sub(string name) => Directory.CreateDirectory(Path.Combine(_folder.FullPath, "data", name)).FullName;

    private static void Save(string folder, string name, params (int X, int Y, int W, int H)[] bars) =>
        File.WriteAllBytes(Path.Combine(folder, name + ".png"), Images.EncodePng(Picture(bars, 255, 0, 0, 0)));

    private static void Truth(string folder, string name, params (int X, int Y, int W, int H)[] boxes) =>
        File.WriteAllLines(Path.Combine(folder, name + ".txt"), boxes.Select(b => FormattableString.Invariant(
            $"0 {(b.X + b.W / 2.0) / 128} {(b.Y + b.H / 2.0) / 128} {b.W / 128.0} {b.H / 128.0}")));

    private static RasterImage Picture((int X, int Y, int W, int H)[] bars, byte ground, byte r, byte g, byte b)
    {
        var pixels = Enumerable.Repeat(ground, 128 * 128 * 3).ToArray();
        foreach (var bar in bars)
        {
            for (var i = 0; i < bar.W * bar.H; i++)
            {
                var at = ((bar.Y + i / bar.W) * 128 + bar.X + i % bar.W) * 3;
                (pixels[at], pixels[at + 1], pixels[at + 2]) = (r, g, b);
            }
        }

        return new RasterImage(128, 128, 3, pixels);
    }
}
