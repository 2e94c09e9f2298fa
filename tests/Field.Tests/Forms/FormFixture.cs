using System.Security.Cryptography;
using System.Text.Json;
using Field.Contracts;
using Field.Gdal;
using Field.MapApp.Forms;
using Field.Store;
using Field.Tests.Store;
using NetTopologySuite.Geometries;

namespace Field.Tests.Forms;

/// <summary>A data folder with a synthetic bridge <c>aoba</c> (elements Mg0101, Ds0101, P0101), a levee, and the findings that a test adds.</summary>
internal sealed class FormFixture : IAsyncDisposable
{
    public const string Bridge = "bridge:aoba";
    public const string Levee = "levee:L1";
    public const string Ledger = """{"路線名":"市道1号線","所在地":"青葉市緑町","橋長(m)":"32.4","幅員":"8.2 m","架設年度":"1974","上部構造形式":"PC単純T桁橋"}""";
    public static readonly DateTimeOffset Captured = new(2026, 11, 20, 0, 30, 0, TimeSpan.Zero); // 09:30 in Japan
    private const double Lon = 138.3;
    private const double Lat = 34.87;
    private readonly TempFolder _folder = new();
    private readonly FieldStores _stores;
    private int _findings;

    public FormFixture()
    {
        _stores = StoreUris.Under(_folder.Path("data")).Open(TimeProvider.System);
        Desk = new FormDesk(_stores.Features, _stores.Blobs, TimeProvider.System, PdfPrinter.FindBrowser(Environment.GetEnvironmentVariable));
    }

    public FormDesk Desk { get; }

    public string DataDirectory => _folder.Path("data");

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<FormFixture> CreateAsync(string bridgeName = "青葉橋")
    {
        FormFixture fixture = new();
        await fixture.WriteAsync(
            Asset(Bridge, "bridge", bridgeName, Box(-16, -4, 16, 4), ("attributes", Ledger), ("ledgerId", "aoba")),
            Element("Mg0101", Box(-16, -3, 16, -2)),
            Element("Ds0101", Box(-16, -4, 0, 4)),
            Element("P0101", Box(-1, -4, 1, 4)),
            Asset(Levee, "levee", "青葉川堤防", null, ("river", "青葉川"), ("bank", "right"), ("startKm", 11.0), ("endKm", 14.0)));
        return fixture;
    }

