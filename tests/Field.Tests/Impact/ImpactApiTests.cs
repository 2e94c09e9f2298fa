using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Field.Ingest.Layers;
using Field.Ingest.Residents;
using Field.Tests.Access;
using Field.Tests.Residents;
using Field.Tests.Store;
using Microsoft.Extensions.DependencyInjection;

namespace Field.Tests.Impact;

/// <summary>SPEC.md, Residents and impact: POST /api/v1/impact on imported layers. A town of 60 households in a row, 0.001 degree apart.</summary>
public sealed class ImpactApiTests
{
    private const int Households = 60;

    [Fact]
    public async Task Hq_gets_exact_counts_and_the_view_is_written_others_get_small_ones_hidden()
    {
        await using Town town = await Town.OpenAsync();
        HttpClient hq = await ResidentApiTests.ClientAsync(town.Host, "hq-1", "hq"), field = await ResidentApiTests.ClientAsync(town.Host, "field-1", "field");
        object question = new { layers = new[] { "zone" }, by = "districts", exact = true };
        JsonElement exact = await OkAsync(hq, question, "?lang=en");
        // Households 1 to 20 are in class 1, 21 to 22 in class 3; people are 1 + (n mod 4).
        Assert.Equal("zone, in the flooded area: 55 people, 2 associations, 22 of them aged 65 or more, 11 needing support, 22 households", exact.GetProperty("sentence").GetString());
        Assert.Equal("X", Cell(await OkAsync(field, new { layers = new[] { "zone" }, by = "districts" }, "?lang=en"), "area", "東", "class3People"));
        Assert.Equal("5", Cell(exact, "area", "東", "class3People")); // 3 to 5 m: two households of 2 and 3 people
        Assert.Contains(await town.Host.AuditAsync(), l => l.Contains("residents.view", StringComparison.Ordinal) && l.Contains("exact counts", StringComparison.Ordinal));
        using HttpResponseMessage refused = await field.PostAsJsonAsync("/api/v1/impact", question, AccessHost.Token);
        Assert.Equal((HttpStatusCode.Forbidden, "not-allowed"), (refused.StatusCode, await AccessHost.CodeAsync(refused)));
        Assert.Contains(await town.Host.AuditAsync(), l => l.Contains("impact.run", StringComparison.Ordinal) && l.Contains("user:field-1", StringComparison.Ordinal) && l.Contains("layers zone", StringComparison.Ordinal));
        JsonElement above = await OkAsync(hq, new { layers = new[] { "zone" }, leastClass = 3, exact = true }, "?lang=ja");
        Assert.Equal("zoneで浸水3m以上: 5人、うち65歳以上 2人、要支援者 1人、2世帯", above.GetProperty("sentence").GetString());
        Assert.Equal("#FFB7B7", above.GetProperty("classes")[3].GetProperty("colour").GetString());
    }

    [Fact]
    public async Task Own_ranges_of_metres_count_as_depths_and_a_changed_table_at_once()
    {
        await using Town town = await Town.OpenAsync();
        HttpClient hq = await ResidentApiTests.ClientAsync(town.Host, "hq-1", "hq");
        object question = new { layers = new[] { "zone" }, exact = true };
        Assert.Equal("0.5m未満", (await OkAsync(hq, question, "?lang=ja")).GetProperty("classes")[1].GetProperty("ja").GetString());
        LayerClasses own = LayerClasses.Read("""{"field":"A31a_205","isDepthM":true,"classes":[{"key":"own-2","rank":2,"ja":"腰まで","colour":"#D55E00","values":[],"from":2},{"key":"own-1","rank":1,"ja":"ひざまで","colour":"#0072B2","values":[],"to":2}]}""");
        await town.Layers.ChangeAsync("zone", l => l with { Classes = own }, "user:test", AccessHost.Token);
        JsonElement answer = await OkAsync(hq, question, "?lang=ja");
        Assert.Equal(["浸水なし", "ひざまで", "腰まで"], answer.GetProperty("classes").EnumerateArray().Select(c => c.GetProperty("ja").GetString()));
        Assert.Equal("#D55E00", answer.GetProperty("classes")[2].GetProperty("colour").GetString());
        await town.Layers.ChangeAsync("zone", l => l with { Classes = l.Classes! with { Classes = [.. l.Classes.Classes.Select(c => c with { Ja = c.Ja + "の水" })] } }, "user:test", AccessHost.Token);
        Assert.Equal("腰までの水", (await OkAsync(hq, question, "?lang=ja")).GetProperty("classes")[2].GetProperty("ja").GetString());
    }

