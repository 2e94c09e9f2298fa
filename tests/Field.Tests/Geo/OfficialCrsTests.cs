using Field.Gdal;
using Field.Geo;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace Field.Tests.Geo;

/// <summary>Oracle: PROJ 9.1 through GDAL 3.6: <c>ogr2ogr -t_srs EPSG:6668</c> and <c>gdaltransform -t_srs EPSG:6668 -output_xy</c>.</summary>
public sealed class OfficialCrsTests
{
    [Theory]
    [InlineData(6676, -18146.080251, -124236.519759, 138.301491717347, 34.879960186795)]
    [InlineData(2450, -20729.515625, -131810.46875, 138.27341773221, 34.8116324072073)]
    [InlineData(6668, 138.3, 34.85, 138.3, 34.85)]
    [InlineData(4326, 138.3, 34.85, 138.3, 34.85)]
    [InlineData(4612, 138.3, 34.85, 138.3, 34.85)]
    public void Place_agrees_with_proj(int epsg, double x, double y, double lon, double lat)
    {
        LonLat place = OfficialCrs.Find(epsg)!.ToLonLat(x, y)!.Value;
        Assert.Equal(lon, place.Lon, 1e-9);
        Assert.Equal(lat, place.Lat, 1e-9);
    }

    [Fact]
    public void Real_shapefile_in_metres_agrees_with_ogr2ogr()
    {
        using VectorReader reader = Vectors.Open(SharedData.Path("jp_gis/yaizu/都市計画道路/都市計画道路.shp"));
        Geometry line = new WKBReader().Read(reader.Read()!.Wkb);

        Geometry moved = OfficialCrs.Find(reader.Layer.Crs!.Epsg!.Value)!.ToLonLat(line)!;

        Assert.Equal(138.273295622, moved.Coordinates[4].X, 1e-9);
        Assert.Equal(138.27336473966, moved.Coordinates[2].X, 1e-9);
        Assert.Equal(34.8116656921632, moved.Coordinates[2].Y, 1e-9);
        Assert.Equal(-20729.515625, line.Coordinate.X); // the argument stays
    }

    [Theory]
    [InlineData(4301)]
    [InlineData(30169)]
    [InlineData(3093)]
    public void Tokyo_datum_is_known_and_not_taken(int epsg)
    {
        Assert.True(OfficialCrs.IsTokyoDatum(epsg));
        Assert.Null(OfficialCrs.Find(epsg));
    }

    [Theory]
    [InlineData(3857)]
    [InlineData(6688)]
    [InlineData(2442)]
    [InlineData(2462)]
    public void System_outside_the_table_is_not_taken(int epsg) => Assert.Null(OfficialCrs.Find(epsg));

    [Theory]
    [InlineData(6668, -18146.08, -124236.5)] // metres that claim to be degrees
    [InlineData(4326, double.NaN, 34)]
    [InlineData(6676, 600_000, 0)]
    [InlineData(2450, 0, double.NegativeInfinity)]
    public void Coordinates_outside_the_system_have_no_place(int epsg, double x, double y)
    {
        OfficialCrs crs = OfficialCrs.Find(epsg)!;
        Assert.Null(crs.ToLonLat(x, y));
        Assert.Null(crs.ToLonLat(GeometryFactory.Default.CreateLineString([new(0, 0), new(x, y)])));
    }

    [Theory]
    [InlineData(141.03, 38.32, true)] // Ishinomaki
    [InlineData(140.1, 35.6, true)] // Chiba
    [InlineData(138.32, 34.87, false)] // Yaizu
    [InlineData(130.4, 33.6, false)] // Fukuoka
    public void Ground_moved_in_the_east_only(double lon, double lat, bool moved) => Assert.Equal(moved, OfficialCrs.MovedIn2011(new LonLat(lon, lat)));

    [Fact]
    public void Jgd2000_is_told_apart()
    {
        Assert.True(OfficialCrs.Find(2450)!.IsJgd2000);
        Assert.True(OfficialCrs.Find(4612)!.IsJgd2000);
        Assert.False(OfficialCrs.Find(6676)!.IsJgd2000);
    }
}
