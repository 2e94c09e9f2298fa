namespace Field;

/// <summary>The one base of Field's own exceptions.</summary>
public class FieldException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened and what the reader can do about it.</param>
    /// <param name="isTransient">True when the same call may succeed later without a change by a person.</param>
    /// <param name="innerException">The cause, or null.</param>
    public FieldException(string message, bool isTransient = false, Exception? innerException = null)
        : base(message, innerException) => IsTransient = isTransient;

    /// <summary>True when the same call may succeed later without a change by a person (network, disk full, busy).</summary>
    public bool IsTransient { get; }
}
