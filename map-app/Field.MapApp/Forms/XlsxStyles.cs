using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Field.MapApp.Forms;

/// <summary>The styles of a workbook. Column widths are counted in digits of the first font, so that one stays what Excel knows best.</summary>
internal static class XlsxStyles
{
    private const string Face = "游ゴシック"; // on every Windows and Mac with Excel; elsewhere another Japanese face stands in
    private static readonly (int Decimals, uint FormatId, string Code)[] Formats = [(1, 164, "0.0"), (3, 165, "0.000"), (6, 166, "0.000000")];

    /// <summary>What a cell is.</summary>
    public enum Kind : uint
    {
        Plain,
        Title,
        Heading,
        Warning,
        Sentence,
        StrongSentence,
        Cell,
        Centre,
        Label,
        Header,
        Formulalike,
        Whole,
        OneDecimal,
        TwoDecimals,
        ThreeDecimals,
        SixDecimals,
    }

    /// <summary>The style of a number with so many decimals.</summary>
    public static Kind OfNumber(int decimals) => decimals switch
    {
        0 => Kind.Whole,
        1 => Kind.OneDecimal,
        2 => Kind.TwoDecimals,
        3 => Kind.ThreeDecimals,
        _ => Kind.SixDecimals,
    };

    public static Stylesheet Create() => new(
        new NumberingFormats(Formats.Select(f => new NumberingFormat { NumberFormatId = f.FormatId, FormatCode = f.Code })) { Count = (uint)Formats.Length },
        new Fonts(MakeFont("Calibri", 11), MakeFont(Face, 9), MakeFont(Face, 14, bold: true), MakeFont(Face, 10.5, bold: true), MakeFont(Face, 10, bold: true, "FFB30000"), MakeFont(Face, 9, bold: true)),
        new Fills(
            new Fill(new PatternFill { PatternType = PatternValues.None }),
            new Fill(new PatternFill { PatternType = PatternValues.Gray125 }),
            new Fill(new PatternFill(new ForegroundColor { Rgb = "FFE8EDF3" }) { PatternType = PatternValues.Solid })),
        new Borders(new Border(new LeftBorder(), new RightBorder(), new TopBorder(), new BottomBorder(), new DiagonalBorder()), Box()),
        new CellStyleFormats(new CellFormat { FontId = 0, FillId = 0, BorderId = 0 }),
        new CellFormats(
            Format(1, 0, wraps: false),
            Format(2, 0, wraps: false),
            Format(3, 0, wraps: false),
            Format(4, 0, wraps: false),
            Format(1, 0, wraps: true),
            Format(5, 0, wraps: true),
            Format(1, 1, wraps: true),
            Format(1, 1, wraps: true, HorizontalAlignmentValues.Center),
            Format(1, 1, wraps: true, fill: 2),
            Format(1, 1, wraps: true, HorizontalAlignmentValues.Center, fill: 2),
            Format(1, 1, wraps: true, isText: true),
            Format(1, 1, wraps: false, HorizontalAlignmentValues.Right, number: 1),
            Format(1, 1, wraps: false, HorizontalAlignmentValues.Right, number: 164),
            Format(1, 1, wraps: false, HorizontalAlignmentValues.Right, number: 2),
            Format(1, 1, wraps: false, HorizontalAlignmentValues.Right, number: 165),
            Format(1, 1, wraps: false, HorizontalAlignmentValues.Right, number: 166)),
        new CellStyles(new CellStyle { Name = "Normal", FormatId = 0, BuiltinId = 0 }));

    private static Font MakeFont(string face, double size, bool bold = false, string? argb = null)
    {
        Font font = new();
        if (bold)
        {
            font.Append(new Bold());
        }

        font.Append(new FontSize { Val = size });
        if (argb is not null)
        {
            font.Append(new Color { Rgb = argb });
        }

        font.Append(new FontName { Val = face });
        if (face == Face)
        {
            font.Append(new FontCharSet { Val = 128 }); // Shift_JIS: a Japanese face is to stand in where this one is not there
        }

        return font;
    }

    private static Border Box()
    {
        static T Thin<T>(T line) where T : BorderPropertiesType
        {
            line.Style = BorderStyleValues.Thin;
            line.Append(new Color { Rgb = "FF595959" });
            return line;
        }

        return new Border(Thin(new LeftBorder()), Thin(new RightBorder()), Thin(new TopBorder()), Thin(new BottomBorder()), new DiagonalBorder());
    }

    private static CellFormat Format(uint font, uint border, bool wraps, HorizontalAlignmentValues? horizontal = null, uint fill = 0, uint number = 0, bool isText = false)
    {
        Alignment alignment = new() { Vertical = VerticalAlignmentValues.Center, WrapText = wraps };
        if (horizontal is { } side)
        {
            alignment.Horizontal = side;
        }

        return new CellFormat(alignment)
        {
            FontId = font,
            BorderId = border,
            FillId = fill,
            NumberFormatId = number,
            FormatId = 0,
            ApplyFont = true,
            ApplyBorder = border > 0,
            ApplyFill = fill > 0,
            ApplyNumberFormat = number > 0,
            ApplyAlignment = true,
            QuotePrefix = isText ? BooleanValue.FromBoolean(true) : null,
        };
    }
}
