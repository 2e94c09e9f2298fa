using Field.Geo;

namespace Field.Tests.Geo;

/// <summary>
/// Oracle: PROJ 9.1's geodesics, <c>echo LON LAT | gdaltransform -s_srs '+proj=longlat +ellps=GRS80' -t_srs '+proj=aeqd +lat_0=..
/// +lon_0=.. +ellps=GRS80' -output_xy</c> (azimuthal equidistant: exact distance and azimuth from the origin).
/// </summary>
public sealed class LocalFrameTests
{
    [Theory]
    [InlineData(139.767125, 35.681236, 139.778, 35.690, 984.353210821992, 972.44819251309, 0.0002)]
    [InlineData(139.767125, 35.681236, 139.7560, 35.6813, -1007.09135058697, 7.15802685242838, 0.0002)]
    [InlineData(139.767125, 35.681236, 139.8, 35.65, 2977.17342583448, -3465.22404601981, 0.005)]
    [InlineData(-91.9945, 46.8426, -92.004, 46.850, -724.551623946437, 822.68585754054, 0.0002)]
    [InlineData(179.995, 0, -179.995, 0.004, 1113.1949061353, 442.297105539663, 0.0002)] // across the antimeridian
    public void ToEastNorth_agrees_with_geodesics(
        double lon0, double lat0, double lon, double lat, double eastM, double northM, double toleranceM)
    {
        var place = new LocalFrame(new LonLat(lon0, lat0)).ToEastNorth(new LonLat(lon, lat));

        Assert.Equal(eastM, place.EastM, toleranceM);
        Assert.Equal(northM, place.NorthM, toleranceM);
    }

    [Fact]
    public void ToLonLat_undoes_ToEastNorth()
    {
        var random = new Random(7);
        for (var i = 0; i < 2000; i++)
        {
            var frame = new LocalFrame(new LonLat((random.NextDouble() * 360) - 180, (random.NextDouble() * 178) - 89));
            var place = new EastNorth((random.NextDouble() - 0.5) * 2000, (random.NextDouble() - 0.5) * 2000);

            var back = frame.ToEastNorth(frame.ToLonLat(place));

            // The plane leaves the ellipsoid by 16 cm at 1.4 km, which moves the foot of the vertical by 0.04 mm.
            Assert.Equal(place.EastM, back.EastM, 1e-4);
            Assert.Equal(place.NorthM, back.NorthM, 1e-4);
        }
    }

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(181, 0)]
    [InlineData(0, -90.1)]
    public void Frame_at_no_place_throws(double lon, double lat) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LocalFrame(new LonLat(lon, lat)));

    [Fact]
    public void ToLonLat_not_finite_throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LocalFrame(default).ToLonLat(new EastNorth(double.NaN, 0)));
}
