using System.Text.Json;
using Field.Contracts;
using Field.Gdal;
using Field.Ingest;
using Field.Store;
using Field.Tests.Store;
using Field.Vision;

namespace Field.Tests.Ingest;

public sealed class PhotoPipelineTests : IAsyncDisposable
{
    // Straight down from 50 m with f = 1000 px: 1 px is 50 m / 1000 = 0.05 m on the ground, and 200 x 100 px are 10 m x 5 m.
    internal static readonly CameraMetadata Nadir = new()
    {
        CalibratedFocalPx = 1000,
        RelativeAltitudeM = 50,
        GimbalPitchDeg = -90,
        GimbalYawDeg = 0,
        GimbalRollDeg = 0,
        WidthPx = 200,
        HeightPx = 100,
        ExifWidthPx = 200,
    };

    private static readonly GeoPoint Camera = new(139.7, 35.6);
    private readonly TempFolder _folder = new();
    private IngestHost? _host;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task A_finding_gets_its_place_and_its_millimetres()
    {
        IngestHost host = Start((_, _) => Score(Line(4, 20)));
        TestPhoto photo = new(1, camera: Nadir, place: Camera);
        await host.SendAllAsync(photo);
        await host.Pipeline.RunReadyAsync(Cancel);

        Feature row = (await host.PhotoAsync(photo.Id))!;
        Assert.Equal(("scored", "measured", 1L), (row.Text("state"), row.Text("placement"), row.Whole("findingCount")));
        Assert.Equal(0.05, row.Real("gsdM")!.Value, 6);
        Assert.Equal("""["ground-at-takeoff-level"]""", row.Text("assumptions"));

        // 1 degree of longitude at 35.6 N is 90,567 m and of latitude 110,956 m (GeographicLib's online planimeter formulae, GRS 80):
        // the footprint of 10 m x 5 m is 1.1042e-4 by 4.5063e-5 degrees.
        Assert.Equal(1.1042e-4, row.Geometry!.EnvelopeInternal.Width, 3e-7);
        Assert.Equal(4.5063e-5, row.Geometry.EnvelopeInternal.Height, 1.5e-7);

        JsonElement finding = Assert.Single((await host.FeaturesAsync("findings")).GetProperty("features").EnumerateArray());
        JsonElement properties = finding.GetProperty("properties");
        Assert.Equal(Ids.Finding(photo.Id, "test-v1", "crack", 0), finding.GetProperty("id").GetString());
        Assert.Equal(200, properties.GetProperty("meanWidthMm").GetDouble(), 3);
        Assert.Equal(250, properties.GetProperty("maxWidthMm").GetDouble(), 3);
        Assert.Equal(1, properties.GetProperty("lengthM").GetDouble(), 6);
        Assert.Equal(80 * 0.0025, properties.GetProperty("areaM2").GetDouble(), 6);
        Assert.True(properties.GetProperty("resolvable").GetBoolean());
        Assert.Equal("draft", properties.GetProperty("status").GetString());
        Assert.Equal(photo.Id, properties.GetProperty("photoId").GetString());

        // The line runs 20 px from the centre to the right: its middle lies 10 px = 0.5 m east, 0.5 / 90,567 degrees.
        Assert.Equal(139.7 + 5.521e-6, properties.GetProperty("centreLon").GetDouble(), 2e-8);
        Assert.Equal(35.6, properties.GetProperty("centreLat").GetDouble(), 2e-8);
        Assert.Equal("MultiPolygon", finding.GetProperty("geometry").GetProperty("type").GetString());
        Assert.Equal(3, host.Sink.Live("photo").Count + host.Sink.Live("finding").Count);
    }

    [Fact]
    public async Task A_width_below_one_pixel_gets_no_number()
    {
        IngestHost host = Start((_, _) => Score(Line(0.8, 20)));
        await host.SendAllAsync(new TestPhoto(1, camera: Nadir, place: Camera));
        await host.Pipeline.RunReadyAsync(Cancel);
        JsonElement properties = (await host.FeaturesAsync("findings")).GetProperty("features")[0].GetProperty("properties");
        Assert.False(properties.GetProperty("resolvable").GetBoolean());
        Assert.Equal(JsonValueKind.Null, properties.GetProperty("meanWidthMm").ValueKind);
        Assert.Equal(JsonValueKind.Null, properties.GetProperty("maxWidthMm").ValueKind);
    }

