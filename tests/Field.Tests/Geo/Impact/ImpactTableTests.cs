using Field.Geo;
using Field.Geo.Impact;

namespace Field.Tests.Geo.Impact;

public sealed class ImpactTableTests
{
    private static readonly ResidentPoints Four = new([138.1, 138.2, 138.3, 139.9], [34.1, 34.1, 34.1, 34.1])
    {
        People = [3, 2, 1, 4],
        Aged65 = [1, 2, 0, 4],
        NeedsSupport = [0, 1, 0, 2],
        Households = [1, 1, 1, 1],
    };

    [Fact]
    public void Deepest_class_wins_and_every_source_is_kept()
    {
        HazardAtPoints hazards = ImpactQuery.Hazards(Four, [Source("A", 2, 138.0, 138.15), Source("B", 4, 138.05, 138.25), Source("C", 1, 138.0, 138.35)]);
        Assert.Equal([4, 4, 1, 0], hazards.Deepest);
        Assert.Equal([(0, 2), (1, 4), (2, 1)], hazards.SourcesAt(0));
        Assert.Equal([(1, 4), (2, 1)], hazards.SourcesAt(1));
        Assert.Empty(hazards.SourcesAt(3));
    }

    [Fact]
    public void Answer_does_not_depend_on_threads()
    {
        Random random = new(4);
        ResidentPoints many = new([.. Enumerable.Range(0, 50_000).Select(_ => 138 + random.NextDouble())], [.. Enumerable.Range(0, 50_000).Select(_ => 34 + random.NextDouble())]);
        HazardSource[] sources = [Source("A", 2, 138.0, 138.5), Source("B", 4, 138.3, 138.9)];
        HazardAtPoints one = ImpactQuery.Hazards(many, sources), four = ImpactQuery.Hazards(many, sources, threads: 4);
        Assert.Equal(one.Deepest, four.Deepest);
        Assert.Equal(one.BySource[1], four.BySource[1]);
        Assert.Equal(ImpactQuery.Areas(many, sources[0].Polygons), ImpactQuery.Areas(many, sources[0].Polygons, threads: 4));
        Assert.InRange(one.Deepest.Count(c => c == 4), 1, 49_999);
    }

    [Fact]
    public void Table_counts_people_and_keeps_those_in_no_row()
    {
        ImpactTable table = ImpactTable.Count(Four, [0, 1, 1, -1], 2, [0, 2, 3, 3], classes: 4);
        Assert.Equal(new ImpactCount(3, 1, 0, 1), table[0, 0]);
        Assert.Equal(new ImpactCount(3, 2, 1, 2), table.From(1, 2));
        Assert.Equal(new ImpactCount(4, 4, 2, 1), table[table.Unassigned, 3]);
        Assert.Equal(new ImpactCount(5, 4, 2, 2), table.Class(3));
        Assert.Equal(new ImpactCount(10, 7, 3, 4), table.TotalFrom(0));
        Assert.Equal(1.0, table[2, 3].Aged65Share);
        Assert.Null(table[0, 1].Aged65Share);
    }

    [Fact]
    public void Own_polygons_that_overlap_count_a_person_in_each()
    {
        PolygonSetBuilder builder = new(PolygonOrder.Lowest);
        Ring(builder, 0, 138.0, 138.25);
        Ring(builder, 1, 138.15, 138.35);
        ImpactTable table = ImpactTable.CountAll(Four, builder.Build(), 2, [1, 1, 1, 1], classes: 2);
        Assert.Equal((5, 3, 4), (table[0, 1].People, table[1, 1].People, table[table.Unassigned, 1].People));
    }

    [Fact]
    public void People_without_columns_count_one_each()
    {
        ImpactTable table = ImpactTable.Count(new ResidentPoints([138.1, 138.2], [34, 34]), [0, 0], 1, [1, 1], classes: 2);
        Assert.Equal(new ImpactCount(2, 0, 0, 0), table[0, 1]);
    }

