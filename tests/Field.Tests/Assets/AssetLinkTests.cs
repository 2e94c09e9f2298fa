using System.Text.Json;
using Field.Contracts;
using Field.Geo;
using Field.Ingest.Assets;
using Field.Store;
using Field.Tests.Ingest;
using Field.Tests.Store;
using NetTopologySuite.Geometries;

namespace Field.Tests.Assets;

/// <summary>A plan in metres around 138.3, 34.85; <see cref="LocalFrame"/> has its own oracle.</summary>
public sealed class AssetLinkTests : IDisposable
{
    private static readonly LocalFrame Frame = new(new LonLat(138.3, 34.85));

    // A bridge with two girders and a road over it, a second bridge that begins near its end; 200 m north a levee from 12.0k (west)
    // to 13.0k (east), farther north one without marks and one with marks of both banks.
    private static readonly Feature[] Plan =
    [
        Asset("bridge", "B1", Area(-20, -5, 20, 5)),
        Asset("bridge", "B2", Area(24, -5, 60, 5)),
        Asset("element", "B1/Mg0101", Area(-20, -5, 20, -1), ("parent", "bridge:B1")),
        Asset("element", "B1/Mg0102", Area(-20, 1, 20, 5), ("parent", "bridge:B1")),
        Asset("road", "R1", Line((-500, 0), (500, 0))),
        Asset("levee", "L1", Line((-500, 200), (500, 200)), ("river", "瀬戸川"), ("bank", "left"), ("startKm", 12.0), ("endKm", 13.0)),
        Asset("levee", "L9", Line((-500, 900), (500, 900)), ("river", "小川"), ("bank", "right")),
        Asset("levee", "M1", Line((-500, 1500), (500, 1500)), ("river", "栃山川"), ("bank", "right")),
        Asset("mark", "k1", Spot(-400, 1502), ("river", "栃山川"), ("km", 3.4)),
        Asset("mark", "k2", Spot(-200, 1502), ("river", "栃山川"), ("bank", "right"), ("km", 3.2)),
        Asset("mark", "k3", Spot(-300, 1502), ("river", "栃山川"), ("bank", "left"), ("km", 9.9)),
    ];

