using System.Text.Json;
using Field.Contracts;
using Field.Geo;
using Field.Store;
using Field.Tests.Store;
using Field.Vision;

namespace Field.Tests.Ingest;

/// <summary>
/// Overlapping photos straight down with f = 1000 px, so that what a photo sees of the ground is plain: from 50 m a pixel is 0.05 m and 200 x 100 px are
/// 10 m x 5 m. East and north in metres of the first camera.
/// </summary>
public sealed class FindingMergeTests : IAsyncDisposable
{
    private static readonly LocalFrame Frame = new(new LonLat(139.7, 35.6));
    private readonly List<TempFolder> _folders = [];
    private readonly List<IngestHost> _hosts = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (IngestHost host in _hosts)
        {
            await host.DisposeAsync();
        }

        _folders.ForEach(f => f.Dispose());
    }

    /// <summary>A photo from a place, and bars on the ground that it shows: class, west, south, east, north, score.</summary>
    private sealed record Shot(int Seed, double East, double HeightM, params (string Class, double West, double South, double East, double North, double Score)[] Bars)
    {
        public DateTimeOffset At { get; init; } = DateTimeOffset.UnixEpoch.AddDays(20_000);

        public string Model { get; init; } = "test-v1";

        public TestPhoto Photo()
        {
            LonLat place = Frame.ToLonLat(new EastNorth(East, 0));
            TestPhoto photo = new(Seed, camera: PhotoPipelineTests.Nadir with { RelativeAltitudeM = HeightM, RtkFlag = 50 }, place: new GeoPoint(place.Lon, place.Lat));
            return new TestPhoto(Seed, camera: photo.Manifest.Camera, place: photo.Manifest.Place) { Manifest = photo.Manifest with { CapturedAt = At } };
        }

        public PhotoScore Score()
        {
            double gsd = HeightM / 1000;
            double X(double east) => Math.Clamp(100 + ((east - East) / gsd), 0, 200);
            double Y(double north) => Math.Clamp(50 - (north / gsd), 0, 100);
            return new PhotoScore(200, 100, Model, [.. Bars.Select(b => FindingGradeTests.Box(b.Class, X(b.West), Y(b.North), X(b.East), Y(b.South)) with { Score = b.Score })]);
        }
    }

    // One crack of 14 m along four photos that overlap by half: no photo shows all of it, the first and the last share nothing.
    private static readonly Shot[] Chain =
    [
        new(1, 0, 50, ("crack", -3, -0.1, 5, 0.1, 0.8)),
        new(2, 4, 50, ("crack", -1, -0.1, 9, 0.1, 0.7)),
        new(3, 8, 40, ("crack", 4, -0.1, 11, 0.1, 0.9)),
        new(4, 12, 50, ("crack", 7, -0.1, 11, 0.1, 0.9), ("spalling", 13, 1, 15, 2, 0.8)),
    ];

    [Fact]
    public async Task Any_order_of_arrival_gives_the_same_damages()
    {
        string? expected = null;
        foreach (int[] order in Orders(4))
        {
            IngestHost host = Start(Chain);
            foreach (int i in order)
            {
                await ScoreAsync(host, Chain[i]);
            }

            string rows = await RowsAsync(host);
            expected ??= rows;
            Assert.Equal(expected, rows);
            if (order[0] == 0 && order[1] == 1)
            {
                foreach (Shot shot in Chain)
                {
                    await host.Queries.ScoreAgainAsync(shot.Photo().Id, Cancel);
                }

                long before = await RevisionAsync(host);
                await host.Pipeline.RunReadyAsync(Cancel);
                Assert.Equal(expected, await RowsAsync(host));
                Assert.Empty((await host.FeaturesAsync("findings", before)).GetProperty("features").EnumerateArray()); // nothing is written again
            }
        }

        Feature[] map = await OnMapAsync(_hosts[0]);
        Assert.Equal(["crack", "spalling"], map.Select(f => f.Text("class")).Order());
        Feature crack = map.Single(f => f.Text("class") == "crack");
        Assert.Equal(Chain[1].Photo().Id, crack.Text("photoId")); // every photo cuts it off; this one shows most of it
        Assert.Equal([Chain[1].Photo().Id, .. new[] { 0, 2, 3 }.Select(i => Chain[i].Photo().Id).Order(StringComparer.Ordinal)], PhotoIds(crack));
        Assert.Contains("partial", crack.Text("degreeReasons")!);
        Assert.Equal(14, crack.Real("chainLengthM")!.Value, 0.06); // planted from -3 to 11 m; a pixel of the coarser photos is 0.05 m; the photo itself measures 10
        Assert.True(crack.Real("lengthM") < 10.01);
        Assert.InRange(crack.Real("chainErrorM")!.Value, 1.5, 3); // a height above take-off tells 50 m to 3: 0.9 of 14 m; and each end lies within some 4.5 m (90 %), 2.1 m along the axis
        FeaturePage all = await _hosts[0].Stores.Features.QueryAsync(FieldTables.Findings, new FeatureQuery(), Cancel);
        Assert.Equal(crack.Id, Assert.Single(all.Features, f => f.Real("chainLengthM") is not null).Id); // the one that stands for it
        Assert.Null(map.Single(f => f.Text("class") == "spalling").Text("photoIds"));
    }

    [Fact]
    public async Task Photo_that_shows_a_damage_whole_stands_for_it_though_another_is_sharper()
    {
        Shot[] shots = [new(1, 0, 50, ("crack", -3, -0.1, 3, 0.1, 0.7)), new(2, 5, 40, ("crack", 1, -0.1, 3, 0.1, 0.9))]; // the second begins at 1 m
        IngestHost host = Start(shots);
        await ScoreAsync(host, shots[1]);
        await ScoreAsync(host, shots[0]);
        Feature crack = Assert.Single(await OnMapAsync(host));
        Assert.Equal(shots[0].Photo().Id, crack.Text("photoId"));
        Assert.DoesNotContain("partial", crack.Text("degreeReasons")!, StringComparison.Ordinal);
        Assert.Null(crack.Real("chainLengthM"));
    }

    [Fact]
    public async Task Random_flights_give_the_same_in_any_order()
    {
        Random random = new(11);
        for (int round = 0; round < 6; round++)
        {
            Shot[] shots = [.. Enumerable.Range(0, 5).Select(i => RandomShot(random, (round * 10) + i))];
            string? expected = null;
            for (int k = 0; k < 4; k++)
            {
                random.Shuffle(shots);
                IngestHost host = Start(shots);
                foreach (Shot shot in shots)
                {
                    await ScoreAsync(host, shot);
                }

                string rows = await RowsAsync(host);
                expected ??= rows;
                Assert.Equal(expected, rows);
            }
        }
    }

    [Fact]
    public async Task Side_by_side_cracks_in_both_photos_stay_two_damages()
    {
        Shot[] shots =
        [
            new(1, 0, 50, ("crack", -3, 0, 3, 0.1, 0.8), ("crack", -3, 0.6, 3, 0.7, 0.8)),
            new(2, 1, 50, ("crack", -3, 0, 3, 0.1, 0.7), ("crack", -3, 0.6, 3, 0.7, 0.7)),
        ];
        IngestHost host = await AllAsync(shots);
        Feature[] map = await OnMapAsync(host);
        Assert.Equal(2, map.Length);
        Assert.All(map, f => Assert.Equal(2, PhotoIds(f).Length));
    }

    [Fact]
    public async Task Crossing_or_distant_or_other_days_or_other_classes_are_not_merged()
    {
        Shot first = new(1, 0, 50, ("crack", -3, 0, 3, 0.1, 0.8));
        foreach (Shot other in (Shot[])
            [
                new(2, 1, 50, ("crack", 0, -2.45, 0.1, 2.45, 0.8)),
                new(2, 1, 50, ("crack", -3, 1.5, 3, 1.6, 0.8)),
                new(2, 1, 50, ("crack", -3, 0, 3, 0.1, 0.8)) { At = first.At.AddDays(1) },
                new(2, 1, 50, ("efflorescence", -3, 0, 3, 0.1, 0.8)),
            ])
        {
            Assert.Equal(2, (await OnMapAsync(await AllAsync([first, other]))).Length);
        }
    }

    [Theory]
    [InlineData(60)]
    [InlineData(45)] // sharper, yet it shows less of the crack
    public async Task Fragments_of_one_photo_are_the_crack_of_the_other(double heightM)
    {
        Shot whole = new(1, 0, 50, ("crack", -3, 0, 3, 0.1, 0.8));
        Shot pieces = new(2, 0.5, heightM, ("crack", -3, 0, -0.5, 0.1, 0.8), ("crack", 0.5, 0, 3, 0.1, 0.8));
        Feature only = Assert.Single(await OnMapAsync(await AllAsync([pieces, whole])));
        Assert.Equal(whole.Photo().Id, only.Text("photoId"));
    }

    [Fact]
    public async Task Rebar_in_its_spalling_is_one_damage_and_raises_the_degree_in_every_photo()
    {
        Shot spalling = new(1, 0, 40, ("spalling", -1, -1, 1, 1, 0.8));
        Shot both = new(2, 1, 50, ("spalling", -1, -1, 1, 1, 0.8), ("rebar", -0.5, -0.2, 0.5, 0.2, 0.9));
        Shot free = new(3, 200, 50, ("rebar", 199, 0, 201, 0.3, 0.9));
        IngestHost host = await AllAsync([both, spalling, free]);
        Feature[] map = await OnMapAsync(host);
        Assert.Equal(["rebar", "spalling"], map.Select(f => f.Text("class")).Order());
        Feature damage = map.Single(f => f.Text("class") == "spalling");
        Assert.Equal((spalling.Photo().Id, 7L, "d", "e"), (damage.Text("photoId"), damage.Whole("damageType"), damage.Text("degreeLeast"), damage.Text("degreeMost")));
        Assert.Contains("rebar-exposed", damage.Text("degreeReasons")!);
    }

    [Fact]
    public async Task Rest_elects_a_new_primary_when_the_old_one_is_seen_no_more()
    {
        Shot best = new(1, 0, 40, ("crack", -3, 0, 3, 0.1, 0.8));
        Shot second = new(2, 0.5, 50, ("crack", -3, 0, 3, 0.1, 0.7));
        Shot third = new(3, 1, 60, ("crack", -3, 0, 3, 0.1, 0.7));
        Dictionary<string, PhotoScore> scores = Scores([best, second, third]);
        IngestHost host = Start(scores);
        foreach (Shot shot in (Shot[])[best, second, third])
        {
            await ScoreAsync(host, shot);
        }

        scores[best.Photo().Id] = best.Score() with { Findings = [] };
        host.Sink.Clear();
        await host.Queries.ScoreAgainAsync(best.Photo().Id, Cancel);
        await host.Pipeline.RunReadyAsync(Cancel);

        Feature primary = Assert.Single(await OnMapAsync(host));
        Assert.Equal(second.Photo().Id, primary.Text("photoId"));
        Assert.NotNull(primary.Geometry);
        Assert.Equal(2, PhotoIds(primary).Length);
        JsonElement[] told = [.. host.Sink.Live("finding").Select(m => m.GetProperty("data").GetProperty("properties"))];
        Assert.Equal(3, told.Length); // superseded, elected, and the third that follows the elected
        Assert.Equal([null, null, primary.Id], told.OrderBy(t => t.GetProperty("mergedInto").GetString(), StringComparer.Ordinal).Select(t => t.GetProperty("mergedInto").GetString()));
    }

    [Theory]
    [InlineData("confirmed")]
    [InlineData("rejected")]
    public async Task Decided_finding_stays_primary_takes_new_ones_in_and_is_never_written_over(string status)
    {
        Shot first = new(1, 0, 50, ("crack", -3, 0, 3, 0.1, 0.5));
        Shot better = new(2, 0.5, 30, ("crack", -2, 0, 2, 0.1, 0.9));
        IngestHost host = Start([first, better]);
        await ScoreAsync(host, first);
        Feature decided = Assert.Single(await OnMapAsync(host)).With(("status", status), ("decidedBy", "山田"), ("class", "crack"));
        await host.Stores.Features.WriteAsync([new FeatureWrite(decided)], Cancel);

        await ScoreAsync(host, better);
        await host.Queries.ScoreAgainAsync(first.Photo().Id, Cancel);
        await host.Pipeline.RunReadyAsync(Cancel);
        Feature primary = Assert.Single(await OnMapAsync(host));
        Assert.Equal((decided.Id, status, "山田"), (primary.Id, primary.Text("status"), primary.Text("decidedBy")));
        Assert.Equal(2, PhotoIds(primary).Length);

        // What the person makes of it does not let the others go, and a model that no longer sees it does not take it away.
        await host.Stores.Features.WriteAsync([new FeatureWrite(primary.With(("class", "efflorescence"), ("status", "corrected")))], Cancel);
        await host.Queries.ScoreAgainAsync(better.Photo().Id, Cancel);
        await host.Pipeline.RunReadyAsync(Cancel);
        Assert.Equal(decided.Id, Assert.Single(await OnMapAsync(host)).Id);
    }

    [Fact]
    public async Task Decision_between_reading_and_writing_is_kept()
    {
        Shot first = new(1, 0, 50, ("crack", -3, 0, 3, 0.1, 0.5));
        Shot better = new(2, 0.5, 30, ("crack", -2, 0, 2, 0.1, 0.9));
        Feature? decided = null;
        DecidingStore? deciding = null;
        IngestHost host = Start(Scores([first, better]), s => new FieldStores(deciding = new DecidingStore(s.Features), s.Telemetry, s.Blobs));
        await ScoreAsync(host, first);
        decided = Assert.Single(await OnMapAsync(host)).With(("status", "confirmed"), ("decidedBy", "山田"));
        deciding!.BeforeNextWriteOfFindings = decided;
        await ScoreAsync(host, better);
        Assert.Null(deciding.BeforeNextWriteOfFindings);
        Feature primary = Assert.Single(await OnMapAsync(host));
        Assert.Equal((decided.Id, "confirmed", "山田"), (primary.Id, primary.Text("status"), primary.Text("decidedBy")));
        Assert.Equal("scored", (await host.PhotoAsync(better.Photo().Id))!.Text("state"));
    }

    [Fact]
    public async Task Undone_decisions_are_still_counted_after_scoring_again()
    {
        Shot shot = new(1, 0, 50, ("crack", -3, 0, 3, 0.1, 0.5));
        IngestHost host = await AllAsync([shot]);
        Feature undone = Assert.Single(await OnMapAsync(host)).With(("decisionCount", 2L));
        await host.Stores.Features.WriteAsync([new FeatureWrite(undone)], Cancel);
        await host.Queries.ScoreAgainAsync(shot.Photo().Id, Cancel);
        await host.Pipeline.RunReadyAsync(Cancel);
        Assert.Equal(2, Assert.Single(await OnMapAsync(host)).Whole("decisionCount"));
    }

    /// <summary>Writes a person's decision just before the pipeline writes findings.</summary>
    private sealed class DecidingStore(IFeatureStore inner) : IFeatureStore
    {
        public Feature? BeforeNextWriteOfFindings { get; set; }

        public async Task<IReadOnlyList<Feature?>> WriteAsync(IReadOnlyList<FeatureWrite> writes, CancellationToken cancellationToken)
        {
            if (BeforeNextWriteOfFindings is { } decision && writes.Any(w => w.Feature.Table == FieldTables.Findings))
            {
                BeforeNextWriteOfFindings = null;
                await inner.WriteAsync([new FeatureWrite(decision)], cancellationToken);
            }

            return await inner.WriteAsync(writes, cancellationToken);
        }

        public Task<Feature?> FindAsync(FeatureTable table, string id, CancellationToken cancellationToken) => inner.FindAsync(table, id, cancellationToken);

        public Task<FeaturePage> QueryAsync(FeatureTable table, FeatureQuery query, CancellationToken cancellationToken) => inner.QueryAsync(table, query, cancellationToken);

        public Task<IReadOnlyList<Feature>> NewestAsync(FeatureTable table, FeatureSpan span, CancellationToken cancellationToken) => inner.NewestAsync(table, span, cancellationToken);

        public Task<IReadOnlyDictionary<string, long>> CountByAsync(FeatureTable table, string column, (string Column, string Value)? where, CancellationToken cancellationToken) =>
            inner.CountByAsync(table, column, where, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private static Shot RandomShot(Random random, int seed)
    {
        double east = random.Next(0, 12);
        (string, double, double, double, double, double) Bar(int i)
        {
            double west = east - 4 + (random.NextDouble() * 4), south = random.Next(-2, 3) * 0.9;
            return (random.Next(3) switch { 0 => "spalling", 1 => "rebar", _ => "crack" }, west, south, west + 1 + (random.NextDouble() * 3), south + 0.3, 0.5 + (i * 0.1));
        }

        return new Shot(seed, east, 40 + random.Next(0, 3), [.. Enumerable.Range(0, random.Next(1, 4)).Select(Bar)]);
    }

    private static Dictionary<string, PhotoScore> Scores(Shot[] shots) => shots.ToDictionary(s => s.Photo().Id, s => s.Score());

    private IngestHost Start(Shot[] shots) => Start(Scores(shots));

    private IngestHost Start(Dictionary<string, PhotoScore> scores, Func<FieldStores, FieldStores>? wrap = null)
    {
        _folders.Add(new TempFolder());
        IngestHost host = new(_folders[^1].Root, score: (path, _) => scores[Path.GetFileName(path)], wrap: wrap);
        _hosts.Add(host);
        return host;
    }

    private async Task<IngestHost> AllAsync(Shot[] shots)
    {
        IngestHost host = Start(shots);
        foreach (Shot shot in shots)
        {
            await ScoreAsync(host, shot);
        }

        return host;
    }

    private static async Task ScoreAsync(IngestHost host, Shot shot)
    {
        await host.SendAllAsync(shot.Photo());
        await host.Pipeline.RunReadyAsync(Cancel);
        Assert.Equal("scored", (await host.PhotoAsync(shot.Photo().Id))!.Text("state"));
    }

    private static async Task<Feature[]> OnMapAsync(IngestHost host) =>
        [.. (await host.Stores.Features.QueryAsync(FieldTables.Findings, new FeatureQuery(), Cancel)).Features.Where(f => f.Text("status") != "superseded" && f.Text("mergedInto") is null)];

    private static async Task<long> RevisionAsync(IngestHost host) => (await host.FeaturesAsync("findings")).GetProperty("revision").GetInt64();

    /// <summary>Every row with all it says but its revision, by id.</summary>
    private static async Task<string> RowsAsync(IngestHost host) => string.Join('\n', (await host.FeaturesAsync("findings")).GetProperty("features").EnumerateArray()
        .OrderBy(f => f.GetProperty("id").GetString(), StringComparer.Ordinal)
        .Select(f => $"{f.GetProperty("geometry").GetRawText()} {string.Join(' ', f.GetProperty("properties").EnumerateObject().Where(p => p.Name != "revision").Select(p => p.Value.GetRawText()))}"));

    private static string[] PhotoIds(Feature finding) => JsonSerializer.Deserialize<string[]>(finding.Text("photoIds")!)!;

    private static IEnumerable<int[]> Orders(int n) => n == 0 ? [[]] : Orders(n - 1).SelectMany(o => Enumerable.Range(0, n).Select(at => (int[])[.. o[..at], n - 1, .. o[at..]]));
}
