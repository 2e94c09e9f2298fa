namespace Field.Ingest.Residents;

/// <summary>How many synthetic residents to make, and where.</summary>
public sealed record SyntheticOptions
{
    /// <summary>Areas of the associations: id of an imported layer, or a file.</summary>
    public required string Boundaries { get; init; }

    /// <summary>Attribute that names an association; null for a usual one.</summary>
    public string? NameField { get; init; }

    /// <summary>Population mesh: id of an imported layer, or a file; null spreads <see cref="People"/> evenly.</summary>
    public string? Mesh { get; init; }

    /// <summary>Of a file of the mesh: its column of mesh codes.</summary>
    public string? MeshField { get; init; }

    /// <summary>Attribute of the mesh that holds people.</summary>
    public string? PeopleField { get; init; }

    /// <summary>People in all; with a mesh null (the default) for those that it says.</summary>
    public int? People { get; init; }

    /// <summary>The same seed makes the same people.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>EPSG code of files that name none.</summary>
    public int? Crs { get; init; }

    /// <summary><c>UTF-8</c> or <c>Shift_JIS</c> of files that do not say it.</summary>
    public string? Encoding { get; init; }

    /// <summary>Name for people; null for a usual one.</summary>
    public string? Title { get; init; }
}
