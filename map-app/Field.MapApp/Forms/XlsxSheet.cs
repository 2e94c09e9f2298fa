using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;
using Kind = Field.MapApp.Forms.XlsxStyles.Kind;

namespace Field.MapApp.Forms;

/// <summary>The rows of one sheet of a workbook, from the top.</summary>
internal sealed class XlsxSheet
{
    /// <summary>Points per millimetre.</summary>
    public const double PointsPerMm = 72 / 25.4;

    private const double TextMm = 9 / PointsPerMm;
    private const double LinePoints = 13;
    private const double CellPaddingMm = 2.2;
    private const double CardPhotoMm = 50;
    private const double CardLineMm = 5;
    private const double CardGapMm = 3;
    private const int CardRowsPerPage = 3;
    private readonly IReadOnlyList<double> _grid;
    private readonly SheetData _data = new();
    private readonly List<string> _merges = [];
    private readonly List<uint> _breaks = [];
    private readonly XlsxDrawing _drawing;
    private uint _row;
    private (uint Row, int Rows) _longest;

    public XlsxSheet(FormDocument form, FormSheet sheet, XlsxDrawing drawing)
    {
        (_grid, _drawing) = (sheet.GridMm, drawing);
        Sentence($"{form.Title}　{form.Subject}", Kind.Title, 22);
        if (form.Warning.Length > 0)
        {
            Sentence(form.Warning, Kind.Warning, 16);
        }

        foreach (FormBlock block in sheet.Blocks)
        {
            Add(block);
        }
    }

    public SheetData Data => _data;

    /// <summary>The merged ranges, such as A1:C1.</summary>
    public IReadOnlyList<string> Merges => _merges;

    /// <summary>Rows after which a page ends.</summary>
    public IReadOnlyList<uint> Breaks => _breaks;

    /// <summary>The last row.</summary>
    public uint Rows => _row;

    /// <summary>The row that every page repeats, or null.</summary>
    public uint? HeaderRow => _longest.Rows > 0 ? _longest.Row : null;

    public static string Column(int index) => index < 26 ? ((char)('A' + index)).ToString() : Column((index / 26) - 1) + Column(index % 26);

    private void Add(FormBlock block)
    {
        switch (block)
        {
            case HeadingBlock heading:
                NewRow(6);
                Sentence(heading.Text, Kind.Heading, 18);
                break;
            case TextBlock text:
                double widthMm = _grid.Sum();
                Sentence(text.Text, text.IsStrong ? Kind.StrongSentence : Kind.Sentence, (Lines(text.Text, widthMm) * LinePoints) + 4);
                break;
            case TableBlock table:
                Add(table);
                break;
            case PlanBlock plan:
                NewRow((plan.Plan.HeightMm + 2) * PointsPerMm);
                _drawing.AddPlan(plan.Plan, _row);
                break;
            case CardsBlock cards:
                Add(cards);
                break;
            default:
                throw new InvalidOperationException($"no way to write {block.GetType().Name}");
        }
    }

    private void Add(TableBlock table)
    {
        if (table.Header.Count > 0)
        {
            AddRow(table.Spans, [.. table.Header.Select(h => (FormCell)h)], 7, isHeader: true);
            _longest = table.Rows.Count > _longest.Rows ? (_row, table.Rows.Count) : _longest;
        }

        foreach (IReadOnlyList<FormCell> row in table.Rows)
        {
            AddRow(table.Spans, row, table.RowMm, isHeader: false);
        }
    }

    private void AddRow(IReadOnlyList<int> spans, IReadOnlyList<FormCell> cells, double leastMm, bool isHeader)
    {
        int column = 0;
        double points = leastMm * PointsPerMm;
        List<(int Column, int Span, FormCell Cell, Kind Kind)> placed = [];
        for (int i = 0; i < spans.Count; i++)
        {
            FormCell cell = cells[i];
            double widthMm = _grid.Skip(column).Take(spans[i]).Sum();
            points = Math.Max(points, (Lines(cell.Text, widthMm) * LinePoints) + 3);
            placed.Add((column, spans[i], cell, isHeader ? Kind.Header : KindOf(cell)));
            column += spans[i];
        }

        Row row = NewRow(Math.Min(409, points));
        foreach ((int at, int span, FormCell cell, Kind kind) in placed)
        {
            Put(row, at, span, cell, kind);
        }
    }

    private void Add(CardsBlock block)
    {
        PhotoCard[][] pairs = [.. block.Cards.Chunk(2)];
        for (int i = 0; i < pairs.Length; i++)
        {
            Row photos = NewRow(CardPhotoMm * PointsPerMm);
            for (int side = 0; side < pairs[i].Length; side++)
            {
                PhotoCard card = pairs[i][side];
                Put(photos, side * 3, 2, FormCell.Centre(card.Picture is null ? card.Missing : ""), Kind.Centre);
                if (card.Picture is { } picture)
                {
                    _drawing.AddPicture(picture, _row, side * 3, (_grid[side * 3], _grid[(side * 3) + 1]), CardPhotoMm);
                }
            }

            for (int line = 0; line < pairs[i].Max(c => c.Lines.Count); line++)
            {
                int lines = pairs[i].Max(c => Lines(c.Lines[line].Value, _grid[1]));
                Row row = NewRow(Math.Max(CardLineMm * PointsPerMm, (lines * LinePoints) + 1));
                for (int side = 0; side < pairs[i].Length; side++)
                {
                    (string label, string value) = pairs[i][side].Lines[line];
                    Put(row, side * 3, 1, label, Kind.Label);
                    Put(row, (side * 3) + 1, 1, value, KindOf(value));
                }
            }

            NewRow(CardGapMm * PointsPerMm);
            if ((i + 1) % CardRowsPerPage == 0 && i + 1 < pairs.Length)
            {
                _breaks.Add(_row);
            }
        }
    }

    private void Sentence(string text, Kind kind, double points) => Put(NewRow(Math.Min(409, points)), 0, _grid.Count, text, kind);

    private Row NewRow(double points)
    {
        Row row = new() { RowIndex = ++_row, Height = Math.Round(points, 2), CustomHeight = true };
        _data.Append(row);
        return row;
    }

    private void Put(Row row, int column, int span, FormCell content, Kind kind)
    {
        for (int i = 0; i < span; i++)
        {
            Cell cell = new() { CellReference = $"{Column(column + i)}{row.RowIndex}", StyleIndex = (uint)kind };
            if (i == 0 && content.Number is { } number)
            {
                cell.DataType = CellValues.Number;
                cell.CellValue = new CellValue(number);
            }
            else if (i == 0 && content.Text.Length > 0)
            {
                cell.DataType = CellValues.InlineString; // a text is a text, whatever it begins with
                cell.InlineString = new InlineString(new Text(FormText.Clean(content.Text)) { Space = SpaceProcessingModeValues.Preserve });
            }

            row.Append(cell);
        }

        if (span > 1)
        {
            _merges.Add($"{Column(column)}{row.RowIndex}:{Column(column + span - 1)}{row.RowIndex}");
        }
    }

    private static Kind KindOf(FormCell cell) => cell switch
    {
        { Number: not null } => XlsxStyles.OfNumber(cell.Decimals),
        { IsLabel: true } => Kind.Label,
        { IsCentred: true } => Kind.Centre,
        { Text: ['=' or '+' or '-' or '@', ..] } => Kind.Formulalike,
        _ => Kind.Cell,
    };

    private static int Lines(string text, double widthMm) => Math.Max(1, (int)Math.Ceiling(PlanText.WidthOf(text, TextMm) * 1.06 / Math.Max(4, widthMm - CellPaddingMm)));
}
