using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Field.Tests.Browser;

/// <summary>An officer brings hazard maps in and looks at them; the files are synthetic, the server is the real one.</summary>
public sealed class LayerTests(Browsers browsers) : IClassFixture<Browsers>
{
    private const string View = "?lon=138.45&lat=34.75&zoom=15";

    /// <summary>Two zones in the names and classes of the national flood maps (A31a), the deeper one inside the other.</summary>
    private const string Zones = """
        { "type": "FeatureCollection", "features": [
          { "type": "Feature", "properties": { "A31a_205": 1 }, "geometry": { "type": "Polygon", "coordinates": [[[138.444,34.745],[138.456,34.745],[138.456,34.755],[138.444,34.755],[138.444,34.745]]] } },
          { "type": "Feature", "properties": { "A31a_205": 3 }, "geometry": { "type": "Polygon", "coordinates": [[[138.447,34.7475],[138.453,34.7475],[138.453,34.7525],[138.447,34.7525],[138.447,34.7475]]] } } ] }
        """;

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task Flood_map_comes_in_by_its_own_class_table_is_drawn_and_taken_back(int widthPx, int heightPx)
    {
        await using RealServer server = await RealServer.StartAsync();
        IPage page = await OpenAsync(server, View, widthPx, heightPx);
        ILocator dialog = await BringAsync(page, "aoba_flood.geojson", Zones);
        await Expect(dialog.Locator(".import-seen")).ToContainTextAsync("2 行");
        await Expect(dialog.Locator(".import-seen")).ToContainTextAsync("EPSG:4326");
        await Expect(dialog.GetByRole(AriaRole.Combobox, new() { Name = "凡例", Exact = true })).ToContainTextAsync("洪水浸水深");
        await Expect(dialog.GetByRole(AriaRole.Combobox, new() { Name = "種類", Exact = true })).ToContainTextAsync("洪水浸水想定");
        await dialog.GetByLabel("名前", new() { Exact = true }).FillAsync("青葉川 想定最大規模（合成データ）");
        await dialog.GetByLabel("出典", new() { Exact = true }).FillAsync("試験用の合成データ");
        await Accessibility.CheckAsync(page);
        await Golden.CompareAsync(page, "layer-import");

        await dialog.GetByRole(AriaRole.Button, new() { Name = "取り込む", Exact = true }).ClickAsync();
        await Expect(dialog.Locator(".import-outcome")).ToContainTextAsync("「青葉川 想定最大規模（合成データ）」 2 件");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "閉じる" }).ClickAsync();
        await Expect(page.Locator(".layers-panel")).ToContainTextAsync("青葉川 想定最大規模（合成データ）");
        await Expect(page.GetByRole(AriaRole.Checkbox, new() { Name = "青葉川 想定最大規模（合成データ）" })).ToBeCheckedAsync();
        await Accessibility.CheckAsync(page);
        if (widthPx < 1180)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "地図", Exact = true }).ClickAsync(); // the panel is a page of its own
        }

        await MapTests.DrawnAsync(page);
        await page.Mouse.ClickAsync(widthPx / 2, heightPx / 2);
        await Expect(page.Locator(".place-card")).ToContainTextAsync("3.0");
        await Golden.CompareAsync(page, "layer-shown");
    }

    [Fact]
    public async Task What_the_file_does_not_say_is_asked_for_and_what_was_done_is_undone()
    {
        await using RealServer server = await RealServer.StartAsync();
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        IPage page = await OpenAsync(server, View);
        ILocator dialog = await BringAsync(page, "避難所.csv", Encoding.GetEncoding(932).GetBytes("施設名,緯度,経度\n青葉小学校,34.75,138.45\n港公民館,34.751,138.451\n"));
        ILocator start = dialog.GetByRole(AriaRole.Button, new() { Name = "取り込む", Exact = true });
        await Expect(dialog.GetByRole(AriaRole.Status)).ToContainTextAsync("まだ必要なもの: 文字コード");
        await Expect(start).ToBeDisabledAsync();
        await ChooseAsync(page, dialog, "文字コード", "Shift_JIS");
        await Expect(dialog.Locator(".import-seen")).ToContainTextAsync("2 行");
        await dialog.GetByText("項目（").ClickAsync();
        await Expect(dialog.Locator(".import-seen")).ToContainTextAsync("青葉小学校");
        await dialog.GetByLabel("座標系（EPSG コード）").FillAsync("6668");
        await dialog.GetByLabel("名前", new() { Exact = true }).FillAsync("避難所");
        await Expect(start).ToBeEnabledAsync();
        IPage other = await OpenAsync(server, View); // somebody else's screen, which asks by itself only after a minute
        LocatorAssertionsToContainTextOptions soon = new() { Timeout = 15_000 };
        await start.ClickAsync();
        await Expect(dialog.Locator(".import-outcome")).ToContainTextAsync("「避難所」 2 件");
        await Expect(other.Locator(".layers-panel")).ToContainTextAsync("避難所", soon);

        await dialog.GetByRole(AriaRole.Button, new() { Name = "元に戻す" }).ClickAsync();
        await Expect(other.Locator(".layers-panel")).ToContainTextAsync("取り込んだレイヤーはありません", soon);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "閉じる" }).ClickAsync();
        await Expect(page.Locator(".layers-panel")).ToContainTextAsync("取り込んだレイヤーはありません");
    }

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task Layer_is_changed_taken_off_and_brought_back_and_other_screens_follow_at_once(int widthPx, int heightPx)
    {
        await using RealServer server = await RealServer.StartAsync();
        IPage page = await OpenAsync(server, View, widthPx, heightPx);
        ILocator import = await BringAsync(page, "aoba_flood.geojson", Zones);
        await import.GetByLabel("名前", new() { Exact = true }).FillAsync("青葉川");
        await import.GetByRole(AriaRole.Button, new() { Name = "取り込む", Exact = true }).ClickAsync();
        await Expect(import.Locator(".import-outcome")).ToContainTextAsync("「青葉川」 2 件");
        await import.GetByRole(AriaRole.Button, new() { Name = "閉じる" }).ClickAsync();
        IPage other = await browsers.OpenAsync(server.Address, View, widthPx: widthPx, heightPx: heightPx);
        if (!await other.Locator(".layers-panel").IsVisibleAsync())
        {
            await other.Keyboard.PressAsync("l");
        }

        LocatorAssertionsToContainTextOptions soon = new() { Timeout = 15_000 }; // by itself a page asks after a minute only
        await Expect(other.Locator(".layers-panel")).ToContainTextAsync("青葉川");

        await page.GetByRole(AriaRole.Button, new() { Name = "「青葉川」を編集" }).ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        ILocator save = dialog.GetByRole(AriaRole.Button, new() { Name = "保存", Exact = true });
        await Expect(save).ToBeDisabledAsync(); // nothing is changed yet
        await dialog.GetByLabel("名前", new() { Exact = true }).FillAsync("青葉川 想定最大規模");
        await dialog.GetByLabel("出典", new() { Exact = true }).FillAsync("青葉県");
        await dialog.GetByLabel("公開が取り下げられた日").FillAsync("2026-11-01");
        await ChooseAsync(page, dialog, "公開の範囲", "公開");
        await Expect(dialog.Locator(".layer-audience")).ToContainTextAsync("公開地図にも表示されます");
        await save.ClickAsync();
        await Expect(dialog.Locator(".layer-done")).ToContainTextAsync("保存しました");
        await Expect(other.Locator(".layers-panel")).ToContainTextAsync("青葉川 想定最大規模", soon);
        await Expect(other.Locator(".layers-panel")).ToContainTextAsync("2026-11-01 公開取り下げ", soon);
        await dialog.GetByText("前の内容（1）").ClickAsync();
        await Expect(dialog.Locator(".layer-earlier")).ToContainTextAsync("戻すと変わるもの: 名前、公開の範囲、出典、公開が取り下げられた日");
        await Accessibility.CheckAsync(page);
        await dialog.Locator(".import-body").EvaluateAsync("e => e.scrollTo(0, 0)");
        await Golden.CompareAsync(page, "layer-edit", dialog.Locator(".layer-earlier"));

        await dialog.Locator(".layer-done").GetByRole(AriaRole.Button, new() { Name = "元に戻す" }).ClickAsync();
        await Expect(dialog.Locator(".layer-done")).ToContainTextAsync("前の内容に戻しました");
        await Expect(dialog.GetByLabel("名前", new() { Exact = true })).ToHaveValueAsync("青葉川");
        await Expect(other.Locator(".layers-panel")).Not.ToContainTextAsync("想定最大規模", new() { Timeout = 15_000 });

        await dialog.GetByRole(AriaRole.Button, new() { Name = "地図から外す" }).ClickAsync();
        ILocator ask = dialog.GetByRole(AriaRole.Alertdialog);
        await Expect(ask).ToContainTextAsync("影響する住民の集計で選べなくなります");
        await Expect(ask).Not.ToContainTextAsync("公開地図"); // it is not public any more
        await Expect(ask).ToContainTextAsync("30 日以内");
        await Accessibility.CheckAsync(page);
        await ask.ScrollIntoViewIfNeededAsync();
        await Golden.CompareAsync(page, "layer-remove", dialog.Locator(".layer-earlier"));
        await ask.GetByRole(AriaRole.Button, new() { Name = "地図から外す" }).ClickAsync();
        await Expect(page.Locator(".imported > .layer-done")).ToContainTextAsync("「青葉川」を地図から外しました");
        await Expect(other.Locator(".layers-panel")).ToContainTextAsync("取り込んだレイヤーはありません", soon);

        await other.GetByText("外したレイヤー", new() { Exact = true }).ClickAsync(); // whoever may change layers brings it back, on any screen
        await Expect(other.Locator(".layer-removed")).ToContainTextAsync("完全に削除します");
        await Accessibility.CheckAsync(other);
        await other.GetByRole(AriaRole.Button, new() { Name = "「青葉川」を元に戻す" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Checkbox, new() { Name = "青葉川" })).ToBeVisibleAsync(new() { Timeout = 15_000 });
    }

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(1024, 768)]
    public async Task Own_classes_are_written_on_the_screen_and_nothing_stays_without_one_unseen(int widthPx, int heightPx)
    {
        await using RealServer server = await RealServer.StartAsync();
        IPage page = await OpenAsync(server, View, widthPx, heightPx);
        ILocator dialog = await BringAsync(page, "aoba_flood.geojson", Zones.Replace("A31a_205", "危険度", StringComparison.Ordinal));
        await dialog.GetByLabel("名前", new() { Exact = true }).FillAsync("青葉川 町の区分");
        await ChooseAsync(page, dialog, "凡例", "自分で作る");
        await ChooseAsync(page, dialog, "区分の項目", "危険度");
        ILocator editor = dialog.Locator(".class-editor"), start = dialog.GetByRole(AriaRole.Button, new() { Name = "取り込む", Exact = true });
        await Expect(editor).ToContainTextAsync("どの区分にも入らない行が 2 件あります");
        await Expect(start).ToBeDisabledAsync();
        await editor.GetByRole(AriaRole.Button, new() { Name = "値「1」を区分にする" }).ClickAsync();
        await Expect(editor).ToContainTextAsync("どの区分にも入らない行が 1 件あります");
        await editor.GetByRole(AriaRole.Button, new() { Name = "値「3」を区分にする" }).ClickAsync();
        await Expect(editor).ToContainTextAsync("2 件すべてが区分に入ります");
        await editor.GetByLabel("1 番目の区分: 区分の名前").FillAsync("ひざまで");
        await editor.GetByLabel("2 番目の区分: 区分の名前").FillAsync("腰まで");
        await editor.GetByLabel("2 番目の区分: この区分の値").FillAsync("1、3");
        await Expect(editor).ToContainTextAsync("値 '1' は 1 番目の区分にもあります");
        await Expect(start).ToBeDisabledAsync();
        await editor.GetByLabel("2 番目の区分: この区分の値").FillAsync("3");
        await Expect(start).ToBeEnabledAsync();
        await Accessibility.CheckAsync(page);
        await editor.ScrollIntoViewIfNeededAsync();
        await Golden.CompareAsync(page, "layer-classes");
        await start.ClickAsync();
        await Expect(dialog.Locator(".import-outcome")).ToContainTextAsync("2 件");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "閉じる" }).ClickAsync();
        await Expect(page.Locator(".layers-panel")).ToContainTextAsync("腰まで");

        await page.GetByRole(AriaRole.Button, new() { Name = "「青葉川 町の区分」を編集" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "凡例を変える" }).ClickAsync();
        await editor.GetByRole(AriaRole.Button, new() { Name = "区分「ひざまで」を消す" }).ClickAsync();
        await Expect(editor).ToContainTextAsync("どの区分にも入らない行が 1 件あります");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "保存", Exact = true }).ClickAsync();
        await Expect(dialog.Locator(".layer-done")).ToContainTextAsync("保存しました");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "閉じる" }).ClickAsync();
        await Expect(page.Locator(".layers-panel")).ToContainTextAsync("区分なし（1 件）");
        if (widthPx < 1180)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "地図", Exact = true }).ClickAsync();
        }

        await MapTests.DrawnAsync(page);
        await page.Mouse.ClickAsync(widthPx / 2, heightPx / 2);
        await Expect(page.Locator(".place-card")).ToContainTextAsync("腰まで");
    }

    [Fact]
    public async Task Legend_of_a_layer_with_one_class_for_all_is_changed_on_the_screen_and_undone()
    {
        await using RealServer server = await RealServer.StartAsync();
        IPage page = await OpenAsync(server, View);
        ILocator dialog = await BringAsync(page, "aoba_flood.geojson", Zones.Replace("A31a_205", "番号", StringComparison.Ordinal));
        await dialog.GetByLabel("名前", new() { Exact = true }).FillAsync("青葉川");
        await ChooseAsync(page, dialog, "凡例", "洪水浸水深（6 ランク、A31a_205）");
        await ChooseAsync(page, dialog, "全体の区分", "0.5～3.0m");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "取り込む", Exact = true }).ClickAsync();
        await Expect(dialog.Locator(".import-outcome")).ToContainTextAsync("2 件");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "閉じる" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "「青葉川」を編集" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "凡例を変える" }).ClickAsync();
        ILocator editor = dialog.Locator(".class-editor");
        await Expect(editor).ToContainTextAsync("すべての地物が同じ区分に入るレイヤーです");
        await Expect(editor).ToContainTextAsync("2 件すべてが区分に入ります");
        await Expect(editor.GetByRole(AriaRole.Button, new() { Name = "区分を追加" })).ToHaveCountAsync(0);
        await editor.GetByLabel("2 番目の区分: 区分の名前").FillAsync("床上まで");
        await editor.GetByLabel("2 番目の区分: 重さ").FillAsync("9");
        await Accessibility.CheckAsync(page);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "保存", Exact = true }).ClickAsync();
        await Expect(dialog.Locator(".layer-done")).ToContainTextAsync("保存しました");
        await Expect(page.Locator(".layers-panel")).ToContainTextAsync("床上まで");
        await dialog.Locator(".layer-done").GetByRole(AriaRole.Button).ClickAsync();
        await Expect(dialog.Locator(".layer-done")).ToContainTextAsync("戻しました");
        await Expect(page.Locator(".layers-panel")).ToContainTextAsync("0.5～3.0m");
        await Expect(page.Locator(".layers-panel")).Not.ToContainTextAsync("床上まで");
    }

    [Fact]
    public async Task Change_on_top_of_somebody_elses_is_told_and_the_newest_can_be_loaded()
    {
        await using RealServer server = await RealServer.StartAsync();
        IPage page = await OpenAsync(server, View);
        ILocator import = await BringAsync(page, "aoba_flood.geojson", Zones);
        await import.GetByLabel("名前", new() { Exact = true }).FillAsync("青葉川");
        await import.GetByRole(AriaRole.Button, new() { Name = "取り込む", Exact = true }).ClickAsync();
        await Expect(import.Locator(".import-outcome")).ToContainTextAsync("2 件");
        await import.GetByRole(AriaRole.Button, new() { Name = "閉じる" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "「青葉川」を編集" }).ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("出典", new() { Exact = true }).FillAsync("青葉県");

        string changed = await page.EvaluateAsync<string>("""
            async () => {
              const { layers } = await (await fetch('/api/v1/layers')).json();
              const answer = await fetch(`/api/v1/layers/${layers[0].layerId}`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ licence: 'CC BY 4.0' }) });
              return String(answer.status);
            }
            """);
        Assert.Equal("200", changed);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "保存", Exact = true }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("ほかの人が先に変更しました");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "今の内容を読み込む" }).ClickAsync();
        await Expect(dialog.GetByLabel("ライセンス")).ToHaveValueAsync("CC BY 4.0");
        await Expect(dialog.GetByLabel("出典", new() { Exact = true })).ToHaveValueAsync("");
    }

    [Theory]
    [InlineData("metres.geojson", """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[-21000,-138000]}}]}""", "座標系")]
    [InlineData("broken.geojson", """{"type":"FeatureCollection","features":[""", "broken.geojson")]
    [InlineData("notes.csv", "題名,本文\nあ,い\n", "位置の列")]
    public async Task File_that_cannot_come_in_as_it_is_says_what_is_lacking(string name, string text, string says)
    {
        await using RealServer server = await RealServer.StartAsync();
        IPage page = await OpenAsync(server, View);
        ILocator dialog = await BringAsync(page, name, text);
        await Expect(dialog).ToContainTextAsync(says);
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "取り込む", Exact = true }).And(page.Locator(":enabled"))).ToHaveCountAsync(0);
    }

    private static async Task<ILocator> BringAsync(IPage page, string name, string text) => await BringAsync(page, name, Encoding.UTF8.GetBytes(text));

    private static async Task<ILocator> BringAsync(IPage page, string name, byte[] file)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "取り込む", Exact = true }).ClickAsync();
        ILocator dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = file });
        return dialog;
    }

    private static async Task ChooseAsync(IPage page, ILocator dialog, string label, string option)
    {
        await dialog.GetByRole(AriaRole.Combobox, new() { Name = label, Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = option }).ClickAsync();
    }

    private async Task<IPage> OpenAsync(RealServer server, string query, int widthPx = 1440, int heightPx = 900)
    {
        IPage page = await browsers.OpenAsync(server.Address, query, widthPx: widthPx, heightPx: heightPx);
        if (!await page.Locator(".layers-panel").IsVisibleAsync())
        {
            await page.Keyboard.PressAsync("l");
        }

        await Expect(page.Locator(".layers-panel")).ToContainTextAsync("取り込んだレイヤーはありません");
        return page;
    }
}
