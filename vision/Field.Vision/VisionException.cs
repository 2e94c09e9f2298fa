namespace Field.Vision;

/// <summary>A model, a card, the inference library or evaluation data cannot be used; the message says what to do about it.</summary>
public sealed class VisionException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    public VisionException(string message) : base(message) { }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="inner">The cause.</param>
    public VisionException(string message, Exception inner) : base(message, inner) { }
}
