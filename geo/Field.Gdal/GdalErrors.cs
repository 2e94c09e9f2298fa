using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Field.Gdal;

/// <summary>
/// Collects what libgdal (and libjpeg, libpng, libtiff and PROJ through it) reports on this thread, instead of letting it print.
/// libgdal keeps its stack of handlers per thread, so captures of different threads never meet; dispose on the thread that created it.
/// </summary>
internal sealed unsafe class GdalErrors : IDisposable
{
    private const int SeverityWarning = 2;
    private const int SeverityFailure = 3;

    [ThreadStatic]
    private static GdalErrors? current;

    private readonly GdalErrors? outer;
    private string? firstWarning;
    private string? firstFailure;

    private GdalErrors()
    {
        outer = current;
        current = this;
        NativeMethods.CPLPushErrorHandler(Handler);
    }

    internal static delegate* unmanaged[Cdecl]<int, int, byte*, void> Handler => &OnError;

    internal static GdalErrors Capture()
    {
        GdalLibrary.EnsureStarted();
        return new GdalErrors();
    }

    /// <summary>Forgets what was reported so far, such as warnings about the header that do not touch the pixels.</summary>
    internal void Clear() => (firstWarning, firstFailure) = (null, null);

    /// <summary>Throws when libgdal returned an error, or reported a failure; with <paramref name="strict"/> also on a warning.</summary>
    /// <exception cref="GdalException">Names <paramref name="what"/> and the first message.</exception>
    internal void Check(bool succeeded, string what, bool strict = false)
    {
        var message = firstFailure ?? (strict ? firstWarning : null);
        if (!succeeded || message is not null)
        {
            throw new GdalException($"{what}: {message ?? firstWarning ?? "libgdal gave no reason"}");
        }
    }

    public void Dispose()
    {
        NativeMethods.CPLPopErrorHandler();
        current = outer;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnError(int severity, int number, byte* message)
    {
        if (current is not { } capture)
        {
            return;
        }

        if (severity >= SeverityFailure)
        {
            capture.firstFailure ??= Marshal.PtrToStringUTF8((nint)message);
        }
        else if (severity == SeverityWarning)
        {
            capture.firstWarning ??= Marshal.PtrToStringUTF8((nint)message);
        }
    }
}
