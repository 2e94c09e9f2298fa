using Field.Geo;
using Field.Ingest.Layers;
using Field.Ingest.Residents;
using Field.Tests.Store;

namespace Field.Tests.Residents;

/// <summary>SPEC.md, Residents: nobody real, but as many as the mesh says, where the associations are.</summary>
public sealed class SyntheticResidentTests : IDisposable
{
    private const string Boundaries = """
        {"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"自治会名":"西"},"geometry":{"type":"Polygon","coordinates":[[[138.30,34.86],[138.31,34.86],[138.31,34.88],[138.30,34.88],[138.30,34.86]]]}},
        {"type":"Feature","properties":{"自治会名":"東"},"geometry":{"type":"Polygon","coordinates":[[[138.31,34.86],[138.33,34.86],[138.33,34.88],[138.31,34.88],[138.31,34.86]]]}}]}
        """;

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_cell_has_the_people_of_the_mesh_and_the_same_seed_makes_the_same_households()
    {
        await using LayerDesk layers = LayerDesk.Open(_folder.Path("data"), TimeProvider.System);
        SyntheticOptions options = Options() with { Mesh = Write("mesh.csv", "code,population\n5238223444,120\n5238223441,37\n5339461132,500\n"), MeshField = "code", PeopleField = "population" };
        IReadOnlyList<Household> made = await SyntheticDesk.MakeAsync(layers, options, Cancel);
        MeshCode Mesh(Household h) => MeshCode.Of(h.Place!.Value, 10)!.Value;
        Assert.Equal(["5238223441:37", "5238223444:120"], made.GroupBy(h => Mesh(h).ToString()).OrderBy(g => g.Key).Select(g => $"{g.Key}:{g.Sum(h => h.People)}")); // Tokyo is no part of the town
        Assert.All(made, h => Assert.Equal(h.Place!.Value.Lon < 138.31 ? "西" : "東", h.Association));
        Assert.All(made, h => Assert.True(h.Aged65 <= h.People && h.NeedsSupport <= h.People && h.Number!.StartsWith("SYN", StringComparison.Ordinal)));
        Assert.Equal(made, await SyntheticDesk.MakeAsync(layers, options, Cancel));
        Assert.NotEqual(made, await SyntheticDesk.MakeAsync(layers, options with { Seed = 2 }, Cancel));
    }

    [Fact]
    public async Task Without_a_mesh_people_are_spread_by_area_with_about_the_shares_of_the_census()
    {
        await using LayerDesk layers = LayerDesk.Open(_folder.Path("data"), TimeProvider.System);
        IReadOnlyList<Household> made = await SyntheticDesk.MakeAsync(layers, Options() with { People = 30_000 }, Cancel);
        Assert.Equal(30_000, made.Sum(h => h.People));
        Assert.Equal(20_000, made.Where(h => h.Association == "東").Sum(h => h.People)); // twice as large
        Assert.InRange(made.Sum(h => h.Aged65) / 30_000.0, 0.25, 0.33); // census 2020: 28.6 %
        Assert.InRange(30_000.0 / made.Count, 2.1, 2.4); // 2.21 a household
        Assert.InRange(made.Sum(h => h.NeedsSupport) / 30_000.0, 0.02, 0.05);
    }

    [Fact]
    public async Task They_are_marked_in_the_store_and_a_town_without_people_is_refused()
    {
        await using LayerDesk layers = LayerDesk.Open(_folder.Path("data"), TimeProvider.System);
        await using ResidentDesk desk = ResidentDesk.Open(_folder.Path("data"), TimeProvider.System);
        ResidentImportResult none = await SyntheticDesk.ImportAsync(desk, layers, Options(), "user:test", Cancel);
        Assert.Contains(none.Faults, f => f.En.Contains("--people", StringComparison.Ordinal));
        ResidentImportResult result = await SyntheticDesk.ImportAsync(desk, layers, Options() with { People = 500 }, "user:test", Cancel);
        Assert.True(result.Register!.IsSynthetic);
        Assert.Contains("実在の住民ではありません", result.Register.Title, StringComparison.Ordinal);
        Assert.Equal(500, (await desk.FindAsync(Cancel))!.People);
    }

    private SyntheticOptions Options() => new() { Boundaries = Write("自治会.geojson", Boundaries), NameField = "自治会名" };

    private string Write(string name, string content)
    {
        string path = _folder.Path(name);
        File.WriteAllText(path, content);
        return path;
    }
}
