namespace Field.Ingest.Layers;

/// <summary>What a layer is about: by it the map groups its list.</summary>
public static class LayerKind
{
    /// <summary>The kind of a layer that nobody named one for.</summary>
    public const string Other = "other";

    /// <summary>Areas that no planned flight may enter.</summary>
    public const string NoFly = "no-fly";

    /// <summary>All kinds, in the order in which people look for them when a river rises.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["flood", "pluvial", "duration", "collapse", "landslide", "surge", "tsunami", "history", "shelter", "facility", "pipe", "boundary", "road", "land", "mesh", NoFly, Other];
}

/// <summary>Who a layer is for.</summary>
public static class LayerDataClass
{
    /// <summary>Anybody, on the public map too.</summary>
    public const string Public = "public";

    /// <summary>Who has signed in.</summary>
    public const string Internal = "internal";

    /// <summary>Who may see residents; never on a listener that faces the internet.</summary>
    public const string Resident = "resident";

    /// <summary>The tax office; never on a listener that faces the internet.</summary>
    public const string Tax = "tax";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Public, Internal, Resident, Tax];
}
