using Microsoft.Playwright;

namespace Field.Demo.Run;

/// <summary>A real screenshot of the map, by Chromium.</summary>
internal static class MapPicture
{
    private static readonly string[] Browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>Opens the map, waits until the results are drawn, and writes a PNG of 1440 x 900.</summary>
    /// <exception cref="FieldException">There is no browser, or the map did not draw.</exception>
    public static async Task TakeAsync(Uri map, string png)
    {
        string browserPath = Browsers.FirstOrDefault(File.Exists)
            ?? throw new FieldException("no Chromium found for the screenshot: apt-get install chromium, or run without --headless");
        using IPlaywright playwright = await Playwright.CreateAsync().ConfigureAwait(false);
        IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = browserPath,
            // Chromium refuses its sandbox to root, who runs containers and CI; the page is our own, on loopback.
            Args = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        }).ConfigureAwait(false);
        await using (browser.ConfigureAwait(false))
        {
            IPage page = await browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 1440, Height = 900 } }).ConfigureAwait(false);
            List<string> errors = [];
            page.PageError += (_, error) => errors.Add(error);
            try
            {
                await page.GotoAsync(map.ToString()).ConfigureAwait(false);
                await page.WaitForFunctionAsync("() => window.__field && window.__field.ready === true", null, new PageWaitForFunctionOptions { Timeout = 45_000 }).ConfigureAwait(false);
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = png }).ConfigureAwait(false);
            }
            catch (Exception e) when (e is TimeoutException or PlaywrightException)
            {
                throw new FieldException($"the map did not draw: {e.Message} {string.Join("; ", errors)}", innerException: e);
            }
        }
    }
}
