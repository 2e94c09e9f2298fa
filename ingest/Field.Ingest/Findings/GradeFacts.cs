using System.Text.Json;
using Field.Store;
using Field.Vision.Grade;

namespace Field.Ingest.Findings;

/// <summary>What a draft degree needs beyond the columns of its finding; a graded finding holds it in its numbers and reasons.</summary>
internal sealed record GradeFacts
{
    /// <summary>Rebar is seen in the spalling.</summary>
    public const string RebarExposed = "rebar-exposed";

    /// <summary>Rust is seen in the stain.</summary>
    public const string RustStain = "rust-stain";

    /// <summary>The outline reaches the edge of the photo: the damage goes on, and its length and area are the least they can be.</summary>
    public const string Partial = "partial";

    /// <summary>Distance to the nearest crack beside, 95 %; null when the photo does not tell.</summary>
    public Limits? SpacingM { get; init; }

    /// <summary>Standard deviation of the ground sample distance, millimetres; null without a scale.</summary>
    public double? GsdErrorMm { get; init; }

    /// <summary>Standard deviation of the area; null without a scale.</summary>
    public double? AreaErrorM2 { get; init; }

    /// <summary><see cref="RebarExposed"/>.</summary>
    public bool HasRebar { get; init; }

    /// <summary><see cref="RustStain"/>.</summary>
    public bool HasRust { get; init; }

    /// <summary><see cref="Partial"/>.</summary>
    public bool IsPartial { get; init; }

    /// <summary>The facts of a graded finding.</summary>
    public static GradeFacts Of(Feature finding)
    {
        using JsonDocument numbers = JsonDocument.Parse(finding.Text("degreeNumbers") ?? "{}");
        using JsonDocument reasons = JsonDocument.Parse(finding.Text("degreeReasons") ?? "[]");
        HashSet<string?> codes = [.. reasons.RootElement.EnumerateArray().Select(r => r.GetString())];
        double? Number(string name) => numbers.RootElement.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : null;
        return new GradeFacts
        {
            SpacingM = Number("spacingLeastM") is { } least ? new Limits(least, Number("spacingMostM") ?? double.PositiveInfinity) : null,
            GsdErrorMm = Number("gsdErrorMm"),
            AreaErrorM2 = Number("areaErrorM2"),
            HasRebar = codes.Contains(RebarExposed),
            HasRust = codes.Contains(RustStain),
            IsPartial = codes.Contains(Partial),
        };
    }

    /// <summary>The numbers that keep the facts.</summary>
    public IEnumerable<DegreeNumber> Numbers()
    {
        if (GsdErrorMm is { } gsd)
        {
            yield return new DegreeNumber("gsdErrorMm", gsd);
        }

        if (AreaErrorM2 is { } area)
        {
            yield return new DegreeNumber("areaErrorM2", area);
        }

        if (SpacingM is { } spacing)
        {
            yield return new DegreeNumber("spacingLeastM", spacing.Least);
            if (double.IsFinite(spacing.Most))
            {
                yield return new DegreeNumber("spacingMostM", spacing.Most);
            }
        }
    }

    /// <summary>The codes that keep the facts.</summary>
    public IEnumerable<string> Reasons() => [.. HasRebar ? (string[])[RebarExposed] : [], .. HasRust ? (string[])[RustStain] : [], .. IsPartial ? (string[])[Partial] : []];
}
