using System.Text;
using System.Text.Json;
using Field.Contracts;
using Field.Ingest;

namespace Field.MapApp.Forms;

/// <summary>変状一覧: one row for each damage, as a sheet, CSV or GeoJSON.</summary>
internal static class ListForm
{
    private static readonly (string Ja, string En, Func<FormContent, Damage, object?> Value)[] CsvColumns =
    [
        ("番号", "number", (_, d) => (long)d.Number),
        ("変状ID", "findingId", (_, d) => d.Row.Id),
        ("状態", "status", (c, d) => c.IsJapanese ? d.Status(true) : d.Row.Text("status")),
        ("資産ID", "assetId", (_, d) => d.Row.Text("assetId")),
        ("資産名", "assetName", (c, d) => d.Row.Text("assetId") is { } id ? c.AssetNames.GetValueOrDefault(id) : null),
        ("要素", "element", (_, d) => d.Element),
        ("河川", "river", (_, d) => d.Row.Text("river")),
        ("距離標", "place", (c, d) => d.Place(c.IsJapanese)),
        ("距離標km", "markKm", (_, d) => d.Row.Real("markKm")),
        ("距離標からm", "markOffsetM", (_, d) => d.Row.Real("markOffsetM")),
        ("損傷番号", "damageType", (_, d) => d.Row.Whole("damageType")),
        ("変状", "damage", (c, d) => d.Name(c.IsJapanese)),
        ("種別", "class", (_, d) => d.Class),
        ("評価の尺度", "rankScale", (_, d) => d.Scale),
        ("評価", "degree", (_, d) => d.Row.Text("degree")),
        ("下書き評価（軽）", "degreeLeast", (_, d) => d.Row.Text("degreeLeast")),
        ("下書き評価（重）", "degreeMost", (_, d) => d.Row.Text("degreeMost")),
        ("緊急度", "urgency", (_, d) => d.Row.Real("urgency")),
        ("長さm", "lengthM", (_, d) => d.Row.Real("lengthM")),
        ("長さ誤差m", "lengthErrorM", (_, d) => d.Row.Real("lengthErrorM")),
        ("連続写真の全長m", "chainLengthM", (_, d) => d.Row.Real("chainLengthM")),
        ("全長誤差m", "chainErrorM", (_, d) => d.Row.Real("chainErrorM")),
        ("最大幅mm", "maxWidthMm", (_, d) => d.Row.Real("maxWidthMm")),
        ("幅誤差mm", "widthErrorMm", (_, d) => d.Row.Real("widthErrorMm")),
        ("幅判読可", "resolvable", (_, d) => d.Row.Flag("resolvable") is { } r ? r ? "1" : "0" : null),
        ("面積m2", "areaM2", (_, d) => d.Row.Real("areaM2")),
        ("経度", "centreLon", (_, d) => d.Row.Real("centreLon")),
        ("緯度", "centreLat", (_, d) => d.Row.Real("centreLat")),
        ("位置誤差m", "errorM", (_, d) => d.Row.Real("errorM")),
        ("撮影", "capturedAt", (_, d) => Stamp(d.Row.Time("capturedAt"))),
        ("受信", "receivedAt", (_, d) => Stamp(d.Photo?.Time("receivedAt"))),
        ("採点", "scoredAt", (_, d) => Stamp(d.Photo?.Time("scoredAt"))),
        ("判定者", "decidedBy", (_, d) => d.Row.Text("decidedBy")),
        ("判定", "decidedAt", (_, d) => Stamp(d.Row.Time("decidedAt"))),
        ("メモ", "decisionNote", (_, d) => d.Row.Text("decisionNote")),
        ("写真ID", "photoId", (_, d) => d.Row.Text("photoId")),
        ("写真名", "photoName", (_, d) => d.Photo?.Text("name")),
        ("モデル", "model", (_, d) => d.Row.Text("model")),
    ];

    public static FormDocument Build(FormContent c) => c.Document(
        c.Pick("変状一覧", "Damage list"),
        c.Asset?.Text("name") ?? c.Asset?.Id ?? c.Pick("全域", "all"),
        new FormSheet(c.Pick("変状一覧", "Damage"), IsLandscape: true, [10, 50, 32, 12, 16, 18, 18, 16, 32, 28, 28],
        [
            new TextBlock(c.Damages.Count == 0
                ? c.Pick("この条件に当てはまる変状の記録はありません。", "No damage is recorded for these conditions.")
                : c.Pick($"{c.Damages.Count} 件（確定 {c.Decided.Count}、未判定 {c.Drafts.Count}）。かっこ内の評価は下書き。却下したものは含みません。",
                    $"{c.Damages.Count} ({c.Decided.Count} decided, {c.Drafts.Count} drafts). Letters in brackets are drafts. What was rejected is not in the list."), IsStrong: c.Drafts.Count > 0),
            new TableBlock([.. Enumerable.Repeat(1, 11)],
            [
                c.Pick("番号", "No."), c.Pick("場所", "Place"), c.Pick("変状", "Damage"), c.Pick("評価", "Degree"), c.Pick("状態", "State"), c.Pick("長さ m", "Length, m"),
                c.Pick("最大幅 mm", "Max. width, mm"), c.Pick("面積 m²", "Area, m²"), c.Pick("撮影", "Taken"), c.Pick("判定者", "Decided by"), c.Pick("判定日", "Decided on"),
            ],
            [
                .. c.Damages.Select(d => (IReadOnlyList<FormCell>)[
                    FormCell.Of(d.Number, 0), c.PlaceOf(d), d.Name(c.IsJapanese), FormCell.Centre(d.Degree), d.Status(c.IsJapanese), FormCell.Of(d.Row.Real("chainLengthM") ?? d.Row.Real("lengthM"), 2),
                    FormCell.Of(d.Row.Real("maxWidthMm"), 2), FormCell.Of(d.Row.Real("areaM2"), 3), FormTime.Minute(d.Row.Time("capturedAt"), c.IsJapanese),
                    d.Row.Text("decidedBy"), FormTime.Day(d.IsDecided ? d.Row.Time("decidedAt") : null, c.IsJapanese)]),
            ]),
        ]));

    /// <summary>UTF-8 with a byte order mark, so that Excel reads it as it is; times are RFC 3339 in Japan's time.</summary>
    public static byte[] Csv(FormContent c)
    {
        StringBuilder text = new("\uFEFF");
        text.AppendJoin(',', CsvColumns.Select(k => CsvText.Field(c.Pick(k.Ja, k.En)))).Append("\r\n");
        foreach (Damage damage in c.Damages)
        {
            text.AppendJoin(',', CsvColumns.Select(k => CsvText.Field(k.Value(c, damage)))).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The findings as SPEC.md section 8 has them.</summary>
    public static byte[] GeoJson(FormContent c)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WireJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "FeatureCollection");
            writer.WriteStartArray("features");
            foreach (Damage damage in c.Damages)
            {
                FeatureJson.Write(writer, damage.Row, more => more.WriteNumber("number", damage.Number));
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static string? Stamp(DateTimeOffset? time) => time is { } t ? WireTime.Format(t.ToOffset(FormRequest.JapanOffset)) : null;
}
