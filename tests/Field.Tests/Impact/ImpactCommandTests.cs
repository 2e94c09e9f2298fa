using System.CommandLine;
using System.IO.Compression;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Field.MapApp.Impact;

namespace Field.Tests.Impact;

/// <summary>A town of two associations, two rivers and a few households, in files as a municipality has them.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ImpactCommandTests : IDisposable
{
    private const string Residents = "lon,lat,people,age65,needsSupport,household\n138.11,34.15,2,1,1,1\n138.12,34.15,3,0,0,2\n138.16,34.15,4,4,0,3\n138.26,34.15,1,1,1,4\n138.38,34.15,5,0,0,5\n138.46,34.15,6,2,0,6\n";
    private readonly string folder = Directory.CreateTempSubdirectory("field-impact").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task First_line_is_the_sentence_and_the_table_follows()
    {
        (int code, string output, string error) = await RunAsync("--lang", "ja");
        Assert.Equal((0, ""), (code, error));
        Assert.Equal("想定最大規模で浸水区域内: 10人、2町内会、うち65歳以上 6人、要支援者 2人、4世帯", output.Split('\n')[0].TrimEnd());
        Assert.Contains("[area] 町内会別", output, StringComparison.Ordinal);
        Assert.Contains("[source] 河川別", output, StringComparison.Ordinal);
        (_, output, _) = await RunAsync("--lang", "en", "--at-least", "3", "--title", "Worst case");
        Assert.Equal("Worst case, flooded 3 m or deeper: 5 people, 2 associations, 5 of them aged 65 or more, 1 needing support, 2 households", output.Split('\n')[0].TrimEnd());
    }

    [Fact]
    public async Task Csv_is_wide_with_a_mark_for_excel_a_row_for_people_elsewhere_and_totals()
    {
        string file = Path.Combine(folder, "out.csv");
        (int code, string output, _) = await RunAsync("--format", "csv", "--lang", "en", "--out", file);
        Assert.Equal(0, code);
        Assert.EndsWith("out.csv", output.TrimEnd(), StringComparison.Ordinal);
        byte[] bytes = File.ReadAllBytes(file);
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        string[][] rows = [.. Encoding.UTF8.GetString(bytes[3..]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(','))];
        string Cell(int row, string column) => rows[row][Array.IndexOf(rows[0], column)];
        Assert.Equal(["2", "9", ""], rows[1..4].Select(r => r[0]));
        Assert.Equal("西町", rows[1][1]);
        Assert.Equal(("9", "5", "2", "3", "4"), (Cell(1, "people"), Cell(1, "age65"), Cell(1, "class1People"), Cell(1, "class2People"), Cell(1, "class4People")));
        Assert.Equal(("6", "1", "5"), (Cell(2, "people"), Cell(2, "class3People"), Cell(2, "class0People")));
        Assert.Equal(("6", "6"), (Cell(3, "people"), Cell(3, "class0People")));
        Assert.Equal(("21", "10", "4"), (Cell(4, "people"), Cell(4, "affectedPeople"), Cell(4, "affectedHouseholds")));
        Assert.Equal("0.5556", Cell(1, "age65Share"));
        Assert.False((File.GetUnixFileMode(file) & UnixFileMode.OtherRead) != 0);
    }

    [Theory]
    [InlineData(".kml")]
    [InlineData(".kmz")]
    public async Task Hazards_areas_and_places_of_kml_count_as_those_of_geojson(string ending)
    {
        string residents = Write("residents.csv", Residents);
        string[] Arguments(string hazards, string by, string shops) => ["--residents", residents, "--hazard", hazards, "--by", by, "--by-id", "no", "--by-name", "name", "--near", shops, "--within", "300", "--lang", "ja"];
        Directory.CreateDirectory(Path.Combine(folder, "geojson"));
        Directory.CreateDirectory(Path.Combine(folder, "kml"));
        Write("geojson/西川_洪水.geojson", Layer((1, 138.1, 138.115), (2, 138.115, 138.2)));
        string shops = Write("shops.geojson", """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[138.11,34.15]}}]}""");
        (int code, string expected, string error) = await InvokeAsync(Arguments(Path.Combine(folder, "geojson"), Write("by.geojson", Districts), shops));
        Assert.Equal((0, ""), (code, error));

        WriteKml($"kml/西川_洪水{ending}", Placemark("Max_Rank", "1", 138.1, 138.115), Placemark("Max_Rank", "2", 138.115, 138.2));
        string by = WriteKml($"by{ending}", Placemark("no", "9", 138.2, 138.4, "東町"), Placemark("no", "2", 138.1, 138.2, "西町"));
        string kmlShops = WriteKml($"shops{ending}", "<Placemark><name>店</name><Point><coordinates>138.11,34.15,0</coordinates></Point></Placemark>");
        (code, string output, error) = await InvokeAsync(Arguments(Path.Combine(folder, "kml"), by, kmlShops));
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(Sorted(expected), Sorted(output));

        static string[] Sorted(string text) => [.. text.Split('\n').Select(l => l.TrimEnd()).Order(StringComparer.Ordinal)]; // ids are texts in KML, and so is their order
    }

    [Fact]
    public async Task Folders_of_a_kml_are_layers_all_of_them_hazards_and_one_of_them_areas()
    {
        string residents = Write("residents.csv", Residents);
        string rivers = WriteKml("浸水.kml", Folder("西川", Placemark("Max_Rank", "1", 138.1, 138.115), Placemark("Max_Rank", "2", 138.115, 138.2)), Folder("東川", Placemark("Max_Rank", "3", 138.2, 138.3)), Folder("凡例", "<Placemark><name>注</name></Placemark>"));
        string areas = WriteKml("区域.kml", Folder("町内会", Placemark("no", "9", 138.2, 138.4, "東町"), Placemark("no", "2", 138.1, 138.2, "西町")), Folder("学区", Placemark("no", "1", 138.1, 138.4, "第一")));
        string[] given = ["--residents", residents, "--hazard", rivers, "--lang", "ja"];

        (int code, string output, string error) = await InvokeAsync(given);
        Assert.Equal(0, code);
        Assert.Contains("10人", output.Split('\n')[0], StringComparison.Ordinal); // 9 of the west and 1 of the east
        Assert.Contains("西川", output, StringComparison.Ordinal);
        Assert.Contains("東川", output, StringComparison.Ordinal);
        Assert.Contains("浸水.kml [凡例]: 階級の列がないため使いません", error, StringComparison.Ordinal); // as a file of a folder
        (code, output, error) = await InvokeAsync([.. given, "--layer", "東川"]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("1人", output.Split('\n')[0], StringComparison.Ordinal);
        Assert.DoesNotContain("西川", output, StringComparison.Ordinal);

        string[] byArea = [.. given, "--by", areas, "--by-id", "no", "--by-name", "name"];
        (code, output, error) = await InvokeAsync(byArea);
        Assert.Equal((ImpactCommand.BadInput, ""), (code, output));
        Assert.Contains("--layer で一つ選んでください（ある名前: 町内会, 学区）", error, StringComparison.Ordinal);
        (code, output, _) = await InvokeAsync([.. byArea, "--layer", "町内会"]); // says nothing of the hazards, which have no such folder
        Assert.Equal(0, code);
        Assert.Contains("10人、2町内会", output.Split('\n')[0], StringComparison.Ordinal);

        (code, output, error) = await InvokeAsync([.. byArea, "--layer", "町内会", "--layer", "北川"]);
        Assert.Equal((ImpactCommand.BadInput, ""), (code, output));
        Assert.Contains("'北川' という名前のレイヤーはありません", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kmz_without_a_document_and_one_that_is_none_say_so()
    {
        string residents = Write("residents.csv", Residents);
        string empty = Path.Combine(folder, "empty.kmz");
        using (ZipArchive zip = ZipFile.Open(empty, ZipArchiveMode.Create))
        {
            zip.CreateEntry("files/picture.png");
        }

        (int code, _, string error) = await InvokeAsync("--residents", residents, "--hazard", empty, "--lang", "en");
        Assert.NotEqual(0, code);
        Assert.Contains("the KMZ holds no KML", error, StringComparison.Ordinal);
        (code, _, error) = await InvokeAsync("--residents", residents, "--hazard", Write("broken.kmz", "no zip"), "--lang", "en");
        Assert.NotEqual(0, code);
        Assert.Contains("is not a readable KMZ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_river_is_kept_beside_the_deepest()
    {
        (_, string output, _) = await RunAsync("--format", "csv", "--table", "source", "--lang", "en");
        string[] rows = output.Split("\r\n");
        Assert.StartsWith("東川,東川,21,8,0.381,2,6,5,5,1,2,", rows[1], StringComparison.Ordinal); // 4 people at class 4, 1 at class 3
        Assert.StartsWith("西川,西川,21,8,0.381,2,6,9,5,1,3,", rows[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Old_map_tells_who_is_newly_affected()
    {
        string old = Write("旧図.geojson", Layer((1, 138.1, 138.13)));
        (_, string output, _) = await RunAsync("--compare", old, "--lang", "ja");
        Assert.Contains("新たに区域内 5人、どちらも区域内 5人（うち深くなった 3人）、区域外になった 0人", output, StringComparison.Ordinal);
        (_, output, _) = await RunAsync("--compare", old, "--format", "csv", "--table", "change", "--lang", "en");
        Assert.Contains("class1People", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Meshes_are_rectangles_with_counts_and_the_aged_are_told()
    {
        (_, string output, _) = await RunAsync("--mesh", "250m", "--format", "geojson", "--table", "mesh", "--lang", "en");
        using JsonDocument json = JsonDocument.Parse(output);
        JsonElement[] features = [.. json.RootElement.GetProperty("features").EnumerateArray()];
        Assert.Equal(6, features.Length);
        Assert.Equal(21, features.Sum(f => f.GetProperty("properties").GetProperty("people").GetInt32()));
        Assert.Equal(10, features[0].GetProperty("properties").GetProperty("id").GetString()!.Length);
        Assert.Equal(5, features[0].GetProperty("geometry").GetProperty("coordinates")[0].GetArrayLength());
        (_, output, _) = await RunAsync("--mesh", "250m", "--lang", "ja");
        Assert.Contains("65歳以上が40%以上のメッシュ: 6 のうち 3", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Areas_come_with_their_outlines()
    {
        (_, string output, _) = await RunAsync("--format", "geojson", "--lang", "en");
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal(2, json.RootElement.GetProperty("features").GetArrayLength());
        Assert.Equal("Polygon", json.RootElement.GetProperty("features")[0].GetProperty("geometry").GetProperty("type").GetString());
        Assert.False(json.RootElement.GetProperty("synthetic").GetBoolean());
    }

    [Fact]
    public async Task Own_polygons_and_places_nearby_are_counted()
    {
        string own = Write("own.geojson", Layer((1, 138.1, 138.17), (1, 138.15, 138.3)));
        string shops = Write("shops.geojson", """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[138.1105,34.1501]}}]}""");
        (_, string output, _) = await RunAsync("--own", own, "--near", shops, "--within", "300", "--lang", "ja");
        Assert.Contains("300m圏: 圏内 2人、圏外 19人", output, StringComparison.Ordinal);
        (_, output, _) = await RunAsync("--own", own, "--format", "csv", "--table", "own", "--lang", "en");
        string[] rows = output.Split("\r\n");
        Assert.StartsWith("1,1,9,", rows[1], StringComparison.Ordinal);
        Assert.StartsWith("2,2,5,", rows[2], StringComparison.Ordinal);
        Assert.DoesNotContain("total", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Small_counts_are_hidden_in_every_format_and_in_the_sentence()
    {
        string file = Path.Combine(folder, "out.csv");
        (_, string said, _) = await RunAsync("--min-cell", "5", "--format", "csv", "--out", file, "--lang", "en");
        Assert.StartsWith("想定最大規模, in the flooded area: at least ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("households", said.Split('\n')[0], StringComparison.Ordinal);
        string[][] rows = [.. File.ReadAllText(file).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(','))];
        Assert.DoesNotContain(rows[0], h => h.StartsWith("affected", StringComparison.Ordinal));
        Assert.All(rows.Skip(1).SelectMany(r => r.Skip(2)), cell => Assert.True(cell is not ("1" or "2" or "3" or "4"), cell));
        Assert.Contains(rows[1], c => c == "X");
        (_, string geojson, _) = await RunAsync("--min-cell", "5", "--format", "geojson", "--lang", "en");
        Assert.Contains("\"class1People\":null", geojson, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workbook_has_a_sheet_for_each_table()
    {
        string file = Path.Combine(folder, "out.xlsx");
        (int code, _, string error) = await RunAsync("--mesh", "250m", "--format", "xlsx", "--out", file);
        Assert.Equal((0, ""), (code, error));
        using ZipArchive zip = ZipFile.OpenRead(file);
        Assert.Equal(3, zip.Entries.Count(e => e.FullName.StartsWith("xl/worksheets/sheet", StringComparison.Ordinal)));
        using StreamReader book = new(zip.GetEntry("xl/workbook.xml")!.Open());
        string names = await book.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.All((string[])["町内会別", "メッシュ別", "河川別"], n => Assert.Contains(n, names, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Synthetic_residents_are_marked_in_every_export()
    {
        string residents = Write("synthetic.csv", "lon,lat,synthetic\n138.11,34.15,1\n");
        (_, string output, _) = await RunWithAsync(residents, "--lang", "ja");
        Assert.Contains("合成データ", output, StringComparison.Ordinal);
        (_, output, _) = await RunWithAsync(residents, "--format", "csv", "--lang", "en");
        string[] rows = output.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith(",synthetic", rows[0], StringComparison.Ordinal);
        Assert.EndsWith(",1", rows[1], StringComparison.Ordinal);
        (_, output, _) = await RunWithAsync(residents, "--format", "geojson", "--lang", "en");
        Assert.Contains("\"synthetic\":true", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Residents_that_anybody_can_read_are_warned_of()
    {
        string residents = Write("r.csv", Residents);
        File.SetUnixFileMode(residents, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        (int code, _, string error) = await RunWithAsync(residents, "--lang", "ja");
        Assert.Equal(0, code);
        Assert.Contains("chmod 640", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--rank-field depth", "--rank-field")]
    [InlineData("--by-id nothing", "--by-id")]
    [InlineData("--table mesh --format csv", "area, source")]
    [InlineData("--at-least 0", "--at-least")]
    [InlineData("--min-cell 0", "--min-cell")]
    [InlineData("--within 0", "--within")]
    [InlineData("--format xlsx", "--out")]
    [InlineData("--near missing.geojson", "missing.geojson")]
    public async Task What_cannot_be_used_is_refused_with_what_to_do(string more, string named)
    {
        (int code, string output, string error) = await RunAsync([.. more.Split(' '), "--lang", "en"]);
        Assert.Equal((ImpactCommand.BadInput, ""), (code, output));
        Assert.Contains(named, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_of_a_folder_without_classes_is_left_out_and_told()
    {
        Directory.CreateDirectory(Path.Combine(folder, "all"));
        Write("all/西川_図（想定最大規模）.geojson", Layer((2, 138.1, 138.2)));
        Write("all/landslide.geojson", Layer((2, 138.1, 138.2)).Replace("Max_Rank", "kind", StringComparison.Ordinal));
        string residents = Write("r.csv", Residents);
        (int code, string output, string error) = await InvokeAsync("--residents", residents, "--hazard", Path.Combine(folder, "all"), "--lang", "ja");
        Assert.Equal(0, code);
        Assert.Contains("landslide.geojson", error, StringComparison.Ordinal);
        Assert.Contains("9人", output.Split('\n')[0], StringComparison.Ordinal);
        (_, _, error) = await InvokeAsync("--residents", residents, "--hazard", Path.Combine(folder, "all"), "--match", "想定最大規模", "--lang", "ja");
        Assert.Equal("", error);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] more) => await RunWithAsync(Write("residents.csv", Residents), more);

    private async Task<(int Code, string Output, string Error)> RunWithAsync(string residents, params string[] more)
    {
        string west = Write("西川_洪水浸水想定区域（想定最大規模）.geojson", Layer((1, 138.1, 138.115), (2, 138.115, 138.2)));
        string east = Write("東川_洪水浸水想定区域（想定最大規模）.geojson", Layer((4, 138.15, 138.2), (3, 138.2, 138.3)));
        string by = Write("by.geojson", Districts);
        return await InvokeAsync(["--residents", residents, "--hazard", east, west, "--by", by, .. more.Contains("--by-id") ? [] : (string[])["--by-id", "no"], "--by-name", "name", .. more]);
    }

    private static async Task<(int Code, string Output, string Error)> InvokeAsync(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = await ImpactCommand.Create().Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    private string WriteKml(string name, params string[] placemarks)
    {
        string kml = $"""<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{string.Concat(placemarks)}</Document></kml>""";
        if (!name.EndsWith(".kmz", StringComparison.Ordinal))
        {
            return Write(name, kml);
        }

        string path = Path.Combine(folder, name);
        using ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create);
        using StreamWriter document = new(zip.CreateEntry("doc.kml").Open());
        document.Write(kml);
        return path;
    }

    private static string Folder(string name, params string[] placemarks) => $"<Folder><name>{name}</name>{string.Concat(placemarks)}</Folder>";

    private static string Placemark(string field, string value, double west, double east, string name = "区域") => FormattableString.Invariant(
        $"""<Placemark><name>{name}</name><ExtendedData><Data name="{field}"><value>{value}</value></Data></ExtendedData><Polygon><outerBoundaryIs><LinearRing><coordinates>{west},34.1,0 {east},34.1,0 {east},34.2,0 {west},34.2,0 {west},34.1,0</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>""");

    private static string Districts => $$"""
        {"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"no":9,"name":"東町"},"geometry":{{Box(138.2, 138.4)}}},
        {"type":"Feature","properties":{"no":2,"name":"西町"},"geometry":{{Box(138.1, 138.2)}}}]}
        """;

    private static string Layer(params (int Class, double West, double East)[] boxes) =>
        $$"""{"type":"FeatureCollection","features":[{{string.Join(',', boxes.Select(b => $$"""{"type":"Feature","properties":{"Max_Rank":{{b.Class}}},"geometry":{{Box(b.West, b.East)}}}"""))}}]}""";

    private static string Box(double west, double east) => FormattableString.Invariant(
        $$"""{"type":"Polygon","coordinates":[[[{{west}},34.1],[{{east}},34.1],[{{east}},34.2],[{{west}},34.2],[{{west}},34.1]]]}""");
}
