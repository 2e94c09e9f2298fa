using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Field.MapApp.Routes;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.Tests.Geo.Routes;

public sealed class RouteCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("field-route").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Levee_writes_a_kmz_and_a_plan_for_each_flight_and_says_what_it_is()
    {
        var (code, output, error) = await RunAsync("levee", "--line", Line(), "--out", Out, "--width", "120", "--battery", "9", "--transit-speed", "12", "--lang", "en");

        Assert.Equal((0, ""), (code, error));
        var files = Directory.EnumerateFiles(Out).Select(f => Path.GetFileName(f)!).Order().ToArray();
        Assert.Equal(["flight-01.kmz", "flight-01.plan", "flight-02.kmz", "flight-02.plan", "preview.geojson", "summary.txt"], files);
        Assert.Matches(@"^\d+ photos, [\d.]+ min in the air, 2 batteries, \d+ tracks\n", output);
        Assert.Contains("100 % of the target is shown, 0 gaps", output, StringComparison.Ordinal);
        Assert.Equal(output, File.ReadAllText(Path.Combine(Out, "summary.txt")));
        using var preview = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Out, "preview.geojson")));
        var kinds = preview.RootElement.GetProperty("features").EnumerateArray().CountBy(f => f.GetProperty("properties").GetProperty("kind").GetString()!).ToDictionary();
        Assert.Equal(["footprint", "home", "leg", "line", "target", "waypoint"], kinds.Keys.Order());
        Assert.StartsWith($"{kinds["footprint"]} photos", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ja", "[too-high] 地上高 200 m は上限 150 m")]
    [InlineData("en", "[too-high] 200 m above ground is over the limit of 150 m")]
    public async Task Refused_route_ends_with_its_reasons_and_leaves_no_flight_of_before(string language, string reason)
    {
        await RunAsync("levee", "--line", Line(), "--out", Out);
        Assert.NotEmpty(Directory.EnumerateFiles(Out, "flight-*"));

        var (code, output, error) = await RunAsync("levee", "--line", Line(), "--out", Out, "--height", "200", "--sight", "60", "--home", "139.9,35.33", "--lang", language);

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Contains("[beyond-sight]", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Out, "flight-*"));
        Assert.Contains("\"refused\"", File.ReadAllText(Path.Combine(Out, "preview.geojson")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("posts", "ja", "[no-fly] 右岸 12.3k + 40 m～12.3k + 60 m（140～160 m）: 飛行禁止区域")]
    [InlineData("ends", "en", "[no-fly] right bank 12.3k + 40 m to 12.3k + 60 m (140-160 m): enters the no-fly area")]
    public async Task Line_of_the_ledger_with_distance_marks_names_them(string marks, string language, string reason)
    {
        // 500 m of line to the east; 12.2k at its beginning, 12.7k at its end.
        string At(double east) => string.Create(CultureInfo.InvariantCulture, $"[{RouteSamples.Place(east, 0).Lon},{RouteSamples.Place(east, 0).Lat}]");
        string Post(double east, string km) => """{"type":"Feature","properties":{"river":"境川","bank":"right","km":KM},"geometry":{"type":"Point","coordinates":AT}}"""
            .Replace("KM", km, StringComparison.Ordinal).Replace("AT", At(east), StringComparison.Ordinal);
        string line = """{"type":"Feature","properties":{"river":"境川","bank":"right"ENDS},"geometry":{"type":"LineString","coordinates":[FROM,TO]}}"""
            .Replace("ENDS", marks == "ends" ? ",\"startKm\":12.2,\"endKm\":12.7" : "", StringComparison.Ordinal).Replace("FROM", At(-250), StringComparison.Ordinal).Replace("TO", At(250), StringComparison.Ordinal);
        string posts = marks == "posts" ? "," + Post(-250, "12.2") + "," + Post(-150, "12.3") + "," + Post(-50, "12.4") : "";
        string path = Path.Combine(folder, "levee.geojson");
        File.WriteAllText(path, $$"""{"type":"FeatureCollection","features":[{{line}}{{posts}}]}""");
        string zone = Write("zone.geojson", RouteSamples.Box(-110, -100, -90, 100));

        var (code, _, error) = await RunAsync("levee", "--line", path, "--out", Out, "--no-fly", zone, "--lang", language);

        Assert.Equal(1, code);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Aircraft_without_wpml_gets_only_a_plan()
    {
        var (code, output, _) = await RunAsync("levee", "--line", Line(), "--out", Out, "--camera", "phantom4pro", "--speed", "2");

        Assert.Equal(0, code);
        Assert.Empty(Directory.EnumerateFiles(Out, "*.kmz"));
        Assert.NotEmpty(Directory.EnumerateFiles(Out, "*.plan"));
        Assert.Contains(".plan を使ってください", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10", 0)]
    [InlineData("5.5", 1)]
    public async Task Bridge_is_planned_or_refused(string underside, int expected)
    {
        var request = BridgePlannerTests.Sample();
        var axis = Write("axis.geojson", GeometryFactory.Default.CreateLineString([.. request.Axis.Select(p => new Coordinate(p.Lon, p.Lat))]));
        var outline = Write("outline.geojson", request.Outline);
        FormattableString home = $"{request.Homes[0].Position.Lon},{request.Homes[0].Position.Lat},10";

        var (code, output, error) = await RunAsync(
            "bridge", "--axis", axis, "--outline", outline, "--top", "12", "--underside", underside, "--water", "2", "--speed", "1",
            "--home", home.ToString(CultureInfo.InvariantCulture), "--out", Out);

        Assert.Equal(expected, code);
        Assert.Equal(expected == 0, Directory.EnumerateFiles(Out, "*.kmz").Any());
        Assert.Contains(expected == 0 ? "バッテリー 2 本" : "[clearance] 桁下の空間が足りません（余裕 0.5 m", output + error, StringComparison.Ordinal);
        Assert.Contains("\"photo\"", File.ReadAllText(Path.Combine(Out, "preview.geojson")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"type\":\"LineString\",\"coordinates\":[[139.9]]}")]
    [InlineData("{\"type\":\"Point\",\"coordinates\":[139.9,35.3]}")]
    [InlineData("{\"type\":\"MultiLineString\",\"coordinates\":[[[139.9,35.3],[139.91,35.3]],[[139.8,35.3],[139.81,35.3]]]}")]
    public async Task File_that_is_no_line_is_said_so(string text)
    {
        File.WriteAllText(Path.Combine(folder, "bad.json"), text);

        var (code, _, error) = await RunAsync("levee", "--line", Path.Combine(folder, "bad.json"), "--out", Out);

        Assert.Equal(2, code);
        Assert.Contains("bad.json", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Out));
    }

    [Theory]
    [InlineData("--home", "139.9")]
    [InlineData("--camera", "box")]
    [InlineData("--profile", "no-such-file")]
    [InlineData("--no-fly", "no-such-file")]
    public async Task Option_that_cannot_be_used_is_named(string option, string value)
    {
        var (code, _, error) = await RunAsync("levee", "--line", Line(), "--out", Out, option, value);

        Assert.Equal(2, code);
        Assert.Contains(value, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Area_that_the_data_folder_keeps_is_avoided_and_named()
    {
        string data = Path.Combine(folder, "data");
        async Task KeepAsync(double south)
        {
            await using IFeatureStore store = StoreUris.Under(data).OpenFeatures(TimeProvider.System);
            Feature area = new(FieldTables.Board, "no-fly:0190aaaa", RouteSamples.Box(-20, south, 20, south + 20), new Dictionary<string, object?> { ["kind"] = "no-fly", ["title"] = "青葉小学校" });
            await store.WriteAsync([new FeatureWrite(area)], TestContext.Current.CancellationToken);
        }

        await KeepAsync(10);
        var (code, _, error) = await RunAsync("levee", "--line", Line(), "--out", Out, "--data", data);
        Assert.Equal(1, code);
        Assert.Contains("飛行禁止区域「青葉小学校」", error, StringComparison.Ordinal);

        await KeepAsync(600);
        (code, string output, error) = await RunAsync("levee", "--line", Line(), "--out", Out, "--data", data);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("飛行禁止区域 1 件を避けます（青葉小学校）", output, StringComparison.Ordinal);
    }

    private string Out => Path.Combine(folder, "out");

    private string Write(string name, Geometry geometry)
    {
        var path = Path.Combine(folder, name);
        using var stream = File.Create(path);
        using Utf8JsonWriter json = new(stream);
        Field.Geo.GeoJson.Write(json, geometry);
        return path;
    }

    private string Line()
    {
        var (a, b) = (RouteSamples.Place(-250, 0), RouteSamples.Place(250, 40));
        var path = Path.Combine(folder, "line.geojson");
        FormattableString coordinates = $"[[{a.Lon},{a.Lat}],[{b.Lon},{b.Lat}]]";
        var geometry = $$"""{"type":"LineString","coordinates":{{coordinates.ToString(CultureInfo.InvariantCulture)}}}""";
        File.WriteAllText(path, """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"右岸"},"geometry":GEOMETRY}]}""".Replace("GEOMETRY", geometry, StringComparison.Ordinal));
        return path;
    }

    /// <summary>A laptop in the field, whatever this machine keeps.</summary>
    private const string NoFolder = "/no-such-folder";

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        var code = await RouteCommand.Create().Parse(args.Contains("--data") ? args : [.. args, "--data", NoFolder]).InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
