using System.Globalization;
using System.Text;
using Field.Contracts;
using Field.Store;

namespace Field.Ingest.Decisions;

/// <summary>
/// Findings as a table that opens in a spreadsheet as it is: UTF-8 with a byte order mark, CRLF (RFC 4180). A text that a spreadsheet would take for a
/// formula gets an apostrophe in front.
/// </summary>
internal static class FindingsCsv
{
    private static readonly (string Column, string Ja)[] Columns =
    [
        ("status", "状態"), ("class", "種別"), ("degree", "損傷程度"), ("degreeLeast", "案（軽）"), ("degreeMost", "案（重）"), ("damageType", "損傷の種類番号"), ("urgency", "緊急度"),
        ("lengthM", "長さ m"), ("lengthErrorM", "長さの誤差 m"), ("chainLengthM", "連続写真の全長 m"), ("chainErrorM", "全長の誤差 m"), ("maxWidthMm", "最大幅 mm"), ("widthErrorMm", "幅の誤差 mm"), ("areaM2", "面積 m2"), ("spacingMm", "間隔 mm"),
        ("gsdM", "地上画素寸法 m"), ("assetId", "施設"), ("elementId", "部材"), ("river", "河川"), ("bank", "岸"), ("markKm", "距離標 km"), ("markOffsetM", "距離標から m"),
        ("centreLon", "経度"), ("centreLat", "緯度"), ("errorM", "位置の誤差 m"), ("capturedAt", "撮影日時"), ("decidedBy", "判断者"), ("decidedAt", "判断日時"), ("decisionNote", "メモ"),
        ("score", "確からしさ"), ("model", "モデル"), ("photoId", "写真"),
    ];

    public static async Task WriteAsync(Stream output, IEnumerable<Feature> findings, bool english, CancellationToken cancellationToken)
    {
        StreamWriter writer = new(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true) { NewLine = "\r\n" };
        await using (writer.ConfigureAwait(false))
        {
            await LineAsync([english ? "findingId" : "所見番号", .. Columns.Select(c => english ? c.Column : c.Ja)]).ConfigureAwait(false);
            foreach (Feature finding in findings)
            {
                await LineAsync([finding.Id, .. Columns.Select(c => Cell(finding.Properties.GetValueOrDefault(c.Column)))]).ConfigureAwait(false);
            }
        }

        Task LineAsync(IEnumerable<string> cells) => writer.WriteLineAsync(string.Join(',', cells).AsMemory(), cancellationToken);
    }

    /// <summary>One cell.</summary>
    internal static string Cell(object? value) => value switch
    {
        null => "",
        string text => Quoted(Harmless(text)),
        DateTimeOffset at => WireTime.Format(at),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => Quoted(Harmless(value.ToString() ?? "")),
    };

    /// <summary>Spreadsheets run what begins so, full width signs too in Japanese ones.</summary>
    private static string Harmless(string text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠', ..] ? "'" + text : text;

    private static string Quoted(string text) => text.AsSpan().ContainsAny("\",\r\n'") || text is [' ', ..] or [.., ' ']
        ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : text;
}
