namespace Field.Ingest.Layers;

/// <summary>Colours for classes that have no official ones, told apart by the colour-blind too (Okabe and Ito 2008), and patterns beside them.</summary>
internal static class LayerPalette
{
    public const string NoPattern = "none";
    public const string Diagonal = "diagonal";
    public const string Cross = "cross";
    public const string Dots = "dots";

    private static readonly string[] Colours = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#666666"];

    public static IReadOnlyList<string> Patterns { get; } = [NoPattern, Diagonal, Cross, Dots];

    /// <summary>A table from the values that a field holds: each pair of colour and pattern once before any comes again.</summary>
    public static LayerClasses Generate(string field, IEnumerable<string> values) => new()
    {
        Field = field,
        Classes = [.. values.Select((v, i) => new LayerClass(v, null, v, v, Colours[i % Colours.Length], Patterns[i / Colours.Length % Patterns.Count], [v]))],
    };
}
