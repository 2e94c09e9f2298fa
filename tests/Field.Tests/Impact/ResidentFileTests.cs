using System.Globalization;
using System.Text;
using Field.Geo;
using Field.MapApp.Impact;

namespace Field.Tests.Impact;

public sealed class ResidentFileTests
{
    [Fact]
    public void Columns_are_found_by_name_in_any_order_with_mark_carriage_returns_and_quotes()
    {
        ResidentFile file = Read("\uFEFFid,needsSupport,\"lat\",note,lon,people,age65\r\n1,1,34.5,\"a, \"\"b\"\"\r\nc\",138.25,3,2\r\n2,,34.6,,138.26,,\r\n");
        Assert.Equal([138.25, 138.26], file.Points.Lon);
        Assert.Equal([34.5, 34.6], file.Points.Lat);
        Assert.Equal([3, 0], file.Points.People!);
        Assert.Equal([2, 0], file.Points.Aged65!);
        Assert.Equal([1, 0], file.Points.NeedsSupport!);
        Assert.Null(file.Points.Households);
        Assert.False(file.IsSynthetic);
    }

    [Fact]
    public void Japanese_headings_are_read_in_shift_jis_too()
    {
        const string text = "世帯番号,経度,緯度,年齢,避難行動要支援者,氏名\n0012,138.1,34.1,65,1,焼津 花子\n0012,138.1,34.1,64,0,焼津 太郎\n13,138.2,34.2,70,0,表示 十\n,138.3,34.3,3,0,予\n";
        foreach (byte[] content in (byte[][])[Encoding.UTF8.GetBytes(text), CodePagesEncodingProvider.Instance.GetEncoding(932)!.GetBytes(text)])
        {
            ResidentFile file = ResidentFile.Parse(content, "r.csv", null, 1);
            Assert.Equal([1, 0, 1, 0], file.Points.Aged65!);
            Assert.Equal([1, 0, 1, 1], file.Points.Households!);
            Assert.Equal(4, file.Points.Count);
        }
    }

    [Fact]
    public void Rows_without_a_place_are_counted_apart_and_leave_their_household_to_others()
    {
        ResidentFile file = Read("lon,lat,household\n,,7\n138.1,34.1,7\n138.1,34.1,7\n138.2,,A1\n138.2,34.2,A1\n");
        Assert.Equal((3, 2), (file.Points.Count, file.WithoutPlace));
        Assert.Equal([1, 0, 1], file.Points.Households!);
    }

    [Fact]
    public void Column_synthetic_marks_the_file() => Assert.True(Read("lon,lat,synthetic\n138,34,1\n").IsSynthetic);

    [Theory]
    [InlineData("138.23700005")]
    [InlineData("-0.1")]
    [InlineData("138")]
    [InlineData("138.")]
    [InlineData("0.000000000000001")]
    [InlineData("138.123456789012345678")]
    [InlineData("1.38e2")]
    [InlineData("99.99999999999999")]
    public void Number_is_the_nearest_double(string text) =>
        Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), Read($"lon,lat\n{text},34\n").Points.Lon[0]);

    [Fact]
    public void Random_numbers_are_the_nearest_doubles()
    {
        Random random = new(17);
        string[] texts = [.. Enumerable.Range(0, 20_000).Select(_ => (180 * random.NextDouble()).ToString($"F{random.Next(1, 16)}", CultureInfo.InvariantCulture))];
        Assert.Equal(texts.Select(t => double.Parse(t, CultureInfo.InvariantCulture)), Read("lon,lat\n" + string.Concat(texts.Select(t => t + ",34\n"))).Points.Lon);
    }

    [Fact]
    public void Plane_coordinates_need_their_system_and_become_lon_and_lat()
    {
        byte[] content = "east,north\n-20000.5,-130000.25\n"u8.ToArray();
        ImpactException refused = Assert.Throws<ImpactException>(() => ResidentFile.Parse(content, "r.csv", null, 1));
        Assert.Contains("--crs", refused.Message, StringComparison.Ordinal);
        LonLat expected = OfficialCrs.Find(6676)!.ToLonLat(-20000.5, -130000.25)!.Value;
        ResidentFile file = ResidentFile.Parse(content, "r.csv", 6676, 1);
        Assert.Equal((expected.Lon, expected.Lat), (file.Points.Lon[0], file.Points.Lat[0]));
    }

    [Theory]
    [InlineData("lon\n138\n", "lat")]
    [InlineData("x,lat\n138,34\n", "lon")]
    [InlineData("lon,経度,lat\n138,138,34\n", "lon, 経度")]
    [InlineData("lon,north\n138,34\n", "east")]
    [InlineData("", "lon")]
    public void Header_that_does_not_fit_is_refused_with_what_to_do(string text, string named) =>
        Assert.Contains(named, Assert.Throws<ImpactException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("lon,lat\n138,34\n138,secret\n", "3 行目の North")]
    [InlineData("lon,lat\r\n\r\n138,34\r\n200.5,34\r\n", "4 行目の East")]
    [InlineData("lon,lat,age65\n138,34,secret\n", "2 行目の Aged65")]
    [InlineData("lon,lat,people\n138,34,-1\n", "2 行目の People")]
    [InlineData("lon,lat\n138,34\n1-38,34\n", "3 行目の East")]
    [InlineData("note,lon,lat\n\"a\nb\",138,34\nc,138,secret\n", "4 行目の North")]
    public void Field_that_cannot_be_read_is_named_by_its_line_and_never_quoted(string text, string where)
    {
        ImpactException refused = Assert.Throws<ImpactException>(() => Read(text));
        Assert.Contains(where, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("200.5", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Large_file_read_by_several_is_as_read_by_one()
    {
        StringBuilder text = new("lon,lat,id,age65\n");
        for (int i = 0; i < 400_000; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{138 + (i * 1e-7):F8},{34 + (i % 1000 * 1e-5):F8},{i},{i % 3 % 2}\n");
        }

        byte[] content = Encoding.UTF8.GetBytes(text.ToString());
        Assert.True(content.Length > 8 << 20);
        ResidentFile one = ResidentFile.Parse(content, "r.csv", null, 1), many = ResidentFile.Parse(content, "r.csv", null, 5);
        Assert.Equal(one.Points.Lon, many.Points.Lon);
        Assert.Equal(one.Points.Lat, many.Points.Lat);
        Assert.Equal(one.Points.Aged65!, many.Points.Aged65!);
        content[^2] = (byte)'x';
        Assert.Equal(
            Assert.Throws<ImpactException>(() => ResidentFile.Parse(content, "r.csv", null, 1)).Message,
            Assert.Throws<ImpactException>(() => ResidentFile.Parse(content, "r.csv", null, 5)).Message);
    }

    private static ResidentFile Read(string text) => ResidentFile.Parse(Encoding.UTF8.GetBytes(text), "r.csv", null, 1);
}