    private readonly TempFolder _folder = new();
    private readonly AssetLinker _linker = new(Plan);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(-10, -4.5, "bridge:B1", "element:B1/Mg0101", 0, null)]
    [InlineData(-10, 8, "bridge:B1", "element:B1/Mg0102", 3, null)]
    [InlineData(-10, 0, "bridge:B1", "element:B1/Mg0101", 0, "element-ambiguous")]
    [InlineData(22, -4.5, "bridge:B1", "element:B1/Mg0101", 2, "ambiguous")]
    [InlineData(55, 0, "bridge:B2", null, 0, null)]
    [InlineData(-300, 4, "road:R1", null, 4, null)]
    public void Place_is_linked_to_bridge_and_element_before_the_road(double east, double north, string asset, string? element, double distanceM, string? reason)
    {
        AssetLink link = Link(east, north);
        Assert.Equal((asset, element, reason), (link.AssetId, link.ElementId, link.Reason));
        Assert.Equal(distanceM, link.DistanceM!.Value, 0.001);
        Assert.Null(link.MarkKm);
    }

    [Theory]
    [InlineData(-60, 210, "levee:L1", "瀬戸川", "left", 12.4, 40.0, 10, null)]
    [InlineData(510, 200, "levee:L1", "瀬戸川", "left", 13.0, 0.0, 10, "beyond-end")]
    [InlineData(0, 901, "levee:L9", "小川", "right", null, null, 1, "no-marks")]
    [InlineData(-240, 1490, "levee:M1", "栃山川", "right", 3.2, 40.0, 10, null)]
    public void Place_on_a_levee_is_named_by_river_bank_and_mark(
        double east, double north, string asset, string river, string bank, double? km, double? metres, double distanceM, string? reason)
    {
        AssetLink link = Link(east, north);
        Assert.Equal((asset, river, bank, km, reason), (link.AssetId, link.River, link.Bank, link.MarkKm, link.Reason));
        Assert.Equal(distanceM, link.DistanceM!.Value, 0.01);
        Assert.Equal(metres is null, link.MarkOffsetM is null);
        Assert.Equal(metres ?? 0, link.MarkOffsetM ?? 0, 0.02);
    }

    [Fact]
    public void Bridge_over_a_levee_is_ambiguous_and_a_wide_error_makes_more_so()
    {
        AssetLinker crossing = new([.. Plan, Asset("bridge", "B3", Area(95, 190, 105, 210))]);
        Assert.Equal(("bridge:B3", "ambiguous"), Of(crossing.Link(At(100, 200.5), 30, null)));
        Assert.Equal(("levee:L1", null), Of(crossing.Link(At(120, 200.5), 30, 5)));
        Assert.Equal(("levee:L1", "ambiguous"), Of(crossing.Link(At(120, 200.5), 30, 20)));
    }

    [Fact]
    public void Place_without_an_asset_near_has_none()
    {
        Assert.Equal(AssetLink.None("none-near"), Link(0, 600));
        Assert.Equal(AssetLink.None("none-near"), Link(-300, 31));
        Assert.Equal("road:R1", Link(-300, 29).AssetId);
        Assert.Equal(AssetLink.None("none-near"), new AssetLinker([]).Link(At(0, 0), 30, null));
    }

    [Fact]
    public async Task Finding_of_a_photo_is_linked_when_it_is_stored_and_again_after_an_import()
    {
        // The camera of PhotoPipelineTests: straight down from 50 m, 0.05 m per px; the bar's centre lies 0.5 m east of it.
        TestPhoto photo = new(1, camera: PhotoPipelineTests.Nadir, place: new GeoPoint(138.3, 34.85));
        await using IngestHost host = new(_folder.Root, score: (_, _) => PhotoPipelineTests.Score(PhotoPipelineTests.Line(4, 20)));
        await host.SendAllAsync(photo);
        await host.Pipeline.RunReadyAsync(Cancel);
        Assert.Equal("none-near", (await FindingAsync(host)).GetProperty("assetReason").GetString());

        // By another hand than the server's, as the command line does.
        await using (IFeatureStore other = host.Options.EffectiveStores.OpenFeatures(TimeProvider.System))
        {
            Feature levee = Asset("levee", "L1", Line((-500, 3), (500, 3)), ("river", "瀬戸川"), ("bank", "right"), ("startKm", 12.0), ("endKm", 13.0));
            await other.WriteAsync([new FeatureWrite(levee)], Cancel);
        }

        await using AssetAdministration assets = AssetAdministration.Open(_folder.Root, TimeProvider.System);
        var first = await assets.LinkAsync(30, Cancel);
        var second = await assets.LinkAsync(30, Cancel);

        Assert.Equal((1, 1, 1), (first.Findings, first.Changed, first.ByReason[""]));
        Assert.Equal((1, 0), (second.Findings, second.Changed));
        AssertLinked(await FindingAsync(host));
        JsonElement asset = Assert.Single((await host.FeaturesAsync("assets")).GetProperty("features").EnumerateArray());
        Assert.Equal("levee:L1", asset.GetProperty("properties").GetProperty("assetId").GetString());

        // And the running server knows the levee for the next photo.
        Assert.True(await host.Pipeline.RequeueAsync(photo.Id, Cancel));
        await host.Pipeline.RunReadyAsync(Cancel);
        AssertLinked(await FindingAsync(host));
    }

    [Fact]
    public async Task Finding_of_a_photo_without_a_place_says_so()
    {
        TestPhoto photo = new(1);
        await using IngestHost host = new(_folder.Root, score: (_, _) => PhotoPipelineTests.Score(PhotoPipelineTests.Line(4, 20)));
        await host.SendAllAsync(photo);
        await host.Pipeline.RunReadyAsync(Cancel);
        Assert.Equal("no-place", (await FindingAsync(host)).GetProperty("assetReason").GetString());
    }

    [Fact]
    public async Task Write_for_a_revision_does_not_undo_a_later_one()
    {
        await using IFeatureStore store = StoreUris.Under(_folder.Root).OpenFeatures(TimeProvider.System);
        Feature first = (await store.WriteAsync([new FeatureWrite(Plan[0])], Cancel))[0]!;
        Feature later = (await store.WriteAsync([new FeatureWrite(first.With(("name", "by a person")))], Cancel))[0]!;

        Assert.Null((await store.WriteAsync([new FeatureWrite(first.With(("name", "stale"))) { IfRevision = first.Revision }], Cancel))[0]);
        Assert.Equal("by a person", (await store.FindAsync(FieldTables.Assets, first.Id, Cancel))!.Text("name"));
        Assert.NotNull((await store.WriteAsync([new FeatureWrite(later.With(("name", "fresh"))) { IfRevision = later.Revision }], Cancel))[0]);
        Assert.Null((await store.WriteAsync([new FeatureWrite(Plan[1]) { IfRevision = 1 }], Cancel))[0]);
    }

    private static void AssertLinked(JsonElement finding)
    {
        Assert.Equal("levee:L1", finding.GetProperty("assetId").GetString());
        Assert.Equal(("瀬戸川", "right"), (finding.GetProperty("river").GetString(), finding.GetProperty("bank").GetString()));
        Assert.Equal(12.5, finding.GetProperty("markKm").GetDouble());
        Assert.Equal(0.5, finding.GetProperty("markOffsetM").GetDouble(), 0.05);
        Assert.Equal(3, finding.GetProperty("assetDistanceM").GetDouble(), 0.05);
        Assert.Equal(JsonValueKind.Null, finding.GetProperty("assetReason").ValueKind);
    }

    private static async Task<JsonElement> FindingAsync(IngestHost host) =>
        Assert.Single((await host.FeaturesAsync("findings")).GetProperty("features").EnumerateArray()).GetProperty("properties");

    private AssetLink Link(double east, double north) => _linker.Link(At(east, north), 30, 1);

    private static (string?, string?) Of(AssetLink link) => (link.AssetId, link.Reason);

    private static Feature Asset(string kind, string id, Geometry geometry, params (string Column, object? Value)[] more) =>
        new Feature(FieldTables.Assets, $"{kind}:{id}", geometry, new Dictionary<string, object?> { ["kind"] = kind, ["ledgerId"] = id }).With(more);

    private static LonLat At(double east, double north) => Frame.ToLonLat(new EastNorth(east, north));

    private static Coordinate Corner(double east, double north) => new(At(east, north).Lon, At(east, north).Lat);

    private static Point Spot(double east, double north) => GeometryFactory.Default.CreatePoint(Corner(east, north));

    private static LineString Line(params (double East, double North)[] places) => GeometryFactory.Default.CreateLineString([.. places.Select(p => Corner(p.East, p.North))]);

    private static Polygon Area(double west, double south, double east, double north) => GeometryFactory.Default.CreatePolygon(
        [Corner(west, south), Corner(east, south), Corner(east, north), Corner(west, north), Corner(west, south)]);
}
