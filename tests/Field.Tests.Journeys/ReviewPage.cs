using Field.Tests.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Journeys;

/// <summary>The review screen under the hands of an engineer who leaves the mouse alone.</summary>
internal sealed class ReviewPage(IPage page)
{
    private const string ChosenFinding = "last => { const id = new URLSearchParams(location.search).get('review'); return id && id !== last ? id : null; }";

    public IPage Page => page;

    public ILocator Position => page.Locator(".review-position");

    public ILocator Toast => page.Locator(".toast");

    public ILocator Notice => page.Locator(".notice");

    /// <summary>From the map to the first draft, naming the person on the way.</summary>
    public static async Task<ReviewPage> OpenAsync(Browsers browsers, Uri server, string person)
    {
        IPage page = await browsers.OpenAsync(server);
        await page.Keyboard.PressAsync("v");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await page.Keyboard.TypeAsync(person);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".topbar .person")).ToContainTextAsync(person);
        return new ReviewPage(page);
    }

    public Task PressAsync(string key) => page.Keyboard.PressAsync(key);

    /// <summary>The finding on the screen, once it is another than the last one.</summary>
    public async Task<string> CurrentAsync(string? last = null)
    {
        IJSHandle id = await page.WaitForFunctionAsync(ChosenFinding, last);
        await Expect(page.Locator(".review-side")).ToBeVisibleAsync();
        return await id.JsonValueAsync<string>();
    }

    /// <summary>Presses the letter of the degree, then C.</summary>
    public async Task AcceptAsync(string letter)
    {
        await PressAsync($"{"abcde".IndexOf(letter, StringComparison.Ordinal) + 1}");
        await Expect(page.Locator(".degree-buttons button[aria-pressed=true]")).ToContainTextAsync(letter);
        await PressAsync("c");
    }

    /// <summary>Rejects for the first of the reasons that are offered.</summary>
    public async Task RejectAsync()
    {
        await PressAsync("r");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await PressAsync("1");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    /// <summary>Moves the first corner of the mask by one pixel to the left.</summary>
    public async Task EditMaskAsync()
    {
        await Expect(page.Locator(".review-photo .mask[data-chosen=true]")).ToHaveCountAsync(1);
        await PressAsync("e");
        ILocator outline = page.Locator(".edit-line").First;
        string before = (await outline.GetAttributeAsync("d"))!;
        await PressAsync("n");
        await PressAsync("ArrowLeft");
        await Expect(outline).Not.ToHaveAttributeAsync("d", before);
        await PressAsync("Enter");
        await Expect(page.Locator(".prepared")).ToContainTextAsync("マスクを修正しました");
    }

    /// <summary>The queue shows so many findings under a state, once the last decision has come back.</summary>
    public async Task ShowsAsync(string status, int count)
    {
        await page.GetByRole(AriaRole.Radio, new() { Name = status, Exact = true }).ClickAsync();
        await Expect(page.Locator(".review-queue .row")).ToHaveCountAsync(count);
    }

    /// <summary>A form from the panel of an asset.</summary>
    public async Task<byte[]> DownloadAsync(string button)
    {
        IDownload download;
        try
        {
            download = await page.RunAndWaitForDownloadAsync(
                () => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync(), new() { Timeout = 150_000 });
        }
        catch (TimeoutException)
        {
            Assert.Fail($"no file came of {button}; the panel says: {await page.Locator(".form-row ~ .note").InnerTextAsync()}");
            throw;
        }

        return await File.ReadAllBytesAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
    }
}
