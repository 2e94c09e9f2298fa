using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Field.Harness;

namespace Field.Tests.Journeys;

/// <summary>A synthetic bridge from the card to the form: ledger in, flight up, drafts, decisions by a person, the form's figures against what was planted.</summary>
public sealed class InspectionJourneyTests
{
    private const double MetresPerDegree = 111_320;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Flight_becomes_a_signed_form_whose_figures_are_the_planted_ones()
    {
        using TemporaryFolder folder = new();
        await RunAsync(FieldProcess.StartField(Launch.Plain, "map-app", "Field.Demo", "data", "--out", folder["demo"]));
        Planted[] planted = [.. Truth(Path.Combine(folder["demo"], "truth.geojson")).Where(p => p.Surface == "bridge-deck" && p.MaxWidthPx >= 3)];
        Assert.True(planted.Length >= 5, $"{planted.Length} cracks were planted");
        await using Server server = await Server.StartAsync(folder["data"]);
        await ImportAsync(server, folder["bridge.geojson"], "bridge", """{"id":"B-001","name":"青葉橋","type":"RC","material":"RC"}""");
        await ImportAsync(server, folder["element.geojson"], "element", """{"id":"Mg0101","bridge":"B-001"}""");
        await RunAsync(Agent.Start(Path.Combine(folder["demo"], "flight"), server.Mqtt, folder["outbox"]));
        IReadOnlyList<JsonElement> photos = await server.ScoredPhotosAsync(Limit);
        Assert.All(photos, p => Assert.Equal("scored", p.GetProperty("properties").GetProperty("state").GetString()));

        using HttpClient http = new() { BaseAddress = server.Http };
        JsonElement[] drafts = [.. (await server.FeaturesAsync("findings")).Select(f => f.GetProperty("properties")).Where(f => f.GetProperty("mergedInto").ValueKind == JsonValueKind.Null)];
        List<JsonElement> signed = [];
        foreach (Planted crack in planted)
        {
            JsonElement draft = drafts.Where(d => crack.DistanceM(d) < 0.25).OrderByDescending(d => d.GetProperty("lengthM").GetDouble()).FirstOrDefault();
            Assert.True(draft.ValueKind == JsonValueKind.Object, $"nothing was found of {crack.Id}");
            Assert.Equal("element:B-001/Mg0101", draft.GetProperty("elementId").GetString());
            Assert.InRange(draft.GetProperty("meanWidthMm").GetDouble(), crack.WidthMm - Twice(draft, "widthErrorMm"), crack.WidthMm + Twice(draft, "widthErrorMm"));
            Assert.Equal(HttpStatusCode.OK, await DecideAsync(http, draft, "confirm", "e"));
            Assert.Equal(HttpStatusCode.Conflict, await DecideAsync(http, draft, "confirm", "d")); // somebody who had not seen it yet
            signed.Add(draft);
        }

        JsonElement wrong = drafts.First(d => planted.All(p => p.DistanceM(d) > 1) && d.GetProperty("assetId").GetString() == "bridge:B-001");
        Assert.Equal(HttpStatusCode.OK, await DecideAsync(http, wrong, "reject", degree: null));

        Dictionary<string, Dictionary<string, string>> rows = await CsvAsync(http, "/api/v1/forms/list?asset=bridge:B-001&format=csv&lang=ja");
        foreach (JsonElement finding in signed)
        {
            Dictionary<string, string> row = rows[finding.GetProperty("findingId").GetString()!];
            Assert.Equal(("Mg0101", "ひびわれ", "e", "点検 花子"), (row["要素"], row["変状"], row["評価"], row["判定者"]));
            Assert.Equal(finding.GetProperty("maxWidthMm").GetDouble(), double.Parse(row["最大幅mm"], CultureInfo.InvariantCulture), 1e-6);
            Assert.Equal(finding.GetProperty("lengthM").GetDouble(), double.Parse(row["長さm"], CultureInfo.InvariantCulture), 1e-6);
        }

        Assert.False(rows.ContainsKey(wrong.GetProperty("findingId").GetString()!), "what was rejected is in the list");
        using HttpResponseMessage record = await http.GetAsync(new Uri("/api/v1/forms/bridge?asset=bridge:B-001&format=xlsx", UriKind.Relative), Stop);
        Assert.Equal(HttpStatusCode.OK, record.StatusCode);
        Assert.Equal("PK"u8.ToArray(), (await record.Content.ReadAsByteArrayAsync(Stop))[..2]);
        string page = await http.GetStringAsync(new Uri("/api/v1/forms/bridge?asset=bridge:B-001&format=html", UriKind.Relative), Stop);
        Assert.Contains("点検 花子", page, StringComparison.Ordinal);
        Assert.Contains("青葉橋", page, StringComparison.Ordinal);

        await server.KillAsync(); // what was signed is there after a crash
        await using Server again = await Server.StartAsync(folder["data"]);
        IReadOnlyList<JsonElement> kept = await again.FeaturesAsync("findings");
        Assert.Equal(signed.Count, kept.Count(f => f.GetProperty("properties").GetProperty("status").GetString() == "confirmed"));
        Assert.Equal(signed.Count + 1, (await again.FeaturesAsync("decisions")).Count);
    }

