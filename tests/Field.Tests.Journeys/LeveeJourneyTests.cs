using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Field.Harness;
using Field.Tests.Forms;
using static Field.Tests.Journeys.Inspection;

namespace Field.Tests.Journeys;

/// <summary>A levee after a flood: route along the line, flight, drafts by distance mark, rank by a person, the list in order of urgency and the table by distance.</summary>
public sealed class LeveeJourneyTests(SyntheticFlight flight)
{
    private const string Engineer = "河川 太郎";
    private const string Levee = "levee:R-1";
    private const string EventAt = "2026-10-14T04:00:00+09:00";

    /// <summary>The posts along the right bank: kilometres, and where they stand in the street frame. They are not 100 m apart, as posts are not.</summary>
    private static readonly (double Km, double Y)[] Marks = [(11.9, -75), (12.0, 22), (12.1, 118.5), (12.2, 219)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Damage_ends_in_the_list_by_distance_mark_with_the_time_since_the_flood()
    {
        using TemporaryFolder folder = new();
        PlantedCrack[] planted = [.. (await flight.PlantedAsync("levee")).Where(c => c.MaxWidthPx >= PlantedCrack.FindableFromPx)];
        Assert.InRange(planted.Length, 4, 20);
        await using Server server = await Server.StartAsync(folder["data"]);
        await ImportLedgerAsync(server, folder);
        await PlanAsync(server, folder, planted);

        await RunAsync(Agent.StartOver(SyntheticSite.SurfaceM, SyntheticSite.SurfaceErrorM, await flight.CardAsync(folder["card"], ofLevee: true), server.Mqtt, folder["outbox"]));
        Assert.All(await server.ScoredPhotosAsync(Limit), p => Assert.Equal("scored", p.GetProperty("properties").Text("state")));
        JsonElement[] drafts = await DraftsAsync(server);
        using HttpClient http = new() { BaseAddress = server.Http };
        Dictionary<string, Place> places = await SignOffAsync(server, http, drafts, planted);

        await FloodListAsync(http, places);
        string form = folder["flood.xlsx"];
        await RunAsync(Server.Command("form", "flood", "--asset", Levee, "--event-at", EventAt, "--out", form, "--data", server.DataFolder));
        TimeLine(form, places);
        await TableAsync(http, places);
    }

    /// <summary>The line from the base map; the posts as a Shift_JIS table, which is how such ledgers are kept.</summary>
    private async Task ImportLedgerAsync(Server server, TemporaryFolder folder)
    {
        await ImportAsync(server, folder["levee.geojson"], "levee", (new { id = "R-1", name = "架空川右岸堤防", 河川名 = "架空川", 左右岸 = "右岸" }, await flight.CityAsync("右岸堤防天端道路", "LineString")));
        StringBuilder table = new("番号,河川名,左右岸,距離標,経度,緯度\r\n");
        foreach ((double km, double y) in Marks)
        {
            double[] at = SyntheticSite.LonLat(-67, y);
            table.Append(CultureInfo.InvariantCulture, $"R{km:0.0},架空川,右岸,{km:0.0}k,{at[0]:0.000000000},{at[1]:0.000000000}\r\n");
        }

        Encoding shiftJis = CodePagesEncodingProvider.Instance.GetEncoding(932)!;
        await File.WriteAllBytesAsync(folder["marks.csv"], shiftJis.GetBytes(table.ToString()), Stop);
        string said = await RunAsync(Server.Command("assets", "import", folder["marks.csv"], "--kind", "mark", "--crs", "6668", "--encoding", "Shift_JIS", "--data", server.DataFolder));
        Assert.Contains($"{Marks.Length} imported", said, StringComparison.Ordinal);
    }

    /// <summary>The route along the ledger's line, as published; every planted crack would be in two photos at least.</summary>
    private static async Task PlanAsync(Server server, TemporaryFolder folder, PlantedCrack[] planted)
    {
        await RunAsync(Server.Command("assets", "export", "--kind", "levee", "--out", folder["line.geojson"], "--data", server.DataFolder));
        string said = await RunAsync(Server.Command("route", "levee", "--line", folder["line.geojson"], "--height", "30", "--width", "30", "--out", folder["route"]));
        Assert.Contains("被覆率 100 %", said, StringComparison.Ordinal);
        JsonElement[] preview = CheckRoute(folder["route"]);
        (double X, double Y)[][] footprints =
            [.. preview.OfKind("footprint").Select(f => f.GetProperty("geometry").GetProperty("coordinates")[0].EnumerateArray().Select(SyntheticSite.Street).ToArray())];
        Assert.All(planted.SelectMany(c => c.Line), p => Assert.True(footprints.Count(f => SyntheticSite.Holds(f, p)) >= 2, $"{p} is in less than two photos"));
    }

    /// <summary>Ranks the planted damage at the command line, one of it as another class, and rejects the joints of the revetment.</summary>
    private static async Task<Dictionary<string, Place>> SignOffAsync(Server server, HttpClient http, JsonElement[] drafts, PlantedCrack[] planted)
    {
        Dictionary<string, Place> places = [];
        foreach ((PlantedCrack crack, string rank) in planted.Zip(["b", "d", "c", "d", "c", "b"]))
        {
            JsonElement draft = drafts.Where(d => crack.DistanceM(d) < 0.3).OrderByDescending(d => d.Real("lengthM")).FirstOrDefault();
            Assert.True(draft.ValueKind == JsonValueKind.Object, $"nothing was found of {crack.Id}");
            Assert.Equal((Levee, "架空川", "right", "levee", null), (draft.Text("assetId"), draft.Text("river"), draft.Text("bank"), draft.Text("rankScale"), draft.Text("assetReason")));
            places[draft.Text("findingId")!] = new Place(crack, rank, draft);
        }

        string corrected = places.Keys.First();
        foreach ((string id, Place place) in places)
        {
            string[] how = id == corrected ? ["correct", "--class", "levee-crack"] : ["confirm"];
            await RunAsync(Server.Command(["findings", "decide", id, .. how, "--degree", place.Rank, "--who", Engineer, "--data", server.DataFolder]));
        }

        JsonElement other = await FindingAsync(http, corrected);
        Assert.Equal(("corrected", "levee-crack", "levee"), (other.Text("status"), other.Text("class"), other.Text("rankScale")));
        Assert.NotNull(other.Text("degreeMost")); // drawn up again for the class that it is
        foreach (JsonElement draft in drafts.Where(d => !places.ContainsKey(d.Text("findingId")!)))
        {
            Assert.Equal(HttpStatusCode.OK, await DecideAsync(http, draft, Engineer, "reject", Stop, note: "目地"));
        }

        return places;
    }

    /// <summary>Worst first; each place where the test's own linear reference has it.</summary>
    private static async Task FloodListAsync(HttpClient http, Dictionary<string, Place> places)
    {
        Dictionary<string, string>[] rows = await CsvAsync(http, $"/api/v1/forms/flood?asset={Levee}&format=csv&lang=ja&eventAt={Uri.EscapeDataString(EventAt)}");
        Assert.Equal(places.Keys.Order(), rows.Select(r => r["変状ID"]).Order());
        Assert.Equal(places.Values.Select(p => p.Rank).OrderDescending(), rows.Select(r => r["評価"]));
        Assert.Equal(Enumerable.Range(1, rows.Length), rows.Select(r => int.Parse(r["番号"], CultureInfo.InvariantCulture)));
        foreach (Dictionary<string, string> row in rows)
        {
            Place place = places[row["変状ID"]];
            double Number(string name) => double.Parse(row[name], CultureInfo.InvariantCulture);
            Assert.Equal(("架空川", Engineer), (row["河川"], row["判定者"]));

            // Where the drawn middle lies, to centimetres; and that this is the planted crack, to the error that is stated.
            (double km, double offsetM) = Reference(SyntheticSite.Street(Number("経度"), Number("緯度")).Y);
            Assert.Equal(km, Number("距離標km"), 1e-9);
            Assert.Equal(offsetM, Number("距離標からm"), 0.05);
            double chainageM = Chainage(Number("距離標km"), Number("距離標からm"));
            double reach = Number("位置誤差m");
            Assert.InRange(chainageM, place.Crack.Line.Min(p => p.Y) - reach, place.Crack.Line.Max(p => p.Y) + reach);
            Assert.Equal($"右岸 {km:0.0}k + {Math.Round(offsetM, MidpointRounding.AwayFromZero)} m", row["距離標"]);
        }
    }

    /// <summary>From the flood to the last decision, told from the figures of the places themselves.</summary>
    private static void TimeLine(string form, Dictionary<string, Place> places)
    {
        using Workbook book = new(File.ReadAllBytes(form));
        book.AssertValid();
        DateTimeOffset first = places.Values.Min(p => p.Draft.GetProperty("capturedAt").GetDateTimeOffset());
        long minutes = (long)Math.Round((first - DateTimeOffset.Parse(EventAt, CultureInfo.InvariantCulture)).TotalMinutes, MidpointRounding.AwayFromZero);
        string sentence = book.Texts("被災箇所").Single(t => t.StartsWith("発災", StringComparison.Ordinal) && t.EndsWith('。'));
        Assert.StartsWith($"発災（2026年10月14日 04:00）から、最初の被災箇所の撮影まで {minutes / 60} 時間 {minutes % 60} 分、位置の特定は {places.Count} / {places.Count} 件で", sentence, StringComparison.Ordinal);
        Assert.Contains($"全 {places.Count} 件を判定済み", sentence, StringComparison.Ordinal);
        string[][] stages = [.. book.Rows("被災箇所").Where(r => r.Length == 5 && r[0] is "撮影" or "受信" or "採点（位置の特定）" or "人の判定")];
        Assert.Equal(4, stages.Length);
        Assert.All(stages, s => Assert.Equal($"{places.Count}", s[1]));
    }

    /// <summary>The inspection table goes along the river, whatever the rank.</summary>
    private static async Task TableAsync(HttpClient http, Dictionary<string, Place> places)
    {
        using Workbook book = new(await http.GetByteArrayAsync(new Uri($"/api/v1/forms/levee?asset={Levee}&format=xlsx", UriKind.Relative), Stop));
        book.AssertValid();
        string[][] rows = [.. book.Rows("点検結果表").Where(r => r.Length == 8 && r[1].StartsWith("右岸", StringComparison.Ordinal))];
        Place[] along = [.. places.Values.OrderBy(p => p.Draft.Real("markKm") + (p.Draft.Real("markOffsetM") / 1000))];
        Assert.Equal(along.Select(p => p.Rank), rows.Select(r => r[4]));
        Assert.Equal(along.Select(p => p.Rank switch { "b" => "要監視段階", "c" => "予防保全段階", _ => "措置段階" }), rows.Select(r => r[5]));
        Assert.Equal(along.Select((_, i) => $"{i + 1}"), rows.Select(r => r[0]));
    }

    /// <summary>The next post downstream of a place, and the metres from it: the line runs along Y there, and kilometres grow upstream.</summary>
    private static (double Km, double OffsetM) Reference(double y)
    {
        (double km, double at) = Marks.Last(m => m.Y <= y);
        return (km, y - at);
    }

    private static double Chainage(double km, double offsetM) => Marks.Single(m => Math.Abs(m.Km - km) < 1e-9).Y + offsetM;

    /// <summary>What was planted, how it was ranked, and its draft.</summary>
    private sealed record Place(PlantedCrack Crack, string Rank, JsonElement Draft);
}
