using System.Globalization;
using Field.Geo;

namespace Field.Tests.Geo;

/// <summary>JIS X 0410. Oracle: the usual arithmetic in exact decimal fractions of degrees, and the examples of the domain reference.</summary>
public sealed class MeshCodeTests
{
    private static readonly LonLat TokyoStation = new(139.767125, 35.681236);

    [Theory]
    [InlineData("5339")]
    [InlineData("533946")]
    [InlineData("53394611")]
    [InlineData("533946113")]
    [InlineData("5339461132")]
    public void Tokyo_station_has_the_published_codes(string code) => Assert.Equal(code, MeshCode.Of(TokyoStation, code.Length)!.Value.ToString());

    [Fact]
    public void Code_of_random_places_is_that_of_the_decimal_formula()
    {
        Random random = new(410);
        for (int i = 0; i < 20_000; i++)
        {
            decimal lon = Math.Round(122 + (32 * (decimal)random.NextDouble()), 8);
            decimal lat = Math.Round(20 + (26 * (decimal)random.NextDouble()), 8);
            int digits = ((int[])[4, 6, 8, 9, 10, 11])[random.Next(6)];
            Assert.Equal(Formula(lon, lat, digits), MeshCode.Of(new LonLat((double)lon, (double)lat), digits)!.Value.ToString());
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    public void Corner_and_centre_of_a_mesh_belong_to_it_and_the_opposite_corner_does_not(int digits)
    {
        Random random = new(digits);
        for (int i = 0; i < 5_000; i++)
        {
            LonLat place = new(122 + (32 * random.NextDouble()), 20 + (26 * random.NextDouble()));
            MeshCode mesh = MeshCode.Of(place, digits)!.Value;
            Assert.InRange(place.Lon, mesh.SouthWest.Lon, mesh.NorthEast.Lon);
            Assert.InRange(place.Lat, mesh.SouthWest.Lat, mesh.NorthEast.Lat);
            Assert.Equal(mesh, MeshCode.Of(mesh.SouthWest, digits));
            Assert.Equal(mesh, MeshCode.Of(mesh.Centre, digits));
            Assert.NotEqual(mesh, MeshCode.Of(mesh.NorthEast, digits));
            Assert.True(MeshCode.TryParse(mesh.ToString(), out MeshCode read));
            Assert.Equal(mesh, read);
            Assert.Equal(MeshCode.Of(place, 4), mesh.Within(4));
        }
    }

    [Fact]
    public void Size_of_a_250_m_mesh_is_seven_and_a_half_seconds_by_eleven_and_a_quarter()
    {
        MeshCode mesh = MeshCode.Of(TokyoStation, 10)!.Value;
        Assert.Equal(7.5, (mesh.NorthEast.Lat - mesh.SouthWest.Lat) * 3600, 9);
        Assert.Equal(11.25, (mesh.NorthEast.Lon - mesh.SouthWest.Lon) * 3600, 9);
    }

    [Fact]
    public void Border_that_doubles_cannot_hold_belongs_to_the_mesh_north_and_east_of_it()
    {
        // 35 degrees 41 minutes is the southern border of the row 82 of 1 km meshes of 5339 (35°20' + 42 * 30").
        Assert.Equal("53394620", MeshCode.Of(new LonLat(139.75, 35 + (41 / 60.0)), 8)!.Value.ToString());
        Assert.Equal("53394610", MeshCode.Of(new LonLat(139.75, 35 + (41 / 60.0) - 1e-9), 8)!.Value.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("533")]
    [InlineData("53394")]
    [InlineData("5339461")] // a 5 km mesh is not of this series
    [InlineData("5380")]
    [InlineData("533980")]
    [InlineData("533908")]
    [InlineData("533946115")]
    [InlineData("533946110")]
    [InlineData("533946113213")]
    [InlineData("5339461a")]
    [InlineData("５３３９")]
    [InlineData("-339")]
    public void Text_that_is_no_code_is_refused(string text) => Assert.False(MeshCode.TryParse(text, out _));

    [Theory]
    [InlineData(99.999, 35)]
    [InlineData(180, 35)]
    [InlineData(139, -0.001)]
    [InlineData(139, 66.6666667)]
    [InlineData(double.NaN, 35)]
    public void Place_that_the_codes_cannot_name_has_none(double lon, double lat) => Assert.Null(MeshCode.Of(new LonLat(lon, lat), 8));

    [Theory]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(12)]
    public void Length_that_no_mesh_has_is_an_error(int digits) => Assert.Throws<ArgumentOutOfRangeException>(() => MeshCode.Of(TokyoStation, digits));

    private static string Formula(decimal lon, decimal lat, int digits)
    {
        decimal p = Math.Floor(lat * 1.5m), u = Math.Floor(lon) - 100;
        decimal restLat = (lat * 60) - (p * 40), restLon = (lon - Math.Floor(lon)) * 60;
        decimal q = Math.Floor(restLat / 5), v = Math.Floor(restLon / 7.5m);
        (restLat, restLon) = (restLat - (q * 5), restLon - (v * 7.5m));
        decimal r = Math.Floor(restLat / 0.5m), w = Math.Floor(restLon / 0.75m);
        (restLat, restLon) = ((restLat - (r * 0.5m)) / 0.5m, (restLon - (w * 0.75m)) / 0.75m);
        string code = string.Create(CultureInfo.InvariantCulture, $"{p:00}{u:00}{q}{v}{r}{w}");
        for (int i = 0; i < 3; i++)
        {
            (restLat, restLon) = (restLat * 2, restLon * 2);
            code += string.Create(CultureInfo.InvariantCulture, $"{1 + (2 * Math.Floor(restLat)) + Math.Floor(restLon)}");
            (restLat, restLon) = (restLat - Math.Floor(restLat), restLon - Math.Floor(restLon));
        }

        return code[..digits];
    }
}
