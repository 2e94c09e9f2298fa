using Field.Store;
using Field.Store.Embedded;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace Field.Tests.Store;

public sealed class GeoPackageGeometryTests
{
    [Theory]
    [InlineData("POINT (139.7 35.6)")]
    [InlineData("POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0), (0.2 0.2, 0.2 0.4, 0.4 0.4, 0.2 0.2))")]
    [InlineData("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))")]
    [InlineData("POLYGON EMPTY")]
    public void Blob_reads_back_as_written(string wkt)
    {
        Geometry geometry = new WKTReader().Read(wkt);
        Assert.True(geometry.EqualsExact(GeoPackageGeometry.Read(GeoPackageGeometry.Write(geometry))));
    }

    [Fact]
    public void Header_is_that_of_the_standard()
    {
        // OGC 12-128r18 table 5: "GP", version 0, flags (little endian 1, xy envelope 1 << 1), srs 4326 = 0x10E6, then minx maxx miny maxy.
        byte[] blob = GeoPackageGeometry.Write(new WKTReader().Read("LINESTRING (1 3, 2 4)"));
        Assert.Equal("47500003E6100000", Convert.ToHexString(blob[..8]));
        Assert.Equal([1.0, 2.0, 3.0, 4.0], Enumerable.Range(0, 4).Select(i => BitConverter.ToDouble(blob, 8 + (8 * i))));
    }

    [Fact]
    public void Damaged_blobs_are_store_errors()
    {
        byte[] whole = GeoPackageGeometry.Write(new WKTReader().Read("POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))"));
        Random random = new(20260504);
        for (int round = 0; round < 3000; round++)
        {
            byte[] damaged = whole[..random.Next(whole.Length + 1)];
            for (int i = 0; i < random.Next(4) && damaged.Length > 0; i++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            Exception? error = Record.Exception(() => GeoPackageGeometry.Read(damaged));
            Assert.True(error is null or StoreException, error?.ToString());
        }
    }
}
