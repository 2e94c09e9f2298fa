using System.Globalization;
using System.Text;
using System.Text.Json;
using Field.Contracts;
using Field.Geo;
using Field.MapApp.Forms;
using NetTopologySuite.Geometries;

namespace Field.MapApp.Impact;

/// <summary>The answer as a text for the screen, as CSV, GeoJSON or a workbook.</summary>
/// <param name="result">The answer.</param>
/// <param name="request">What was asked.</param>
/// <param name="isJapanese">Headings and sentences in Japanese, else English.</param>
internal sealed class ImpactOutput(ImpactResult result, ImpactQuestion request, bool isJapanese)
{
    private const int MaxScreenRows = 60;
    private const int MaxSheetRows = 20_000;

    /// <summary>For the screen: the sentences and each table.</summary>
    public string Table()
    {
        StringBuilder text = new();
        foreach (ImpactCut cut in result.Cuts)
        {
            ImpactSheet sheet = Sheet(cut, isBrief: true);
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"[{cut.Key}] {Pick(cut.Ja, cut.En)}");
            int left = sheet.Rows.Count - MaxScreenRows;
            string[][] rows =
            [
                [.. sheet.Columns.Select(c => Pick(c.Ja, c.En))],
                .. sheet.Rows.Where((_, i) => left <= 0 || i < MaxScreenRows - 1 || i == sheet.Rows.Count - 1).Select(r => r.Select(Shown).ToArray()),
            ];
            int[] widths = [.. sheet.Columns.Select((_, c) => rows.Max(r => Width(r[c])))];
            foreach (string[] row in rows)
            {
                text.AppendJoin("  ", row.Select((t, c) => c < 2 ? t + Pad(widths[c] - Width(t)) : Pad(widths[c] - Width(t)) + t)).AppendLine();
            }

            if (left > 0)
            {
                text.AppendLine(Pick($"ほか {left} 行（--format csv --table {cut.Key} で全部）", $"{left} more rows (all with --format csv --table {cut.Key})"));
            }
        }

