using System.Text.Json;
using Field.Geo;
using Field.Ingest.Decisions;
using Field.Store;
using Field.Tests.Ingest;
using Field.Tests.Store;
using NetTopologySuite.Geometries;

namespace Field.Tests.Decisions;

/// <summary>A plan in metres around 138.3, 34.85; <see cref="LocalFrame"/> has its own oracle.</summary>
public sealed class ComparisonTests
{
    private static readonly LocalFrame Frame = new(new LonLat(138.3, 34.85));
    private static readonly DateTimeOffset Spring = new(2025, 5, 11, 10, 0, 0, TimeSpan.FromHours(9));
    private static readonly DateTimeOffset Autumn = new(2026, 10, 3, 10, 0, 0, TimeSpan.FromHours(9));
    private static readonly Feature[] Everywhere = [Photo(-100, -100, 100, 100)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2.05, 3.0, "unchanged")] // 2.5 % longer: below two standard deviations
    [InlineData(3.0, 3.0, "grown")]
    [InlineData(2.0, 6.0, "grown")] // as long, twice as wide
    [InlineData(1.2, 3.0, "unchanged")] // smaller is not grown
    public void Pair_is_grown_only_beyond_the_error_of_both_measurements(double lengthM, double widthMm, string kind)
    {
        DamageChange change = Assert.Single(Compare([Crack("a", 0, 0, 2, 3)], [Crack("b", 0.2, 0.1, lengthM, widthMm)]));
        Assert.Equal((kind, "a", "b"), (change.Kind, change.Before!.Id, change.After!.Id));
        Assert.Equal(["lengthM", "maxWidthMm"], change.Differences.Select(d => d.Name));

        // Scale 5 % and chain code 2.6 % of 2 m and of the other, edges of 0.35 px of 1 mm: by hand for 2 -> 2.05 m.
        Assert.Equal(lengthM == 2.05 ? 0.1614 : change.Differences[0].Sigma, change.Differences[0].Sigma, 0.0005);
    }

    [Fact]
    public void Width_that_one_photo_cannot_resolve_is_not_compared()
    {
        DamageChange change = Assert.Single(Compare([Crack("a", 0, 0, 2, null)], [Crack("b", 0, 0, 2, 9)]));
        Assert.Equal(["lengthM"], change.Differences.Select(d => d.Name));
        Assert.Equal("unchanged", change.Kind);
    }

    [Fact]
    public void Cracks_side_by_side_keep_their_partners_when_all_places_are_off_alike()
    {
        Feature[] before = [.. Enumerable.Range(0, 6).Select(i => Crack($"a{i}", 0, 0.5 * i, 2, 1 + i))];
        Feature[] after = [.. Enumerable.Range(0, 6).Select(i => Crack($"b{i}", 0.1, (0.5 * i) + 0.2, 2, 1 + i))];
        Assert.All(Compare(before, after), c => Assert.Equal(c.Before!.Id[1..], c.After!.Id[1..]));
    }

    [Fact]
    public void Damage_that_is_gone_is_repaired_only_where_it_was_photographed_well()
    {
        Feature[] gone = [Crack("a", 0, 0, 2, 3)];
        Assert.Equal(("repaired", null), Only(gone, Everywhere));
        Assert.Equal(("not-seen-again", "not-photographed"), Only(gone, []));
        Assert.Equal(("not-seen-again", "not-photographed"), Only(gone, [Photo(10, 10, 100, 100)]));
        Assert.Equal(("not-seen-again", "not-photographed"), Only(gone, [Photo(-100, -100, 1, 100)])); // half of it
        Assert.Equal(("not-seen-again", "not-photographed"), Only(gone, [Photo(-1, -0.3, 3, 0.3)])); // all of it, but the places are no better than 0.3 m
        Assert.Equal(("not-seen-again", "not-photographed"), Only(gone, [Everywhere[0].With(("quality", """["blurred"]"""))]));
        Assert.Equal(("not-seen-again", "not-photographed"), Only(gone, [Everywhere[0].With(("state", "unreadable"))]));
        Assert.Equal(("not-seen-again", "too-coarse"), Only(gone, [Everywhere[0].With(("gsdM", 0.003))]));
        Assert.Equal(("repaired", null), Only(gone, [Photo(-100, -100, 1, 100), Photo(-1, -100, 100, 100)])); // two halves that overlap
    }

    [Fact]
    public void Damage_that_is_new_says_when_the_place_was_not_photographed_before()
    {
        DamageChange seen = Assert.Single(InspectionComparison.Compare([], [Crack("b", 0, 0, 2, 3)], Everywhere, Everywhere));
        Assert.Equal(("new", null), (seen.Kind, seen.Reason));
        Assert.Equal("not-photographed-before", Assert.Single(InspectionComparison.Compare([], [Crack("b", 0, 0, 2, 3)], [], Everywhere)).Reason);
    }

    [Fact]
    public void Other_class_or_place_is_another_damage()
    {
        Feature spalling = Crack("b", 0, 0, 2, 3).With(("class", "spalling"));
        Assert.Equal(["repaired", "new"], Compare([Crack("a", 0, 0, 2, 3)], [spalling]).Select(c => c.Kind));
        Assert.Equal(["repaired", "new"], Compare([Crack("a", 0, 0, 2, 3)], [Crack("b", 0, 4, 2, 3)]).Select(c => c.Kind));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Inspection_repeated_with_the_error_it_states_changes_nothing(int seed)
    {
        Random random = new(seed);
        double Noise(double sigma) => sigma * (random.NextDouble() - 0.5) * 2;
        List<Feature> before = [], after = [];
        for (int i = 0; i < 60; i++)
        {
            (double x, double y, double length, double width) = (4 * (i % 8), 4 * (i / 8), 0.5 + (2 * random.NextDouble()), 1 + (5 * random.NextDouble()));
            before.Add(Crack($"a{i:00}", x + Noise(0.3), y + Noise(0.3), length * (1 + Noise(0.03)), width * (1 + Noise(0.03))));
            after.Add(Crack($"b{i:00}", x + Noise(0.3), y + Noise(0.3), length * (1 + Noise(0.03)), width * (1 + Noise(0.03))));
        }

        IReadOnlyList<DamageChange> changes = Compare(before, [.. after.OrderBy(_ => random.Next())]);
        Assert.All(changes, c => Assert.Equal(("unchanged", c.Before!.Id[1..]), (c.Kind, c.After!.Id[1..])));
        Assert.Equal(60, changes.Count);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Every_damage_is_told_of_once_and_swapping_the_inspections_swaps_new_and_gone(int seed)
    {
        Random random = new(seed);
        Feature[] Some(string name) => [.. Enumerable.Range(0, 40).Select(i => Crack($"{name}{i:00}", 12 * random.NextDouble(), 12 * random.NextDouble(), 0.3 + random.NextDouble(), 3))];
        (Feature[] one, Feature[] two) = (Some("a"), Some("b"));
        IReadOnlyList<DamageChange> there = Compare(one, two), back = Compare(two, one);
        Assert.Equal(one.Concat(two).Select(f => f.Id).Order(), there.SelectMany(c => new[] { c.Before?.Id, c.After?.Id }).OfType<string>().Order());
        Assert.Equal(
            there.Where(c => c.Before is not null && c.After is not null).Select(c => (c.Before!.Id, c.After!.Id)).Order(),
            back.Where(c => c.Before is not null && c.After is not null).Select(c => (c.After!.Id, c.Before!.Id)).Order());
        Assert.Equal(there.Count(c => c.Kind == "new"), back.Count(c => c.Kind == "repaired"));
    }

    [Theory]
    [InlineData("2026-05-11", "2026-05-10T15:00:00Z/2026-05-11T15:00:00Z")]
    [InlineData("2026-02", "2026-01-31T15:00:00Z/2026-02-28T15:00:00Z")]
    [InlineData("2025-12-30..2026", "2025-12-29T15:00:00Z/2026-12-31T15:00:00Z")]
    [InlineData("2026-02-30", null)]
    [InlineData("2026-05..2026-04", null)]
    [InlineData("..", null)]
    [InlineData("", null)]
    public void Days_are_days_in_Japan(string text, string? range) =>
        Assert.Equal(range, InspectionRange.Parse(text) is { } r ? new InspectionRange(r.From.ToUniversalTime(), r.To.ToUniversalTime()).ToString() : null);

    [Fact]
    public async Task Comparison_of_what_is_stored_leaves_out_what_people_rejected_and_what_is_merged()
    {
        using TempFolder folder = new();
        await using IngestHost host = new(folder.Root);
        Feature[] findings =
        [
            Crack("a", 0, 0, 2, 3), Crack("b", 0.1, 0, 4, 3), Crack("c", 20, 0, 2, 3).With(("status", "rejected")), Crack("d", 30, 0, 2, 3).With(("mergedInto", "a")),
            Crack("e", 40, 0, 2, 3).With(("status", "confirmed")), Crack("f", 50, 0, 2, 3).With(("assetId", "bridge:other")), Crack("g", 60, 0, 2, 3).With(("elementId", "element:B1/Mg0102")),
        ];
        findings[1] = findings[1].With(("capturedAt", Autumn));
        Feature[] rows = [.. findings, Photo(-100, -100, 100, 100).With(("capturedAt", Autumn)), Scene.Asset("bridge:B1", "bridge", null), Scene.Asset("element:B1/Mg0101", "element", null, ("parent", "bridge:B1"))];
        await host.Stores.Features.WriteAsync([.. rows.Select(f => new FeatureWrite(f))], Cancel);
        Assert.Equal("a:grown,e:repaired,g:repaired", await StoredAsync(host, "bridge:B1"));
        Assert.Equal("a:grown,e:repaired", await StoredAsync(host, "element:B1/Mg0101"));
        Assert.False(await host.Get<InspectionComparison>().WriteAsync(Stream.Null, "bridge:none", InspectionRange.Parse("2025")!, InspectionRange.Parse("2026")!, Cancel));
    }

    private static async Task<string> StoredAsync(IngestHost host, string asset)
    {
        MemoryStream stream = new();
        Assert.True(await host.Get<InspectionComparison>().WriteAsync(stream, asset, InspectionRange.Parse("2025-04..2025-06")!, InspectionRange.Parse("2026-10")!, Cancel));
        JsonElement json = JsonElement.Parse(stream.ToArray());
        Assert.Equal(1, json.GetProperty("counts").GetProperty("grown").GetInt32());
        return string.Join(',', json.GetProperty("changes").EnumerateArray().Select(c => $"{c.GetProperty("beforeId").GetString()}:{c.GetProperty("change").GetString()}").Order());
    }

    private static IReadOnlyList<DamageChange> Compare(IReadOnlyList<Feature> before, IReadOnlyList<Feature> after) =>
        InspectionComparison.Compare(before, after, Everywhere, Everywhere);

    private static (string Kind, string? Reason) Only(Feature[] before, Feature[] photosAfter)
    {
        DamageChange change = Assert.Single(InspectionComparison.Compare(before, [], Everywhere, photosAfter));
        return (change.Kind, change.Reason);
    }

    /// <summary>A crack that runs east from x, y; 1 mm per pixel, its place known to 0.3 m.</summary>
    private static Feature Crack(string id, double x, double y, double lengthM, double? widthMm) => new(
        FieldTables.Findings, id, GeometryFactory.Default.CreateMultiPolygon([Area(x, y - 0.002, x + lengthM, y + 0.002)]), new Dictionary<string, object?>
        {
            ["class"] = "crack",
            ["status"] = "draft",
            ["lengthM"] = lengthM,
            ["maxWidthMm"] = widthMm,
            ["areaM2"] = lengthM * 0.004,
            ["gsdM"] = 0.001,
            ["errorM"] = 0.3,
            ["assetId"] = "bridge:B1",
            ["elementId"] = "element:B1/Mg0101",
            ["capturedAt"] = Spring,
        });

    private static Feature Photo(double left, double bottom, double right, double top) => new(
        FieldTables.Photos, FormattableString.Invariant($"p{left}:{bottom}"), Area(left, bottom, right, top), new Dictionary<string, object?>
        {
            ["state"] = "scored",
            ["gsdM"] = 0.001,
            ["errorM"] = 0.3,
        });

    private static Polygon Area(double left, double bottom, double right, double top)
    {
        Coordinate At(double x, double y)
        {
            LonLat place = Frame.ToLonLat(new EastNorth(x, y));
            return new Coordinate(place.Lon, place.Lat);
        }

        return GeometryFactory.Default.CreatePolygon([At(left, bottom), At(right, bottom), At(right, top), At(left, top), At(left, bottom)]);
    }
}
