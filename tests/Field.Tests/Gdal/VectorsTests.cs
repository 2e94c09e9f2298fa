using System.Text;
using Field.Gdal;
using Field.Store;
using Field.Store.Embedded;
using Field.Tests.Store;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;

namespace Field.Tests.Gdal;

/// <summary>Expected values of the real files are those of <c>ogrinfo -ro -al FILE -fid 0</c> of GDAL 3.6.2.</summary>
public sealed class VectorsTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Shapefile_in_shift_jis_by_its_cpg_comes_in_right()
    {
        using var reader = Vectors.Open(SharedData.Path("jp_gis/yaizu/農道一般平面図_農道/農道.shp"));
        var first = reader.Read()!;

        Assert.Equal("農道", reader.Layer.Name);
        Assert.Equal(26, reader.Layer.FeatureCount);
        Assert.Equal(6668, reader.Layer.Crs!.Epsg);
        Assert.Equal(new VectorField("item2", VectorFieldType.Text), reader.Layer.Fields[1]);
        Assert.Equal([27L, "第8号水路兼農道", "農道は一般道ではないため、通行に支障がある可能性があります。"], first.Values);
        Assert.Equal(1, first.Row);
        Assert.Equal(new Coordinate(138.318847835331, 34.8918464758693), Shape(first).Coordinate, new Near(1e-12));
        Assert.Empty(reader.Warnings);
    }

    [Fact]
    public void Shapefile_with_japanese_names_and_a_date_keeps_both()
    {
        using var reader = Vectors.Open(SharedData.Path("jp_gis/yaizu/浸水履歴_令和元年/浸水履歴_令和元年.shp"));
        var first = reader.Read()!;

        Assert.Equal(["OBJECTID", "日付", "異常気", "地域", "水害地", "Shape_Leng", "Shape_Area"], reader.Layer.Fields.Select(f => f.Name));
        Assert.Equal([1L, new DateOnly(2019, 10, 12), "台風19号", "高新田", "浸水被害"], first.Values.Take(5));
        Assert.Equal(0.03091817459, (double)first.Values[5]!, 5e-12);
        Assert.Equal(4326, reader.Layer.Crs!.Epsg);
    }

    [Fact]
    public void Every_shapefile_of_the_city_reads_to_its_end_in_a_known_system()
    {
        string[] files = Directory.GetFiles(SharedData.Path("jp_gis"), "*.shp", SearchOption.AllDirectories);

        foreach (string file in files)
        {
            using var reader = Vectors.Open(file);
            long rows = 0;
            while (reader.Read() is { } feature)
            {
                rows++;
                Assert.True(feature.Wkb is null || Shape(feature) is not null, file);
            }

            Assert.Equal(reader.Layer.FeatureCount, rows);
            Assert.Contains(reader.Layer.Crs?.Epsg, new int?[] { 4612, 6668, 4326, 2450 });
            Assert.DoesNotContain(reader.Layer.Fields, f => f.Name.Contains('豬', StringComparison.Ordinal));
        }

        Assert.Equal(39, files.Length);
    }

    [Fact]
    public void Shapefile_whose_cpg_lies_about_a_name_reads_it_as_utf8_and_warns()
    {
        // ogrinfo shows this field as 豬ｸ豌ｴ譛: UTF-8 bytes e6b5b8 e6b0b4 e69c89 under a .cpg that says Shift_JIS.
        using var reader = Vectors.Open(SharedData.Path(
            "jp_gis/yaizu_hazard/木屋川_家屋倒壊等氾濫想定（河岸侵食）/木屋川_家屋倒壊等氾濫想定（河岸侵食）.shp"));

        Assert.Equal("浸水有", reader.Layer.Fields[1].Name);
        Assert.Contains("浸水有", Assert.Single(reader.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Shapefile_that_does_not_say_its_encoding_is_refused_until_told()
    {
        var path = WithoutCpg();
        using (var untold = Vectors.Open(path))
        {
            var e = Assert.Throws<GdalException>(() => untold.Read());
            Assert.Contains("name the encoding (Shift_JIS, UTF-8)", e.Message, StringComparison.Ordinal);
            Assert.Contains("文字コードを指定してください", e.Message, StringComparison.Ordinal);
        }

        using var told = Vectors.Open(path, new() { Encoding = "Shift_JIS" });
        Assert.Equal("第8号水路兼農道", told.Read()!.Values[1]);
    }

    [Fact]
    public void Shapefile_told_the_wrong_encoding_is_refused()
    {
        using var reader = Vectors.Open(WithoutCpg(), new() { Encoding = "UTF-8" });
        Assert.Contains("probably Shift_JIS", Assert.Throws<GdalException>(() => reader.Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shapefile_with_a_value_cut_within_a_character_drops_the_half_and_warns()
    {
        var path = WithoutCpg();
        var table = File.ReadAllBytes(Path.ChangeExtension(path, ".dbf"));
        const int FirstValue = 1 + 4 + 254; // deletion mark, item1 (4), item2 (254): the last byte of item2
        var start = BitConverter.ToUInt16(table, 8);
        table.AsSpan(start + 5, 254).Fill((byte)'a');
        table[start + FirstValue - 1] = 0x8B; // the first byte of 橋 in Shift_JIS
        File.WriteAllBytes(Path.ChangeExtension(path, ".dbf"), table);

        using var reader = Vectors.Open(path, new() { Encoding = "Shift_JIS" });
        Assert.Equal(new string('a', 253), reader.Read()!.Values[1]);
        Assert.Contains("is cut in the file", Assert.Single(reader.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Shapefile_without_prj_has_no_system()
    {
        var path = WithoutCpg();
        Assert.Null(Assert.Single(Vectors.Layers(path)).Crs);
    }

    [Fact]
    public void Geojson_in_metres_says_its_system()
    {
        using var reader = Vectors.Open(SharedData.Path("jp_gis/yaizu_hazard/土砂災害-警戒区域・急傾斜地の崩壊/警戒区域-急傾斜.geojson"));
        var first = reader.Read()!;

        Assert.Equal(6676, reader.Layer.Crs!.Epsg);
        Assert.Equal("方ノ上宮海道", first.Values[1]);
        Assert.Equal(new Coordinate(-17796.1369999996, -122564.640999999), Shape(first).Coordinate, new Near(1e-9));
    }

    [Fact]
    public void Geojson_types_become_values_and_its_default_system_is_4326()
    {
        var path = folder.Write("a.geojson", """
            {"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{"s":"橋","n":12345678901,"r":1.5,"b":true,"d":"2024-02-29","t":"2024-02-29T10:20:30.5+09:00","z":null,"o":{"k":[1,2]}},
             "geometry":{"type":"Point","coordinates":[138.3,34.85,12]}},
            {"type":"Feature","properties":{"s":null},"geometry":null}]}
            """u8.ToArray());
        using var reader = Vectors.Open(path);
        var first = reader.Read()!;
        var second = reader.Read()!;

        var values = reader.Layer.Fields.Zip(first.Values).ToDictionary(p => p.First.Name, p => p.Second);
        Assert.Equal("橋", values["s"]);
        Assert.Equal(12345678901, values["n"]);
        Assert.Equal(1.5, values["r"]);
        Assert.Equal(true, values["b"]);
        Assert.Equal(new DateOnly(2024, 2, 29), values["d"]);
        Assert.Equal(new DateTimeOffset(2024, 2, 29, 10, 20, 30, 500, TimeSpan.FromHours(9)), values["t"]);
        Assert.Null(values["z"]);
        Assert.Equal("{ \"k\": [ 1, 2 ] }", values["o"]);
        Assert.Equal(12, Shape(first).Coordinate.Z);
        Assert.Equal(4979, reader.Layer.Crs!.Epsg); // with heights; 4326 without
        Assert.Equal("WGS 84", Field.Geo.OfficialCrs.Find(4979)!.Name);
        Assert.Null(second.Wkb);
        Assert.Null(reader.Read());
    }

    [Theory]
    [InlineData("UTF-8", null)]
    [InlineData("Shift_JIS", "Shift_JIS")]
    [InlineData("Shift_JIS", "cp932")]
    public void Csv_places_come_from_lon_and_lat_and_codes_keep_their_zeros(string written, string? told)
    {
        var path = folder.Write("a.csv", Bytes("コード,名称,経度,緯度\r\n0012,髙橋,138.25,34.75\r\n0013,表示\\橋,,\r\n0014,x,abc,34\r\n", written));
        using var reader = Vectors.Open(path, new() { Encoding = told });
        VectorFeature[] rows = [reader.Read()!, reader.Read()!, reader.Read()!];

        Assert.Equal(["コード", "名称", "経度", "緯度"], reader.Layer.Fields.Select(f => f.Name));
        Assert.Equal(["0012", "髙橋"], rows[0].Values.Take(2));
        Assert.Equal(new Coordinate(138.25, 34.75), Shape(rows[0]).Coordinate);
        Assert.Equal("表示\\橋", rows[1].Values[1]);
        Assert.Null(rows[1].Wkb);
        Assert.Null(rows[2].Wkb);
        Assert.Null(reader.Layer.Crs);
    }

    [Fact]
    public void Csv_with_wkt_and_with_named_columns_gives_geometries()
    {
        var wkt = folder.Write("w.csv", "id,wkt\n1,\"LINESTRING (1 2,3 4)\"\n"u8.ToArray());
        var named = folder.Write("n.csv", "id,測点東,測点北\n1,-18000.5,-123000.25\n"u8.ToArray());
        using var lines = Vectors.Open(wkt);
        using var points = Vectors.Open(named, new() { EastColumn = "測点東", NorthColumn = "測点北" });

        Assert.Equal("LINESTRING (1 2, 3 4)", Shape(lines.Read()!).AsText());
        Assert.Equal("POINT (-18000.5 -123000.25)", Shape(points.Read()!).AsText());
    }

    [Fact]
    public void Csv_in_shift_jis_that_is_not_told_is_refused()
    {
        var path = folder.Write("a.csv", Bytes("名称,lon,lat\n橋,138,34\n", "Shift_JIS"));
        Assert.Contains("probably Shift_JIS", Assert.Throws<GdalException>(() => Vectors.Layers(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Geopackage_layers_and_rows_come_with_times()
    {
        var path = Path.Combine(folder.Root, "field.gpkg");
        DateTimeOffset at = new(2026, 5, 4, 3, 2, 1, 987, TimeSpan.Zero);
        await using (GeoPackageStore store = new(path, TimeProvider.System))
        {
            Feature stored = GeoPackageStoreTests.Event("e1", lon: 139.7).With(("receivedAt", at));
            await store.WriteAsync([new FeatureWrite(stored)], TestContext.Current.CancellationToken);
        }

        var layers = Vectors.Layers(path);
        using var reader = Vectors.Open(path, new() { Layer = "events" });
        var row = reader.Read()!;
        var values = reader.Layer.Fields.Zip(row.Values).ToDictionary(p => p.First.Name, p => p.Second);

        Assert.Equal(FieldTables.All.Select(t => t.Name).Order(), layers.Select(l => l.Name).Order());
        Assert.Equal("e1", values["eventId"]);
        Assert.Equal(at, values["receivedAt"]);
        Assert.Equal(139.7, Shape(row).Coordinate.X);
        Assert.Contains("choose a layer", Assert.Throws<GdalException>(() => Vectors.Open(path)).Message, StringComparison.Ordinal);
        Assert.Contains("no layer 'x'", Assert.Throws<GdalException>(() => Vectors.Open(path, new() { Layer = "x" })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.vrt", "<OGRVRTDataSource/>")]
    [InlineData("a.shp", "not a shapefile")]
    [InlineData("a.gpkg", "not a database")]
    [InlineData("a.geojson", "{\"type\":\"FeatureCollection\",\"features\":[{]}")]
    [InlineData("a.geojson", "<OGRVRTDataSource><OGRVRTLayer name=\"x\"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>")]
    public void File_that_is_not_what_its_name_says_is_refused(string name, string content)
    {
        var path = folder.Write(name, Encoding.UTF8.GetBytes(content));
        Assert.Contains(name, Assert.Throws<GdalException>(() => Vectors.Layers(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_file_and_unknown_encoding_are_refused()
    {
        Assert.Throws<GdalException>(() => Vectors.Layers("/vsizip/x.zip/a.shp"));
        Assert.Throws<GdalException>(() => Vectors.Layers(Path.Combine(folder.Root, "none.shp")));
        Assert.Contains("there is: Shift_JIS, UTF-8", Assert.Throws<GdalException>(() => Vectors.Layers(WithoutCpg(), new() { Encoding = "EUC-JP" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_cut_of_a_shapefile_ends_in_rows_or_a_refusal()
    {
        var path = WithoutCpg();
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length < whole.Length; length += 997)
        {
            File.WriteAllBytes(path, whole[..length]);
            try
            {
                using var reader = Vectors.Open(path, new() { Encoding = "Shift_JIS" });
                while (reader.Read() is not null)
                {
                }
            }
            catch (GdalException e)
            {
                Assert.Contains("農道", e.Message, StringComparison.Ordinal);
            }
        }
    }

    private static Geometry Shape(VectorFeature feature) => new WKBReader().Read(feature.Wkb);

    private static byte[] Bytes(string text, string encoding) =>
        encoding == "UTF-8" ? Encoding.UTF8.GetBytes(text) : CodePagesEncodingProvider.Instance.GetEncoding(932)!.GetBytes(text);

    /// <summary>The farm roads without .cpg and .prj; the language byte of their .dbf is 0.</summary>
    private string WithoutCpg()
    {
        string source = SharedData.Path("jp_gis/yaizu/農道一般平面図_農道");
        foreach (string extension in (string[])["dbf", "shx"])
        {
            folder.Write($"農道.{extension}", File.ReadAllBytes(Path.Combine(source, $"農道.{extension}")));
        }

        return folder.Write("農道.shp", File.ReadAllBytes(Path.Combine(source, "農道.shp")));
    }

    private sealed class Near(double tolerance) : IEqualityComparer<Coordinate>
    {
        public bool Equals(Coordinate? x, Coordinate? y) => x!.Distance(y) <= tolerance;

        public int GetHashCode(Coordinate obj) => 0;
    }
}
