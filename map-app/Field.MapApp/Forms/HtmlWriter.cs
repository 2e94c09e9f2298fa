using System.Globalization;
using System.Net;
using System.Text;

namespace Field.MapApp.Forms;

/// <summary>
/// A form as one HTML page for print: A4 pages, no script, nothing from elsewhere, pictures inside. Every text is escaped, and the page's
/// own policy forbids the rest.
/// </summary>
internal static class HtmlWriter
{
    /// <summary>What a page of a form may do: show its own pictures and styles.</summary>
    public const string Policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-same-origin allow-modals allow-popups";

    private const int CardsPerPage = 6;
    private const double SideMarginMm = 14;

    public static string Write(FormDocument form)
    {
        StringBuilder html = new();
        html.Append(CultureInfo.InvariantCulture, $"<!doctype html>\n<html lang=\"{(form.IsJapanese ? "ja" : "en")}\"><head><meta charset=\"utf-8\">");
        html.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">");
        html.Append("<title>").Append(E($"{form.Title} {form.Subject}")).Append("</title><style>").Append(Style(form)).Append("</style></head><body>");
        foreach (FormSheet sheet in form.Sheets)
        {
            html.Append(CultureInfo.InvariantCulture, $"<section class=\"{(sheet.IsLandscape ? "landscape" : "portrait")}\">");
            html.Append("<header><h1>").Append(E(form.Title)).Append("<small>").Append(E(form.Subject)).Append("</small></h1>");
            html.Append("<p class=\"sheet\">").Append(E(sheet.Name)).Append("</p>");
            if (form.Warning.Length > 0)
            {
                html.Append("<p class=\"warning\">").Append(E(form.Warning)).Append("</p>");
            }

            html.Append("</header>");
            foreach (FormBlock block in sheet.Blocks)
            {
                Append(html, block, sheet.GridMm);
            }

            html.Append("</section>");
        }

