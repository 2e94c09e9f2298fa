using System.Globalization;

namespace Field.MapApp.Board;

/// <summary>The board in the words of the prefecture's form; the form is Japanese.</summary>
internal static class StatusWords
{
    public static string Kind(BoardItemKind kind) => kind switch
    {
        BoardItemKind.Report => "現地報告",
        BoardItemKind.Sensor => "センサー",
        BoardItemKind.Lock => "施錠",
        BoardItemKind.Finding => "所見",
        _ => "装置",
    };

    public static string Severity(string? severity) => severity switch { "critical" => "危険", "warning" => "警戒", "info" => "参考", _ => "記載なし" };

    public static string State(BoardItem item) => item.State switch
    {
        "working" => "対応中",
        "false-report" => "誤報",
        "done" => item.Follow is null ? "解消" : "完了",
        _ => "未対応",
    };

    /// <summary>The one place where what is reported becomes words: the form's own, then those that everybody has, then the form's name.</summary>
    public static string Category(BoardItem item) => item.CategoryLabel ?? Known(item.Category) ?? item.FormLabel ?? item.Category ?? "種類の記載なし";

    private static string? Known(string? category) => category switch
    {
        "flood" => "浸水",
        "landslide" => "土砂災害",
        "road" => "道路被害",
        "river" or "levee" => "河川・堤防",
        "bridge" => "橋梁",
        "building" => "建物被害",
        "fire" => "火災",
        "lifeline" => "ライフライン",
        "water" or "pipe" => "断水・漏水",
        "power" => "停電",
        "person" or "people" => "救助・人的被害",
        "shelter" => "避難所",
        "tree" => "倒木",
        "other" => "その他",
        _ => null,
    };

    /// <summary>What happened, in a line.</summary>
    public static string Of(BoardItem item) => item.Kind switch
    {
        BoardItemKind.Report => $"{Category(item)}{(item.VersionCount > 1 ? $"（内容が食い違う報告 {item.VersionCount} 件）" : "")}{(item.Words is { } words ? $"：{words}" : "")}",
        BoardItemKind.Finding => string.Create(CultureInfo.InvariantCulture, $"{item.Row.Text("class")} {item.Row.Text("degree") ?? item.Row.Text("degreeLeast")} {item.Row.Text("assetId")}").Trim(),
        _ when item.Row.Text("messageJa") is { } message => message,
        _ => item.Row.Text("kind") switch
        {
            "lock-tamper" => "こじ開け・暗証番号の総当たり",
            "lock-left-open" => "開けたまま",
            "lock-failed" => "錠が応答しない",
            "lock-unreachable" => "錠と通信できない",
            "door-opened" => "扉が開いています",
            _ => item.Row.Text("rule") ?? "",
        },
    };
}