    [Fact]
    public void Meshes_are_rows_in_the_order_of_their_codes()
    {
        MeshRows rows = MeshRows.Of(new ResidentPoints([139.9, 138.1, 139.9, 20], [34.1, 34.1, 34.1, 34.1]), 10);
        Assert.Equal([MeshCode.Of(new LonLat(138.1, 34.1), 10)!.Value, MeshCode.Of(new LonLat(139.9, 34.1), 10)!.Value], rows.Meshes);
        Assert.Equal([1, 0, 1, -1], rows.RowOf);
    }

    [Fact]
    public void Comparison_tells_who_is_newly_affected()
    {
        byte[] older = [0, 1, 3, 2], newer = [2, 0, 4, 2];
        ScenarioComparison change = ScenarioComparison.Of(Four, older, newer, leastClass: 1);
        Assert.Equal((3, 5, 2, 1), (change.Newly.People, change.Both.People, change.NoLonger.People, change.Deeper.People));
        Assert.Equal([1, 3, 2, 2], ScenarioComparison.ChangeOf(older, newer, 1));
        Assert.Equal([0, 0, 2, 0], ScenarioComparison.ChangeOf(older, newer, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScenarioComparison.Of(Four, older, newer, 0));
    }

    [Fact]
    public void Nearest_place_is_found_by_metres_and_the_limit_counts()
    {
        LocalFrame frame = new(new LonLat(138.3, 34.8));
        LonLat At(double east, double north) => frame.ToLonLat(new EastNorth(east, north));
        NearbyPlaces places = new([At(0, 0), At(1000, 0)], 300);
        Assert.Equal(0, places.Nearest(At(0, 299.9))!.Value.Place);
        Assert.Null(places.Nearest(At(0, 300.1)));
        Assert.Equal(0, places.Nearest(At(-299.9, 0))!.Value.Place);
        Assert.Null(places.Nearest(At(-300.1, 0)));
        Assert.Equal(1, places.Nearest(At(800, 100))!.Value.Place);
        (ImpactCount covered, ImpactCount rest) = places.Count(new ResidentPoints([At(10, 0).Lon, At(500, 0).Lon], [At(10, 0).Lat, At(500, 0).Lat]) { People = [3, 4] });
        Assert.Equal((3, 4), (covered.People, rest.People));
    }

    [Fact]
    public void Distance_agrees_with_earth_centred_coordinates_to_a_tenth_of_a_millimetre()
    {
        Random random = new(6);
        for (int i = 0; i < 2_000; i++)
        {
            LonLat origin = new(123 + (30 * random.NextDouble()), 24 + (21 * random.NextDouble()));
            EastNorth there = new(600 * (random.NextDouble() - 0.5), 600 * (random.NextDouble() - 0.5));
            Assert.Equal(double.Hypot(there.EastM, there.NorthM), NearbyPlaces.Between(origin, new LocalFrame(origin).ToLonLat(there)), 1e-4);
        }
    }

    [Fact]
    public void Random_places_are_found_as_by_looking_at_all()
    {
        Random random = new(9);
        LonLat[] all = [.. Enumerable.Range(0, 300).Select(_ => new LonLat(138 + (0.1 * random.NextDouble()), 34 + (0.1 * random.NextDouble())))];
        NearbyPlaces places = new(all, 300);
        for (int i = 0; i < 2_000; i++)
        {
            LonLat point = new(138 + (0.1 * random.NextDouble()), 34 + (0.1 * random.NextDouble()));
            double nearest = all.Min(p => NearbyPlaces.Between(point, p));
            Assert.Equal(nearest <= 300 ? nearest : null, places.Nearest(point)?.DistanceM);
        }
    }

    private static HazardSource Source(string name, int value, double west, double east)
    {
        PolygonSetBuilder builder = new(PolygonOrder.Highest);
        Ring(builder, value, west, east);
        return new HazardSource(name, builder.Build());
    }

    private static void Ring(PolygonSetBuilder builder, int value, double west, double east)
    {
        builder.BeginPolygon(value);
        builder.AddRing([west, 34, east, 34, east, 35, west, 35]);
    }
}
