namespace Field.Gdal;

/// <summary>
/// libgdal is missing, or refused the file or the image. The message names the file and says what libgdal found wrong.
/// The same input fails again: it is never worth a retry.
/// </summary>
public sealed class GdalException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public GdalException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed and what to do about it.</param>
    public GdalException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">What failed and what to do about it.</param>
    /// <param name="innerException">The cause.</param>
    public GdalException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
