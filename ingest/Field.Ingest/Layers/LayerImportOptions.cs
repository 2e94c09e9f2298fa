using Field.Ingest.Import;

namespace Field.Ingest.Layers;

/// <summary>How a file becomes a layer. What is null is taken from the file where the file says it, and refused where nobody does.</summary>
public sealed record LayerImportOptions
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The layer within the file; null for the only one.</summary>
    public string? Layer { get; init; }

    /// <summary>Folder and name that the file is known by; null for the last folder and name of <see cref="Path"/>.</summary>
    public string? Origin { get; init; }

    /// <summary>May who imports replace this layer? Nobody replaces what they may not see. Default: any.</summary>
    public Func<Layer, bool> MayReplace { get; init; } = _ => true;

    /// <summary>Replaces the layer of this id whatever file it came from; null for an id made from <see cref="Origin"/> and <see cref="Layer"/>.</summary>
    public string? Id { get; init; }

    /// <summary>Its name for people; null for the file's.</summary>
    public string? Title { get; init; }

    /// <summary>One of <see cref="LayerKind.All"/>; null for that of the preset, else <c>other</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>One of <see cref="LayerDataClass.All"/>; <c>internal</c> by default, for nobody has said that everybody may see it.</summary>
    public string DataClass { get; init; } = LayerDataClass.Internal;

    /// <summary>Who made the data.</summary>
    public string? Source { get; init; }

    /// <summary>The day that the data tells of, <c>yyyy-MM-dd</c>.</summary>
    public string? SourceDate { get; init; }

    /// <summary>Under which licence it came.</summary>
    public string? Licence { get; init; }

    /// <summary>What must stand beside it on a map.</summary>
    public string? Attribution { get; init; }

    /// <summary>EPSG code of its coordinates; it counts more than what the file says.</summary>
    public int? Crs { get; init; }

    /// <summary>True: <see cref="Crs"/> only for a file that names no system (many files at once); false by default.</summary>
    public bool CrsIfUnknown { get; init; }

    /// <summary><c>UTF-8</c> or <c>Shift_JIS</c>.</summary>
    public string? Encoding { get; init; }

    /// <summary>The attribute that holds the class.</summary>
    public string? ClassField { get; init; }

    /// <summary>Name of a preset (<see cref="LayerPresets"/>).</summary>
    public string? Preset { get; init; }

    /// <summary>The class of all rows, when no attribute holds it: a key or value of the table.</summary>
    public string? ClassValue { get; init; }

    /// <summary>An own class table as JSON.</summary>
    public string? ClassTable { get; init; }

    /// <summary>The attribute that names a feature; null for a usual one when it is there.</summary>
    public string? LabelField { get; init; }

    /// <summary>Tables: the column of the longitude or east.</summary>
    public string? EastColumn { get; init; }

    /// <summary>Tables: the column of the latitude or north.</summary>
    public string? NorthColumn { get; init; }

    /// <summary>Tables: the column of the JIS X 0410 mesh code.</summary>
    public string? MeshField { get; init; }

    /// <summary>Since which day the publisher has withdrawn it, <c>yyyy-MM-dd</c>.</summary>
    public string? WithdrawnOn { get; init; }

    /// <summary>What the publisher said.</summary>
    public string? WithdrawnReason { get; init; }
}

/// <summary>What an import did.</summary>
/// <param name="Layer">The layer as it is now; null when the file was refused.</param>
/// <param name="IsUnchanged">True when the same file had been imported in the same way.</param>
/// <param name="Faults">Why the file was refused.</param>
/// <param name="Notes">What a person should know: rows left out, outlines repaired, encodings, datum.</param>
public sealed record LayerImportResult(Layer? Layer, bool IsUnchanged, IReadOnlyList<ImportNote> Faults, IReadOnlyList<ImportNote> Notes)
{
    /// <summary>True when nothing is wrong but that no column says where its rows are.</summary>
    public bool IsTableWithoutPlace => Layer is null && Faults.Count == 1 && Faults[0].En == LayerFault.NoPlace.En;
}

/// <summary>How far an import is.</summary>
/// <param name="Rows">Rows done.</param>
/// <param name="Total">Rows of the file.</param>
public readonly record struct LayerProgress(long Rows, long Total);
