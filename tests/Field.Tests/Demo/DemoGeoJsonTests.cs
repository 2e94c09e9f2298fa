using System.Text.Json;
using Field.Demo.Synthetic;

namespace Field.Tests.Demo;

public sealed class DemoGeoJsonTests(DemoFolder demo) : IClassFixture<DemoFolder>
{
    private const int SizeCapBytes = 1_000_000;

    [Theory]
    [InlineData("city.geojson")]
    [InlineData("truth.geojson")]
    public void Collection_is_valid_geojson_under_the_size_cap(string file)
    {
        Assert.InRange(new FileInfo(Path.Combine(demo.Path, file)).Length, 10_000, SizeCapBytes);
        JsonElement root = demo.Json(file);
        Assert.Equal("FeatureCollection", root.GetProperty("type").GetString());
        foreach (JsonElement feature in root.GetProperty("features").EnumerateArray())
        {
            Assert.True(feature.GetProperty("properties").GetProperty("synthetic").GetBoolean());
            CheckGeometry(feature.GetProperty("geometry"));
        }
    }

    [Fact]
    public void City_has_every_layer_and_hundreds_of_houses()
    {
        ILookup<string, JsonElement> layers = demo.Json("city.geojson").GetProperty("features").EnumerateArray()
            .Select(f => f.GetProperty("properties")).ToLookup(p => p.GetProperty("layer").GetString()!);

        Assert.Equal(
            ["bridge", "building", "field", "label", "land", "levee", "park", "railway", "river", "road", "water"],
            layers.Select(l => l.Key).Order(StringComparer.Ordinal));
        Assert.InRange(layers["building"].Count(), 300, 900);
        Assert.All(layers["label"], l => Assert.False(string.IsNullOrEmpty(l.GetProperty("nameEn").GetString())));
        Assert.Contains(layers["label"], l => l.GetProperty("name").GetString() == "右岸 12.0k");
        Assert.All(layers["road"], r => Assert.InRange(r.GetProperty("widthM").GetDouble(), 1, 20));
    }

    [Fact]
    public void Base_says_it_is_synthetic_and_its_bounds_hold_the_city()
    {
        JsonElement info = demo.Json("base.json");
        double[] bounds = [.. info.GetProperty("bounds").EnumerateArray().Select(v => v.GetDouble())];
        double[] centre = [.. info.GetProperty("center").EnumerateArray().Select(v => v.GetDouble())];

        Assert.Contains("架空", info.GetProperty("attribution").GetString(), StringComparison.Ordinal);
        Assert.Contains("synthetic", info.GetProperty("attributionEn").GetString(), StringComparison.Ordinal);
        Assert.True(bounds[0] < centre[0] && centre[0] < bounds[2] && bounds[1] < centre[1] && centre[1] < bounds[3]);
        foreach (JsonElement feature in demo.Json("city.geojson").GetProperty("features").EnumerateArray())
        {
            foreach ((double lon, double lat) in Positions(feature.GetProperty("geometry").GetProperty("coordinates")))
            {
                Assert.InRange(lon, bounds[0], bounds[2]);
                Assert.InRange(lat, bounds[1], bounds[3]);
            }
        }
    }

    [Fact]
    public void Truth_plants_fourteen_cracks_over_a_range_of_widths()
    {
        var flight = new SyntheticFlight(new DemoDataOptions());
        JsonElement truth = JsonDocument.Parse(CrackTruth.ToGeoJson(flight.Cracks, flight.Photos)).RootElement;
        double[] widths = [.. truth.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("properties").GetProperty("maxWidthPx").GetDouble())];

        Assert.Equal(14, widths.Length);
        Assert.InRange(widths.Min(), 1.4, 2.0);
        Assert.InRange(widths.Max(), 7.0, 8.5);
        Assert.True(widths.Count(w => w >= 3) >= 10, string.Join(' ', widths));
    }

    private static void CheckGeometry(JsonElement geometry)
    {
        JsonElement coordinates = geometry.GetProperty("coordinates");
        Assert.All(Positions(coordinates), p =>
        {
            Assert.InRange(p.Lon, 138.44, 138.46);
            Assert.InRange(p.Lat, 34.74, 34.76);
        });
        switch (geometry.GetProperty("type").GetString())
        {
            case "Polygon":
                (double Lon, double Lat)[] ring = [.. Positions(Assert.Single(coordinates.EnumerateArray()))];
                Assert.True(ring.Length >= 4);
                Assert.Equal(ring[0], ring[^1]);
                Assert.True(SignedArea(ring) > 0, "RFC 7946, 3.1.6: the exterior ring is counter-clockwise");
                break;
            case "LineString":
                Assert.True(coordinates.GetArrayLength() >= 2);
                break;
            default:
                Assert.Equal("Point", geometry.GetProperty("type").GetString());
                break;
        }
    }

    private static IEnumerable<(double Lon, double Lat)> Positions(JsonElement coordinates) =>
        coordinates[0].ValueKind == JsonValueKind.Number
            ? [(coordinates[0].GetDouble(), coordinates[1].GetDouble())]
            : coordinates.EnumerateArray().SelectMany(Positions);

    private static double SignedArea((double Lon, double Lat)[] ring) =>
        ring.Zip(ring.Skip(1), (a, b) => (a.Lon * b.Lat) - (b.Lon * a.Lat)).Sum();
}
