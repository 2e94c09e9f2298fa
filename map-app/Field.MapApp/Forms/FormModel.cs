using System.Globalization;

namespace Field.MapApp.Forms;

/// <summary>A form that is ready to be written as a workbook or as pages.</summary>
/// <param name="Title">Such as 橋梁点検調書.</param>
/// <param name="Subject">Of what.</param>
/// <param name="Warning">What every page must say, such as that drafts are among it; empty for nothing.</param>
/// <param name="Sheets">In order.</param>
internal sealed record FormDocument(string Title, string Subject, string Warning, IReadOnlyList<FormSheet> Sheets)
{
    public bool IsJapanese { get; init; } = true;

    /// <summary>When and by what it was made, for the foot of every page.</summary>
    public string Foot { get; init; } = "";
}

/// <summary>One sheet of the workbook, one or more pages of paper.</summary>
/// <param name="Name">At most 31 characters, none of <c>[]:*?/\</c>.</param>
/// <param name="IsLandscape">A4 on its side.</param>
/// <param name="GridMm">Widths of the columns that its tables share; at most 182 mm upright, 267 mm on its side.</param>
/// <param name="Blocks">From the top.</param>
internal sealed record FormSheet(string Name, bool IsLandscape, IReadOnlyList<double> GridMm, IReadOnlyList<FormBlock> Blocks);

/// <summary>A part of a sheet.</summary>
internal abstract record FormBlock;

/// <summary>A line above what follows.</summary>
internal sealed record HeadingBlock(string Text) : FormBlock;

/// <summary>A sentence or more.</summary>
internal sealed record TextBlock(string Text, bool IsStrong = false) : FormBlock;

/// <summary>A number that is typed elsewhere, large.</summary>
/// <param name="Text">As it is read.</param>
/// <param name="Spoken">As it is read aloud.</param>
internal sealed record BigTextBlock(string Text, string Spoken) : FormBlock;

/// <summary>Rows of cells.</summary>
/// <param name="Spans">How many grid columns each cell takes; together the whole grid.</param>
/// <param name="Header">One text for each cell, or none; repeated on every page.</param>
/// <param name="Rows">As many cells each as there are spans.</param>
internal sealed record TableBlock(IReadOnlyList<int> Spans, IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<FormCell>> Rows) : FormBlock
{
    /// <summary>Least height of a row, mm; more where the text needs it.</summary>
    public double RowMm { get; init; } = 6;
}

/// <summary>The damage drawing.</summary>
internal sealed record PlanBlock(Plan Plan) : FormBlock;

/// <summary>Photos with what they show, two side by side.</summary>
internal sealed record CardsBlock(IReadOnlyList<PhotoCard> Cards) : FormBlock;

/// <summary>One photo of the photo sheet.</summary>
/// <param name="Picture">The picture, or null.</param>
/// <param name="Missing">What stands in its place when there is none.</param>
/// <param name="Lines">Label and value.</param>
internal sealed record PhotoCard(Picture? Picture, string Missing, IReadOnlyList<(string Label, string Value)> Lines);

/// <summary>A JPEG.</summary>
internal sealed record Picture(byte[] Jpeg, int WidthPx, int HeightPx);

/// <summary>A cell: a text, or a number that a workbook keeps as a number.</summary>
internal readonly record struct FormCell(string Text, double? Number = null, int Decimals = 0)
{
    /// <summary>A name of what stands beside it.</summary>
    public bool IsLabel { get; init; }

    public bool IsCentred { get; init; }

    public static implicit operator FormCell(string? text) => new(text ?? "");

    public static FormCell Label(string text) => new(text) { IsLabel = true };

    public static FormCell Centre(string text) => new(text) { IsCentred = true };

    public static FormCell Of(double? number, int decimals) => number is { } n && double.IsFinite(n)
        ? new(n.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), n, decimals)
        : new("");
}
