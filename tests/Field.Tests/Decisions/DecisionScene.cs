using System.Text.Json;
using Field.Contracts;
using Field.Ingest.Decisions;
using Field.Ingest.Findings;
using Field.Ingest.Photos;
using Field.Store;
using Field.Tests.Ingest;
using Field.Vision;
using NetTopologySuite.Geometries;

namespace Field.Tests.Decisions;

/// <summary>A photo of 200 x 100 px at 0.05 m per pixel with a drafted crack, two bridges and a levee.</summary>
internal static class Scene
{
    public const string Bridge = "bridge:B1";
    public const string Element = "element:B1/Mg0101";
    public const string ElementOfOther = "element:B2/P01";
    public const string Levee = "levee:L1";

    public static readonly GeoPoint Camera = new(139.7, 35.6);

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The photo's row as the pipeline leaves it.</summary>
    public static Feature Photo(int seed = 1, DateTimeOffset? capturedAt = null)
    {
        TestPhoto photo = new(seed, camera: PhotoPipelineTests.Nadir, place: Camera);
        return PhotoRow.From(PhotoRow.StateScored, photo.Manifest, "drone-1", DateTimeOffset.UnixEpoch, 0, IngestHost.Defaults)
            .With(("model", "test-v1"), ("capturedAt", capturedAt ?? photo.Manifest.CapturedAt));
    }

    /// <summary>A crack of 4 x 20 px with a draft from b to d.</summary>
    public static Feature Crack(Feature photo, int ordinal = 0)
    {
        return FindingRow.From(photo, "test-v1", PhotoPipelineTests.Line(4, 20), ordinal, Ground(photo)).With(
            ("rankScale", "bridge"), ("damageType", 6L), ("degreeLeast", "b"), ("degreeMost", "d"), ("degreeNumbers", """{"maxWidthMm":250}"""),
            ("degreeReasons", """["concrete-unknown"]"""), ("urgency", 61.5), ("assetId", Bridge), ("elementId", Element), ("assetDistanceM", 0.25));
    }

    public static Feature Asset(string id, string kind, Geometry? geometry, params (string, object?)[] more) =>
        new Feature(FieldTables.Assets, id, geometry, new Dictionary<string, object?> { ["kind"] = kind }).With(more);

    /// <summary>Stores photo, finding and ledger; gives the finding as stored.</summary>
    public static async Task<Feature> StoreAsync(IFeatureStore store, Func<Feature, Feature>? change = null)
    {
        GeometryFactory factory = GeometryFactory.Default;
        Feature photo = Photo();
        Feature finding = Crack(photo);
        Geometry Area(double lon) => factory.ToGeometry(new NetTopologySuite.Geometries.Envelope(lon, lon + 0.0003, 35.5999, 35.6001));
        Feature[] ledger =
        [
            Asset(Bridge, "bridge", Area(139.6999)), Asset("bridge:B2", "bridge", Area(139.71)),
            Asset(Element, "element", null, ("parent", Bridge)), Asset(ElementOfOther, "element", null, ("parent", "bridge:B2")),
            Asset(Levee, "levee", factory.CreateLineString([new(139.69, 35.6001), new(139.71, 35.6001)]), ("river", "小川"), ("bank", "left"), ("startKm", 10.0), ("endKm", 11.8)),
        ];
        IReadOnlyList<Feature?> written = await store.WriteAsync([.. ledger.Append(photo).Append(change?.Invoke(finding) ?? finding).Select(f => new FeatureWrite(f))], Cancel);
        return (await store.FindAsync(FieldTables.Findings, written[^1]!.Id, Cancel))!;
    }

    public static DecisionRequest Request(string action, Feature finding) => new() { Action = action, Who = "焼津 太郎", Revision = finding.Revision };

    public static IReadOnlyList<IReadOnlyList<PixelPoint>> Box(double x, double y, double width, double height) =>
        [[new(x, y), new(x + width, y), new(x + width, y + height), new(x, y + height)]];

    public static JsonElement[] History(MemoryStream stream) => [.. JsonElement.Parse(stream.ToArray()).GetProperty("decisions").EnumerateArray()];

    private static PhotoGround? Ground(Feature photo) =>
        PhotoGround.Of(PhotoPlacement.Estimate(PhotoRow.Camera(photo), PhotoRow.Place(photo), 200, 100, IngestHost.Defaults));
}