        return text.ToString();
    }

    /// <summary>UTF-8 with a byte order mark, so that Excel reads it as it is.</summary>
    public byte[] Csv(string key)
    {
        ImpactSheet sheet = Sheet(Cut(key), isBrief: false);
        StringBuilder text = new("\uFEFF");
        string[] mark = result.Residents.IsSynthetic ? [isJapanese ? "合成データ" : "synthetic"] : [];
        text.AppendJoin(',', sheet.Columns.Select(c => CsvText.Field(isJapanese ? c.Ja : c.Key)).Concat(mark)).Append("\r\n");
        foreach (object?[] row in sheet.Rows)
        {
            text.AppendJoin(',', row.Select(CsvText.Field).Concat(mark.Select(_ => "1"))).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The areas or meshes of a cut with their counts.</summary>
    public byte[] GeoJsonOf(string key)
    {
        ImpactCut cut = Cut(key);
        IReadOnlyList<Geometry> shapes = cut switch
        {
            { Meshes: { } meshes } => [.. meshes.Select(m => GeometryFactory.Default.ToGeometry(new NetTopologySuite.Geometries.Envelope(m.SouthWest.Lon, m.NorthEast.Lon, m.SouthWest.Lat, m.NorthEast.Lat)))],
            { Areas: { } areas } => areas.Outlines(),
            _ => throw new ImpactException($"表 {key} には図形がありません。--by か --mesh を付け、--table で選んでください", $"table {key} has no outlines: add --by or --mesh and choose with --table"),
        };
        ImpactSheet sheet = Sheet(cut, isBrief: false);
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WireJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "FeatureCollection");
            writer.WriteString("title", ImpactText.Sentence(result, request, isJapanese));
            writer.WriteBoolean("synthetic", result.Residents.IsSynthetic);
            writer.WriteStartArray("features");
            for (int i = 0; i < sheet.Numbers.Count; i++)
            {
                writer.WriteStartObject();
                writer.WriteString("type", "Feature");
                writer.WritePropertyName("geometry");
                GeoJson.Write(writer, shapes[sheet.Numbers[i]]);
                writer.WriteStartObject("properties");
                for (int c = 0; c < sheet.Columns.Count; c++)
                {
                    writer.WritePropertyName(sheet.Columns[c].Key);
                    JsonSerializer.Serialize(writer, sheet.Rows[i][c] is Hidden ? null : sheet.Rows[i][c]);
                }

                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>A workbook with a sheet for each table.</summary>
    public byte[] Xlsx(DateTimeOffset madeAt)
    {
        string warning = result.Residents.IsSynthetic ? Pick("合成データ（実在の住民ではありません）", "synthetic data: no real residents") : "";
        return XlsxWriter.Write(new FormDocument(Pick("影響の集計", "Impact"), result.Title, warning, [.. result.Cuts.Select(Page)])
        {
            IsJapanese = isJapanese,
            Foot = Pick($"作成 {FormTime.Minute(madeAt, true)}  Field", $"made {FormTime.Minute(madeAt, false)} JST  Field"),
        });
    }

    private FormSheet Page(ImpactCut cut)
    {
        ImpactSheet sheet = Sheet(cut, isBrief: true);
        int numbers = sheet.Columns.Count - 2;
        double[] grid = [22, 34, .. Enumerable.Repeat(Math.Min(22, 211.0 / numbers), numbers)];
        int left = sheet.Rows.Count - MaxSheetRows;
        return new FormSheet(Pick(cut.Ja, cut.En), IsLandscape: true, grid,
        [
            new TextBlock(ImpactText.Sentence(result, request, isJapanese), IsStrong: true),
            .. ImpactText.More(result, request, isJapanese).Select(t => new TextBlock(t)),
            .. left > 0 ? [new TextBlock(Pick($"はじめの {MaxSheetRows} 行。全部は CSV で", $"the first {MaxSheetRows} rows; all are in the CSV"))] : Array.Empty<FormBlock>(),
            new TableBlock([.. Enumerable.Repeat(1, grid.Length)], [.. sheet.Columns.Select(c => Pick(c.Ja, c.En))],
            [
                .. sheet.Rows.Take(MaxSheetRows).Select(r => (IReadOnlyList<FormCell>)[.. r.Select((v, c) => v switch
                {
                    long whole => FormCell.Of(whole, 0),
                    double share => FormCell.Of(share, 3),
                    Hidden => FormCell.Centre("X"),
                    _ => (FormCell)(string?)v,
                })]),
            ]),
        ]);
    }

    private ImpactCut Cut(string key) => result.Cuts.FirstOrDefault(c => c.Key == key) ?? (key.Length == 0 ? result.Cuts[0] : throw new ImpactException(
        $"表 '{key}' はありません（{string.Join(", ", result.Cuts.Select(c => c.Key))}）", $"there is no table '{key}': {string.Join(", ", result.Cuts.Select(c => c.Key))}"));

    private ImpactSheet Sheet(ImpactCut cut, bool isBrief) => ImpactSheet.Of(cut, result.Residents.Points, result.Masks, isBrief);

    private string Pick(string ja, string en) => isJapanese ? ja : en;

    private static string Shown(object? value) => value switch
    {
        long whole => whole.ToString("#,0", CultureInfo.InvariantCulture),
        double share => share.ToString("0.0%", CultureInfo.InvariantCulture),
        null => "",
        _ => FormText.Clean(value.ToString()!),
    };

    private static string Pad(int columns) => new(' ', Math.Max(0, columns));

    /// <summary>Columns of a terminal: what is wide in East Asia takes two.</summary>
    private static int Width(string text) => text.EnumerateRunes().Sum(r => r.Value is >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xFF60 or >= 0xFFE0 and <= 0xFFE6 or >= 0x20000 and <= 0x3FFFD or 0x301C ? 2 : 1);
}
