using Field.Geo;
using Field.Geo.Impact;

namespace Field.MapApp.Impact;

/// <summary>One way to divide the people: by association, mesh, own polygon, river ...</summary>
/// <param name="Key">Its name on the command line.</param>
/// <param name="Ja">Its title in Japanese.</param>
/// <param name="En">In English.</param>
/// <param name="Ids">Of the rows.</param>
/// <param name="Names">Of the rows.</param>
/// <param name="Classes">The columns.</param>
/// <param name="Table">The counts.</param>
internal sealed record ImpactCut(
    string Key, string Ja, string En, IReadOnlyList<string> Ids, IReadOnlyList<string> Names, IReadOnlyList<HazardClass> Classes, ImpactTable Table)
{
    /// <summary>True when every person is in exactly one row, so that rows add up to a total.</summary>
    public bool IsAdditive { get; init; } = true;

    /// <summary>The areas, for their outlines; null when the rows are none.</summary>
    public AreaSet? Areas { get; init; }

    /// <summary>True when counts are moved and rounded: this table and others of the same people would tell single ones otherwise.</summary>
    public bool IsRounded { get; init; }

    /// <summary>The rows' meshes; null when they are none.</summary>
    public IReadOnlyList<MeshCode>? Meshes { get; init; }

    /// <summary>The class from which a person counts as affected; 0 where the classes are not ones of a hazard.</summary>
    public int LeastClass { get; init; } = 1;
}

/// <summary>The answer.</summary>
/// <param name="Residents">What was read.</param>
/// <param name="Hazards">The class of each point.</param>
/// <param name="Cuts">The tables, the most wanted first.</param>
/// <param name="Title">The scenario, such as 想定最大規模.</param>
internal sealed record ImpactResult(ResidentFile Residents, HazardAtPoints Hazards, IReadOnlyList<ImpactCut> Cuts, string Title)
{
    public required IReadOnlyList<HazardClass> Classes { get; init; }

    public required ImpactCount Affected { get; init; }

    /// <summary>Associations with somebody affected; null when none were asked for.</summary>
    public int? AreasAffected { get; init; }

    public ScenarioComparison? Comparison { get; init; }

    /// <summary>What is hidden in which table; nothing when nothing needs to be.</summary>
    public required ImpactMasks Masks { get; init; }

    public IReadOnlyList<ImpactNote> Notes { get; init; } = [];

    public double LoadS { get; init; }

    /// <summary>From points and polygons to counts.</summary>
    public double QueryS { get; init; }
}

/// <summary>What an impact is asked of, ready to be counted.</summary>
/// <param name="Residents">Who lives where.</param>
/// <param name="Hazards">The class at each point.</param>
/// <param name="Sources">Names of the layers, as many as <see cref="HazardAtPoints.BySource"/>.</param>
internal sealed record ImpactInputs(ResidentFile Residents, HazardAtPoints Hazards, IReadOnlyList<string> Sources)
{
    /// <summary>The classes; null for those of official flood depth up to the highest that is met.</summary>
    public IReadOnlyList<HazardClass>? Classes { get; init; }

    /// <summary>The older map; null for none.</summary>
    public HazardAtPoints? Older { get; init; }

    /// <summary>Associations and which each point lies in; null for none.</summary>
    public (AreaSet Areas, int[] AreaOf)? Districts { get; init; }

    /// <summary>Own polygons; null for none.</summary>
    public AreaSet? Own { get; init; }

    /// <summary>Places that people need near them; null for none.</summary>
    public NearbyPlaces? Places { get; init; }

    /// <summary>Usable shelters and the nearest of each affected point; null for none.</summary>
    public (IReadOnlyList<string> Ids, IReadOnlyList<string> Names, int[] NearestOf)? Shelters { get; init; }

    /// <summary>What the layers are called together.</summary>
    public string Title { get; init; } = "";

    public IReadOnlyList<ImpactNote> Notes { get; init; } = [];
}
