using Field.Geo;
using Field.Geo.Impact;
using NetTopologySuite.Algorithm.Locate;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using Location = NetTopologySuite.Geometries.Location;

namespace Field.Tests.Geo.Impact;

public sealed class PolygonSetTests
{
    [Fact]
    public void Bow_tie_has_both_wings_and_not_what_lies_beside()
    {
        PolygonSet set = Set([0, 0, 2, 2, 2, 0, 0, 2]);
        Assert.Equal(7, set.First(0.3, 1));
        Assert.Equal(7, set.First(1.7, 1));
        Assert.Equal(PolygonSet.None, set.First(1, 0.3));
        Assert.Equal(PolygonSet.None, set.First(1, 1.7));
    }

    [Fact]
    public void Ring_within_a_ring_is_a_hole_and_a_third_an_island_whatever_their_directions()
    {
        PolygonSet set = Set([0, 0, 9, 0, 9, 9, 0, 9], [2, 2, 7, 2, 7, 7, 2, 7], [4, 4, 4, 5, 5, 5, 5, 4]);
        Assert.Equal(7, set.First(1, 1));
        Assert.Equal(PolygonSet.None, set.First(3, 3));
        Assert.Equal(7, set.First(4.5, 4.5));
        Assert.Equal(PolygonSet.None, set.First(10, 3));
    }

    [Fact]
    public void Two_polygons_of_one_number_that_overlap_are_inside_where_they_do()
    {
        PolygonSetBuilder builder = new(PolygonOrder.Highest);
        builder.BeginPolygon(1);
        builder.AddRing([0, 0, 3, 0, 3, 3, 0, 3]);
        builder.BeginPolygon(1);
        builder.AddRing([2, 2, 5, 2, 5, 5, 2, 5]);
        Assert.Equal(1, builder.Build().First(2.5, 2.5));
    }

    [Theory]
    [InlineData(PolygonOrder.Highest, 5, new[] { 5, 3, 2 })]
    [InlineData(PolygonOrder.Lowest, 2, new[] { 2, 3, 5 })]
    public void First_of_overlapping_polygons_is_that_of_the_order(PolygonOrder order, int first, int[] all)
    {
        PolygonSetBuilder builder = new(order);
        foreach (int value in (int[])[3, 5, 2, 5])
        {
            builder.BeginPolygon(value);
            builder.AddRing([0, 0, 3, 0, 3, 3, 0, 3]);
        }

        PolygonSet set = builder.Build();
        List<int> found = [];
        set.All(1, 1, found);
        Assert.Equal(first, set.First(1, 1));
        Assert.Equal(all, found);
    }

    [Fact]
    public void Place_on_a_border_belongs_to_the_east_of_it_and_on_a_level_one_to_the_north()
    {
        PolygonSet set = Set([1, 1, 2, 1, 2, 2, 1, 2]);
        Assert.Equal(7, set.First(1, 1.5));
        Assert.Equal(PolygonSet.None, set.First(2, 1.5));
        Assert.Equal(7, set.First(1.5, 1));
        Assert.Equal(PolygonSet.None, set.First(1.5, 2));
        Assert.Equal(7, set.First(1, 1));
        Assert.Equal(PolygonSet.None, set.First(2, 2));
    }

