using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;

namespace Field.Tests.Forms;

/// <summary>A workbook read again with another eye: by the schema's validator, and cell by cell.</summary>
internal sealed class Workbook : IDisposable
{
    private readonly SpreadsheetDocument _file;

    public Workbook(byte[] bytes) => _file = SpreadsheetDocument.Open(new MemoryStream(bytes), isEditable: false);

    public IReadOnlyList<string> SheetNames => [.. Sheets.Select(s => s.Name!.Value!)];

    private IEnumerable<Sheet> Sheets => _file.WorkbookPart!.Workbook.Sheets!.Elements<Sheet>();

    public void AssertValid() => Assert.Empty(new OpenXmlValidator(FileFormatVersions.Office2019).Validate(_file).Select(e => $"{e.Part?.Uri} {e.Path?.XPath}: {e.Description}").Take(5));

    public WorksheetPart Part(string name) => (WorksheetPart)_file.WorkbookPart!.GetPartById(Sheets.Single(s => s.Name == name).Id!.Value!);

    /// <summary>The rows of a sheet; empty cells, as of merged ranges, are left out.</summary>
    public IReadOnlyList<string[]> Rows(string name) => [.. Part(name).Worksheet.Descendants<Row>().Select(r => r.Elements<Cell>().Select(Value).Where(v => v.Length > 0).ToArray())];

    /// <summary>The number in the row whose first cell is this text, at the position among all its cells.</summary>
    public double Number(string name, string first, int cell)
    {
        Cell found = Part(name).Worksheet.Descendants<Row>().Select(r => r.Elements<Cell>().ToArray()).Single(r => r.Length > cell && Value(r[0]) == first)[cell];
        Assert.True(found.DataType is null || found.DataType == CellValues.Number);
        return double.Parse(found.CellValue!.Text, CultureInfo.InvariantCulture);
    }

    public IReadOnlyList<string> Texts(string name) => [.. Rows(name).SelectMany(r => r)];

    public void Dispose() => _file.Dispose();

    private static string Value(Cell cell) => cell.DataType?.Value == CellValues.InlineString ? cell.InlineString!.InnerText : cell.CellValue?.Text ?? "";
}
