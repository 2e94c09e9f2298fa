using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Field.Bench.Figures;
using Field.Harness;
using Microsoft.Playwright;

namespace Field.Bench.Page;

/// <summary>
/// From a device's publish to the pixel that changed on an open page: the map's canvas is read back at the places between which one device jumps, behind every frame that was
/// drawn. Both clocks are this machine's. What the screen adds after the canvas, at most one more frame, is not in it.
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
    /// Before the page's own script: after every frame that drew something, the pixels of the places are copied by the graphics processor behind that frame, and taken when its fence says that
    /// they are there. Nothing waits for them, so that the measuring holds back neither the page nor the drawing.
    /// </summary>
    private const string Watch = """
        (() => {
          window.__seen = [];
          window.__frames = [];
          let gl = null, drawn = false, empty = null, last = -1;
          const far = (a, b) => Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) + Math.abs(a[2] - b[2]) > 60;
          const pending = [];
          const poll = () => {
            while (pending.length > 0 && gl.getSyncParameter(pending[0].fence, gl.SYNC_STATUS) === gl.SIGNALED) {
              const { fence, buffer, at } = pending.shift();
              const all = new Uint8Array(4 * PLACES);
              gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
              gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, all);
              gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
              gl.deleteBuffer(buffer);
              gl.deleteSync(fence);
              const now = performance.now();
              window.__frames.push(now - at);
              const pixels = Array.from({ length: PLACES }, (_, i) => all.subarray(4 * i, 4 * i + 4));
              if (empty === null) { window.__background = pixels; continue; }
              const there = pixels.flatMap((pixel, i) => (far(pixel, empty[i]) ? [i] : []));
              const place = there.length === 1 ? there[0] : last;
              if (place !== last) window.__seen.push([performance.timeOrigin + now, (last = place)]);
            }
            if (pending.length > 0) setTimeout(poll, 2);
          };
          const read = () => {
            drawn = false;
            const { width, height, clientWidth } = gl.canvas, scale = width / clientWidth;
            const bound = gl.getParameter(gl.READ_FRAMEBUFFER_BINDING), buffer = gl.createBuffer();
            gl.bindFramebuffer(gl.READ_FRAMEBUFFER, null);
            gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
            gl.bufferData(gl.PIXEL_PACK_BUFFER, 4 * PLACES, gl.STREAM_READ);
            for (let i = 0; i < PLACES; i++) gl.readPixels(Math.round((clientWidth / 2 + i * JUMP) * scale), Math.round(height / 2), 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, 4 * i);
            gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
            gl.bindFramebuffer(gl.READ_FRAMEBUFFER, bound);
            pending.push({ fence: gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0), buffer, at: performance.now() });
            gl.flush();
            if (pending.length === 1) setTimeout(poll, 2);
          };
          for (const name of ['drawElements', 'drawArrays']) {
            const plain = WebGL2RenderingContext.prototype[name];
            WebGL2RenderingContext.prototype[name] = function (...all) {
              if (this.canvas instanceof HTMLCanvasElement && this.canvas.className === 'maplibregl-canvas') {
                gl = this;
                if (!drawn) { drawn = true; queueMicrotask(read); }
              }
              return plain.apply(this, all);
            };
          }
          window.__begin = () => { empty = window.__background; window.__frames = []; };
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
        await page.WaitForTimeoutAsync(3_000); // drawn to the end: what is there now is the background
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
        sheet.Add(new Figure("one frame, from its commands to its pixels, p50", Percentile(frames, 0.5), "ms") { Note = $"{frames.Count} frames" });
        sheet.Add(new Figure("one frame, from its commands to its pixels, p95", Percentile(frames, 0.95), "ms"));
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
