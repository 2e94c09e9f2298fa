namespace Field.Demo.Synthetic;

/// <summary>The demo data could not be made; the message says what to change.</summary>
public sealed class DemoDataException : FieldException
{
    internal DemoDataException(string message, Exception? innerException = null)
        : base(message, isTransient: false, innerException)
    {
    }
}
