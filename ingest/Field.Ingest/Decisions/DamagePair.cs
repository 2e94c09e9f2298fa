using Field.Geo;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.Ingest.Decisions;

/// <summary>A finding on a plane in metres.</summary>
internal sealed class PlacedDamage
{
    private const double LeastErrorM = 0.1;
    private const double ErrorWithoutM = 3; // of a place whose error nobody told

    public PlacedDamage(Feature finding, LocalFrame frame)
    {
        (Finding, Outline) = (finding, ComparisonPlane.Metres(finding.Geometry!, frame));
        ErrorM = Math.Max(LeastErrorM, finding.Real("errorM") ?? ErrorWithoutM);
    }

    public Feature Finding { get; }

    public Geometry Outline { get; }

    /// <summary>One standard deviation of its place.</summary>
    public double ErrorM { get; }

    public string Class => Finding.Text("class") ?? "";

    private bool IsLine => Class is "crack" or "levee-crack" or "road-crack";

    /// <summary>The measures by which the class grows: of a line length and width, of an area its area.</summary>
    public IEnumerable<string> Measures => IsLine ? ["lengthM", "maxWidthMm"] : ["areaM2"];

    public double? Measure(string name) => Finding.Real(name);

    /// <summary>
    /// One standard deviation of a measure: the column where there is one, else by a scale known to 5 %, an edge known to 0.35 px, and of a
    /// line's length 2.6 % of the chain code.
    /// </summary>
    public double Sigma(string name)
    {
        const double Scale = 0.05, EdgePx = 0.35, Chain = 0.026;
        double value = Measure(name) ?? 0;
        double edgeM = EdgePx * (Finding.Real("gsdM") ?? 0);
        return name switch
        {
            "lengthM" => Finding.Real("lengthErrorM") ?? Math.Sqrt(Square(Scale * value) + (2 * Square(edgeM)) + Square(Chain * value)),
            "maxWidthMm" => Finding.Real("widthErrorMm") ?? Math.Sqrt(Square(Scale * value) + (2 * Square(edgeM * 1000))),
            _ => Math.Sqrt(Square(2 * Scale * value) + Square(Outline.Length * edgeM)),
        };
    }

    private static double Square(double x) => x * x;
}

/// <summary>How likely two findings of two inspections are one damage.</summary>
internal static class DamagePair
{
    /// <summary>What it costs to leave a finding alone; a pair may cost up to twice that.</summary>
    public const double Alone = 0.65;

    private const double LeastOverlap = 0.3;
    private const double GapSigmas = 2;
    private const double SizeWeight = 0.25;
    private const double MostReachM = 5;

    /// <summary>
    /// 0 for the same outline: what the outlines, widened by twice the error of their places, do not share, and a little for another size, because
    /// damage grows. Infinite when the classes differ, the gap is beyond twice the combined error, or they share below 30 % of the smaller.
    /// </summary>
    public static double Cost(PlacedDamage before, PlacedDamage after)
    {
        double error = double.Hypot(before.ErrorM, after.ErrorM);
        if (before.Class != after.Class || before.Outline.EnvelopeInternal.Distance(after.Outline.EnvelopeInternal) > GapSigmas * error
            || before.Outline.Distance(after.Outline) > GapSigmas * error)
        {
            return double.PositiveInfinity;
        }

        double reach = Math.Min(GapSigmas * error, MostReachM);
        (Geometry a, Geometry b) = (before.Outline.Buffer(reach), after.Outline.Buffer(reach));
        double overlap = a.Intersection(b).Area / Math.Min(a.Area, b.Area);
        if (overlap < LeastOverlap)
        {
            return double.PositiveInfinity;
        }

        string size = before.Measures.First();
        double ratio = before.Measure(size) is > 0 and var then && after.Measure(size) is > 0 and var now ? Math.Min(then, now) / Math.Max(then, now) : 1;
        return 1 - overlap + (SizeWeight * (1 - ratio));
    }
}
