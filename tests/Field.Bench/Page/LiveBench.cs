using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Field.Bench.Figures;
using Field.Harness;
using Microsoft.Playwright;

namespace Field.Bench.Page;

/// <summary>
/// From a device's publish to the pixel that changed on an open page: the devices' canvas is read back at the places between which one device jumps, behind every frame that was
/// drawn. Both clocks are this machine's. What the screen adds after the page's frame is not in it.
/// </summary>
internal static class LiveBench
{
    private const double Lon = 138.45;
    private const double Lat = 34.75;
    private const int Zoom = 16;
    private const int JumpPx = 80;

    /// <summary>Places in a row that device 0 goes through: as many seconds late a move can be and still be told from the next round's.</summary>
    private const int Places = 6;

    /// <summary>
    /// Before the page's own script: after every drawing of the devices the pixels of the places are read, which waits until they are made; they count as seen when the browser
    /// begins its next frame, so that handing this one on, and whatever else was drawn in it, is in the figure.
    /// </summary>
    private const string Watch = """
        (() => {
          window.__seen = [];
          window.__frames = [];
          let drawn = false, last = -1;
          const read = (g) => {
            const at = performance.now(), { width, height, clientWidth } = g.canvas, scale = width / clientWidth;
            const there = Array.from({ length: PLACES }, (_, i) => i).filter((i) => g.getImageData(Math.round((clientWidth / 2 + i * JUMP) * scale), Math.round(height / 2), 1, 1).data[3] > 200);
            const place = there.length === 1 ? there[0] : last;
            requestAnimationFrame(() => {
              drawn = false;
              const now = performance.now();
              window.__frames.push(now - at);
              if (place !== last) window.__seen.push([performance.timeOrigin + now, (last = place)]);
            });
          };
          const plain = CanvasRenderingContext2D.prototype.clearRect;
          CanvasRenderingContext2D.prototype.clearRect = function (...all) {
            if (this.canvas.className === 'device-overlay' && !drawn) { drawn = true; queueMicrotask(() => read(this)); }
            return plain.apply(this, all);
          };
          window.__begin = () => { window.__frames = []; };
        })();
        """;

    private static readonly Option<int> Devices = new("--devices") { Description = "Each publishes once a second.", DefaultValueFactory = _ => 200 };
    private static readonly Option<int> Seconds = new("--seconds") { Description = "How long.", DefaultValueFactory = _ => 120 };

    public static BenchCommand Command() => new("live", "From a device's publish to the changed pixel of an open page.", RunAsync, Devices, Seconds, BenchPage.Profile);

    private static async Task RunAsync(FigureSheet sheet, ParseResult arguments, CancellationToken cancel)
    {
        int devices = arguments.GetValue(Devices);
        using TemporaryFolder folder = new();
        await using Server server = await Server.StartAsync(folder["data"]);
        await using BenchPage browser = await BenchPage.StartAsync();
        IPage page = await browser.WindowAsync(Watch.Replace("JUMP", JumpPx.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("PLACES", Places.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        await BenchPage.OpenAsync(page, server, string.Create(CultureInfo.InvariantCulture, $"?lon={Lon}&lat={Lat}&zoom={Zoom}"));
        await page.WaitForTimeoutAsync(3_000); // drawn to the end
        await page.EvaluateAsync("() => window.__begin()");

        await using Fleet fleet = await Fleet.ConnectAsync(server.Mqtt, devices, PlaceOf, cancel);
        await using (await BenchPage.ProfileAsync(page, arguments.GetValue(BenchPage.Profile)))
        {
            await fleet.RunAsync(TimeSpan.FromSeconds(arguments.GetValue(Seconds)), cancel);
        }

        await page.WaitForTimeoutAsync(3_000);
        JsonElement seen = await page.EvaluateAsync<JsonElement>("() => window.__seen");
        (double AtMs, int Where)[] changes = [.. seen.EnumerateArray().Select(s => (s[0].GetDouble(), s[1].GetInt32()))];
        List<double> latencies = [];
        int unseen = 0;
        for (int i = 1; i < fleet.First.Count; i++) // the first only makes the device known
        {
            (double at, long step) = fleet.First[i];
            (double AtMs, int Where)[] answer = [.. changes.Where(c => c.AtMs >= at && c.AtMs < at + (1_000 * (Places - 1)) && c.Where == (int)(step % Places)).Take(1)];
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
        List<double> frames = [.. (await page.EvaluateAsync<double[]>("() => window.__frames")).Order()];
        string how = string.Create(CultureInfo.InvariantCulture, $"{devices} devices at 1 Hz, {fleet.Published} messages, {latencies.Count} moves seen; headless, drawn in software");
        sheet.Add(new Figure("publish to changed pixel, p50", Percentile(latencies, 0.5), "ms") { Note = how });
        sheet.Add(new Figure("publish to changed pixel, p95", Percentile(latencies, 0.95), "ms") { Target = Target.AtMost(300) });
        sheet.Add(new Figure("publish to changed pixel, longest", Percentile(latencies, 1), "ms"));
        sheet.Add(new Figure("one frame, from its drawing to the next, p50", Percentile(frames, 0.5), "ms") { Note = $"{frames.Count} frames" });
        sheet.Add(new Figure("one frame, from its drawing to the next, p95", Percentile(frames, 0.95), "ms"));
        sheet.Add(new Figure("moves never drawn", unseen, "moves") { Target = Target.Exactly(0) });
    }

    /// <summary>Device 0 jumps from the middle of the map to the right and begins again; the others wander well below it.</summary>
    private static (double Lon, double Lat) PlaceOf(int device, long step)
    {
        double metresPerPx = 40_075_016.7 * Math.Cos(Lat * Math.PI / 180) / (512 * Math.Pow(2, Zoom));
        double px = metresPerPx / (111_319.5 * Math.Cos(Lat * Math.PI / 180));
        if (device == 0)
        {
            return (Lon + (step % Places * JumpPx * px), Lat);
        }

        double right = (device * 37 % 700) - 350, down = 120 + (device * 53 % 260);
        return (Lon + ((right + (10 * Math.Sin(step + device))) * px), Lat - (down * metresPerPx / 111_000));
    }

    private static double Percentile(List<double> sorted, double share) => sorted.Count == 0 ? double.NaN : sorted[(int)(share * (sorted.Count - 1))];
}
