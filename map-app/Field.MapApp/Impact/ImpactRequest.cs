namespace Field.MapApp.Impact;

/// <summary>What is wanted to be known, whatever it is asked of.</summary>
internal record ImpactQuestion
{
    /// <summary>Metres.</summary>
    public double WithinM { get; init; } = 300;

    /// <summary>Digits of the mesh code, or null.</summary>
    public int? MeshDigits { get; init; }

    /// <summary>The least class that counts as affected.</summary>
    public int LeastClass { get; init; } = 1;

    /// <summary>Counts from 1 to under this are hidden; 1 hides nothing.</summary>
    public int MinCell { get; init; } = 1;

    /// <summary>Name of the scenario; null for what the files' names say.</summary>
    public string? Title { get; init; }

    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>What <c>impact</c> was asked of files.</summary>
internal sealed record ImpactRequest : ImpactQuestion
{
    /// <summary>CSV of residents.</summary>
    public required string Residents { get; init; }

    /// <summary>Hazard files and folders.</summary>
    public required IReadOnlyList<string> Hazards { get; init; }

    /// <summary>The older map to compare with; empty for none.</summary>
    public IReadOnlyList<string> Older { get; init; } = [];

    /// <summary>Of folders only files whose name holds this.</summary>
    public string? Match { get; init; }

    /// <summary>Of files with several layers only those of these names; empty for all.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];

    public string? RankField { get; init; }

    /// <summary>Neighbourhood associations, or null.</summary>
    public string? By { get; init; }

    public string? ById { get; init; }

    public string? ByName { get; init; }

    /// <summary>Own polygons, or null.</summary>
    public string? Own { get; init; }

    /// <summary>Places that people need near them, or null.</summary>
    public string? Near { get; init; }

    /// <summary>System of files that name none.</summary>
    public int? Crs { get; init; }

    public string? Encoding { get; init; }
}
