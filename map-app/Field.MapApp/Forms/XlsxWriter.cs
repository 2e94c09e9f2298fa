using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Field.MapApp.Forms;

/// <summary>A form as a workbook (ISO/IEC 29500): real cells, numbers as numbers, A4 pages with print areas and the warning on each.</summary>
internal static class XlsxWriter
{
    private const int MaxSheetName = 31;
    private const int MaxHeaderText = 60;
    private const double PxPerMm = 96 / 25.4;
    private const double DigitPx = 7; // Calibri 11, the first font of the styles

    public static byte[] Write(FormDocument form)
    {
        using MemoryStream buffer = new();
        using (SpreadsheetDocument file = SpreadsheetDocument.Create(buffer, SpreadsheetDocumentType.Workbook))
        {
            WorkbookPart book = file.AddWorkbookPart();
            book.AddNewPart<WorkbookStylesPart>().Stylesheet = XlsxStyles.Create();
            Sheets sheets = new();
            DefinedNames names = new();
            foreach (FormSheet sheet in form.Sheets)
            {
                uint index = (uint)sheets.ChildElements.Count;
                WorksheetPart part = book.AddNewPart<WorksheetPart>();
                XlsxDrawing drawing = new(part);
                XlsxSheet content = new(form, sheet, drawing);
                part.Worksheet = Sheet(form, sheet, content, drawing);
                string name = Name(sheet.Name);
                sheets.Append(new Sheet { Name = name, SheetId = index + 1, Id = book.GetIdOfPart(part) });
                string last = XlsxSheet.Column(sheet.GridMm.Count - 1);
                names.Append(new DefinedName($"'{name}'!$A$1:${last}${content.Rows}") { Name = "_xlnm.Print_Area", LocalSheetId = index });
                if (content.HeaderRow is { } header)
                {
                    names.Append(new DefinedName($"'{name}'!${header}:${header}") { Name = "_xlnm.Print_Titles", LocalSheetId = index });
                }
            }

            book.Workbook = new Workbook(new BookViews(new WorkbookView()), sheets, names);
            file.PackageProperties.Title = FormText.Clean($"{form.Title} {form.Subject}");
        }

        return buffer.ToArray();
    }

    private static Worksheet Sheet(FormDocument form, FormSheet sheet, XlsxSheet content, XlsxDrawing drawing)
    {
        Worksheet worksheet = new(
            new SheetProperties(new PageSetupProperties { FitToPage = true }),
            new SheetViews(new SheetView { ShowGridLines = false, WorkbookViewId = 0 }),
            new SheetFormatProperties { DefaultRowHeight = 15 },
            new Columns(sheet.GridMm.Select((mm, i) => new Column { Min = (uint)i + 1, Max = (uint)i + 1, Width = Math.Round(mm * PxPerMm / DigitPx, 2), CustomWidth = true })),
            content.Data);
        if (content.Merges.Count > 0)
        {
            worksheet.Append(new MergeCells(content.Merges.Select(m => new MergeCell { Reference = m })) { Count = (uint)content.Merges.Count });
        }

        worksheet.Append(
            new PrintOptions { HorizontalCentered = true },
            new PageMargins { Left = 0.5, Right = 0.5, Top = 0.63, Bottom = 0.55, Header = 0.3, Footer = 0.25 },
            new PageSetup { PaperSize = 9, Orientation = sheet.IsLandscape ? OrientationValues.Landscape : OrientationValues.Portrait, FitToWidth = 1, FitToHeight = 0 },
            new HeaderFooter(
                new OddHeader($"&L{HeaderText($"{form.Title}　{form.Subject}")}&R&\"-,Bold\"&KB30000{HeaderText(form.Warning)}"),
                new OddFooter($"&L{HeaderText(form.Foot)}&R&P / &N")));
        if (content.Breaks.Count > 0)
        {
            worksheet.Append(new RowBreaks(content.Breaks.Select(r => new Break { Id = r, Max = 16383, ManualPageBreak = true }))
            {
                Count = (uint)content.Breaks.Count,
                ManualBreakCount = (uint)content.Breaks.Count,
            });
        }

        if (drawing.RelationshipId is { } id)
        {
            worksheet.Append(new Drawing { Id = id });
        }

        return worksheet;
    }

    private static string Name(string name)
    {
        string safe = new([.. FormText.Clean(name).Select(c => "[]:*?/\\'".Contains(c, StringComparison.Ordinal) ? '_' : c)]);
        return safe.Length <= MaxSheetName ? safe : safe[..MaxSheetName];
    }

    /// <summary>In a header <c>&amp;</c> begins a code; a header holds 255 characters in all.</summary>
    private static string HeaderText(string text)
    {
        string clean = FormText.Clean(text);
        int end = Math.Min(clean.Length, MaxHeaderText);
        return clean[..(end > 0 && end < clean.Length && char.IsHighSurrogate(clean[end - 1]) ? end - 1 : end)].Replace("&", "&&", StringComparison.Ordinal);
    }
}