        return html.Append("</body></html>").ToString();
    }

    private static void Append(StringBuilder html, FormBlock block, IReadOnlyList<double> grid)
    {
        switch (block)
        {
            case HeadingBlock heading:
                html.Append("<h2>").Append(E(heading.Text)).Append("</h2>");
                break;
            case TextBlock text:
                html.Append(text.IsStrong ? "<p class=\"strong\">" : "<p>").Append(E(text.Text)).Append("</p>");
                break;
            case BigTextBlock big:
                html.Append("<p class=\"big\" role=\"img\" aria-label=\"").Append(E(big.Spoken)).Append("\">").Append(E(big.Text)).Append("</p>");
                break;
            case PlanBlock plan:
                html.Append("<div class=\"drawing\">").Append(PlanSvg.Write(plan.Plan)).Append("</div>");
                break;
            case TableBlock table:
                Append(html, table, grid);
                break;
            case CardsBlock cards:
                foreach (PhotoCard[] page in cards.Cards.Chunk(CardsPerPage))
                {
                    html.Append("<div class=\"cards\">");
                    foreach (PhotoCard card in page)
                    {
                        Append(html, card);
                    }

                    html.Append("</div>");
                }

                break;
            default:
                throw new InvalidOperationException($"no way to write {block.GetType().Name}");
        }
    }

    private static void Append(StringBuilder html, TableBlock table, IReadOnlyList<double> grid)
    {
        html.Append("<table><colgroup>");
        int at = 0;
        foreach (int span in table.Spans)
        {
            html.Append(CultureInfo.InvariantCulture, $"<col style=\"width:{grid.Skip(at).Take(span).Sum():0.#}mm\">");
            at += span;
        }

        html.Append("</colgroup>");
        if (table.Header.Count > 0)
        {
            html.Append("<thead><tr>");
            foreach (string name in table.Header)
            {
                html.Append("<th scope=\"col\">").Append(E(name)).Append("</th>");
            }

            html.Append("</tr></thead>");
        }

        html.Append("<tbody>");
        foreach (IReadOnlyList<FormCell> row in table.Rows)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr style=\"height:{table.RowMm}mm\">");
            foreach (FormCell cell in row)
            {
                string kind = cell.IsLabel ? "<th scope=\"row\">" : cell.Number is not null ? "<td class=\"number\">" : cell.IsCentred ? "<td class=\"centre\">" : "<td>";
                html.Append(kind).Append(E(cell.Text)).Append(cell.IsLabel ? "</th>" : "</td>");
            }

            html.Append("</tr>");
        }

        html.Append("</tbody></table>");
    }

    private static void Append(StringBuilder html, PhotoCard card)
    {
        html.Append("<figure><div class=\"photo\">");
        if (card.Picture is { } picture)
        {
            html.Append(CultureInfo.InvariantCulture, $"<img alt=\"\" width=\"{picture.WidthPx}\" height=\"{picture.HeightPx}\" src=\"data:image/jpeg;base64,").Append(Convert.ToBase64String(picture.Jpeg)).Append("\">");
        }
        else
        {
            html.Append("<span>").Append(E(card.Missing)).Append("</span>");
        }

        html.Append("</div><figcaption><table><tbody>");
        foreach ((string label, string value) in card.Lines)
        {
            html.Append("<tr><th scope=\"row\">").Append(E(label)).Append("</th><td>").Append(E(value)).Append("</td></tr>");
        }

        html.Append("</tbody></table></figcaption></figure>");
    }

    private static string Style(FormDocument form) => $$"""
        @page { margin: 16mm {{SideMarginMm.ToString(CultureInfo.InvariantCulture)}}mm 14mm; font: 8pt "Noto Sans CJK JP", "Noto Sans JP", "Yu Gothic", sans-serif;
          @top-left { content: {{CssString($"{form.Title}　{form.Subject}")}}; } @top-right { content: {{CssString(form.Warning)}}; font-weight: bold; color: #b30000; }
          @bottom-left { content: {{CssString(form.Foot)}}; } @bottom-right { content: counter(page) " / " counter(pages); } }
        @page portrait { size: A4 portrait; } @page landscape { size: A4 landscape; }
        * { box-sizing: border-box; }
        body { margin: 0; font: 9pt/1.45 "Noto Sans CJK JP", "Noto Sans JP", "Yu Gothic", "Hiragino Sans", sans-serif; color: #1a1a1a; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        section { break-after: page; } section:last-child { break-after: auto; } .portrait { page: portrait; width: 182mm; } .landscape { page: landscape; width: 269mm; }
        header { display: flex; align-items: baseline; gap: 6mm; border-bottom: .5mm solid #1a1a1a; margin-bottom: 3mm; padding-bottom: 1mm; }
        h1 { font-size: 15pt; margin: 0; overflow-wrap: anywhere; } h1 small { font-size: 11pt; font-weight: normal; margin-left: 5mm; } .sheet { margin: 0; font-size: 10pt; }
        .warning { margin: 0 0 0 auto; padding: .5mm 3mm; border: .4mm solid #b30000; color: #b30000; font-weight: bold; white-space: nowrap; }
        h2 { font-size: 10.5pt; margin: 4mm 0 1.5mm; break-after: avoid; } p { margin: 1.5mm 0; } .strong { font-weight: bold; } .big { margin: 2mm 0; font: bold 30pt/1.3 "Noto Sans Mono", monospace; letter-spacing: .08em; }
        table { border-collapse: collapse; table-layout: fixed; width: 100%; } thead { display: table-header-group; } tr { break-inside: avoid; }
        th, td { border: .2mm solid #595959; padding: .6mm 1.2mm; text-align: left; vertical-align: middle; overflow-wrap: anywhere; font-weight: normal; }
        th { background: #e8edf3; } thead th { text-align: center; font-size: 8pt; padding: .6mm .4mm; } .number { text-align: right; } .centre { text-align: center; padding: .6mm .2mm; }
        .drawing { margin: 2mm 0; border: .2mm solid #595959; } .plan { display: block; margin: auto; font-family: inherit; }
        .cards { display: grid; grid-template-columns: 88mm 88mm; gap: 3mm 6mm; break-after: page; } .cards:last-child { break-after: auto; }
        figure { margin: 0; break-inside: avoid; } .photo { height: 50mm; border: .2mm solid #595959; display: flex; align-items: center; justify-content: center; background: #f4f4f4; }
        .photo img { max-width: 100%; max-height: 100%; width: auto; height: auto; } .photo span { color: #595959; font-size: 12pt; }
        figcaption th { width: 18mm; } figcaption td, figcaption th { font-size: 7.5pt; line-height: 1.3; padding: .3mm 1mm; border-top: 0; }
        @media screen { body { background: #6b7280; } section { background: #fff; margin: 6mm auto; padding: 12mm 14mm; box-sizing: content-box; } }
        """;

    /// <summary>As a CSS string that cannot end its quotes or the style element.</summary>
    private static string CssString(string text)
    {
        StringBuilder css = new("\"");
        foreach (Rune rune in FormText.Clean(text).EnumerateRunes())
        {
            _ = Rune.IsLetterOrDigit(rune) ? css.Append(rune.ToString()) : css.Append(CultureInfo.InvariantCulture, $"\\{rune.Value:x} ");
        }

        return css.Append('"').ToString();
    }

    private static string E(string text) => WebUtility.HtmlEncode(FormText.Clean(text));
}
