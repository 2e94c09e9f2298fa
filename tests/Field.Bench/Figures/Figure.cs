using System.Globalization;

namespace Field.Bench.Figures;

/// <summary>One measured figure.</summary>
/// <param name="Name">What was measured, in plain words: <c>telemetry lost</c>.</param>
/// <param name="Value">How much.</param>
/// <param name="Unit">Of what: <c>messages/s</c>, <c>MB</c>, <c>ms</c>.</param>
internal sealed record Figure(string Name, double Value, string Unit)
{
    /// <summary>What it has to be, or null for a figure that only informs.</summary>
    public Target? Target { get; init; }

    /// <summary>The same figure of another program, measured in the same run; null when there is none.</summary>
    public Peer? Peer { get; init; }

    /// <summary>How it was measured, when the name does not say it: <c>median of 3 runs, 20 to 22</c>.</summary>
    public string? Note { get; init; }

    /// <summary>False when the target is missed.</summary>
    public bool IsMet => Target?.IsMetBy(Value) ?? true;

    /// <summary>A number for people: three digits that matter, thousands apart, whole numbers whole.</summary>
    public static string Number(double value) => value switch
    {
        0 => "0",
        _ when Math.Abs(value) >= 100 || value == Math.Floor(value) => value.ToString("#,0", CultureInfo.InvariantCulture),
        _ when Math.Abs(value) >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00#", CultureInfo.InvariantCulture),
    };
}

/// <summary>The same figure of another program.</summary>
internal sealed record Peer(string Name, double Value)
{
    public override string ToString() => $"{Name} {Figure.Number(Value)}";
}

/// <summary>What a figure has to be.</summary>
internal sealed record Target(string Relation, double Value)
{
    public static Target AtMost(double value) => new("<=", value);

    public static Target AtLeast(double value) => new(">=", value);

    public static Target Exactly(double value) => new("=", value);

    public bool IsMetBy(double value) => Relation switch
    {
        "<=" => value <= Value,
        ">=" => value >= Value,
        _ => value == Value,
    };

    public override string ToString() => $"{Relation} {Figure.Number(Value)}";
}
