using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Field.Demo.Synthetic;
using Field.Gdal;
using Field.Geo;
using Field.MapApp.Review;
using Field.MapApp.Routes;
using Field.Tests.Geo.Routes;

namespace Field.Tests.Review;

/// <summary>
/// A levee of 240 m, 12.4k to 12.64k of the right bank, flown as planned at 50 m with 30 % overlap; small photos with a texture of their own.
/// </summary>
public sealed class FlightCommandTests : IDisposable
{
    private const int WidthPx = 640;
    private const int HeightPx = 480;
    private static readonly DateTimeOffset Start = new(2026, 5, 11, 9, 30, 0, TimeSpan.FromHours(9));
    private readonly string folder = Directory.CreateTempSubdirectory("field-review").FullName;

    private enum Shot
    {
        Fine,
        Missing,
        Blurred,
        White,
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Flight_as_planned_lets_the_crew_pack_up()
    {
        await FlyAsync(_ => Shot.Fine);

        var (code, output, error) = await ReviewAsync("--plan", Route, "--lang", "ja");
        var (_, english, _) = await ReviewAsync("--plan", Route, "--lang", "en");

        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("すべて撮れています。片付けて構いません。\n", output, StringComparison.Ordinal);
        Assert.StartsWith("Everything is there. You may pack up.\n", english, StringComparison.Ordinal);
        Assert.Contains("続く写真の重なり 最小 30", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_blurred_and_white_photos_leave_gaps_named_by_distance_mark()
    {
        var planned = await FlyAsync(i => i switch { 1 => Shot.Missing, 3 => Shot.Blurred, 5 => Shot.White, _ => Shot.Fine });

        var (code, output, _) = await ReviewAsync("--plan", Route, "--assets", Levee());
        var (_, english, _) = await ReviewAsync("--plan", Route, "--assets", Levee(), "--lang", "en");

        // Independent of Field's geometry: a useless photo leaves twice the interval less the footprint, over the corridor's whole width.
        double interval = RouteSamples.Metres(planned[2]).X - RouteSamples.Metres(planned[1]).X;
        double footprint = interval / 0.7;
        double gap = (2 * interval) - footprint;
        double percent = Math.Floor((1 - (3 * gap / 240)) * 1000) / 10;
        Assert.Equal(3, code);
        double Km(int i) => 12.4 + ((RouteSamples.Metres(planned[i]).X + 120) / 1000);
        using JsonDocument report = Json("review.json");
        JsonElement root = report.RootElement;
        Assert.Equal(percent / 100, root.GetProperty("coverageShare").GetDouble(), 0.003);
        JsonElement[] gaps = [.. root.GetProperty("gaps").EnumerateArray().OrderBy(g => g.GetProperty("fromM").GetDouble())];
        Assert.Equal(3, gaps.Length);
        foreach (var (g, i) in gaps.Zip([1, 3, 5]))
        {
            Assert.Equal(gap, g.GetProperty("lengthM").GetDouble(), 0.5);
            Assert.Equal(gap * 40, g.GetProperty("areaM2").GetDouble(), 25.0);
            Assert.Equal(("境川", "right"), (g.GetProperty("river").GetString(), g.GetProperty("bank").GetString()));
            double from = g.GetProperty("fromKm").GetDouble() + (g.GetProperty("fromOffsetM").GetDouble() / 1000);
            Assert.Equal(Km(i) - (gap / 2000), from, 0.001);
        }

        Assert.Matches(@"^計画の[0-9.]+%を撮影。右岸 12\.[45]k( \+ \d+ m)?～12\.[456]k( \+ \d+ m)?、右岸 .+、右岸 .+が写っていません。ぶれた写真1枚、白飛びした写真1枚。もう一度飛んでください。\n", output);
        Assert.Matches(@"^[0-9.]+% of the plan is there\. Not shown: right bank 12\.[45]k.* to .*\. 1 blurred, 1 over-exposed\. Fly again\.\n", english);
        Assert.Contains("撮り直す写真 3 枚: 飛行 1 経路 1-1 の 2 枚目、飛行 1 経路 1-1 の 4 枚目、飛行 1 経路 1-1 の 6 枚目", output, StringComparison.Ordinal);
        Assert.Contains("ぶれた写真1枚: FLD_0004.JPG", output, StringComparison.Ordinal);
        Assert.Equal([null, "FLD_0004.JPG", "FLD_0006.JPG"], root.GetProperty("retake").EnumerateArray().Select(r => r.GetProperty("instead").GetString()));
        using JsonDocument map = Json("review.geojson");
        var kinds = map.RootElement.GetProperty("features").EnumerateArray().CountBy(f => f.GetProperty("properties").GetProperty("kind").GetString()!).ToDictionary();
        Assert.Equal((planned.Count - 1, 3, 3, 1), (kinds["footprint"], kinds["gap"], kinds["retake"], kinds["target"]));
    }

    [Fact]
    public async Task Blurred_photo_whose_ground_others_show_needs_no_flight()
    {
        await FlyAsync(i => i == 8 ? Shot.Blurred : Shot.Fine, front: "80");

        var (code, output, _) = await ReviewAsync("--plan", Route);

        Assert.Equal(0, code);
        Assert.StartsWith("すべて撮れています（ぶれた写真1枚の所は、ほかの写真に写っています）。片付けて構いません。\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Corridor_is_compared_without_a_plan()
    {
        await FlyAsync(i => i == 2 ? Shot.Missing : Shot.Fine);

        var (code, output, _) = await ReviewAsync("--line", Line(), "--width", "40");

        Assert.Equal(3, code);
        Assert.Matches("^計画の[0-9.]+%を撮影。起点から [0-9]+～[0-9]+ mが写っていません。もう一度飛んでください。\n", output);
    }

    [Fact]
    public async Task Bridge_of_the_ledger_is_compared_and_what_is_missing_named_by_element_and_side()
    {
        var planned = await FlyAsync(i => i == 1 ? Shot.Missing : Shot.Fine);
        double pier = RouteSamples.Metres(planned[1]).X;

        var (code, output, _) = await ReviewAsync("--assets", Ledger(pier, hasLevee: true), "--target", "bridge:B-001");
        var (_, english, _) = await ReviewAsync("--assets", Ledger(pier, hasLevee: true), "--target", "bridge:B-001", "--lang", "en");
        var (_, compass, _) = await ReviewAsync("--assets", Ledger(pier, hasLevee: false), "--target", "bridge:B-001");

        // The levee west of the bridge has its marks fall southward: looking downstream the west is on the right.
        Assert.Equal(3, code);
        Assert.Matches("^青葉大橋の[0-9.]+%を撮影。橋脚P0101、床版Ds0101の右岸側が写っていません。もう一度飛んでください。\n", output);
        Assert.Matches("^[0-9.]+% of 青葉大橋 is there\\. Not shown: pier P0101, right bank side of deck slab Ds0101\\. Fly again\\.\n", english);
        Assert.Contains("床版Ds0101の西側が写っていません", compass, StringComparison.Ordinal);
        using JsonDocument report = Json("review.json");
        JsonElement parts = report.RootElement.GetProperty("gaps")[0].GetProperty("parts");
        Assert.Equal(["P0101", "Ds0101"], parts.EnumerateArray().Select(p => p.GetProperty("code").GetString()));
        Assert.Equal(1, parts[0].GetProperty("share").GetDouble(), 0.001);
        Assert.Equal("west", parts[1].GetProperty("side").GetString());
    }

    [Fact]
    public async Task Bridge_that_is_all_there_lets_the_crew_pack_up()
    {
        await FlyAsync(_ => Shot.Fine);

        var (code, output, _) = await ReviewAsync("--assets", Ledger(0, hasLevee: true), "--target", "bridge:B-001");

        Assert.Equal(0, code);
        Assert.StartsWith("すべて撮れています。片付けて構いません。\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Levee_of_the_ledger_is_a_target_and_its_gaps_have_distance_marks()
    {
        await FlyAsync(i => i == 2 ? Shot.Missing : Shot.Fine);

        var (code, output, _) = await ReviewAsync("--assets", Asset("levee.json", "levee:L-1", "levee", "LineString", Line(-120, 120), """ "river":"境川","bank":"right","startKm":12.4,"endKm":12.64 """), "--target", "levee:L-1");

        Assert.Equal(3, code);
        Assert.Matches("^levee:L-1の[0-9.]+%を撮影。右岸 12\\.[45]k( \\+ \\d+ m)?～12\\.[45]k( \\+ \\d+ m)?が写っていません。", output);
    }

    [Theory]
    [InlineData("ja", "ぶれた写真1枚。もう一度飛んでください。", "中断（電池交換か） 5 分")]
    [InlineData("en", "1 blurred. Fly again.", "pause (battery change?) 5 min")]
    public async Task Without_a_plan_quality_and_time_line_are_told(string language, string sentence, string pause)
    {
        await FlyAsync(i => i == 2 ? Shot.Blurred : Shot.Fine, seconds: i => (i * 2) + (i >= 4 ? 298 : 0));

        var (code, output, _) = await ReviewAsync("--lang", language, "--utc-offset", "+09:00");

        Assert.Equal(3, code);
        Assert.StartsWith(sentence, output, StringComparison.Ordinal);
        Assert.Contains(pause, output, StringComparison.Ordinal);
        Assert.Contains("2026-05-11 09:30:00", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Photos_without_gps_are_placed_by_the_subtitles()
    {
        var planned = await FlyAsync(_ => Shot.Fine, gps: false);
        string srt = Path.Combine(folder, "flight.srt");
        File.WriteAllLines(srt, Enumerable.Range(0, ((planned.Count - 1) * 2) + 1).SelectMany(s => Passage(s, planned)));

        var (code, output, _) = await ReviewAsync("--plan", Route, "--srt", srt, "--utc-offset", "+09:00");
        var (late, refused, _) = await ReviewAsync("--plan", Route, "--srt", srt, "--utc-offset", "+09:00", "--clock-offset", "100", "--lang", "en");
        var (without, hint, _) = await ReviewAsync("--plan", Route);

        Assert.Equal((0, 3, 3), (code, late, without));
        Assert.StartsWith("すべて撮れています", output, StringComparison.Ordinal);
        Assert.Contains($"航跡から位置を入れた写真 {planned.Count} 枚", output, StringComparison.Ordinal);
        Assert.Contains("after the track ends; correct the clocks with --clock-offset", refused, StringComparison.Ordinal);
        Assert.StartsWith("計画の0%を撮影。", hint, StringComparison.Ordinal);
        Assert.Contains("--srt か --ulog で飛行の記録を指定してください", hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_photo_is_told_and_shows_nothing()
    {
        await FlyAsync(_ => Shot.Fine);
        string photo = Path.Combine(Card, "FLD_0003.JPG");
        File.WriteAllBytes(photo, File.ReadAllBytes(photo)[..20_000]);

        var (code, output, _) = await ReviewAsync("--plan", Route);

        Assert.Equal(3, code);
        Assert.Contains("壊れた写真1枚: FLD_0003.JPG", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ja", "ぶれや露出の失敗はありません。撮り残しは調べていません。", "--assets と --target")]
    [InlineData("en", "No photo is blurred or wrongly exposed, but whether something is missing was not checked.", "--assets and --target")]
    public async Task Without_a_target_useful_photos_are_no_pass(string language, string sentence, string hint)
    {
        await FlyAsync(_ => Shot.Fine);

        var (code, output, _) = await ReviewAsync("--lang", language);

        Assert.Equal(4, code);
        Assert.StartsWith(sentence, output, StringComparison.Ordinal);
        Assert.Contains(hint, output, StringComparison.Ordinal);
        using JsonDocument report = Json("review.json");
        Assert.Equal(("photos-only", false), (report.RootElement.GetProperty("verdict").GetString(), report.RootElement.GetProperty("complete").GetBoolean()));
    }

    [Theory]
    [InlineData("写真（.JPG）がありません", "no photos (.JPG)")]
    [InlineData("ルートがありません", "no route here", "--plan", "nowhere")]
    [InlineData("読めません", "cannot be read", "--srt", "nowhere.srt")]
    [InlineData("位置の記録がありません（0: この種類の記録ではない）", "no position in it (0: not a record of this kind)", "--ulog", "bad.ulg")]
    [InlineData("どちらか 1 つ", "only one of --srt and --ulog", "--ulog", "bad.ulg", "--srt", "bad.ulg")]
    [InlineData("どれか 1 つ", "only one of --plan, --area, --line and --target", "--plan", "a", "--area", "b")]
    [InlineData("--target には --assets", "--target needs --assets", "--target", "bridge:B-001")]
    [InlineData("その橋・堤防・道路は台帳にありません", "no such bridge, levee or road", "--target", "bridge:B-001", "--assets", "empty.json")]
    [InlineData("台帳に形（面か線）がない", "has no area or line for it", "--target", "bridge:B-001", "--assets", "point.json")]
    [InlineData("+09:00 のように", "write it as +09:00", "--utc-offset", "JST")]
    [InlineData("GeoJSON として読めません", "is no GeoJSON", "--area", "bad.ulg")]
    [InlineData("距離標のある堤防がありません", "no levee with distance marks", "--assets", "empty.json")]
    [InlineData("--height は", "--height must be", "--height", "0")]
    public async Task Input_that_cannot_be_used_is_said_in_both_languages(string japanese, string english, params string[] options)
    {
        Directory.CreateDirectory(Card);
        File.WriteAllText(Path.Combine(folder, "bad.ulg"), "not a log");
        File.WriteAllText(Path.Combine(folder, "empty.json"), """{"type":"FeatureCollection","features":[]}""");
        Asset("point.json", "bridge:B-001", "bridge", "Point", "[139.9,35.33]", """ "name":"点の橋" """);
        string[] given = [.. options.Select(o => o.StartsWith('-') || !o.Contains('.') ? o : Path.Combine(folder, o))];

        var (code, output, ja) = await ReviewAsync(given);
        var (_, _, en) = await ReviewAsync([.. given, "--lang", "en"]);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(japanese, ja, StringComparison.Ordinal);
        Assert.Contains(english, en, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder, "out")));
    }

    private string Card => Path.Combine(folder, "card");

    private string Route => Path.Combine(folder, "route");

    private static (LonLat From, LonLat To) Ends => (RouteSamples.Place(-120, 0), RouteSamples.Place(120, 0));

    private JsonDocument Json(string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "out", file)));

    /// <summary>Plans, and writes the photos of the plan.</summary>
    /// <returns>The planned places.</returns>
    private async Task<IReadOnlyList<LonLat>> FlyAsync(Func<int, Shot> shot, string front = "30", bool gps = true, Func<int, double>? seconds = null)
    {
        var (code, _, error) = await RunAsync(RouteCommand.Create(), "levee", "--line", Line(), "--out", Route, "--front", front, "--home", "139.9,35.3297", "--width", "40");
        Assert.Equal((0, ""), (code, error));
        using JsonDocument preview = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Route, "preview.geojson")));
        JsonElement[] planned =
        [
            .. preview.RootElement.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("properties")).Where(p => p.GetProperty("kind").GetString() == "footprint"),
        ];
        LonLat[] places = [.. planned.Select(p => new LonLat(p.GetProperty("lon").GetDouble(), p.GetProperty("lat").GetDouble()))];
        Directory.CreateDirectory(Card);
        Dictionary<Shot, byte[]> pictures = new() { [Shot.Fine] = Picture(Shot.Fine), [Shot.Blurred] = Picture(Shot.Blurred), [Shot.White] = Picture(Shot.White) };
        for (var i = 0; i < planned.Length; i++)
        {
            if (shot(i) != Shot.Missing)
            {
                PhotoMetadata m = new(
                    places[i].Lon, places[i].Lat, 60, 50, planned[i].GetProperty("yawDeg").GetDouble(), -90,
                    RouteSamples.Camera.FocalPx * WidthPx / RouteSamples.Camera.WidthPx, WidthPx, HeightPx, 0.02, 0.03, Start.AddSeconds(seconds?.Invoke(i) ?? i * 2));
                File.WriteAllBytes(Path.Combine(Card, $"FLD_{i + 1:0000}.JPG"), JpegSegments.WithApp1(pictures[shot(i)], gps ? [m.Exif(), m.Xmp()] : [WithoutGps(m)]));
            }
        }

        return places;
    }

    /// <summary>EXIF whose pointer to the GPS directory (tag 0x8825) carries another tag.</summary>
    private static byte[] WithoutGps(PhotoMetadata metadata)
    {
        byte[] exif = metadata.Exif();
        exif[exif.AsSpan().IndexOf<byte>([0x25, 0x88, 4, 0])] = 0x26;
        return exif;
    }

    private static byte[] Picture(Shot shot)
    {
        Random random = new(7);
        byte[] pixels = new byte[WidthPx * HeightPx * 3];
        double[] blocks = [.. Enumerable.Range(0, 4800).Select(_ => random.NextDouble())];
        for (var y = 0; y < HeightPx; y++)
        {
            for (var x = 0; x < WidthPx; x++)
            {
                var level = shot switch
                {
                    Shot.White => 255,
                    Shot.Blurred => 128 + (40 * Math.Sin(x / 9.0) * Math.Sin(y / 9.0)),
                    _ => 60 + (100 * blocks[(y / 8 * 80) + (x / 8)]) + (30 * random.NextDouble()),
                };
                pixels.AsSpan(((y * WidthPx) + x) * 3, 3).Fill((byte)level);
            }
        }

        return Images.EncodeJpeg(new RasterImage(WidthPx, HeightPx, 3, pixels), 92);
    }

    private static IEnumerable<string> Passage(int second, IReadOnlyList<LonLat> planned)
    {
        LonLat a = planned[second / 2];
        LonLat b = planned[Math.Min((second / 2) + (second % 2), planned.Count - 1)];
        string time = Start.AddSeconds(second).ToString("yyyy-MM-dd HH:mm:ss,fff", CultureInfo.InvariantCulture);
        FormattableString place = $"[latitude: {(a.Lat + b.Lat) / 2:0.000000}] [longitude: {(a.Lon + b.Lon) / 2:0.000000}] [rel_alt: 50.0 abs_alt: 60.0] [gb_yaw: 90.0 gb_pitch: -90.0 gb_roll: 0.0]";
        return [$"{second + 1}", $"00:00:{second % 60:00},000 --> 00:00:{second % 60:00},999", time, place.ToString(CultureInfo.InvariantCulture), ""];
    }

    private string Line() => Write("line.geojson", "{}");

    private string Levee() => Write("levee.geojson", """{"kind":"levee","river":"境川","bank":"右岸","startKm":12.4,"endKm":12.64}""");

    private string Write(string name, string properties)
    {
        FormattableString coordinates = $"[[{Ends.From.Lon},{Ends.From.Lat}],[{Ends.To.Lon},{Ends.To.Lat}]]";
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, $$$"""{"type":"Feature","properties":{{{properties}}},"geometry":{"type":"LineString","coordinates":{{{coordinates.ToString(CultureInfo.InvariantCulture)}}}}}""");
        return path;
    }

    /// <summary>A bridge along the flight with two decks and a pier, and a levee across its western end, 200 m away.</summary>
    private string Ledger(double pierM, bool hasLevee) => Collection("ledger.json", [
        Feature("bridge:B-001", "bridge", "Polygon", $"[{Ring(-120, -5, 120, 5)}]", """ "ledgerId":"B-001","name":"青葉大橋" """),
        Feature("element:B-001/Ds0101", "element", "Polygon", $"[{Ring(-120, -5, 0, 5)}]", """ "ledgerId":"Ds0101","parent":"bridge:B-001" """),
        Feature("element:B-001/Ds0102", "element", "Polygon", $"[{Ring(0, -5, 120, 5)}]", """ "ledgerId":"Ds0102","parent":"bridge:B-001" """),
        Feature("element:B-001/P0101", "element", "Polygon", $"[{Ring(pierM - 1, -5, pierM + 1, 5)}]", """ "ledgerId":"P0101","parent":"bridge:B-001" """),
        .. hasLevee ? [Feature("levee:L-9", "levee", "LineString", $"[{At(-200, -300)},{At(-200, 300)}]", """ "river":"青葉川","bank":"right","startKm":3.0,"endKm":3.6 """)] : (string[])[],
    ]);

    private string Asset(string file, string id, string kind, string type, string coordinates, string properties) =>
        Collection(file, [Feature(id, kind, type, coordinates, properties)]);

    private string Collection(string file, string[] features)
    {
        string path = Path.Combine(folder, file);
        File.WriteAllText(path, $$"""{"type":"FeatureCollection","features":[{{string.Join(',', features)}}]}""");
        return path;
    }

    private static string Feature(string id, string kind, string type, string coordinates, string properties) =>
        $$$"""{"type":"Feature","properties":{"assetId":"{{{id}}}","kind":"{{{kind}}}",{{{properties}}}},"geometry":{"type":"{{{type}}}","coordinates":{{{coordinates}}}}}""";

    private static string Line(double west, double east) => $"[{At(west, 0)},{At(east, 0)}]";

    private static string Ring(double west, double south, double east, double north) => $"[{At(west, south)},{At(east, south)},{At(east, north)},{At(west, north)},{At(west, south)}]";

    private static string At(double east, double north)
    {
        LonLat place = RouteSamples.Place(east, north);
        return string.Create(CultureInfo.InvariantCulture, $"[{place.Lon},{place.Lat}]");
    }

    private Task<(int Code, string Output, string Error)> ReviewAsync(params string[] options) =>
        RunAsync(FlightCommand.Create(), ["review", "--flight", Card, "--out", Path.Combine(folder, "out"), .. options]);

    private static async Task<(int Code, string Output, string Error)> RunAsync(Command command, params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        var code = await command.Parse(args).InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
