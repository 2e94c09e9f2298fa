namespace Field.Contracts;

/// <summary>One thing wrong with a message.</summary>
/// <param name="At">JSON pointer (RFC 6901) of the member; empty for the whole message.</param>
/// <param name="Code">A code of <see cref="ErrorCodes"/>.</param>
/// <param name="Detail">A sentence for the person who has to correct it.</param>
public sealed record WireError(string At, string Code, string Detail)
{
    /// <inheritdoc/>
    public override string ToString() => At.Length == 0 ? $"{Code}: {Detail}" : $"{Code} at {At}: {Detail}";
}

/// <summary>A parsed message, or everything that is wrong with it.</summary>
/// <typeparam name="T">The message.</typeparam>
public sealed class Parsed<T>
    where T : class
{
    internal Parsed(T? value, IReadOnlyList<WireError> errors)
    {
        Value = errors.Count == 0 ? value : null;
        Errors = errors;
    }

    /// <summary>The message; null when there are errors.</summary>
    public T? Value { get; }

    /// <summary>All errors found, not only the first.</summary>
    public IReadOnlyList<WireError> Errors { get; }
}