    [Fact]
    public void Of_areas_that_cover_the_plane_exactly_one_has_each_place_on_their_borders_and_corners()
    {
        // Squares cut by diagonals in both directions, listed in any order and direction.
        Random random = new(5);
        List<double[]> triangles = [];
        for (int x = 0; x < 8; x++)
        {
            for (int y = 0; y < 8; y++)
            {
                triangles.Add([x, y, x + 1, y, x + 1, y + 1]);
                triangles.Add([x, y, x + 1, y + 1, x, y + 1]);
            }
        }

        PolygonSetBuilder builder = new(PolygonOrder.Lowest);
        int number = 0;
        foreach (double[] ring in triangles.OrderBy(_ => random.Next()))
        {
            builder.BeginPolygon(number++);
            builder.AddRing(random.Next(2) == 0 ? ring : [ring[4], ring[5], ring[2], ring[3], ring[0], ring[1]]);
        }

        PolygonSet set = builder.Build();
        for (double x = 0.125; x < 8; x += 0.125)
        {
            for (double y = 0.125; y < 8; y += 0.125)
            {
                List<int> found = [];
                set.All(x, y, found);
                Assert.Single(found);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_valid_polygons_agree_with_an_independent_locator(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 40; round++)
        {
            Geometry shape = RandomShape(random, points: 3 + random.Next(400));
            PolygonSet set = Set(shape);
            IndexedPointInAreaLocator oracle = new(shape);
            Envelope box = shape.EnvelopeInternal;
            for (int i = 0; i < 400; i++)
            {
                Coordinate p = new(box.MinX - 0.1 + (random.NextDouble() * (box.Width + 0.2)), box.MinY - 0.1 + (random.NextDouble() * (box.Height + 0.2)));
                bool expected = oracle.Locate(p) == Location.Interior;
                if (expected != (set.First(p.X, p.Y) == 7))
                {
                    Assert.Fail($"seed {seed} round {round}: {p} of {shape}"); // written only here: the text of a shape takes longer than all its places
                }
            }
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Staircases_on_a_lattice_agree_with_an_independent_locator_and_with_counting_crossings(int seed)
    {
        // As depth maps are: borders of cells, corners on the same lines as the centres of the index's own grid now and then.
        Random random = new(seed);
        for (int round = 0; round < 20; round++)
        {
            int side = 4 + random.Next(24);
            Geometry?[] squares = new Geometry?[side * side];
            for (int i = 0; i < squares.Length; i++)
            {
                squares[i] = random.Next(5) < 3 ? new Envelope(i % side, (i % side) + 1, i / side, (i / side) + 1) is var e ? GeometryFactory.Default.ToGeometry(e) : null : null;
            }

            Geometry shape = NetTopologySuite.Operation.Union.UnaryUnionOp.Union(squares.OfType<Geometry>());
            PolygonSet set = Set(shape);
            IndexedPointInAreaLocator oracle = new(shape);
            for (int i = 0; i < 1_000; i++)
            {
                Coordinate p = new((random.Next(side * 4) + (random.Next(2) * 0.3)) / 4.0, random.NextDouble() * side);
                Location where = oracle.Locate(p);
                bool found = set.First(p.X, p.Y) == 7;
                bool expected = where == Location.Boundary ? squares[((int)p.Y * side) + Math.Min((int)p.X, side - 1)] is not null && p.X < side : where == Location.Interior;
                Assert.True(expected == found, $"seed {seed} round {round}: {p}");
            }
        }
    }

    [Fact]
    public void Random_lines_that_cross_themselves_agree_with_counting_crossings()
    {
        Random random = new(31);
        for (int round = 0; round < 60; round++)
        {
            double[] ring = [.. Enumerable.Range(0, 2 * (3 + random.Next(200))).Select(_ => random.NextDouble())];
            PolygonSet set = Set(ring);
            for (int i = 0; i < 300; i++)
            {
                (double x, double y) = (random.NextDouble(), random.NextDouble());
                Assert.Equal(CountsOdd(ring, x, y), set.First(x, y) == 7);
            }
        }
    }

    [Fact]
    public void Many_places_at_once_are_answered_as_one_by_one()
    {
        Random random = new(8);
        PolygonSet set = Set(RandomShape(random, 300));
        double[] lon = [.. Enumerable.Range(0, 1_000).Select(_ => random.NextDouble() * 30)];
        double[] lat = [.. Enumerable.Range(0, 1_000).Select(_ => random.NextDouble() * 30)];
        int[] values = new int[1_000];
        set.First(lon, lat, values);
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => set.First(lon[i], lat[i])), values);
        Assert.Throws<ArgumentException>(() => set.First(lon, lat, new int[3]));
    }

    [Fact]
    public void Places_that_are_nowhere_are_in_nothing()
    {
        PolygonSet set = Set([0, 0, 2, 0, 2, 2]);
        foreach ((double lon, double lat) in ((double, double)[])[(double.NaN, 1), (1, double.NaN), (double.PositiveInfinity, 1), (1, double.NegativeInfinity)])
        {
            Assert.Equal(PolygonSet.None, set.First(lon, lat));
        }

        Assert.Equal(PolygonSet.None, new PolygonSetBuilder(PolygonOrder.Highest).Build().First(0, 0));
    }

    [Fact]
    public void Rings_that_enclose_nothing_have_nothing()
    {
        PolygonSet set = Set([], [1, 1], [1, 1, 2, 2], [3, 3, 3, 3, 3, 3], [0, 5, 9, 5, 4, 5]);
        foreach ((double lon, double lat) in ((double, double)[])[(1, 1), (1.5, 1.5), (3, 3), (2, 5)])
        {
            Assert.Equal(PolygonSet.None, set.First(lon, lat));
        }
    }

    [Fact]
    public void Corner_that_is_no_place_is_refused()
    {
        PolygonSetBuilder builder = new(PolygonOrder.Highest);
        builder.BeginPolygon(1);
        Assert.False(builder.AddRing([138, 34, 139, double.NaN, 138, 35]));
        Assert.False(builder.AddRing([138, 34, 139, 95, 138, 35]));
        Assert.False(builder.AddRing([9e6, 34, 139, 35, 138, 35], OfficialCrs.Find(6676)));
        Assert.True(builder.AddRing([138, 34, 139, 34, 139, 35]));
        Assert.Equal(1, builder.Build().First(138.9, 34.2));
    }

    [Theory]
    [InlineData("POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (2 2, 7 2, 7 7, 2 7, 2 2))")]
    [InlineData("POLYGON Z((0 0 5, 9 0 5, 9 9 5, 0 9 5, 0 0 5), (2 2 5, 7 2 5, 7 7 5, 2 7 5, 2 2 5))")]
    [InlineData("GEOMETRYCOLLECTION (MULTIPOLYGON (((0 0, 9 0, 9 9, 0 9, 0 0), (2 2, 7 2, 7 7, 2 7, 2 2))))")]
    public void Wkb_of_polygons_keeps_their_holes(string wkt)
    {
        byte[] wkb = Wkb(new WKTReader().Read(wkt));
        PolygonSetBuilder builder = new(PolygonOrder.Highest);
        Assert.Equal(WkbOutcome.Added, WkbPolygons.Add(builder, wkb, 3));
        PolygonSet set = builder.Build();
        Assert.Equal(3, set.First(1, 1));
        Assert.Equal(PolygonSet.None, set.First(3, 3));
    }

    [Fact]
    public void Loose_rings_of_wkb_are_one_polygon_and_parts_are_many()
    {
        byte[] wkb = Wkb(new WKTReader().Read("MULTIPOLYGON (((0 0, 9 0, 9 9, 0 9, 0 0)), ((2 2, 7 2, 7 7, 2 7, 2 2)))"));
        (PolygonSetBuilder parts, PolygonSetBuilder loose) = (new(PolygonOrder.Highest), new(PolygonOrder.Highest));
        WkbPolygons.Add(parts, wkb, 3);
        WkbPolygons.Add(loose, wkb, 3, hasLooseRings: true);
        Assert.Equal((2, 3), (parts.Count, parts.Build().First(3, 3)));
        Assert.Equal((1, PolygonSet.None), (loose.Count, loose.Build().First(3, 3)));
    }

    [Fact]
    public void Wkb_that_ends_early_or_lies_about_its_length_is_damaged_and_never_read_beyond()
    {
        byte[] whole = Wkb(new WKTReader().Read("MULTIPOLYGON (((0 0, 9 0, 9 9, 0 9, 0 0), (2 2, 7 2, 7 7, 2 2)))"));
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Equal(WkbOutcome.Damaged, WkbPolygons.Add(new PolygonSetBuilder(PolygonOrder.Highest), whole.AsSpan(0, length), 1));
        }

        Random random = new(3);
        for (int i = 0; i < 2_000; i++)
        {
            byte[] changed = [.. whole];
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            PolygonSetBuilder builder = new(PolygonOrder.Highest);
            Assert.True(Enum.IsDefined(WkbPolygons.Add(builder, changed, 1)));
            builder.Build().First(1, 1);
        }
    }

    [Fact]
    public void Wkb_of_lines_is_not_polygons() =>
        Assert.Equal(WkbOutcome.NotPolygons, WkbPolygons.Add(new PolygonSetBuilder(PolygonOrder.Highest), Wkb(new WKTReader().Read("LINESTRING (0 0, 1 1)")), 1));

    private static byte[] Wkb(Geometry geometry) =>
        new WKBWriter(ByteOrder.LittleEndian, handleSRID: false, emitZ: !double.IsNaN(geometry.Coordinate.Z)) { Strict = true }.Write(geometry);

    private static PolygonSet Set(params double[][] rings)
    {
        PolygonSetBuilder builder = new(PolygonOrder.Highest);
        builder.BeginPolygon(7);
        foreach (double[] ring in rings)
        {
            Assert.True(builder.AddRing(ring));
        }

        return builder.Build();
    }

    private static PolygonSet Set(Geometry geometry)
    {
        PolygonSetBuilder builder = new(PolygonOrder.Highest);
        Assert.Equal(WkbOutcome.Added, WkbPolygons.Add(builder, Wkb(geometry), 7));
        return builder.Build();
    }

    /// <summary>Round things with dents, some with holes, some of several parts; valid by repair.</summary>
    private static Geometry RandomShape(Random random, int points)
    {
        Geometry shape = GeometryFactory.Default.CreatePolygon();
        for (int part = random.Next(3); part >= 0; part--)
        {
            (double x, double y) = (10 + (10 * random.NextDouble()), 10 + (10 * random.NextDouble()));
            Coordinate[] ring = [.. Enumerable.Range(0, points).Select(i => Math.SinCos(i * 2 * Math.PI / points) is var (sin, cos) && 1 + (4 * random.NextDouble()) is var r ? new Coordinate(x + (r * cos), y + (r * sin)) : null!)];
            Geometry round = GeometryFactory.Default.CreatePolygon([.. ring, ring[0]]).Buffer(0);
            shape = random.Next(2) == 0 ? shape.Union(round) : shape.Union(round).Difference(GeometryFactory.Default.CreatePoint(new Coordinate(x, y)).Buffer(0.7));
        }

        return shape;
    }

    /// <summary>The textbook rule, crossings of the ray to the west.</summary>
    private static bool CountsOdd(double[] ring, double x, double y)
    {
        bool isOdd = false;
        for (int i = 0, j = ring.Length - 2; i < ring.Length; j = i, i += 2)
        {
            isOdd ^= (ring[i + 1] > y) != (ring[j + 1] > y) && x > ring[i] + ((ring[j] - ring[i]) * (y - ring[i + 1]) / (ring[j + 1] - ring[i + 1]));
        }

        return isOdd;
    }
}
