using System.Globalization;
using Field.Ingest;

namespace Field.MapApp.Forms;

/// <summary>Why a form cannot be made: the HTTP status that says the same, and the words in both languages.</summary>
internal sealed record FormFault(int Status, string Ja, string En) : RequestError("refused", Ja, En)
{
    public static FormFault Busy { get; } = new(
        StatusCodes.Status503ServiceUnavailable, "帳票の作成が混み合っています。少し待ってからもう一度お試しください", "too many forms are being made: try again in a moment");

    public static FormFault NoBrowser { get; } = new(
        StatusCodes.Status501NotImplemented,
        "PDF には Chromium が必要です。このマシンで apt-get install chromium fonts-noto-cjk を実行するか、html で出力してブラウザから印刷してください",
        "PDF needs Chromium: run apt-get install chromium fonts-noto-cjk on this machine, or take html and print it from any browser");

    public static FormFault Form { get; } = Asked("様式は bridge、levee、list、flood のどれかです", "form: bridge, levee, list or flood");

    public static FormFault Format { get; } = Asked("形式は xlsx、pdf、html、csv、geojson のどれかです", "format: xlsx, pdf, html, csv or geojson");

    public static FormFault AssetNeeded { get; } = Asked("資産を指定してください（asset、例 bridge:0012）", "name the asset (asset, such as bridge:0012)");

    public static FormFault Language { get; } = Asked("言語は ja か en です", "lang: ja or en");

    public static FormFault Period { get; } = Asked("from は to より前にしてください", "from must lie before to");

    public static FormFault UnknownAsset(string id) => new(StatusCodes.Status404NotFound, $"資産 {id} は台帳にありません", $"there is no asset {id}");

    public static FormFault OtherKind(string id, string? kind, string wanted) =>
        Asked($"{id} は{AssetKindText.Ja(kind)}です。この様式には{AssetKindText.Ja(wanted)}が要ります", $"{id} is a {kind}; this form needs a {wanted}");

    public static FormFault TooManyPages(int found) => Asked(
        $"{found} 件あり、紙面には多すぎます。資産か期間で絞るか、xlsx か csv にしてください",
        $"{found} findings are too many for pages: narrow by asset or period, or take xlsx or csv");

    public static FormFault BrowserFailed(string why) => new(
        StatusCodes.Status500InternalServerError, $"Chromium で PDF を作成できませんでした（{why}）。html で出力してブラウザから印刷してください", $"Chromium did not print the PDF ({why}); take html and print it from any browser");

    public static FormFault Text(string name, int most) =>
        Asked($"{name} は制御文字を除く {most} 文字までです", string.Create(CultureInfo.InvariantCulture, $"{name}: up to {most} characters, no control characters"));

    public static FormFault Time(string name) =>
        Asked($"{name} は 2026-11-20 か 2026-11-20T09:30:00+09:00 の形で書いてください", $"{name}: write 2026-11-20 or 2026-11-20T09:30:00+09:00");

    /// <summary>All that is wrong with a request, as one.</summary>
    public static FormFault All(IEnumerable<FormFault> faults) => Asked(string.Join("。", faults.Select(f => f.Ja)), string.Join("; ", faults.Select(f => f.En)));

    private static FormFault Asked(string ja, string en) => new(StatusCodes.Status400BadRequest, ja, en);
}
