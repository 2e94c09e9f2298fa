using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Field.Bench.Figures;
using Field.Harness;
using Microsoft.Playwright;

namespace Field.Bench.Page;

/// <summary>
/// From a device's publish to the pixel that changed on an open page: the map's canvas is read back at the two places between which one device jumps,
/// once per frame of the page. Both clocks are this machine's. What the screen adds after the canvas, at most one more frame, is not in it.
/// </summary>
internal static class LiveBench
{
    private const double Lon = 138.45;
    private const double Lat = 34.75;
    private const int Zoom = 16;
    private const int JumpPx = 80;

    /// <summary>A pixel of the canvas can be read after its frame only when it is kept.</summary>
    private const string Keep = """
        const plain = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, options) { return plain.call(this, kind, kind.startsWith('webgl') ? { ...options, preserveDrawingBuffer: true } : options); };
        """;

    private const string Watch = """
        (jumpPx) => {
          const canvas = document.querySelector('.maplibregl-canvas');
          const gl = canvas.getContext('webgl2');
          const scale = canvas.width / canvas.clientWidth;
          const read = (dx) => { const p = new Uint8Array(4); gl.readPixels(Math.round((canvas.clientWidth / 2 + dx) * scale), Math.round(canvas.clientHeight / 2 * scale), 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, p); return p; };
          const empty = [read(0), read(jumpPx)];
          const far = (a, b) => Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) + Math.abs(a[2] - b[2]) > 60;
          window.__seen = [];
          let last = -1;
          const look = () => {
            const there = [far(read(0), empty[0]), far(read(jumpPx), empty[1])];
            const now = there[0] === there[1] ? last : there[0] ? 0 : 1;
            if (now !== last) window.__seen.push([performance.timeOrigin + performance.now(), (last = now)]);
            requestAnimationFrame(look);
          };
          look();
        }
        """;

    private static readonly Option<int> Devices = new("--devices") { Description = "Each publishes once a second.", DefaultValueFactory = _ => 200 };
    private static readonly Option<int> Seconds = new("--seconds") { Description = "How long.", DefaultValueFactory = _ => 120 };

    public static BenchCommand Command() => new("live", "From a device's publish to the changed pixel of an open page.", RunAsync, Devices, Seconds);

    private static async Task RunAsync(FigureSheet sheet, ParseResult arguments, CancellationToken cancel)
    {
        int devices = arguments.GetValue(Devices);
        using TemporaryFolder folder = new();
        await using Server server = await Server.StartAsync(folder["data"]);
        await using BenchPage browser = await BenchPage.StartAsync();
        IPage page = await browser.WindowAsync(Keep);
        await BenchPage.OpenAsync(page, server, string.Create(CultureInfo.InvariantCulture, $"?lon={Lon}&lat={Lat}&zoom={Zoom}"));
        await page.WaitForTimeoutAsync(3_000); // drawn to the end: what is there now is the background
        await page.EvaluateAsync(Watch, JumpPx);

        await using Fleet fleet = await Fleet.ConnectAsync(server.Mqtt, devices, PlaceOf, cancel);
        await fleet.RunAsync(TimeSpan.FromSeconds(arguments.GetValue(Seconds)), cancel);
        await page.WaitForTimeoutAsync(3_000);
        JsonElement seen = await page.EvaluateAsync<JsonElement>("() => window.__seen");
        (double AtMs, int Where)[] changes = [.. seen.EnumerateArray().Select(s => (s[0].GetDouble(), s[1].GetInt32()))];
        List<double> latencies = [];
        int unseen = 0;
        for (int i = 1; i < fleet.First.Count; i++) // the first only makes the device known
        {
            (double at, long step) = fleet.First[i];
            double next = i + 1 < fleet.First.Count ? fleet.First[i + 1].AtMs : at + 3_000;
            (double AtMs, int Where)[] answer = [.. changes.Where(c => c.AtMs >= at && c.AtMs < next && c.Where == (int)(step % 2)).Take(1)];
            if (answer.Length == 0)
            {
                unseen++;
            }
            else
            {
                latencies.Add(answer[0].AtMs - at);
            }
        }

        latencies.Sort();
        string how = string.Create(CultureInfo.InvariantCulture, $"{devices} devices at 1 Hz, {fleet.Published} messages, {latencies.Count} moves seen; headless, drawn in software");
        sheet.Add(new Figure("publish to changed pixel, p50", Percentile(latencies, 0.5), "ms") { Note = how });
        sheet.Add(new Figure("publish to changed pixel, p95", Percentile(latencies, 0.95), "ms") { Target = Target.AtMost(300) });
        sheet.Add(new Figure("publish to changed pixel, longest", Percentile(latencies, 1), "ms"));
        sheet.Add(new Figure("moves not drawn before the next one", unseen, "moves") { Target = Target.Exactly(0) });
    }

    /// <summary>Device 0 jumps between the middle of the map and a place to its right; the others wander well below it.</summary>
    private static (double Lon, double Lat) PlaceOf(int device, long step)
    {
        double metresPerPx = 40_075_016.7 * Math.Cos(Lat * Math.PI / 180) / (512 * Math.Pow(2, Zoom));
        double px = metresPerPx / (111_319.5 * Math.Cos(Lat * Math.PI / 180));
        if (device == 0)
        {
            return (Lon + (step % 2 * JumpPx * px), Lat);
        }

        double right = (device * 37 % 700) - 350, down = 120 + (device * 53 % 260);
        return (Lon + ((right + (10 * Math.Sin(step + device))) * px), Lat - (down * metresPerPx / 111_000));
    }

    private static double Percentile(List<double> sorted, double share) => sorted.Count == 0 ? double.NaN : sorted[(int)(share * (sorted.Count - 1))];
}
