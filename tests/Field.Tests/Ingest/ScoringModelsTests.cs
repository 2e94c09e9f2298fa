using Field.Contracts;
using Field.Geo;
using Field.Ingest.Findings;
using Field.Store;
using Field.Tests.Store;
using Field.Vision;
using NetTopologySuite.Geometries;

namespace Field.Tests.Ingest;

public sealed class ScoringModelsTests : IDisposable
{
    private static readonly LocalFrame Frame = new(new LonLat(139.7, 35.6));
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "crack-v1")]
    [InlineData("bridge", "bridge-v1 crack-v1")]
    [InlineData("levee", "crack-v1 levee-v1")]
    [InlineData("road", "road-v1")]
    [InlineData("bridge road", "bridge-v1 crack-v1")]
    [InlineData("bridge levee road", "bridge-v1 crack-v1 levee-v1")]
    public void Models_are_chosen_by_the_assets_near(string kinds, string expected) => Assert.Equal(expected, Chosen(All(), kinds));

    [Fact]
    public void Without_a_model_for_the_asset_the_general_one_looks_and_a_single_one_always()
    {
        ScoringModels two = new([Model("crack-v1", "crack"), Model("levee-v1", "slump")]);
        Assert.Equal("crack-v1", Chosen(two, "road"));
        Assert.Equal("road-v1", Chosen(new([Model("road-v1", "pothole")]), "bridge"));
        Assert.Equal("levee-v1 road-v1", Chosen(new([Model("levee-v1", "slump"), Model("road-v1", "pothole")]), ""));
        Assert.Equal("bridge-v1 crack-v1 levee-v1 road-v1", Chosen(All() with { RunAll = true }, ""));
        Assert.Equal("city-v1 crack-v1", Chosen(new([Model("city-v1", "graffiti"), Model("crack-v1", "crack"), Model("road-v1", "pothole")]), "levee"));
    }

    [Fact]
    public async Task Photo_over_a_bridge_is_scored_by_both_models_and_again_by_one_when_the_bridge_is_gone()
    {
        ScoringModels models = new([
            Model("crack-v1", "crack", PhotoPipelineTests.Line(4, 20)), Model("bridge-v1", "spalling", FindingGradeTests.Box("spalling", 20, 20, 40, 40)), Model("levee-v1", "slump"),
        ]);
        await using IngestHost host = new(_folder.Root, models: models);
        TestPhoto photo = new(1, camera: PhotoPipelineTests.Nadir, place: new GeoPoint(139.7, 35.6));
        await host.Stores.Features.WriteAsync([new FeatureWrite(Bridge(6.5))], Cancel); // the footprint ends 5 m east, and the place is 2.8 m off
        await host.SendAllAsync(photo);
        await host.Pipeline.RunReadyAsync(Cancel);
        Assert.Equal("crack-v1+bridge-v1", (await host.PhotoAsync(photo.Id))!.Text("model"));
        Assert.Equal(["bridge-v1", "crack-v1"], await DraftsAsync(host));

        await host.Stores.Features.WriteAsync([new FeatureWrite(Bridge(60))], Cancel);
        await host.Queries.ScoreAgainAsync(photo.Id, Cancel);
        await host.Pipeline.RunReadyAsync(Cancel);
        Assert.Equal("crack-v1", (await host.PhotoAsync(photo.Id))!.Text("model"));
        Assert.Equal(["crack-v1"], await DraftsAsync(host));
    }

    [Fact]
    public async Task One_class_of_two_models_is_one_damage_and_no_crack_beside_a_crack()
    {
        ScoringModels models = new([Model("crack-v1", "crack", PhotoPipelineTests.Line(4, 20)), Model("city-v1", "crack", PhotoPipelineTests.Line(4, 24) with { Score = 0.95 })]);
        await using IngestHost host = new(_folder.Root, models: models);
        await host.SendAllAsync(new TestPhoto(1, camera: PhotoPipelineTests.Nadir, place: new GeoPoint(139.7, 35.6)));
        await host.Pipeline.RunReadyAsync(Cancel);
        Feature[] rows = [.. (await host.Stores.Features.QueryAsync(FieldTables.Findings, new FeatureQuery(), Cancel)).Features];
        Feature primary = Assert.Single(rows, r => r.Text("mergedInto") is null);
        Assert.Equal(("city-v1", null), (primary.Text("model"), primary.Text("photoIds")));
        Assert.All(rows, r => Assert.Null(r.Real("spacingMm")));
    }

    private static async Task<IEnumerable<string>> DraftsAsync(IngestHost host) =>
        [.. (await host.Stores.Features.QueryAsync(FieldTables.Findings, new FeatureQuery { Where = ("status", "draft") }, Cancel)).Features.Select(f => f.Text("model")!).Order(StringComparer.Ordinal)];

    private static Feature Bridge(double east)
    {
        Coordinate At(double e, double n) => Frame.ToLonLat(new EastNorth(e, n)) is var p ? new Coordinate(p.Lon, p.Lat) : throw new InvalidOperationException();
        return new Feature(
            FieldTables.Assets, "bridge:B1", new Polygon(new LinearRing([At(east, -5), At(east + 20, -5), At(east + 20, 5), At(east, 5), At(east, -5)])),
            new Dictionary<string, object?> { ["kind"] = "bridge", ["ledgerId"] = "B1" });
    }

    private static ScoringModels All() => new([
        Model("bridge-v1", "spalling", "rebar"), Model("crack-v1", "crack"), Model("levee-v1", "levee-crack", "slump"), Model("road-v1", "road-crack", "pothole"),
    ]);

    private static Scorer Model(string name, params string[] classes) => new(name, classes, (_, _) => new PhotoScore(200, 100, name, []));

    private static Scorer Model(string name, string damage, PixelFinding finding) => new(name, [damage], (_, _) => new PhotoScore(200, 100, name, [finding]));

    private static string Chosen(ScoringModels models, string kinds) =>
        string.Join(' ', models.For(kinds.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet()).Select(s => s.Model));
}