    [Fact]
    public async Task A_photo_without_gps_is_scored_and_has_no_place()
    {
        IngestHost host = Start((_, _) => Score(Line(4, 20)));
        TestPhoto photo = new(1, camera: Nadir);
        await host.SendAllAsync(photo);
        await host.Pipeline.RunReadyAsync(Cancel);
        Feature row = (await host.PhotoAsync(photo.Id))!;
        Assert.Equal(("scored", "none", "no-gps"), (row.Text("state"), row.Text("placement"), row.Text("reason")));
        Assert.Null(row.Geometry);
        JsonElement finding = (await host.FeaturesAsync("findings")).GetProperty("features")[0];
        Assert.Equal(JsonValueKind.Null, finding.GetProperty("geometry").ValueKind);
        Assert.Equal(JsonValueKind.Null, finding.GetProperty("properties").GetProperty("lengthM").ValueKind);
    }

    [Fact]
    public async Task A_broken_image_is_unreadable_and_the_next_photo_is_scored()
    {
        TestPhoto sound = new(2);
        IngestHost host = Start((path, _) =>
        {
            if (!path.EndsWith(sound.Id, StringComparison.Ordinal))
            {
                Images.Read(path); // random bytes: the real decoder refuses them
            }

            return Score();
        });
        TestPhoto broken = new(1);
        await host.SendAllAsync(broken);
        await host.SendAllAsync(sound);
        await host.Pipeline.RunReadyAsync(Cancel);
        Feature row = (await host.PhotoAsync(broken.Id))!;
        Assert.Equal("unreadable", row.Text("state"));
        Assert.StartsWith("not-an-image", row.Text("reason"), StringComparison.Ordinal);
        Assert.Equal("scored", (await host.PhotoAsync(sound.Id))!.Text("state"));
        Assert.Equal(broken.Bytes, await host.BlobAsync(broken.Id));
    }

    [Fact]
    public async Task A_scorer_that_throws_is_tried_a_few_times_and_can_be_asked_again()
    {
        int calls = 0;
        bool works = false;
        IngestHost host = Start((_, _) =>
        {
            calls++;
            return works ? Score() : throw new InvalidOperationException("model crashed");
        });
        TestPhoto photo = new(1);
        await host.SendAllAsync(photo);
        for (int i = 0; i < 6; i++)
        {
            await host.Pipeline.RunReadyAsync(Cancel);
        }

        Assert.Equal(3, calls);
        Feature row = (await host.PhotoAsync(photo.Id))!;
        Assert.Equal("unreadable", row.Text("state"));
        Assert.Equal("scoring-failed: model crashed (3 attempts)", row.Text("reason"));

        works = true;
        Assert.True(await host.Queries.ScoreAgainAsync(photo.Id, Cancel));
        await host.Pipeline.RunReadyAsync(Cancel);
        Assert.Equal("scored", (await host.PhotoAsync(photo.Id))!.Text("state"));
        Assert.False(await host.Queries.ScoreAgainAsync(new string('0', 64), Cancel));
    }

