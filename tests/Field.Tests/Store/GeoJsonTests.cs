using System.Text.Json;
using Field.Geo;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace Field.Tests.Store;

public sealed class GeoJsonTests
{
    [Theory]
    [InlineData("POINT (139.7 35.6)", """{"type":"Point","coordinates":[139.7,35.6]}""")]
    [InlineData("POINT Z (139.7 35.6 12.3456)", """{"type":"Point","coordinates":[139.7,35.6,12.346]}""")]
    [InlineData("LINESTRING (1 2, 3 4)", """{"type":"LineString","coordinates":[[1,2],[3,4]]}""")]
    [InlineData("LINEARRING (0 0, 1 0, 1 1, 0 0)", """{"type":"LineString","coordinates":[[0,0],[1,0],[1,1],[0,0]]}""")]
    [InlineData("MULTIPOINT ((1 2), (3 4))", """{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}""")]
    [InlineData("GEOMETRYCOLLECTION (POINT (1 2))", """{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]}]}""")]
    [InlineData("POLYGON EMPTY", "null")]
    public void Geometry_has_the_form_of_the_standard(string wkt, string json) => Assert.Equal(json, Write(new WKTReader().Read(wkt)));

    [Theory]
    [InlineData("POLYGON ((0 0, 0 9, 9 9, 9 0, 0 0), (1 1, 2 1, 2 2, 1 1))")]
    [InlineData("POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 2 2, 2 1, 1 1))")]
    public void Rings_follow_the_right_hand_rule_whatever_they_came_as(string wkt)
    {
        // RFC 7946 section 3.1.6, by the shoelace formula: exterior positive, hole negative.
        using JsonDocument json = JsonDocument.Parse(Write(new WKTReader().Read(wkt)));
        JsonElement rings = json.RootElement.GetProperty("coordinates");
        Assert.True(SignedArea(rings[0]) > 0);
        Assert.True(SignedArea(rings[1]) < 0);
    }

    [Theory]
    [InlineData(181, 0)]
    [InlineData(0, -91)]
    [InlineData(double.NaN, 0)]
    public void What_is_no_lon_lat_is_refused(double x, double y) =>
        Assert.Throws<ArgumentException>(() => Write(GeometryFactory.Default.CreateLineString([new(x, y), new(1, 1)])));

    private static double SignedArea(JsonElement ring)
    {
        double[][] p = [.. ring.EnumerateArray().Select(c => new[] { c[0].GetDouble(), c[1].GetDouble() })];
        return Enumerable.Range(0, p.Length - 1).Sum(i => (p[i][0] * p[i + 1][1]) - (p[i + 1][0] * p[i][1])) / 2;
    }

    private static string Write(Geometry geometry)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            GeoJson.Write(writer, geometry);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
