using Field.Geo;

namespace Field.Tests.Geo;

/// <summary>
/// Oracle: PROJ 9.1 through GDAL 3.6's <c>echo LON LAT | gdaltransform -s_srs EPSG:6668 -t_srs EPSG:66NN -output_xy</c>, for a town
/// or island in each zone.
/// </summary>
public sealed class PlaneRectangularTests
{
    [Theory]
    [InlineData(1, 129.8737, 32.7503, 35018.1088337957, -27627.7398728714)]
    [InlineData(2, 130.4017, 33.5902, -55532.6695984868, 65612.7880392086)]
    [InlineData(3, 131.4714, 34.1861, -64085.8251014126, -200999.651549028)]
    [InlineData(4, 133.5311, 33.5594, 2887.62704359584, 62036.9741533715)]
    [InlineData(5, 134.6917, 35.0748, 32681.6430034681, -102582.364366819)]
    [InlineData(6, 135.7681, 35.0116, -21164.6417811651, -109627.316443859)]
    [InlineData(7, 137.2136, 36.6953, 4193.8056215015, 77147.5969200686)]
    [InlineData(8, 138.3236, 34.8669, -16127.6612227277, -125689.032790814)]
    [InlineData(9, 139.767125, 35.681236, -5992.9195703929, -35363.23774493)]
    [InlineData(10, 140.7401, 40.8222, -7864.4591068668, 91294.2344534467)]
    [InlineData(11, 140.729, 41.7688, 39824.915065275, -247729.436084415)]
    [InlineData(12, 141.3545, 43.0621, -72939.2685924235, -103803.962114246)]
    [InlineData(13, 143.1962, 42.9238, -86025.7364285298, -119016.945000289)]
    [InlineData(14, 142.1918, 27.0944, 19019.2845795971, 121258.018019567)]
    [InlineData(15, 127.6809, 26.2124, 18076.8119454258, 23541.9674963146)]
    [InlineData(16, 124.1557, 24.3448, 15798.6875899904, -183328.438635185)]
    [InlineData(17, 131.235, 25.829, 23559.3058546007, -18921.5785596895)]
    [InlineData(18, 136.0814, 20.4228, 8494.4513063199, 46804.319969568)]
    [InlineData(19, 153.9807, 24.2867, -1959.23820075169, -189771.827156324)]
    public void Zone_agrees_with_proj_both_ways(int zone, double lon, double lat, double eastM, double northM)
    {
        var plane = PlaneRectangular.Zone(zone);

        var projected = plane.ToEastNorth(new LonLat(lon, lat));
        var back = plane.ToLonLat(new EastNorth(eastM, northM));

        Assert.Equal(6668 + zone, plane.Epsg);
        Assert.Equal(eastM, projected.EastM, 1e-4);
        Assert.Equal(northM, projected.NorthM, 1e-4);
        Assert.Equal(lon, back.Lon, 1e-9); // 0.1 mm
        Assert.Equal(lat, back.Lat, 1e-9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(6677)]
    public void Zone_that_does_not_exist_throws(int zone) => Assert.Throws<ArgumentOutOfRangeException>(() => PlaneRectangular.Zone(zone));

    [Theory]
    [InlineData(double.NaN, 35)]
    [InlineData(139, double.PositiveInfinity)]
    [InlineData(35.68, 139.77)] // lat first
    [InlineData(124.1, 24.3)] // Ishigaki does not belong to zone IX
    public void ToEastNorth_impossible_place_throws(double lon, double lat) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PlaneRectangular.Zone(9).ToEastNorth(new LonLat(lon, lat)));

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(600_000, 0)]
    [InlineData(0, double.NegativeInfinity)]
    public void ToLonLat_impossible_coordinates_throw(double eastM, double northM) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PlaneRectangular.Zone(9).ToLonLat(new EastNorth(eastM, northM)));

    [Fact]
    public void ToEastNorth_from_many_threads_agrees()
    {
        var place = new LonLat(139.767125, 35.681236);

        Parallel.For(0, 10_000, i =>
        {
            var zone = PlaneRectangular.Zone((i % 3) + 8);
            Assert.Equal(place.Lon, zone.ToLonLat(zone.ToEastNorth(place)).Lon, 1e-9);
        });
    }
}