    [Fact]
    public async Task A_failed_attempt_waits_before_the_next_and_longer_each_time()
    {
        int calls = 0;
        IngestHost host = Start(
            (_, _) =>
            {
                calls++;
                throw new InvalidOperationException("no");
            },
            IngestHost.Defaults with { ScoringRetryDelay = TimeSpan.FromMinutes(1) });
        await host.SendAllAsync(new TestPhoto(1));
        Assert.Equal(TimeSpan.FromMinutes(1), await host.Pipeline.RunReadyAsync(Cancel));
        TimeSpan left = await host.Pipeline.RunReadyAsync(Cancel);
        Assert.Equal(1, calls);
        Assert.InRange(left, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_restart_scores_what_was_stored_and_a_running_service_what_comes()
    {
        IngestHost host = Start((_, _) => throw new OperationCanceledException());
        TestPhoto[] photos = [.. Enumerable.Range(0, 40).Select(i => new TestPhoto(i, 100 + i))];
        foreach (TestPhoto photo in photos)
        {
            await host.SendAllAsync(photo);
        }

        await host.DisposeAsync();
        host = Start((_, _) => Score(Line(4, 20)));
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task running = host.Pipeline.RunAsync(stop.Token);
        TestPhoto late = new(99);
        await host.SendAllAsync(late);
        while ((await host.Queries.CountAsync(Cancel)).PhotosByState.GetValueOrDefault("scored") < 41)
        {
            await Task.Yield();
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        FieldCounts counts = await host.Queries.CountAsync(Cancel);
        Assert.Equal(41, counts.FindingsByClass["crack"]);
        Assert.Equal(41, Assert.Single(counts.PhotosByState).Value);
    }

    [Fact]
    public async Task Another_model_replaces_the_drafts_and_the_same_model_repeats_them()
    {
        TestPhoto photo = new(1, camera: Nadir, place: Camera);
        IngestHost host = Start((_, _) => Score(Line(4, 20), Line(2, 30)));
        await host.SendAllAsync(photo);
        await host.Pipeline.RunReadyAsync(Cancel);
        await host.Queries.ScoreAgainAsync(photo.Id, Cancel);
        await host.Pipeline.RunReadyAsync(Cancel);
        Assert.Equal(2, (await host.FeaturesAsync("findings")).GetProperty("features").GetArrayLength());
        long before = (await host.FeaturesAsync("findings")).GetProperty("revision").GetInt64();

        await host.DisposeAsync();
        host = Start((_, _) => Score(Line(4, 20)) with { Model = "test-v2" }, model: "test-v2");
        await host.Queries.ScoreAgainAsync(photo.Id, Cancel);
        await host.Pipeline.RunReadyAsync(Cancel);
        JsonElement only = Assert.Single((await host.FeaturesAsync("findings")).GetProperty("features").EnumerateArray());
        Assert.Equal("test-v2", only.GetProperty("properties").GetProperty("model").GetString());
        string[] told = [.. (await host.FeaturesAsync("findings", before)).GetProperty("features").EnumerateArray().Select(f => f.GetProperty("properties").GetProperty("status").GetString()!)];
        Assert.Equal(["superseded", "superseded", "draft"], told);
        Assert.Equal(1, (await host.Queries.CountAsync(Cancel)).FindingsByClass["crack"]);
    }

    [Fact]
    public async Task Photos_of_the_demo_camera_are_marked_synthetic()
    {
        IngestHost host = Start((_, _) => Score());
        TestPhoto demo = new(1, camera: Nadir with { Model = "Field Synthetic Camera" });
        TestPhoto real = new(2, camera: Nadir with { Model = "FC6310" });
        await host.SendAllAsync(demo);
        await host.SendAllAsync(real);
        Assert.True((await host.PhotoAsync(demo.Id))!.Flag("synthetic"));
        Assert.False((await host.PhotoAsync(real.Id))!.Flag("synthetic"));
    }

    [Fact]
    public async Task A_photo_on_the_antimeridian_does_not_break_the_map()
    {
        IngestHost host = Start((_, _) => Score(Line(4, 20)));
        await host.SendAllAsync(new TestPhoto(1, camera: Nadir, place: new GeoPoint(180, 35)));
        await host.Pipeline.RunReadyAsync(Cancel);
        JsonElement photo = Assert.Single((await host.FeaturesAsync("photos")).GetProperty("features").EnumerateArray());
        Assert.Equal("scored", photo.GetProperty("properties").GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, photo.GetProperty("geometry").ValueKind);
    }

    internal static PhotoScore Score(params PixelFinding[] findings) => new(200, 100, "test-v1", findings);

    /// <summary>A bar that runs to the right from the centre of the 200 x 100 photo.</summary>
    internal static PixelFinding Line(double widthPx, double lengthPx)
    {
        double half = widthPx / 2;
        PixelPoint[] ring = [new(100, 50 - half), new(100 + lengthPx, 50 - half), new(100 + lengthPx, 50 + half), new(100, 50 + half)];
        return new PixelFinding("crack", 0.9, [ring], widthPx * lengthPx, lengthPx, widthPx, widthPx * 1.25, new PixelPoint(100 + (lengthPx / 2), 50));
    }

    private IngestHost Start(Func<string, CancellationToken, PhotoScore> score, IngestOptions? options = null, string model = "test-v1") =>
        _host = new IngestHost(_folder.Root, options, score, model);
}
