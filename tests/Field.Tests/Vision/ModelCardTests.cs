using System.Text.Json.Nodes;
using Field.Vision;

namespace Field.Tests.Vision;

public sealed class ModelCardTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Good_card_loads()
    {
        var card = ModelCard.Load(DarkModel.Write(_folder.FullPath));
        Assert.Equal(("dark", 0.6, 64), (card.Name, card.Thresholds.High, card.Input.TilePx));
        Assert.Equal(Path.Combine(_folder.FullPath, "dark.onnx"), card.ModelPath);
    }

    [Fact]
    public void Experimental_model_runs_only_when_it_is_named()
    {
        string models = Directory.CreateDirectory(Path.Combine(_folder.FullPath, "models")).FullName;
        string card = DarkModel.Write(models);
        Assert.Equal([card], MapApp.UpCommand.Models(_folder.FullPath));
        DarkModel.Write(models, c => c["experimental"] = true);
        Assert.True(ModelCard.Load(card).Experimental);
        Assert.Empty(MapApp.UpCommand.Models(_folder.FullPath));
    }

    [Fact]
    public void Every_error_is_listed_at_once()
    {
        var path = DarkModel.Write(_folder.FullPath, card =>
        {
            card["sha256"] = new string('0', 64);
            card["task"] = "divination";
            card.Remove("split");
            card.Remove("weaknesses");
            card["thresholds"]!["low"] = 0.9;
            card["input"]!["overlapPx"] = 60;
            card["input"]!["std"] = new JsonArray(1, 0, 1);
        });
        var message = Assert.Throws<VisionException>(() => ModelCard.Load(path)).Message;
        string[] expected = ["7 error(s)", "sha256 is 0000", "task is \"divination\"", "split is missing", "weaknesses is empty", "thresholds.high", "input.overlapPx", "input.std"];
        Assert.All(expected, e => Assert.Contains(e, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Area_card_names_thresholds_by_class()
    {
        var card = ModelCard.Load(DarkModel.Write(_folder.FullPath, AsArea));
        Assert.Equal(new ClassThresholds(0.3, 0.8, 400), card.Thresholds.For("spalling"));
        Assert.Equal(new ClassThresholds(0.5, 0.6, 10), card.Thresholds.For("rebar"));
    }

    [Fact]
    public void Errors_of_class_thresholds_name_the_class()
    {
        var path = DarkModel.Write(_folder.FullPath, card =>
        {
            AsArea(card);
            card["classes"] = new JsonArray("spalling", "rebar", "rebar");
            var limits = card["thresholds"]!["classes"]!.AsObject();
            limits["rebar"] = new JsonObject { ["low"] = 0.9, ["high"] = 0.5, ["minAreaPx"] = -1 };
            limits["moss"] = null;
            card["thresholds"]!["minElongation"] = 4;
        });
        var message = Assert.Throws<VisionException>(() => ModelCard.Load(path)).Message;
        string[] expected =
        [
            "6 error(s)", "none twice", "classes.rebar.high must be between thresholds.classes.rebar.low and 1", "classes.rebar.minAreaPx", "names \"moss\"",
            "classes.moss is empty", "minElongation are for line-segmentation only",
        ];
        Assert.All(expected, e => Assert.Contains(e, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Line_card_has_one_class_and_no_class_thresholds()
    {
        var path = DarkModel.Write(_folder.FullPath, card =>
        {
            AsArea(card);
            card["task"] = "line-segmentation";
        });
        var message = Assert.Throws<VisionException>(() => ModelCard.Load(path)).Message;
        Assert.All(["2 error(s)", "exactly one class", "thresholds.classes is for area-segmentation"], e => Assert.Contains(e, message, StringComparison.Ordinal));
    }

    private static void AsArea(JsonObject card)
    {
        card["task"] = "area-segmentation";
        card["classes"] = new JsonArray("spalling", "rebar");
        card["thresholds"]!["classes"] = new JsonObject { ["spalling"] = new JsonObject { ["low"] = 0.3, ["high"] = 0.8, ["minAreaPx"] = 400 } };
    }

    [Fact]
    public void Changed_model_is_refused()
    {
        var path = DarkModel.Write(_folder.FullPath);
        File.AppendAllText(Path.Combine(_folder.FullPath, "dark.onnx"), "x");
        Assert.Contains("not the one the card describes", Assert.Throws<VisionException>(() => PhotoScorer.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_model_is_named()
    {
        var path = DarkModel.Write(_folder.FullPath);
        File.Delete(Path.Combine(_folder.FullPath, "dark.onnx"));
        Assert.Contains("dark.onnx is not beside the card", Assert.Throws<VisionException>(() => ModelCard.Load(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"thresholds\":{\"low\":\"high\"}}")]
    public void Broken_json_is_a_vision_exception(string text)
    {
        var path = Path.Combine(_folder.FullPath, "broken.json");
        File.WriteAllText(path, text);
        Assert.Throws<VisionException>(() => ModelCard.Load(path));
    }

    [Fact]
    public void Mutated_cards_load_or_throw_vision_exception()
    {
        var path = DarkModel.Write(_folder.FullPath);
        var original = File.ReadAllBytes(path);
        var random = new Random(11);
        for (var n = 0; n < 300; n++)
        {
            var bytes = (byte[])original.Clone();
            for (var k = random.Next(1, 4); k > 0; k--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(32, 127);
            }

            File.WriteAllBytes(path, random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
            var error = Record.Exception(() => ModelCard.Load(path));
            Assert.True(error is null or VisionException, $"{error}");
        }
    }
}
