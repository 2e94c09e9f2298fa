using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Field.Contracts;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Photos;
using Field.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>The crew brings the card's photos in through the browser; the photos are real ones of a drone, the server is the real one.</summary>
public sealed class UploadTests(Browsers browsers) : IClassFixture<Browsers>
{
    private static readonly string[] Names = ["DJI_0018.JPG", "DJI_0019.JPG"];

    [Fact]
    public async Task Photos_are_stored_with_the_pose_that_the_drones_own_agent_reads_and_are_not_sent_twice()
    {
        await using RealServer server = await RealServer.StartAsync();
        string[] files = [.. Names.Select(n => SharedData.Path($"drone/dji_phantom3_xmp/{n}"))];
        IPage page = await browsers.OpenAsync(server.Address, "?lon=138&lat=35&zoom=8");
        ConcurrentQueue<int> sent = new();
        page.WebSocket += (_, socket) => socket.FrameSent += (_, frame) => sent.Enqueue(frame.Binary?.Length ?? frame.Text?.Length ?? 0);
        ILocator dialog = await OpenAsync(page);
        await dialog.Locator("input[accept]").SetInputFilesAsync([.. await Task.WhenAll(files.Select(PayloadAsync)), await PayloadAsync(files[0], "copy.jpg"), Text("notes.txt", "no photo"), Text("empty.jpg", "")]);
        await Expect(dialog.Locator(".upload-sum")).ToContainTextAsync("2 枚すべてを保存しました", new() { Timeout = 90_000 });
        await Expect(dialog.Locator(".upload-files li", new() { HasText = "copy.jpg" })).ToContainTextAsync("同じ写真");
        await Expect(dialog.Locator(".upload-files li", new() { HasText = "notes.txt" })).ToContainTextAsync("JPEG ではありません");
        await Expect(dialog.Locator(".upload-files li", new() { HasText = "empty.jpg" })).ToContainTextAsync("中身がありません");

        FieldStores stores = server.Services.GetRequiredService<FieldStores>();
        foreach (string file in files)
        {
            PhotoManifest expected = await PhotoReader.DescribeAsync(SourceFile.Stat(file)!, TimeZoneInfo.Local, TestContext.Current.CancellationToken);
            Feature row = (await stores.Features.FindAsync(FieldTables.Photos, expected.PhotoId, TestContext.Current.CancellationToken))!;
            Assert.Equal(expected.PhotoId, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))));
            Assert.Equal(expected.Camera, CameraJson.Read(row.Text("camera")!));
            Assert.Equal(expected.Place!.Value.Lon, row.Real("cameraLon")!.Value, 10); // minutes and seconds are added in another order
            Assert.Equal(expected.Place.Value.Lat, row.Real("cameraLat")!.Value, 10);
            Assert.Equal(expected.CapturedAt, row.Time("capturedAt"));
            Assert.NotNull(await stores.Blobs.OpenAsync(expected.PhotoId, TestContext.Current.CancellationToken));
        }

        long bytes = sent.Sum();
        Assert.InRange(bytes, files.Sum(f => new FileInfo(f).Length), long.MaxValue);
        await page.ReloadAsync();
        dialog = await OpenAsync(page);
        sent.Clear();
        await dialog.Locator("input[accept]").SetInputFilesAsync(files);
        await Expect(dialog.Locator(".upload-sum")).ToContainTextAsync("2 枚すべてを保存しました", new() { Timeout = 60_000 });
        Assert.InRange(sent.Sum(), 1, 200_000); // manifests and small copies
    }

    /// <summary>The folder is a real handle, of the browser's own file system: nobody can press the window of the operating system here.</summary>
    [Fact]
    public async Task Folder_of_a_closed_page_goes_on_with_one_press_when_it_may_be_read()
    {
        await using RealServer server = await RealServer.StartAsync();
        IPage page = await browsers.OpenAsync(server.Address, "?lon=138&lat=35&zoom=8");
        await page.Context.RouteAsync("**/api/v1/session/device", r => r.AbortAsync());
        await page.Context.AddInitScriptAsync("window.showDirectoryPicker = async () => (await navigator.storage.getDirectory()).getDirectoryHandle('DCIM');");
        await page.ReloadAsync();
        string[] photos = [.. await Task.WhenAll(Names.Select(async n => Convert.ToBase64String(await File.ReadAllBytesAsync(SharedData.Path($"drone/dji_phantom3_xmp/{n}"), TestContext.Current.CancellationToken))))];
        await page.EvaluateAsync("""
            async photos => {
              const card = await (await navigator.storage.getDirectory()).getDirectoryHandle('DCIM', { create: true });
              for (const [at, photo] of photos.entries()) {
                const folder = await card.getDirectoryHandle(`10${at}MEDIA`, { create: true }); // the same name in two folders
                const writer = await (await folder.getFileHandle('DJI_0001.JPG', { create: true })).createWritable();
                await writer.write(Uint8Array.from(atob(photo), c => c.charCodeAt(0)));
                await writer.close();
              }
            }
            """, photos);
        ILocator dialog = await OpenAsync(page);
        await Expect(dialog).ToContainTextAsync("次にここを開いたときに「続きを送る」で続けられます");
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "続きを送る" })).ToHaveCountAsync(0);
        await dialog.Locator(".import-drop").ClickAsync();
        await Expect(dialog.Locator(".upload-files li[data-state=waiting]")).ToHaveCountAsync(2);
        await Expect(dialog.Locator(".upload-files")).ToContainTextAsync("DCIM/101MEDIA/DJI_0001.JPG");
        IBrowserContext context = page.Context;
        IPage again = await context.NewPageAsync();
        await page.CloseAsync();

        await again.AddInitScriptAsync("FileSystemHandle.prototype.requestPermission = async () => window.answer ?? 'denied';");
        await again.GotoAsync(new Uri(server.Address, "?lon=138&lat=35&zoom=8").ToString());
        dialog = await OpenAsync(again);
        ILocator left = dialog.Locator(".upload-left");
        await Expect(left).ToContainTextAsync("「DCIM」の写真は、まだ最後まで送っていません");
        await left.GetByRole(AriaRole.Button, new() { Name = "続きを送る" }).ClickAsync();
        await Expect(left.GetByRole(AriaRole.Alert)).ToContainTextAsync("許可されませんでした");
        await Accessibility.CheckAsync(again);
        await Golden.CompareAsync(again, "upload-left", left.Locator(".quiet"));
        await context.UnrouteAsync("**/api/v1/session/device");
        await again.EvaluateAsync("() => { window.answer = 'granted'; }");
        await left.GetByRole(AriaRole.Button, new() { Name = "続きを送る" }).ClickAsync();
        await Expect(dialog.Locator(".upload-sum")).ToContainTextAsync("2 枚すべてを保存しました", new() { Timeout = 90_000 });
        await again.ReloadAsync();
        dialog = await OpenAsync(again);
        await Expect(dialog).ToContainTextAsync("「続きを送る」で続けられます");
        await Expect(dialog.Locator(".upload-left")).ToHaveCountAsync(0);

        await again.AddInitScriptAsync("delete window.showDirectoryPicker; delete Window.prototype.showDirectoryPicker;");
        await again.ReloadAsync();
        dialog = await OpenAsync(again);
        await Expect(dialog).ToContainTextAsync("同じフォルダーをもう一度置いてください");
    }

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task What_cannot_be_sent_says_why_and_goes_on_when_the_server_is_there(int widthPx, int heightPx)
    {
        await using RealServer server = await RealServer.StartAsync();
        string file = SharedData.Path($"drone/dji_phantom3_xmp/{Names[0]}");
        IPage page = await browsers.OpenAsync(server.Address, "?lon=138&lat=35&zoom=8", widthPx: widthPx, heightPx: heightPx);
        await page.Context.RouteAsync("**/api/v1/session/device", r => r.AbortAsync());
        ILocator dialog = await OpenAsync(page);
        await dialog.Locator("input[accept]").SetInputFilesAsync([await PayloadAsync(file), Text("notes.txt", "no photo")]);
        await Expect(dialog.Locator(".upload-sum .problem")).ToContainTextAsync("サーバーに届きません");
        await Expect(dialog.Locator(".upload-files li", new() { HasText = Names[0] })).ToContainTextAsync("待機");
        await Accessibility.CheckAsync(page);
        await Golden.CompareAsync(page, "upload-offline");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "閉じる" }).ClickAsync();
        await Expect(page.Locator(".upload-bar")).ToContainTextAsync("写真を送信中 0 / 1");

        await page.Context.UnrouteAsync("**/api/v1/session/device");
        await Expect(page.Locator(".upload-bar")).ToHaveCountAsync(0, new() { Timeout = 90_000 });
    }

    [Fact]
    public async Task Role_that_brings_no_photos_in_is_not_offered_it()
    {
        await using RealServer server = await RealServer.StartAsync();
        IPage page = await browsers.OpenAsync(server.Address, ready: false);
        await page.RouteAsync("**/api/v1/session", async route =>
        {
            IAPIResponse answer = await route.FetchAsync();
            await route.FulfillAsync(new() { Response = answer, Body = (await answer.TextAsync()).Replace("\"photos.upload\"", "\"map.view\"", StringComparison.Ordinal) });
        });
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "飛行" }).ClickAsync();
        await Expect(page.GetByText("飛行はまだありません")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "写真を取り込む" })).ToHaveCountAsync(0);
    }

    private static async Task<ILocator> OpenAsync(IPage page)
    {
        await page.WaitForFunctionAsync("() => window.__field?.ready === true", null, new PageWaitForFunctionOptions { Timeout = 90_000 });
        await page.Keyboard.PressAsync("g");
        await page.GetByRole(AriaRole.Button, new() { Name = "写真を取り込む" }).ClickAsync();
        return page.GetByRole(AriaRole.Dialog);
    }

    private static async Task<FilePayload> PayloadAsync(string path) => await PayloadAsync(path, Path.GetFileName(path));

    private static async Task<FilePayload> PayloadAsync(string path, string name) =>
        new() { Name = name, MimeType = "image/jpeg", Buffer = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken) };

    private static FilePayload Text(string name, string text) => new() { Name = name, MimeType = "text/plain", Buffer = Encoding.UTF8.GetBytes(text) };
}
