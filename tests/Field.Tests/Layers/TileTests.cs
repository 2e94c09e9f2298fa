using System.Diagnostics;
using System.Text.Json;
using Field.Geo;
using Field.Geo.Tiles;
using Field.Tests.Store;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace Field.Tests.Layers;

/// <summary>Tiles as others read them: libgdal's own MVT driver is the oracle.</summary>
public sealed class TileTests
{
    private const double PixelDeg = 360.0 / (1 << 12) / 512; // of longitude, at zoom 12

    [Fact]
    public void Tile_is_read_by_gdal_as_what_went_in()
    {
        Geometry ring = new WKTReader().Read("POLYGON((138.30 34.86,138.34 34.86,138.34 34.88,138.30 34.88,138.30 34.86),(138.31 34.865,138.32 34.865,138.32 34.87,138.31 34.87,138.31 34.865))");
        Geometry line = new WKTReader().Read("LINESTRING(138.30 34.87,138.33 34.875)");
        Geometry points = new WKTReader().Read("MULTIPOINT((138.305 34.862),(138.335 34.878))");
        TileLayer layer = new(new (Geometry, long, string, long?, string?)[] { (ring, 1, "2", 2, "甲"), (line, 2, "道", null, null), (points, 3, "点", null, "乙") }
            .SelectMany(f => TileShape.Of(f.Item1, f.Item2, f.Item3, f.Item4, f.Item5)));

        JsonElement[] features = Decode(layer, TileOf(138.32, 34.87, 12));

        Assert.Equal(3, features.Length);
        JsonElement polygon = features.Single(f => Property(f, "class") == "2");
        Assert.Equal(("2", "甲"), (Property(polygon, "rank"), Property(polygon, "label")));
        Geometry back = new GeoJsonLike(polygon).Geometry;
        Assert.True(back.IsValid);
        Assert.True(back.SymmetricDifference(ring).Area < 4 * PixelDeg * 0.12, "more than two pixels along its edges differ");
        Assert.Equal(1, ((Polygon)back).NumInteriorRings);
        Assert.Equal(2, new GeoJsonLike(features.Single(f => Property(f, "class") == "点")).Geometry.NumPoints);
        Assert.Equal(line.Length, new GeoJsonLike(features.Single(f => Property(f, "class") == "道")).Geometry.Length, 2 * PixelDeg);
    }

    [Fact]
    public void Neighbouring_tiles_together_hold_the_whole_area()
    {
        Geometry circle = new Point(138.32, 34.87).Buffer(0.1, 64);
        TileLayer layer = new(TileShape.Of(circle, 1, "1", 1, null));
        TileAddress middle = TileOf(138.32, 34.87, 12);
        Geometry sum = new Polygon(null);
        for (int dx = -3; dx <= 3; dx++)
        {
            for (int dy = -3; dy <= 3; dy++)
            {
                TileAddress tile = new(12, middle.X + dx, middle.Y + dy);
                foreach (JsonElement feature in Decode(layer, tile))
                {
                    sum = sum.Union(new GeoJsonLike(feature).Geometry.Intersection(Square(tile)));
                }
            }
        }

        Assert.True(sum.SymmetricDifference(circle).Area < circle.Area * 0.002);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(15)]
    public void Random_areas_are_written_so_that_gdal_reads_valid_geometry_with_outlines_and_holes_told_apart(int zoom)
    {
        Random random = new(20261121 + zoom);
        TileShape[] shapes =
        [
            .. Enumerable.Range(1, 40).SelectMany(n =>
            {
                Point centre = new(138.2 + (random.NextDouble() / 5), 34.8 + (random.NextDouble() / 5));
                double size = 0.001 + (random.NextDouble() * 0.05);
                return TileShape.Of(centre.Buffer(size, 8).Difference(centre.Buffer(size / 2, 4)), n, "c", n, null);
            }),
        ];
        TileLayer layer = new(shapes);
        JsonElement[] features = Decode(layer, TileOf(138.3, 34.9, zoom));
        Assert.NotEmpty(features);
        foreach (JsonElement feature in features)
        {
            Geometry geometry = new GeoJsonLike(feature).Geometry;
            Assert.True(geometry.Area > 0 && geometry is Polygon or MultiPolygon, geometry.AsText());
        }
    }

    [Fact]
    public void What_is_smaller_than_a_pixel_is_still_drawn()
    {
        TileLayer layer = new(TileShape.Of(new Point(138.32, 34.87).Buffer(0.0005), 7, "special", 2, null));
        JsonElement speck = Assert.Single(Decode(layer, TileOf(138.32, 34.87, 5)));
        Assert.True(new GeoJsonLike(speck).Geometry.EnvelopeInternal.Contains(138.32, 34.87));
        Assert.Equal("special", Property(speck, "class"));
    }

