using Field.Ingest.Import;

namespace Field.Ingest.Residents;

/// <summary>How files become the register of residents.</summary>
public sealed record ResidentImportOptions
{
    /// <summary>Points of households, or one file that holds everything.</summary>
    public required string Points { get; init; }

    /// <summary>The register that is joined to the points by household number; null when the points hold everything.</summary>
    public string? Register { get; init; }

    /// <summary>Layer of the points' file; null for the only one.</summary>
    public string? PointsLayer { get; init; }

    /// <summary>Layer of the register's file; null for the only one.</summary>
    public string? RegisterLayer { get; init; }

    /// <summary>EPSG code of the points; it counts more than what the file says.</summary>
    public int? Crs { get; init; }

    /// <summary><c>UTF-8</c> or <c>Shift_JIS</c> of the points; null for what the file says.</summary>
    public string? Encoding { get; init; }

    /// <summary>The same of the register.</summary>
    public string? RegisterEncoding { get; init; }

    /// <summary>Names of columns where the usual ones do not hold.</summary>
    public IReadOnlyDictionary<ResidentColumn, string> Columns { get; init; } = new Dictionary<ResidentColumn, string>();

    /// <summary>Name for people; null for the file's.</summary>
    public string? Title { get; init; }

    /// <summary>Which office gave it.</summary>
    public string? Source { get; init; }

    /// <summary>The day that it tells of, <c>yyyy-MM-dd</c>; ages are of that day. Null: ages are of today.</summary>
    public string? SourceDate { get; init; }

    /// <summary>True when nobody in it is real; a column <c>synthetic</c> says so too.</summary>
    public bool IsSynthetic { get; init; }

    /// <summary>Names by which the files are known; null for their own.</summary>
    public (string Points, string? Register)? Origin { get; init; }
}

/// <summary>What an import did.</summary>
/// <param name="Register">The register as it is now; null when the files were refused.</param>
/// <param name="IsUnchanged">True when the same files had been imported in the same way.</param>
/// <param name="Faults">Why they were refused.</param>
/// <param name="Notes">What a person should know; tells of columns and counts, not of households.</param>
public sealed record ResidentImportResult(ResidentRegister? Register, bool IsUnchanged, IReadOnlyList<ImportNote> Faults, IReadOnlyList<ImportNote> Notes);

/// <summary>What an import would do.</summary>
/// <param name="Register">The register as it would be, without an edition; null when the files would be refused.</param>
/// <param name="Faults">Why.</param>
/// <param name="Notes">What a person should know.</param>
/// <param name="Rows">The first rows that would not count, each with its reason. Personal data.</param>
public sealed record ResidentTrial(ResidentRegister? Register, IReadOnlyList<ImportNote> Faults, IReadOnlyList<ImportNote> Notes, IReadOnlyList<Household> Rows)
{
    /// <summary>At most so many rows.</summary>
    public const int MostRows = 200;
}
