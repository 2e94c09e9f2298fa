using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Field.Bench.Figures;
using Field.Bench.Vision;
using Field.Harness;
using Microsoft.Playwright;

namespace Field.Bench.Page;

/// <summary>The page's own cost: how soon there is a map, what was loaded for it, and whether it stays quick with much on it.</summary>
internal static class MapBench
{
    private const double Lon = 138.45;
    private const double Lat = 34.75;
    private const int Updates = 50;

    /// <summary>The browser's own record of work that kept the page from answering for 50 ms or more.</summary>
    private const string Observe = """
        window.__tasks = [];
        new PerformanceObserver((list) => { for (const e of list.getEntries()) window.__tasks.push(e.duration); }).observe({ entryTypes: ['longtask'] });
        """;

    private static readonly Option<int> Features = new("--features") { Description = "Loaded before the updates begin.", DefaultValueFactory = _ => 100_000 };
    private static readonly Option<int> Minutes = new("--minutes") { Description = "Of updates.", DefaultValueFactory = _ => 10 };
    private static readonly Option<bool> Small = new("--small") { Description = "5,000 features and one minute." };

    public static BenchCommand Command() => new("map", "The first map, the first download, and the page with much on it.", RunAsync, Features, Minutes, Small, BenchPage.Profile);

    private static async Task RunAsync(FigureSheet sheet, ParseResult arguments, CancellationToken cancel)
    {
        bool small = arguments.GetValue(Small);
        int features = small ? 5_000 : arguments.GetValue(Features), minutes = small ? 1 : arguments.GetValue(Minutes);
        using TemporaryFolder folder = new();
        await using Server server = await Server.StartAsync(folder["data"]);
        await using BenchPage browser = await BenchPage.StartAsync();
        await FirstAsync(sheet, server, browser);

        sheet.Say(string.Create(CultureInfo.InvariantCulture, $"importing {features:#,0} features ..."));
        await ImportAsync(server, folder["roads.geojson"], features);
        IPage page = await browser.WindowAsync(Observe);
        double loaded = await BenchPage.OpenAsync(page, server, string.Create(CultureInfo.InvariantCulture, $"?lon={Lon}&lat={Lat}&zoom=14"));
        sheet.Add(new Figure(string.Create(CultureInfo.InvariantCulture, $"{features:#,0} features: first map"), loaded / 1000, "s") { Note = "with all of them drawn" });
        await page.WaitForTimeoutAsync(10_000);
        double[] atStart = await TasksAsync(page);
        sheet.Add(new Figure("longest task while they are loaded", atStart.DefaultIfEmpty().Max(), "ms") { Note = string.Create(CultureInfo.InvariantCulture, $"{atStart.Length} tasks over 50 ms") });

        await using Fleet fleet = await Fleet.ConnectAsync(server.Mqtt, Updates, (device, step) => (Lon + (device * 0.0005) + (step % 20 * 0.00002), Lat - 0.002), cancel);
        await fleet.RunAsync(TimeSpan.FromSeconds(30), cancel);
        await TasksAsync(page);
        double before = await BenchPage.HeapBytesAsync(page);
        await using (await BenchPage.ProfileAsync(page, arguments.GetValue(BenchPage.Profile)))
        {
            await fleet.RunAsync(TimeSpan.FromMinutes(minutes), cancel);
        }

        double[] tasks = await TasksAsync(page);
        double after = await BenchPage.HeapBytesAsync(page);
        string how = string.Create(CultureInfo.InvariantCulture, $"{features:#,0} features, {Updates} updates a second, {minutes} min; {tasks.Length} tasks over 50 ms");
        sheet.Add(new Figure("longest task", tasks.DefaultIfEmpty().Max(), "ms") { Target = Target.AtMost(200), Note = how });
        sheet.Add(new Figure("page's heap after a collection", after / (1 << 20), "MiB") { Note = string.Create(CultureInfo.InvariantCulture, $"before: {before / (1 << 20):0.0} MiB") });
        sheet.Add(new Figure("heap after as a share of before", after / before, "") { Target = Target.AtMost(1.1), Note = "flat: what 10 minutes of updates leave behind" });
    }

    /// <summary>Five windows without a cache: the median until the first map, and the bytes of the first.</summary>
    private static async Task FirstAsync(FigureSheet sheet, Server server, BenchPage browser)
    {
        List<double> ms = [];
        double bytes = 0;
        for (int run = 0; run < 6; run++)
        {
            IPage page = await browser.WindowAsync();
            ICDPSession tools = await page.Context.NewCDPSessionAsync(page);
            await tools.SendAsync("Network.enable");
            double loaded = 0;
            tools.Event("Network.loadingFinished").OnEvent += (_, e) => loaded += e!.Value.GetProperty("encodedDataLength").GetDouble();
            double at = await BenchPage.OpenAsync(page, server);
            if (run > 0) // the first warms the server
            {
                ms.Add(at);
                bytes = loaded;
            }

            await page.Context.CloseAsync();
        }

        sheet.Add(new Figure("first usable map, nothing in the cache", VisionBench.Median(ms) / 1000, "s") { Target = Target.AtMost(2), Note = "median of 5, warm server, headless, drawn in software" });
        sheet.Add(new Figure("first download, as sent", bytes / 1e6, "MB") { Target = Target.AtMost(1.5), Note = "everything until the first map" });
    }

    private static async Task ImportAsync(Server server, string path, int count)
    {
        StringBuilder json = new("""{"type":"FeatureCollection","features":[""");
        int across = (int)Math.Ceiling(Math.Sqrt(count));
        for (int i = 0; i < count; i++)
        {
            double lon = Lon - 0.03 + (i % across * 0.06 / across), lat = Lat - 0.02 + (i / across * 0.04 / across);
            json.Append(i == 0 ? "" : ",").Append(CultureInfo.InvariantCulture,
                $$$"""{"type":"Feature","properties":{"id":"R{{{i}}}","name":"市道 {{{i}}} 号（合成）"},"geometry":{"type":"LineString","coordinates":[[{{{lon:0.000000}}},{{{lat:0.000000}}}],[{{{lon + 0.0001:0.000000}}},{{{lat + 0.00005:0.000000}}}]]}}""");
        }

        await File.WriteAllTextAsync(path, json.Append("]}").ToString());
        await using FieldProcess import = Server.Command("assets", "import", path, "--kind", "road", "--data", server.DataFolder);
        int code = await import.ExitAsync(TimeSpan.FromMinutes(5));
        if (code != 0)
        {
            throw new InvalidOperationException($"the features were not imported: {import.Output}");
        }
    }

    /// <summary>What was observed since the last time.</summary>
    private static async Task<double[]> TasksAsync(IPage page) =>
        [.. (await page.EvaluateAsync<JsonElement>("() => window.__tasks.splice(0)")).EnumerateArray().Select(t => t.GetDouble())];
}