    [Fact]
    public void Place_is_told_its_worst_class_first_and_lines_within_reach()
    {
        Geometry low = new Point(138.32, 34.87).Buffer(0.01);
        Geometry high = new Point(138.325, 34.87).Buffer(0.007);
        Geometry hole = low.Difference(new Point(138.32, 34.87).Buffer(0.001));
        Geometry road = new WKTReader().Read("LINESTRING(138.30 34.871,138.34 34.871)");
        TileLayer layer = new(TileShape.Of(low, 1, "1", 1, null).Concat(TileShape.Of(high, 2, "3", 3, null)).Concat(TileShape.Of(hole, 3, "2", 2, null)).Concat(TileShape.Of(road, 4, null, null, "道")));

        Assert.Equal([2, 1], layer.At(new LonLat(138.32, 34.87), 50).Select(h => h.Shape.N)); // in the hole of the third
        TileHit far = layer.At(new LonLat(138.32, 34.87), 150)[^1];
        Assert.Equal(4, far.Shape.N);
        Assert.Equal(110.9, far.DistanceM, 0.5); // 0.001 degrees of latitude at 34.87 (GeographicLib: 110.93 m)
        Assert.Empty(layer.At(new LonLat(138.5, 34.87), 50));
    }

    [Theory]
    [InlineData(-1, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(16, 0, 0)]
    [InlineData(3, 8, 0)]
    public void Tile_that_is_none_is_refused(int zoom, int x, int y) =>
        Assert.Throws<ArgumentException>(() => new TileLayer([]).Encode(new TileAddress(zoom, x, y), "a"));

    [Fact]
    public void Empty_tile_has_no_bytes() => Assert.Empty(new TileLayer(TileShape.Of(new Point(138.3, 34.8), 1, null, null, null)).Encode(new TileAddress(10, 0, 0), "a"));

    private static TileAddress TileOf(double lon, double lat, int zoom)
    {
        (double x, double y) = WebMercator.FromLonLat(lon, lat);
        return new TileAddress(zoom, (int)(x * (1 << zoom)), (int)(y * (1 << zoom)));
    }

    private static Geometry Square(TileAddress tile)
    {
        double side = 1.0 / (1 << tile.Zoom);
        LonLat nw = WebMercator.ToLonLat(tile.X * side, tile.Y * side);
        LonLat se = WebMercator.ToLonLat((tile.X + 1) * side, (tile.Y + 1) * side);
        return new GeometryFactory().ToGeometry(new Envelope(nw.Lon, se.Lon, se.Lat, nw.Lat));
    }

    /// <summary>ogr2ogr of gdal-bin reads Z/X/Y.pbf and writes lon, lat.</summary>
    private static JsonElement[] Decode(TileLayer layer, TileAddress tile)
    {
        byte[] bytes = layer.Encode(tile, "features");
        if (bytes.Length == 0)
        {
            return [];
        }

        if (!File.Exists("/usr/bin/ogr2ogr"))
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "ogr2ogr (gdal-bin) is not installed");
        }

        using TempFolder folder = new();
        string path = folder.Path(FormattableString.Invariant($"{tile.Zoom}/{tile.X}/{tile.Y}.pbf"));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        ProcessStartInfo start = new("ogr2ogr") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["-f", "GeoJSON", "-t_srs", "EPSG:4326", "-oo", "CLIP=NO", "-lco", "COORDINATE_PRECISION=9", "/vsistdout/", path])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string json = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return [.. JsonDocument.Parse(json).RootElement.GetProperty("features").EnumerateArray()];
    }

    private static string? Property(JsonElement feature, string name) =>
        feature.GetProperty("properties").TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : null;

    private sealed class GeoJsonLike(JsonElement feature)
    {
        public Geometry Geometry { get; } = Read(feature.GetProperty("geometry"));

        private static Geometry Read(JsonElement geometry)
        {
            GeometryFactory factory = new();
            JsonElement at = geometry.GetProperty("coordinates");
            return geometry.GetProperty("type").GetString() switch
            {
                "Point" => factory.CreatePoint(Position(at)),
                "MultiPoint" => factory.CreateMultiPointFromCoords(Positions(at)),
                "LineString" => factory.CreateLineString(Positions(at)),
                "MultiLineString" => factory.CreateMultiLineString([.. at.EnumerateArray().Select(l => factory.CreateLineString(Positions(l)))]),
                "Polygon" => Polygon(factory, at),
                "MultiPolygon" => factory.CreateMultiPolygon([.. at.EnumerateArray().Select(p => Polygon(factory, p))]),
                var other => throw new NotSupportedException(other),
            };
        }

        private static Polygon Polygon(GeometryFactory factory, JsonElement rings)
        {
            LinearRing[] all = [.. rings.EnumerateArray().Select(r => factory.CreateLinearRing(Positions(r)))];
            return factory.CreatePolygon(all[0], all[1..]);
        }

        private static Coordinate[] Positions(JsonElement list) => [.. list.EnumerateArray().Select(Position)];

        private static Coordinate Position(JsonElement p) => new(p[0].GetDouble(), p[1].GetDouble());
    }
}
