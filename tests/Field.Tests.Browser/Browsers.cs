using Microsoft.Playwright;

namespace Field.Tests.Browser;

/// <summary>One Chromium for a class of tests; a fresh context for each page, closed when the next test opens its first.</summary>
public sealed class Browsers : IAsyncLifetime
{
    private static readonly string[] Arguments = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private readonly List<IBrowserContext> _open = [];
    private string? _test;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(30_000); // the page tries again every 5 s, and the drawing is done in software
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args = Arguments,
        });
    }

    /// <summary>Opens the map of a server. With <paramref name="ready"/>, waits until the first snapshot is drawn; with <paramref name="isPhone"/>, a finger is all there is.</summary>
    internal async Task<IPage> OpenAsync(Uri server, string query = "", bool ready = true, int widthPx = 1440, int heightPx = 900, string? person = null, bool isPhone = false)
    {
        await CloseThoseOfTheTestBeforeAsync();
        IBrowserContext context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = widthPx, Height = heightPx },
            ReducedMotion = ReducedMotion.Reduce,
            ColorScheme = ColorScheme.Light,
            HasTouch = isPhone,
            IsMobile = isPhone,
            IgnoreHTTPSErrors = server.Scheme == "https", // of the site's own authority, which no browser knows
        });
        _open.Add(context);
        context.SetDefaultTimeout(30_000);
        if (person is not null)
        {
            await context.AddInitScriptAsync($"localStorage.setItem('field.person', '{person}')");
        }

        IPage page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(server, query).ToString());
        if (ready)
        {
            await page.WaitForFunctionAsync("() => window.__field?.ready === true", null, new PageWaitForFunctionOptions { Timeout = 90_000 });
        }

        return page;
    }

    /// <summary>They would go on drawing, and asking a server that is gone, on the cores of the next test.</summary>
    private async Task CloseThoseOfTheTestBeforeAsync()
    {
        string? test = TestContext.Current.Test?.UniqueID;
        if (test == _test)
        {
            return;
        }

        _test = test;
        foreach (IBrowserContext context in _open)
        {
            await context.CloseAsync();
        }

        _open.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
