using System.CommandLine;
using System.Text.Json;
using Field.Harness;
using Microsoft.Playwright;

namespace Field.Bench.Page;

/// <summary>One headless Chromium, drawing in software, and the map's page in it.</summary>
internal sealed class BenchPage : IAsyncDisposable
{
    /// <summary>As the browser draws by itself where there is no graphics processor: the map by its software renderer, the page around it without.</summary>
    private static readonly string[] Arguments = ["--no-sandbox", "--enable-unsafe-swiftshader", "--enable-precise-memory-info"];

    public static readonly Option<string?> Profile = new("--profile") { Description = "Writes the page's CPU profile to this file (.cpuprofile, for the browser's developer tools)." };

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private BenchPage(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<BenchPage> StartAsync()
    {
        IPlaywright playwright = await Playwright.CreateAsync();
        try
        {
            return new BenchPage(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium", Args = Arguments }));
        }
        catch
        {
            playwright.Dispose();
            throw;
        }
    }

    /// <summary>A window of its own, nothing in its cache, before anything is loaded.</summary>
    /// <param name="script">Runs in it before the page's own.</param>
    public async Task<IPage> WindowAsync(string? script = null)
    {
        IBrowserContext context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 }, ReducedMotion = ReducedMotion.Reduce, ColorScheme = ColorScheme.Light });
        context.SetDefaultTimeout(120_000);
        if (script is not null)
        {
            await context.AddInitScriptAsync(script);
        }

        return await context.NewPageAsync();
    }

    /// <summary>Loads the map and waits until its first snapshot is drawn.</summary>
    /// <returns>Milliseconds from the beginning of the navigation.</returns>
    public static async Task<double> OpenAsync(IPage page, Server server, string query = "")
    {
        await page.GotoAsync(new Uri(server.Http, query).ToString(), new() { WaitUntil = WaitUntilState.Commit });
        IJSHandle at = await page.WaitForFunctionAsync("() => window.__field?.ready === true && performance.getEntriesByName('field:first-map')[0].startTime", null, new() { Timeout = 300_000 });
        return await at.JsonValueAsync<double>();
    }

    /// <summary>Bytes of the page's own heap after a collection.</summary>
    public static async Task<double> HeapBytesAsync(IPage page)
    {
        ICDPSession tools = await page.Context.NewCDPSessionAsync(page);
        await tools.SendAsync("HeapProfiler.collectGarbage");
        JsonElement usage = (await tools.SendAsync("Runtime.getHeapUsage"))!.Value;
        await tools.DetachAsync();
        return usage.GetProperty("usedSize").GetDouble();
    }

    /// <summary>Records where the page's main thread spends its time, until disposed of; without a file it records nothing.</summary>
    public static async Task<IAsyncDisposable> ProfileAsync(IPage page, string? file)
    {
        if (file is null)
        {
            return new Recording(null, "");
        }

        ICDPSession tools = await page.Context.NewCDPSessionAsync(page);
        await tools.SendAsync("Profiler.enable");
        await tools.SendAsync("Profiler.start");
        return new Recording(tools, file);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private sealed class Recording(ICDPSession? tools, string file) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (tools is not null)
            {
                JsonElement stopped = (await tools.SendAsync("Profiler.stop"))!.Value;
                await File.WriteAllTextAsync(file, stopped.GetProperty("profile").GetRawText());
                await tools.DetachAsync();
            }
        }
    }
}