    public async ValueTask DisposeAsync()
    {
        Desk.Dispose();
        await _stores.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Stores a photo of 1,200 x 900 px; its shade makes it another file.</summary>
    public async Task<string> AddPhotoAsync(byte shade = 120, bool hasBytes = true, DateTimeOffset? received = null, DateTimeOffset? scored = null)
    {
        byte[] pixels = new byte[1200 * 900 * 3];
        Array.Fill(pixels, shade);
        byte[] jpeg = Images.EncodeJpeg(new RasterImage(1200, 900, 3, pixels), 80);
        string id = Ids.Photo(SHA256.HashData(jpeg));
        if (hasBytes)
        {
            using MemoryStream bytes = new(jpeg);
            await _stores.Blobs.PutAsync(id, bytes, Cancel);
        }

        await WriteAsync(new Feature(FieldTables.Photos, id, null, new Dictionary<string, object?>
        {
            ["name"] = "DJI_0001.JPG",
            ["state"] = "scored",
            ["capturedAt"] = Captured,
            ["receivedAt"] = received ?? Captured.AddHours(1),
            ["scoredAt"] = scored ?? Captured.AddHours(2),
        }));
        return id;
    }

    /// <summary>Stores a finding on the bridge: a confirmed crack of degree c, changed by what a test says.</summary>
    public async Task<Feature> AddFindingAsync(string photoId, params (string Column, object? Value)[] changes)
    {
        int n = ++_findings;
        (double east, double north) = (-14 + (n * 7.3 % 28), -3 + (n * 1.7 % 6));
        Feature row = new Feature(FieldTables.Findings, $"finding-{n:0000}", (Geometry)GeometryFactory.Default.CreateMultiPolygon([Box(east, north, east + 0.6, north + 0.05)]), new Dictionary<string, object?>
        {
            ["photoId"] = photoId,
            ["class"] = "crack",
            ["score"] = 0.91,
            ["status"] = "confirmed",
            ["lengthM"] = 0.612,
            ["lengthErrorM"] = 0.013,
            ["maxWidthMm"] = 0.314,
            ["widthErrorMm"] = 0.08,
            ["spacingMm"] = 410.0,
            ["gsdM"] = 0.0003,
            ["errorM"] = 0.21,
            ["resolvable"] = true,
            ["centreLon"] = LonOf(east + 0.3),
            ["centreLat"] = LatOf(north),
            ["assetId"] = Bridge,
            ["elementId"] = "element:aoba/Ds0101",
            ["damageType"] = 6L,
            ["rankScale"] = "bridge",
            ["degreeLeast"] = "c",
            ["degreeMost"] = "d",
            ["degree"] = "c",
            ["capturedAt"] = Captured,
            ["decidedBy"] = "髙橋 花子",
            ["decidedAt"] = Captured.AddHours(5),
            ["model"] = "crack-v1",
            ["pixelRings"] = "[[[600,450],[640,452],[640,460],[600,458]]]",
        }).With(changes);
        await WriteAsync(row);
        return row;
    }

    /// <summary>Stores that somebody chose a photo as a general view.</summary>
    public Task AddViewAsync(string photoId, string view, string assetId, params (string Column, object? Value)[] changes) =>
        WriteAsync(new Feature(FieldTables.Board, $"view:{photoId}", null, new Dictionary<string, object?> { ["kind"] = "view", ["state"] = view, ["assetId"] = assetId, ["changedBy"] = "撮影 花子" }).With(changes));

    /// <summary>A finding on the levee, metres above the mark 12.3k.</summary>
    public Task<Feature> AddLeveeFindingAsync(string photoId, double offsetM, params (string Column, object? Value)[] changes) => AddFindingAsync(photoId,
    [
        ("assetId", Levee), ("elementId", null), ("river", "青葉川"), ("bank", "right"), ("markKm", 12.3), ("markOffsetM", offsetM), ("class", "erosion"), ("damageType", null),
        ("rankScale", "levee"), ("areaM2", 4.25), ("maxWidthMm", null), ("spacingMm", null), .. changes,
    ]);

    public Task<FormFile> MakeAsync(FormArguments given) => Desk.MakeAsync(FormRequest.Parse(given), Cancel);

    public Task WriteAsync(params Feature[] features) => _stores.Features.WriteAsync([.. features.Select(f => new FeatureWrite(f))], Cancel);

    private static Feature Element(string code, Geometry geometry) =>
        Asset($"element:aoba/{code}", "element", null, geometry, ("parent", Bridge), ("ledgerId", code), ("attributes", JsonSerializer.Serialize(new { code })));

    private static Feature Asset(string id, string kind, string? name, Geometry? geometry, params (string, object?)[] more) =>
        new Feature(FieldTables.Assets, id, geometry, new Dictionary<string, object?> { ["kind"] = kind, ["name"] = name }).With(more);

    /// <summary>A rectangle in metres around the bridge's middle.</summary>
    private static Polygon Box(double west, double south, double east, double north) => GeometryFactory.Default.CreatePolygon(
    [
        new(LonOf(west), LatOf(south)), new(LonOf(east), LatOf(south)), new(LonOf(east), LatOf(north)), new(LonOf(west), LatOf(north)), new(LonOf(west), LatOf(south)),
    ]);

    private static double LonOf(double eastM) => Lon + (eastM / (111_320 * Math.Cos(double.DegreesToRadians(Lat))));

    private static double LatOf(double northM) => Lat + (northM / 110_940);
}
