using Field.Gdal;
using Field.Ingest.Import;

namespace Field.Ingest.Assets;

/// <summary>How a file becomes assets. Field names that are null are looked for among the usual ones.</summary>
public sealed record AssetImportOptions
{
    /// <summary>GeoJSON, GeoPackage, Shapefile or CSV.</summary>
    public required string Path { get; init; }

    /// <summary><c>bridge</c>, <c>element</c>, <c>levee</c>, <c>mark</c> or <c>road</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>EPSG code of its coordinates; null (the default) takes what the file says, and refuses one that says none.</summary>
    public int? Crs { get; init; }

    /// <summary>How the file is read.</summary>
    public VectorOptions Vector { get; init; } = new();

    /// <summary>Attribute of the ledger's id.</summary>
    public string? IdField { get; init; }

    /// <summary>Attribute of the name.</summary>
    public string? NameField { get; init; }

    /// <summary>Elements: attribute of the ledger id of their bridge.</summary>
    public string? ParentField { get; init; }

    /// <summary>Levees and marks: attribute of the river's name.</summary>
    public string? RiverField { get; init; }

    /// <summary>Levees and marks: attribute of the bank.</summary>
    public string? BankField { get; init; }

    /// <summary>Marks: attribute of the kilometres, as <c>12.3</c>, <c>12.3k</c> or <c>12k300</c>.</summary>
    public string? KmField { get; init; }

    /// <summary>Levees without marks: attribute of the kilometres at the line's first vertex.</summary>
    public string? StartKmField { get; init; }

    /// <summary>Levees without marks: attribute of the kilometres at the line's last vertex.</summary>
    public string? EndKmField { get; init; }

    /// <summary>Import the rows that are right although others are not; false by default.</summary>
    public bool SkipErrors { get; init; }
}

/// <summary>What an import did.</summary>
/// <param name="Rows">Rows of the file.</param>
/// <param name="Imported">Written; 0 when a row was wrong and errors were not to be skipped.</param>
/// <param name="Unchanged">Rows that were in the store as they are.</param>
/// <param name="Faults">Every error of the file.</param>
/// <param name="Warnings">What a person should know: repaired outlines, encodings, datum.</param>
public sealed record AssetImportResult(
    long Rows, long Imported, long Unchanged, IReadOnlyList<ImportNote> Faults, IReadOnlyList<ImportNote> Warnings);
