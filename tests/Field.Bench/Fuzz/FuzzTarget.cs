namespace Field.Bench.Fuzz;

/// <summary>What a parser's inputs are made of, and with that how they are mutated.</summary>
internal enum InputForm
{
    Binary,
    Json,
}

/// <summary>A parser that reads what the network or a card brings.</summary>
/// <param name="Name">Of the parser: <c>senml</c>.</param>
/// <param name="Samples">Golden inputs, all of which it accepts.</param>
/// <param name="Parse">Gives it an input; true when it was accepted.</param>
internal sealed record FuzzTarget(string Name, IReadOnlyList<byte[]> Samples, Func<byte[], bool> Parse) : IDisposable
{
    /// <summary>How the inputs are mutated.</summary>
    public InputForm Form { get; init; } = InputForm.Json;

    /// <summary>Makes lengths and checksums right again after a mutation, so that what lies behind them is reached; null when there are none.</summary>
    public Action<byte[]>? Repair { get; init; }

    /// <summary>True for the exceptions by which the parser is declared to refuse.</summary>
    public Func<Exception, bool> Refuses { get; init; } = _ => false;

    /// <summary>The declared limit of allocation: this much for any input ...</summary>
    public long AllocatedBytes { get; init; } = 128 * 1024;

    /// <summary>... and so much for each byte of it. Zero for a parser in another process, which is not measured.</summary>
    public int AllocatedPerByte { get; init; } = 128;

    /// <summary>What to give back at the end.</summary>
    public IDisposable? Owned { get; init; }

    public void Dispose() => Owned?.Dispose();
}
