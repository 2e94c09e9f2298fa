using System.Globalization;
using Field.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Journeys;

/// <summary>A tablet: a browser with a profile of its own, which is killed by its process id and comes back as it was on the disk.</summary>
internal sealed class Tablet : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly string[] Switches =
        ["--headless=new", "--remote-debugging-port=0", "--no-first-run", "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

    private readonly FieldProcess _process;
    private readonly IPlaywright _playwright;
    private readonly IBrowserContext _context;

    private Tablet(FieldProcess process, IPlaywright playwright, IBrowserContext context, IPage page) => (_process, _playwright, _context, Page) = (process, playwright, context, page);

    public IPage Page { get; }

    /// <summary>The lines of the outbox by what they say of themselves.</summary>
    public ILocator Lines(string state) => Page.Locator($".outbox-list > li[data-state='{state}']");

    /// <summary>Switches the tablet on and opens the page.</summary>
    public static async Task<Tablet> StartAsync(string profile, Uri at, bool isOffline)
    {
        SetDefaultExpectTimeout(60_000);
        string announced = Path.Combine(profile, "DevToolsActivePort");
        File.Delete(announced);
        string browser = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";
        FieldProcess process = FieldProcess.Start("chromium", browser, [.. Switches, $"--user-data-dir={profile}", "about:blank"]);
        string[] lines = [];
        await Wait.UntilAsync(
            () => File.Exists(announced) && (lines = File.ReadAllLines(announced)).Length > 1, Limit, () => $"the browser did not start:\n{process.Output}");
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser connected = await playwright.Chromium.ConnectOverCDPAsync($"http://127.0.0.1:{lines[0]}");
        IBrowserContext context = connected.Contexts[0];
        await context.GrantPermissionsAsync(["geolocation"], new() { Origin = at.GetLeftPart(UriPartial.Authority) });
        await context.SetGeolocationAsync(new Geolocation { Longitude = 138.3231f, Latitude = 34.8671f, Accuracy = 8 });
        await context.SetOfflineAsync(isOffline);
        IPage page = context.Pages[0];
        await page.SetViewportSizeAsync(1024, 768);
        Tablet tablet = new(process, playwright, context, page);
        await page.GotoAsync(new Uri(at, "/?view=tablet").ToString());
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "送る", Exact = true })).ToBeVisibleAsync();
        return tablet;
    }

    public Task SetOfflineAsync(bool isOffline) => _context.SetOfflineAsync(isOffline);

    /// <summary>Photo, kind, note, send: what an engineer does at each damage.</summary>
    public async Task ReportAsync(string photo, string kind, string note)
    {
        await TabAsync("報告");
        await Page.Locator(".report-photos input[type=file]").First.SetInputFilesAsync(photo);
        await Expect(Page.Locator(".photo-strip li:not(.photo-reading)")).ToHaveCountAsync(1);
        await Page.GetByRole(AriaRole.Button, new() { Name = kind, Exact = true }).ClickAsync();
        await Page.GetByLabel("メモ", new() { Exact = true }).FillAsync(note);
        await Page.GetByRole(AriaRole.Button, new() { Name = "送る", Exact = true }).ClickAsync();
        await Expect(Page.Locator(".photo-strip")).ToHaveCountAsync(0); // kept: a new one begins
    }

    public Task TabAsync(string name) => Page.Locator(".bottom-nav").GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();

    /// <summary>kill -9 of the browser: nothing is written any more, and nothing is said goodbye to.</summary>
    public async Task KillAsync()
    {
        await _process.KillAsync();
        _playwright.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        _playwright.Dispose();
        await _process.DisposeAsync();
    }

    /// <summary>The names of test photos, in their order.</summary>
    public static string Photo(string folder, int seed, int i) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"T{seed:000}_{i:0000}.JPG"));
}
