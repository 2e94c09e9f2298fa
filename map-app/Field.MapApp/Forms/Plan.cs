namespace Field.MapApp.Forms;

/// <summary>A drawing in millimetres of paper, x to the right and y down; written as SVG and as shapes of a workbook.</summary>
internal sealed record Plan(double WidthMm, double HeightMm, IReadOnlyList<PlanShape> Shapes);

/// <summary>What a line or text stands for; decides its colour and width.</summary>
internal enum PlanInk
{
    /// <summary>The outline of the structure.</summary>
    Structure,

    /// <summary>An element.</summary>
    Element,

    /// <summary>The damage that a person decided.</summary>
    Damage,

    /// <summary>From a label to what it names.</summary>
    Leader,

    /// <summary>North arrow, scale bar, legend.</summary>
    Frame,
}

/// <summary>A part of a drawing.</summary>
internal abstract record PlanShape(PlanInk Ink);

/// <summary>A line, or an area.</summary>
internal sealed record PlanPath(PlanInk Ink, IReadOnlyList<(double X, double Y)> Points, bool IsClosed, bool IsFilled = false) : PlanShape(Ink);

/// <summary>A text; x, y is the left end, or the middle, of its base line.</summary>
internal sealed record PlanText(PlanInk Ink, double X, double Y, double SizeMm, string Text, bool IsCentred = false) : PlanShape(Ink)
{
    /// <summary>Estimated: full-width characters take the whole size, others 0.6 of it.</summary>
    public double WidthMm => WidthOf(Text, SizeMm);

    public static double WidthOf(string text, double sizeMm) => text.Sum(c => c < 0x2000 ? 0.6 : char.IsLowSurrogate(c) ? 0 : 1) * sizeMm;
}

/// <summary>Colours of the drawings; findings have the blue-violet of the map.</summary>
internal static class PlanStyle
{
    public static (string Rgb, double WidthMm) Of(PlanInk ink) => ink switch
    {
        PlanInk.Structure => ("1A1A1A", 0.5),
        PlanInk.Element => ("8C8C8C", 0.18),
        PlanInk.Damage => ("4A32C8", 0.35),
        PlanInk.Leader => ("767676", 0.12),
        _ => ("1A1A1A", 0.25),
    };
}
