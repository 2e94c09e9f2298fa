using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>One server for all troubles of a tablet; its pages lie in a folder of their own, so that a new version of them can come.</summary>
public sealed class TabletServer : IAsyncLifetime
{
    private readonly string _pages = Directory.CreateTempSubdirectory("field-pages").FullName;
    private RealServer? _server;

    internal Uri Address => _server!.Address;

    internal string WorkerFile => Path.Combine(_pages, "sw.js");

    public async ValueTask InitializeAsync()
    {
        string dist = WebFolder.Dist();
        foreach (string file in Directory.EnumerateFiles(dist, "*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(_pages, Path.GetRelativePath(dist, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        _server = await RealServer.StartAsync(o => o with { WebDirectory = _pages });
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        Directory.Delete(_pages, recursive: true);
    }
}

/// <summary>A full disk, two tabs at once, a new version while a report is being written: nothing is lost, and nothing twice.</summary>
public sealed class TabletTroubleTests(Browsers browsers, TabletServer server) : IClassFixture<Browsers>, IClassFixture<TabletServer>
{
    [Fact]
    public async Task Report_that_finds_no_room_stays_on_the_screen_with_what_to_do_and_goes_when_there_is_room()
    {
        IPage page = await OpenAsync();
        await TabletFieldTests.TabAsync(page, "送信箱");
        await Expect(page.Locator(".page-foot")).ToContainTextAsync("tablet-");
        await TabletFieldTests.TabAsync(page, "報告");
        await FullAsync(page, true);
        await Note(page).FillAsync("護岸の根固めが流れています");
        await page.GetByRole(AriaRole.Button, new() { Name = "堤防・河川", Exact = true }).ClickAsync();
        await Expect(page.GetByText("書きかけを保存できません")).ToBeVisibleAsync();
        await SendAsync(page);
        await Expect(page.GetByText("保存できませんでした。画面を閉じずに")).ToBeVisibleAsync();
        await Expect(Note(page)).ToHaveValueAsync("護岸の根固めが流れています");
        await page.GetByLabel("保存した写真を選ぶ").Last.SetInputFilesAsync(SharedData.Path("damage/concrete_salt/healthy/No_salt_damage-1-__1.jpg"));
        await Expect(page.GetByText("を保存する空きがありません")).ToBeVisibleAsync();
        await Accessibility.CheckAsync(page);

        await FullAsync(page, false);
        await SendAsync(page);
        JsonElement report = Assert.Single(await StoredAsync(page, 1), r => Said(r) == "護岸の根固めが流れています");
        Assert.Equal("No_salt_damage-1-__1.jpg", Assert.Single(report.GetProperty("missingPhotos").EnumerateArray()).GetString()); // it says what it could not keep
    }

    [Fact]
    public async Task Two_tabs_send_each_report_once_and_what_differs_is_not_lost()
    {
        IPage one = await OpenAsync();
        await Note(one).FillAsync("橋の欄干");
        IPage two = await AnotherAsync(one);
        await Expect(Note(two)).ToHaveValueAsync("橋の欄干"); // the same draft
        await SendAsync(two);
        await Expect(Note(one)).ToHaveValueAsync(""); // it was sent over there
        await TabletFieldTests.TabAsync(one, "送信箱");
        await Expect(one.Locator(".outbox-list > li[data-state=stored]")).ToHaveCountAsync(1);

        await TabletFieldTests.TabAsync(one, "報告");
        await Note(one).FillAsync("橋脚の根元");
        await two.ReloadAsync();
        await Expect(Note(two)).ToHaveValueAsync("橋脚の根元");
        await Note(one).FillAsync("橋脚の根元が掘れています");
        await SendAsync(two);
        await StoredAsync(two, 2);
        await Expect(Note(one)).ToHaveValueAsync("橋脚の根元が掘れています"); // says something else: still here
        await SendAsync(one);
        await StoredAsync(one, 3);

        await one.CloseAsync(); // the tab that sent: the other one takes over
        await Note(two).FillAsync("三件目");
        await SendAsync(two);
        string[] said = [.. (await StoredAsync(two, 4)).Select(Said).Where(n => n.StartsWith('橋') || n.StartsWith('三')).Order(StringComparer.Ordinal)];
        Assert.Equal(["三件目", "橋の欄干", "橋脚の根元", "橋脚の根元が掘れています"], said);
    }

    [Fact]
    public async Task New_version_is_offered_and_comes_when_the_person_takes_it()
    {
        IPage page = await OpenAsync();
        await page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => undefined)");
        await page.ReloadAsync(); // now the worker has the page
        await Note(page).FillAsync("書きかけ");
        await page.EvaluateAsync("() => { window.sameDocument = true; }");
        string worker = await File.ReadAllTextAsync(server.WorkerFile, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(server.WorkerFile, worker.Replace("field-shell-", "field-shell-next", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await page.EvaluateAsync("() => navigator.serviceWorker.ready.then(r => r.update()).then(() => undefined)");
        await Expect(page.GetByText("新しい版があります")).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("() => window.sameDocument === true")); // not under the finger
        await Expect(Note(page)).ToHaveValueAsync("書きかけ");

        await page.GetByRole(AriaRole.Button, new() { Name = "更新する", Exact = true }).ClickAsync();
        await page.WaitForFunctionAsync("() => window.sameDocument === undefined");
        await Expect(Note(page)).ToHaveValueAsync("書きかけ");
        await Expect(page.GetByText("新しい版があります")).ToHaveCountAsync(0);
        Assert.Contains("field-shell-next", await page.EvaluateAsync<string>("() => caches.keys().then(k => k.join())"), StringComparison.Ordinal);
    }

    private static ILocator Note(IPage page) => page.GetByLabel("メモ", new() { Exact = true });

    private static string Said(JsonElement report) => report.TryGetProperty("note", out JsonElement note) ? note.GetString()! : "";

    private static Task SendAsync(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "送る", Exact = true }).ClickAsync();

    /// <summary>The disk takes nothing more, as the browser says it of a full one.</summary>
    private static async Task FullAsync(IPage page, bool isFull) => await page.EvaluateAsync(
        """
        (isFull) => {
          const kind = IDBObjectStore.prototype;
          kind.real ??= kind.put;
          kind.put = isFull ? function () { throw new DOMException('the disk is full', 'QuotaExceededError'); } : kind.real;
        }
        """,
        isFull);

    /// <summary>Waits until the tablet knows so many as stored, and answers what the server has.</summary>
    private static async Task<JsonElement[]> StoredAsync(IPage page, int count)
    {
        await TabletFieldTests.TabAsync(page, "送信箱");
        await Expect(page.Locator(".outbox-list > li[data-state=stored]")).ToHaveCountAsync(count);
        await TabletFieldTests.TabAsync(page, "報告");
        return await TabletFieldTests.ReportsAsync(page);
    }

    private async Task<IPage> OpenAsync()
    {
        IPage page = await browsers.OpenAsync(server.Address, "?view=tablet", ready: false, 1024, 768);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "送る", Exact = true })).ToBeVisibleAsync();
        return page;
    }

    private async Task<IPage> AnotherAsync(IPage first)
    {
        IPage page = await first.Context.NewPageAsync();
        await page.GotoAsync(new Uri(server.Address, "?view=tablet").ToString());
        return page;
    }
}
