using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Field.Harness;
using Field.Tests.Geo.Routes;

namespace Field.Tests.Journeys;

/// <summary>The steps that an inspection of a bridge and one of a levee share.</summary>
internal static class Inspection
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Runs a program to its end; what it said.</summary>
    public static async Task<string> RunAsync(FieldProcess process)
    {
        await using (process)
        {
            Assert.True(await process.ExitAsync(Limit) == 0, process.Output);
            return process.Output;
        }
    }

    /// <summary>Writes a ledger and imports it as its keeper does.</summary>
    public static async Task ImportAsync(Server server, string path, string kind, params (object Properties, object Geometry)[] features)
    {
        object collection = new { type = "FeatureCollection", features = features.Select(f => new { type = "Feature", properties = f.Properties, geometry = f.Geometry }) };
        await File.WriteAllBytesAsync(path, JsonSerializer.SerializeToUtf8Bytes(collection), Stop);
        await RunAsync(Server.Command("assets", "import", path, "--kind", kind, "--data", server.DataFolder));
    }

    /// <summary>The flights of a route: both files of each as published and with the same waypoints. Gives the preview's features.</summary>
    public static JsonElement[] CheckRoute(string folder)
    {
        string[] flights = [.. Directory.GetFiles(folder, "flight-*.kmz").Order(StringComparer.Ordinal)];
        Assert.NotEmpty(flights);
        foreach (string kmz in flights)
        {
            IReadOnlyList<WpmlWaypoint> dji = WpmlStructure.Check(File.ReadAllBytes(kmz));
            using JsonDocument plan = JsonDocument.Parse(File.ReadAllBytes(Path.ChangeExtension(kmz, ".plan")));
            IReadOnlyList<(double Lon, double Lat, double HeightM)> qgc = QgcPlanStructure.Check(plan.RootElement);
            Assert.All(dji, d => Assert.Contains(qgc, q => Math.Abs(q.Lon - d.Lon) < 1e-8 && Math.Abs(q.Lat - d.Lat) < 1e-8 && Math.Abs(q.HeightM - d.HeightM) < 0.01));
        }

        using JsonDocument preview = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "preview.geojson")));
        return [.. preview.RootElement.GetProperty("features").EnumerateArray().Select(f => f.Clone())];
    }

    public static IEnumerable<JsonElement> OfKind(this IEnumerable<JsonElement> preview, string kind) =>
        preview.Where(f => f.GetProperty("properties").GetProperty("kind").GetString() == kind);

    /// <summary>The findings that stand for a damage each.</summary>
    public static async Task<JsonElement[]> DraftsAsync(Server server) =>
        [.. (await server.FeaturesAsync("findings")).Select(f => f.GetProperty("properties")).Where(f => Text(f, "mergedInto") is null && Text(f, "status") == "draft")];

    public static string? Text(this JsonElement row, string name) => row.GetProperty(name).GetString();

    public static double Real(this JsonElement row, string name) => row.GetProperty(name).GetDouble();

    /// <summary>Decides as a client of the API does.</summary>
    public static async Task<HttpStatusCode> DecideAsync(HttpClient http, JsonElement finding, string who, string action, CancellationToken stop, string? degree = null, string? note = null)
    {
        using HttpResponseMessage answer = await http.PostAsJsonAsync(
            $"/api/v1/findings/{finding.Text("findingId")}/decision", new { action, who, note, revision = finding.GetProperty("revision").GetInt64(), degree }, stop);
        return answer.StatusCode;
    }

    public static async Task<JsonElement> FindingAsync(HttpClient http, string findingId) =>
        (await http.GetFromJsonAsync<JsonElement>($"/api/v1/findings/{findingId}", Stop)).GetProperty("properties");

    /// <summary>What was decided, oldest first: the action and who did it.</summary>
    public static async Task<string[]> HistoryAsync(HttpClient http, string findingId) =>
    [
        .. (await http.GetFromJsonAsync<JsonElement>($"/api/v1/findings/{findingId}/history", Stop)).GetProperty("decisions").EnumerateArray()
            .Select(d => $"{d.Text("action")} {d.Text("who")}"),
    ];

    /// <summary>The rows of a list in its order, values by the heading.</summary>
    public static async Task<Dictionary<string, string>[]> CsvAsync(HttpClient http, string address)
    {
        string text = (await http.GetStringAsync(new Uri(address, UriKind.Relative), Stop)).TrimStart('\uFEFF');
        string[][] lines = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.TrimEnd('\r').Split(','))];
        return [.. lines.Skip(1).Select(l => lines[0].Zip(l).ToDictionary(p => p.First, p => p.Second))];
    }
}
