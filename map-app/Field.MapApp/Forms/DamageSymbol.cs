namespace Field.MapApp.Forms;

/// <summary>A shape for each class, so that a drawing needs no colour to be read.</summary>
internal static class DamageSymbol
{
    /// <summary>Half the size, mm.</summary>
    public const double RadiusMm = 1.3;

    /// <summary>A class for each shape, with the classes that share it.</summary>
    public static IReadOnlyList<(string Id, string[] Classes)> Legend { get; } =
    [
        ("crack", ["crack"]), ("spalling", ["spalling"]), ("rebar", ["rebar"]), ("efflorescence", ["efflorescence"]), ("corrosion", ["corrosion"]),
    ];

    public static PlanPath Of(string? id, (double X, double Y) at, PlanInk ink)
    {
        (double X, double Y)[] unit = id switch
        {
            "crack" => [(-1.2, 0.5), (-0.4, -0.6), (0.3, 0.5), (1.2, -0.6)],
            "spalling" => [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
            "rebar" => [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9), (-0.9, -0.9), (0.9, 0.9), (0.9, -0.9), (-0.9, 0.9)],
            "efflorescence" => [(-1, -0.8), (1, -0.8), (0, 1)],
            "corrosion" => [.. Enumerable.Range(0, 16).Select(i => (Math.Cos(i * Math.PI / 8), Math.Sin(i * Math.PI / 8)))],
            _ => [(0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0)],
        };
        return new PlanPath(ink, [.. unit.Select(p => (at.X + (p.X * RadiusMm), at.Y + (p.Y * RadiusMm)))], IsClosed: id is not "crack");
    }
}
