using System.Text.Json;
using Field.Demo.Synthetic;

namespace Field.Tests.Demo;

/// <summary>truth.geojson against the pixels: the pinhole arithmetic here is the test's own, from the published conventions.</summary>
public sealed class CrackPixelsTests
{
    // PROJ 9 through gdaltransform (tmerc centred at 138.45, 34.75 on GRS80), from the point 0.0005 degree west and north.
    private const double MetresPerDegreeLon = 45.7821985 / 0.0005;
    private const double MetresPerDegreeLat = 55.4681183 / 0.0005;
    private const int WidthPx = 1200;

    private static readonly DemoDataOptions s_options = new() { PhotoWidthPx = WidthPx };
    private static readonly SyntheticFlight s_flight = new(s_options);

    [Theory]
    [InlineData(2, "deck-02")]
    [InlineData(5, "deck-07")]
    [InlineData(12, "levee-04")]
    public void Crack_of_the_truth_is_dark_in_a_nadir_photo(int index, string crack)
    {
        (Shot shot, _) = s_flight.Photos[index];
        byte[] pixels = s_flight.Render(index, TestContext.Current.CancellationToken);
        (double lon, double lat) = SiteFrame.ToLonLat(shot.EastNorth);
        (double X, double Y)[] line = [.. Truth(crack).Select(p => Nadir(shot, (p.Lon - lon) * MetresPerDegreeLon, (p.Lat - lat) * MetresPerDegreeLat))];

        double on = line.Average(p => Gray(pixels, p.X, p.Y));
        double beside = line.Average(p => (Gray(pixels, p.X + 14, p.Y + 14) + Gray(pixels, p.X - 14, p.Y - 14)) / 2);

        Assert.True(on < 0.72 * beside, $"{crack}: {on:0.0} on the line, {beside:0.0} beside it");
    }

    [Theory]
    [InlineData(8, "deck-04")]
    [InlineData(15, "levee-02")]
    public void Crack_of_the_truth_is_dark_where_truth_says_its_centre_is_in_an_oblique_photo(int index, string crack)
    {
        byte[] pixels = s_flight.Render(index, TestContext.Current.CancellationToken);
        JsonElement sight = Feature(crack).GetProperty("properties").GetProperty("photos").EnumerateArray()
            .Single(p => p.GetProperty("photo").GetString() == s_flight.Photos[index].Shot.FileName);
        double x = sight.GetProperty("centreXPx").GetDouble();
        double y = sight.GetProperty("centreYPx").GetDouble();

        double darkest = Enumerable.Range(-2, 5).SelectMany(dx => Enumerable.Range(-2, 5).Select(dy => Gray(pixels, x + dx, y + dy))).Min();
        double around = Enumerable.Range(0, 32).Select(i => i * Math.PI / 16).Average(t => Gray(pixels, x + (25 * Math.Cos(t)), y + (25 * Math.Sin(t))));

        Assert.True(darkest < 0.6 * around, $"{crack}: {darkest:0.0} at the centre, {around:0.0} around it");
    }

    [Fact]
    public void Width_in_pixels_of_a_nadir_photo_is_metres_over_ground_sample_distance()
    {
        foreach (JsonElement feature in Features())
        {
            JsonElement properties = feature.GetProperty("properties");
            foreach (JsonElement sight in properties.GetProperty("photos").EnumerateArray())
            {
                (Shot shot, _) = s_flight.Photos.Single(p => p.Shot.FileName == sight.GetProperty("photo").GetString());
                bool whole = sight.GetProperty("visibleLengthM").GetDouble() == properties.GetProperty("lengthM").GetDouble();
                if (shot.PitchDeg == -90 && whole)
                {
                    double expected = properties.GetProperty("widthM").GetDouble() * s_options.FocalPx / shot.HeightM;
                    Assert.InRange(sight.GetProperty("widthPx").GetDouble(), expected * 0.97, expected * 1.03);
                }
            }
        }
    }

    [Theory] // PROJ 9, as above; the flat frame drifts from the ellipsoid by 3 cm at the town's edge, not where the photos are
    [InlineData(138.4495, 34.7505, -45.7822, 55.4681, 0.001)]
    [InlineData(138.456, 34.752, 549.3764, 221.8884, 0.05)]
    [InlineData(138.4435, 34.7465, -595.1973, -388.2567, 0.05)]
    public void Site_frame_agrees_with_proj_over_the_town(double lon, double lat, double east, double north, double toleranceM)
    {
        Vec p = SiteFrame.ToEastNorth(lon, lat);
        Assert.InRange((p - new Vec(east, north)).Length, 0, toleranceM);
        (double Lon, double Lat) back = SiteFrame.ToLonLat(p);
        Assert.InRange(Math.Abs(back.Lon - lon) + Math.Abs(back.Lat - lat), 0, 1e-12);
    }

    [Theory] // an image of 1200 x 900 px with a focal length of 450 px, from a height of 1: half of the image's height is 1 on the ground
    [InlineData(0, -90, 600, 0, 0, 1)] // yaw north: the top of a straight-down photo is north
    [InlineData(90, -90, 600, 0, 1, 0)] // yaw east: the top is east
    [InlineData(90, -90, 1050, 450, 0, -1)] // and the right is south
    [InlineData(180, -45, 600, 450, 0, -1)] // the axis of a camera at 45 degrees meets the ground as far away as it is high
    [InlineData(270, -60, 600, 450, -0.5773503, 0)]
    public void Camera_follows_the_stated_conventions(double yaw, double pitch, double x, double y, double east, double north)
    {
        var camera = new PinholeCamera(new Vec(0, 0), 1, yaw, pitch, 1200, 900, 450);

        Vec ground = camera.PixelToGround(x, y).EastNorth;

        Assert.InRange((ground - new Vec(east, north)).Length, 0, 1e-6);
        Assert.InRange((camera.GroundToPixel(ground) - new Vec(x, y)).Length, 0, 1e-6);
    }

    private static (double X, double Y) Nadir(Shot shot, double east, double north)
    {
        (double sin, double cos) = Math.SinCos(shot.YawDeg * Math.PI / 180);
        double scale = s_options.FocalPx / shot.HeightM;
        double toTop = (east * sin) + (north * cos);
        double toRight = (east * cos) - (north * sin);
        return ((WidthPx / 2.0) + (scale * toRight), (WidthPx * 3 / 8.0) - (scale * toTop));
    }

    private static double Gray(byte[] pixels, double x, double y)
    {
        int height = WidthPx * 3 / 4;
        int at = ((Math.Clamp((int)y, 0, height - 1) * WidthPx) + Math.Clamp((int)x, 0, WidthPx - 1)) * 3;
        return (pixels[at] + pixels[at + 1] + pixels[at + 2]) / 3.0;
    }

    private static JsonElement.ArrayEnumerator Features() =>
        JsonDocument.Parse(CrackTruth.ToGeoJson(s_flight.Cracks, s_flight.Photos)).RootElement.GetProperty("features").EnumerateArray();

    private static JsonElement Feature(string crack) =>
        Features().Single(f => f.GetProperty("properties").GetProperty("id").GetString() == crack);

    private static IEnumerable<(double Lon, double Lat)> Truth(string crack) =>
        Feature(crack).GetProperty("geometry").GetProperty("coordinates").EnumerateArray().Select(p => (p[0].GetDouble(), p[1].GetDouble()));
}