    private static double Twice(JsonElement finding, string error) => 2 * finding.GetProperty(error).GetDouble();

    private static async Task RunAsync(FieldProcess process)
    {
        await using (process)
        {
            Assert.True(await process.ExitAsync(Limit) == 0, process.Output);
        }
    }

    /// <summary>A box around the synthetic deck, as the ledger has it.</summary>
    private static async Task ImportAsync(Server server, string path, string kind, string properties)
    {
        await File.WriteAllTextAsync(
            path,
            $$$$"""{"type":"Feature","properties":{{{{properties}}}},"geometry":{"type":"Polygon","coordinates":[[[138.44896,34.74983],[138.44948,34.74983],[138.44948,34.74998],[138.44896,34.74998],[138.44896,34.74983]]]}}""",
            Stop);
        await RunAsync(Server.Command("assets", "import", path, "--kind", kind, "--data", server.DataFolder));
    }

    private static async Task<HttpStatusCode> DecideAsync(HttpClient http, JsonElement finding, string action, string? degree)
    {
        using HttpResponseMessage answer = await http.PostAsJsonAsync(
            $"/api/v1/findings/{finding.GetProperty("findingId").GetString()}/decision",
            new { action, who = "点検 花子", note = "目地", revision = finding.GetProperty("revision").GetInt64(), degree },
            Stop);
        return answer.StatusCode;
    }

    /// <summary>Rows by the id of the finding, values by the heading.</summary>
    private static async Task<Dictionary<string, Dictionary<string, string>>> CsvAsync(HttpClient http, string address)
    {
        string text = (await http.GetStringAsync(new Uri(address, UriKind.Relative), Stop)).TrimStart('\uFEFF');
        string[][] lines = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.TrimEnd('\r').Split(','))];
        return lines.Skip(1).Select(l => lines[0].Zip(l).ToDictionary(p => p.First, p => p.Second)).ToDictionary(r => r["変状ID"]);
    }

    private static IEnumerable<Planted> Truth(string path)
    {
        using JsonDocument truth = JsonDocument.Parse(File.ReadAllBytes(path));
        foreach (JsonElement feature in truth.RootElement.GetProperty("features").EnumerateArray())
        {
            JsonElement p = feature.GetProperty("properties");
            (double, double)[] line = [.. feature.GetProperty("geometry").GetProperty("coordinates").EnumerateArray().Select(c => (c[0].GetDouble(), c[1].GetDouble()))];
            yield return new Planted(
                p.GetProperty("id").GetString()!, p.GetProperty("surface").GetString()!, p.GetProperty("widthM").GetDouble() * 1000, p.GetProperty("maxWidthPx").GetDouble(), line);
        }
    }

    private sealed record Planted(string Id, string Surface, double WidthMm, double MaxWidthPx, (double Lon, double Lat)[] Line)
    {
        public double DistanceM(JsonElement finding)
        {
            double lon = finding.GetProperty("centreLon").GetDouble(), lat = finding.GetProperty("centreLat").GetDouble();
            return Line.Min(p => double.Hypot((p.Lon - lon) * MetresPerDegree * Math.Cos(double.DegreesToRadians(lat)), (p.Lat - lat) * MetresPerDegree));
        }
    }
}
