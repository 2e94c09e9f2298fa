using Field.Store;

namespace Field.Ingest.Assets;

/// <summary>To which asset a place belongs (SPEC.md section 8).</summary>
/// <param name="AssetId">The nearest asset, or null.</param>
/// <param name="ElementId">The nearest element of that bridge, or null.</param>
/// <param name="River">The river of that levee, or null.</param>
/// <param name="Bank"><c>left</c>, <c>right</c> or null.</param>
/// <param name="MarkKm">The next distance mark downstream, or null.</param>
/// <param name="MarkOffsetM">Metres from it upstream.</param>
/// <param name="DistanceM">Metres from the asset; 0 inside it.</param>
/// <param name="Reason">Why it is doubtful or absent, or null.</param>
internal sealed record AssetLink(
    string? AssetId, string? ElementId, string? River, string? Bank, double? MarkKm, double? MarkOffsetM, double? DistanceM, string? Reason)
{
    public const string NoPlace = "no-place";
    public const string NoneNear = "none-near";
    public const string Ambiguous = "ambiguous";
    public const string ElementAmbiguous = "element-ambiguous";
    public const string BeyondEnd = "beyond-end";
    public const string NoMarks = "no-marks";
    public const string DisorderedMarks = "disordered-marks";

    public static AssetLink None(string reason) => new(null, null, null, null, null, null, null, reason);

    /// <summary>The finding with this link.</summary>
    public Feature Apply(Feature finding) => finding.With(Values());

    /// <summary>True when the finding has it already.</summary>
    public bool IsOf(Feature finding) => Values().All(v => Equals(finding.Properties.GetValueOrDefault(v.Column), v.Value));

    private (string Column, object? Value)[] Values() =>
    [
        ("assetId", AssetId), ("elementId", ElementId), ("river", River), ("bank", Bank), ("markKm", MarkKm), ("markOffsetM", Millimetres(MarkOffsetM)),
        ("assetDistanceM", Millimetres(DistanceM)), ("assetReason", Reason),
    ];

    private static double? Millimetres(double? metres) => metres is { } m ? Math.Round(m, 3) : null;
}
