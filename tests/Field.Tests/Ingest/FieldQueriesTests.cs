using System.Text.Json;
using Field.Contracts;
using Field.Ingest;
using Field.Store;
using Field.Tests.Store;

namespace Field.Tests.Ingest;

public sealed class FieldQueriesTests : IAsyncDisposable
{
    private static readonly CameraMetadata Nadir = new() { CalibratedFocalPx = 1000, RelativeAltitudeM = 50, GimbalPitchDeg = -90, GimbalYawDeg = 30, ExifWidthPx = 200 };
    private readonly TempFolder _folder = new();
    private readonly IngestHost _host;

    public FieldQueriesTests() =>
        _host = new IngestHost(_folder.Root, score: (_, _) => PhotoPipelineTests.Score(PhotoPipelineTests.Line(4, 20)));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Snapshot_is_a_feature_collection_with_all_properties_of_the_specification()
    {
        await ScoreAsync(1);
        JsonElement photo = (await _host.FeaturesAsync("photos")).GetProperty("features")[0];
        string[] expected =
        [
            "photoId", "name", "device", "capturedAt", "receivedAt", "state", "placement", "assumptions", "reason", "cameraLon", "cameraLat",
            "heightM", "yawDeg", "pitchDeg", "gsdM", "errorM", "widthPx", "heightPx", "sizeBytes", "findingCount", "synthetic", "revision",
        ];
        Assert.Empty(expected.Except(photo.GetProperty("properties").EnumerateObject().Select(p => p.Name)));
        Assert.DoesNotContain("camera", photo.GetProperty("properties").EnumerateObject().Select(p => p.Name));
        JsonElement ring = photo.GetProperty("geometry").GetProperty("coordinates")[0];
        Assert.Equal(ring[0].GetRawText(), ring[ring.GetArrayLength() - 1].GetRawText());

        JsonElement finding = (await _host.FeaturesAsync("findings")).GetProperty("features")[0];
        string[] findingMembers =
        [
            "findingId", "photoId", "class", "score", "status", "lengthM", "meanWidthMm", "maxWidthMm", "areaM2", "resolvable", "gsdM", "errorM",
            "centreLon", "centreLat", "model", "capturedAt", "device", "assetId", "elementId", "river", "bank", "markKm", "markOffsetM",
            "assetDistanceM", "assetReason", "mergedInto", "photoIds", "lengthErrorM", "widthErrorMm", "spacingMm", "damageType", "rankScale",
            "degreeLeast", "degreeMost", "degreeNumbers", "degreeReasons", "degree", "urgency", "decidedBy", "decidedAt", "decisionNote",
            "decisionCount", "chainLengthM", "chainErrorM", "revision",
        ];
        Assert.Equal(findingMembers.Order(), finding.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order());
    }

    [Fact]
    public async Task Snapshot_since_a_revision_holds_only_what_changed()
    {
        await ScoreAsync(1);
        JsonElement first = await _host.FeaturesAsync("photos");
        long revision = first.GetProperty("revision").GetInt64();
        Assert.True(revision >= first.GetProperty("features")[0].GetProperty("properties").GetProperty("revision").GetInt64());
        Assert.Equal(0, (await _host.FeaturesAsync("photos", revision)).GetProperty("features").GetArrayLength());
        TestPhoto second = await ScoreAsync(2);
        JsonElement changed = Assert.Single((await _host.FeaturesAsync("photos", revision)).GetProperty("features").EnumerateArray());
        Assert.Equal(second.Id, changed.GetProperty("id").GetString());
        Assert.False(await _host.Queries.WriteFeaturesAsync(new MemoryStream(), "secrets", 0, null, Cancel));
    }

    [Fact]
    public async Task Snapshot_of_more_features_than_a_page_is_whole()
    {
        await _host.Stores.Features.WriteAsync([.. Enumerable.Range(0, 2500).Select(i => new FeatureWrite(GeoPackageStoreTests.Event($"e{i}")))], Cancel);
        Assert.Equal(2500, (await _host.FeaturesAsync("events")).GetProperty("features").EnumerateArray().Select(f => f.GetProperty("id").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task Photo_has_its_findings_with_pixel_rings_and_its_bytes()
    {
        TestPhoto photo = await ScoreAsync(1);
        MemoryStream stream = new();
        Assert.True(await _host.Queries.WritePhotoAsync(stream, photo.Id, Cancel));
        using JsonDocument json = JsonDocument.Parse(stream.ToArray());
        JsonElement finding = Assert.Single(json.RootElement.GetProperty("findings").EnumerateArray());
        Assert.Equal("[[[100,48],[120,48],[120,52],[100,52]]]", finding.GetProperty("properties").GetProperty("pixelRings").GetRawText());
        Assert.False(await _host.Queries.WritePhotoAsync(stream, new string('0', 64), Cancel));
        using BlobFile? file = await _host.Queries.OpenPhotoFileAsync(photo.Id, Cancel);
        Assert.Equal(photo.Bytes, await File.ReadAllBytesAsync(file!.Path, Cancel));
        Assert.Null(await _host.Queries.OpenPhotoFileAsync("../../etc/passwd", Cancel));
    }

    [Fact]
    public void Options_name_all_errors_at_once()
    {
        IngestOptions options = new()
        {
            Site = "AOBA",
            DataDirectory = "/nowhere",
            ModelCardPaths = ["/none.json"],
            AssumedHeightM = 0,
            MaxOpenPhotos = 0,
            Stores = new("x:", "sqlite:a", "file:b"),
        };
        string[] expected = ["Site", "ModelCardPaths", "AssumedHeightM", "MaxOpenPhotos", "Features"];
        Assert.Equal(expected, options.Validate().Select(e => e[..e.IndexOf(':', StringComparison.Ordinal)]));
    }

    private async Task<TestPhoto> ScoreAsync(int seed)
    {
        TestPhoto photo = new(seed, camera: Nadir, place: new GeoPoint(139.7, 35.6, 80));
        await _host.SendAllAsync(photo);
        await _host.Pipeline.RunReadyAsync(Cancel);
        return photo;
    }
}