    [Fact]
    public async Task Polygon_drawn_round_a_house_tells_nothing_and_two_that_differ_by_one_tell_no_difference()
    {
        await using Town town = await Town.OpenAsync();
        HttpClient field = await ResidentApiTests.ClientAsync(town.Host, "field-1", "field");
        object Own(double from, double to) => new { own = new[] { new { name = "範囲", ring = Ring(from, to) } } };
        JsonElement one = await OkAsync(field, Own(138.2999, 138.3005));
        JsonElement none = await OkAsync(field, Own(139.2999, 139.3005));
        Assert.Equal(none.GetProperty("sentence").GetString(), one.GetProperty("sentence").GetString());
        Assert.Equal(0, Table(one, "own").GetProperty("rows").GetArrayLength());
        JsonElement many = await OkAsync(field, Own(138.2999, 138.3305));
        long people = Table(many, "own").GetProperty("rows")[0][2].GetInt64();
        Assert.Equal(0, people % 5);
        Assert.InRange(people, 70, 86); // 31 households of 2.5 people
        Assert.True(Table(many, "own").GetProperty("isRounded").GetBoolean());
        Assert.Contains(await town.Host.AuditAsync(), l => l.Contains("own 138.2999,34.8000 to 138.3005,34.9000", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_moves_a_polygon_again_and_again_is_stopped_and_that_is_written()
    {
        await using Town town = await Town.OpenAsync();
        HttpClient field = await ResidentApiTests.ClientAsync(town.Host, "field-1", "field"), other = await ResidentApiTests.ClientAsync(town.Host, "field-2", "field"), hq = await ResidentApiTests.ClientAsync(town.Host, "hq-1", "hq");
        object Moved(int from, int count) => new { own = Enumerable.Range(from, count).Select(i => new { ring = Ring(138.2999, 138.33 + (i * 0.0001)) }) };
        await OkAsync(field, Moved(0, 50));
        await OkAsync(field, Moved(0, 50)); // the same ones are no others
        await OkAsync(field, Moved(50, 10));
        using HttpResponseMessage refused = await PostAsync(field, Moved(60, 1));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(55), TimeSpan.FromHours(1));
        Assert.Contains("60", JsonElement.Parse(await refused.Content.ReadAsStringAsync(AccessHost.Token)).GetProperty("error").GetString(), StringComparison.Ordinal);
        await OkAsync(field, Moved(7, 1));
        await OkAsync(other, Moved(60, 1));
        await OkAsync(hq, new { own = new[] { new { ring = Ring(138.2999, 138.3005) } }, exact = true });
        Assert.Contains(await town.Host.AuditAsync(), l => l.Contains("impact.run", StringComparison.Ordinal) && l.Contains("user:field-1", StringComparison.Ordinal) && l.Contains("429", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Downloads_say_synthetic_and_hide_what_the_panel_hides()
    {
        await using Town town = await Town.OpenAsync(isSynthetic: true);
        HttpClient field = await ResidentApiTests.ClientAsync(town.Host, "field-1", "field");
        object question = new { layers = new[] { "zone" }, by = "districts", meshDigits = 10 };
        using HttpResponseMessage csv = await PostAsync(field, question, "?format=csv&table=area&lang=ja");
        byte[] bytes = await csv.Content.ReadAsByteArrayAsync(AccessHost.Token);
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        string text = Encoding.UTF8.GetString(bytes);
        Assert.Contains(",合成データ\r\n", text, StringComparison.Ordinal);
        Assert.Contains(",X,", text, StringComparison.Ordinal);
        Assert.Contains("合成データ_", Uri.UnescapeDataString(csv.Content.Headers.ContentDisposition!.FileNameStar!), StringComparison.Ordinal);
        using HttpResponseMessage xlsx = await PostAsync(field, question, "?format=xlsx");
        using ZipArchive book = new(await xlsx.Content.ReadAsStreamAsync(AccessHost.Token));
        Assert.Equal(2, book.Entries.Count(e => e.FullName.StartsWith("xl/worksheets/sheet", StringComparison.Ordinal)));
        JsonElement map = JsonElement.Parse(await (await PostAsync(field, question, "?format=geojson&table=area")).Content.ReadAsStringAsync(AccessHost.Token));
        Assert.Equal(2, map.GetProperty("features").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, map.GetProperty("features")[1].GetProperty("properties").GetProperty("class3People").ValueKind);
        Assert.True(map.GetProperty("synthetic").GetBoolean());
    }

    [Fact]
    public async Task Old_map_shelters_facilities_and_places_nearby_are_told()
    {
        await using Town town = await Town.OpenAsync();
        HttpClient hq = await ResidentApiTests.ClientAsync(town.Host, "hq-1", "hq");
        JsonElement answer = await OkAsync(hq, new
        {
            layers = new[] { "zone" },
            olderLayers = new[] { "older" },
            shelters = new { layers = new[] { "shelters" }, hazard = "flood" },
            facilities = new[] { "care" },
            near = new { points = new[] { new[] { 138.3005, 34.85 } }, withinM = 300 },
            exact = true,
        }, "?lang=en");
        string more = string.Join('\n', answer.GetProperty("more").EnumerateArray().Select(m => m.GetString()));
        Assert.Contains("Against the old map: 30 newly affected, 25 in both", more, StringComparison.Ordinal);
        Assert.Contains("within 300 m: ", more, StringComparison.Ordinal);
        JsonElement[] shelters = [.. answer.GetProperty("shelters").EnumerateArray()];
        Assert.Equal(["高台 True", "川沿い False", "地震だけ False"], shelters.Select(s => $"{s.GetProperty("name").GetString()} {s.GetProperty("usable").GetBoolean()}"));
        Assert.Equal((55, 40), (shelters[0].GetProperty("need").GetInt32(), shelters[0].GetProperty("capacity").GetInt32()));
        Assert.InRange(shelters[0].GetProperty("meanDistanceM").GetInt32(), 3750, 3900); // on average 0.034 degree (3.1 km) east and 0.02 degree (2.2 km) north
        Assert.Equal(["ひまわり 1"], answer.GetProperty("facilities").EnumerateArray().Select(f => $"{f.GetProperty("name").GetString()} {f.GetProperty("class").GetInt32()}"));
    }

    [Theory]
    [InlineData("""{"layers":[]}""")]
    [InlineData("""{"layers":["zone"],"leastClass":9}""")]
    [InlineData("""{"layers":["nowhere"]}""")]
    [InlineData("""{"layers":["zone"],"near":{"withinM":1,"points":[[138,34]]}}""")]
    [InlineData("""{"own":[{"ring":[[138,34],[139,34]]}]}""")]
    [InlineData("""{"own":[{"ring":[["a",34],[139,34],[139,35]]}]}""")]
    [InlineData("[1]")]
    [InlineData("{")]
    public async Task Question_that_cannot_be_answered_is_refused(string body)
    {
        await using Town town = await Town.OpenAsync();
        HttpClient field = await ResidentApiTests.ClientAsync(town.Host, "field-1", "field");
        using HttpResponseMessage refused = await field.PostAsync("/api/v1/impact", new StringContent(body, Encoding.UTF8, "application/json"), AccessHost.Token);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Layer_that_one_may_not_see_is_no_way_to_residents_and_without_residents_it_says_so()
    {
        await using Town town = await Town.OpenAsync();
        HttpClient field = await ResidentApiTests.ClientAsync(town.Host, "field-1", "field"), hq = await ResidentApiTests.ClientAsync(town.Host, "hq-1", "hq");
        await town.Layers.ChangeAsync("older", l => l with { DataClass = "tax" }, "user:test", AccessHost.Token);
        using HttpResponseMessage refused = await PostAsync(field, new { layers = new[] { "zone" }, olderLayers = new[] { "older" } });
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        (await hq.DeleteAsync("/api/v1/residents", AccessHost.Token)).EnsureSuccessStatusCode();
        using HttpResponseMessage none = await PostAsync(field, new { layers = new[] { "zone" } });
        Assert.Equal(HttpStatusCode.Conflict, none.StatusCode);
    }

    internal static double[][] Ring(double west, double east) => [[west, 34.8], [east, 34.8], [east, 34.9], [west, 34.9]];

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, object question, string query = "") => client.PostAsJsonAsync($"/api/v1/impact{query}", question, AccessHost.Token);

    private static async Task<JsonElement> OkAsync(HttpClient client, object question, string query = "")
    {
        using HttpResponseMessage response = await PostAsync(client, question, query);
        string body = await response.Content.ReadAsStringAsync(AccessHost.Token);
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonElement.Parse(body);
    }

    private static JsonElement Table(JsonElement answer, string key) => answer.GetProperty("tables").EnumerateArray().Single(t => t.GetProperty("key").GetString() == key);

    private static string? Cell(JsonElement answer, string key, string name, string column)
    {
        JsonElement table = Table(answer, key);
        int at = Array.FindIndex([.. table.GetProperty("columns").EnumerateArray()], c => c.GetProperty("key").GetString() == column);
        return table.GetProperty("rows").EnumerateArray().Single(r => r[1].ToString() == name)[at].ToString();
    }

    private sealed class Town : IAsyncDisposable
    {
        private readonly TempFolder _folder = new();

        public required AccessHost Host { get; init; }

        public LayerDesk Layers => Host.Services.GetRequiredService<LayerDesk>();

        public static async Task<Town> OpenAsync(bool isSynthetic = false)
        {
            Town town = new() { Host = await AccessHost.StartAsync() };
            await town.LayerAsync("zone", "A31a_205", ("1", 138.2995, 138.3195), ("3", 138.3195, 138.3215));
            await town.LayerAsync("older", "A31a_205", ("1", 138.2995, 138.3095));
            await town.LayerAsync("districts", "name", ("西", 138.29, 138.3105), ("東", 138.3105, 138.37));
            await town.PointsAsync("shelters", """{"名称":"高台","洪水":"1","想定収容人数":"40"}""", 138.3445, 34.87, """{"名称":"川沿い","洪水":"1"}""", 138.305, 34.85, """{"名称":"地震だけ","地震":"1"}""", 138.36, 34.85);
            await town.PointsAsync("care", """{"要配慮者利用施設名称":"ひまわり"}""", 138.31, 34.85, """{"要配慮者利用施設名称":"やまゆり"}""", 138.36, 34.85);
            StringBuilder csv = new(isSynthetic ? "household,lon,lat,people,age65,needsSupport,synthetic\n" : "household,lon,lat,people,age65,needsSupport\n");
            for (int n = 0; n < Households; n++)
            {
                csv.Append(CultureInfo.InvariantCulture, $"{n + 1},{138.3 + (n * 0.001):0.000},34.85,{1 + ((n + 1) % 4)},1,{(n + 1) % 2}{(isSynthetic ? ",1" : "")}\n");
            }

            string file = town._folder.Path("住民.csv");
            await File.WriteAllTextAsync(file, csv.ToString(), AccessHost.Token);
            ResidentImportResult result = await town.Host.Services.GetRequiredService<ResidentDesk>().ImportAsync(new ResidentImportOptions { Points = file, Crs = 6668, Encoding = "UTF-8" }, "user:test", AccessHost.Token);
            Assert.NotNull(result.Register);
            return town;
        }

        public async ValueTask DisposeAsync()
        {
            await Host.DisposeAsync();
            _folder.Dispose();
        }

        private Task LayerAsync(string id, string field, params (string Class, double West, double East)[] bands) => ImportAsync(id, bands.Select(b =>
            $$$"""{"type":"Feature","properties":{"{{{field}}}":"{{{b.Class}}}"},"geometry":{"type":"Polygon","coordinates":[{{{JsonSerializer.Serialize(Ring(b.West, b.East).Append([b.West, 34.8]))}}}]}}"""));

        private Task PointsAsync(string id, params object[] points) => ImportAsync(id, points.Chunk(3).Select(p =>
            string.Create(CultureInfo.InvariantCulture, $$$"""{"type":"Feature","properties":{{{p[0]}}},"geometry":{"type":"Point","coordinates":[{{{p[1]}}},{{{p[2]}}}]}}""")));

        private async Task ImportAsync(string id, IEnumerable<string> features)
        {
            string file = _folder.Path($"{id}.geojson");
            await File.WriteAllTextAsync(file, $$"""{"type":"FeatureCollection","features":[{{string.Join(',', features)}}]}""", AccessHost.Token);
            LayerImportResult result = await Layers.ImportAsync(new LayerImportOptions { Path = file, Id = id, Title = id }, "user:test", null, AccessHost.Token);
            Assert.True(result.Layer is not null, string.Join("; ", result.Faults.Select(f => f.En)));
        }
    }
}
