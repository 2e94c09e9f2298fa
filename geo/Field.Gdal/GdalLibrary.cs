using System.Reflection;
using System.Runtime.InteropServices;

namespace Field.Gdal;

/// <summary>Finds the system's libgdal, registers its drivers once and sets its global options.</summary>
internal static class GdalLibrary
{
    /// <summary>Debian 12 first, then the sonames of GDAL 3.4 to 3.12 (newest first), then the development link.</summary>
    internal static readonly string[] Candidates =
    [
        "libgdal.so.32", "libgdal.so.38", "libgdal.so.37", "libgdal.so.36", "libgdal.so.35", "libgdal.so.34", "libgdal.so.33",
        "libgdal.so.31", "libgdal.so.30", "libgdal.so",
    ];

    private static readonly Lazy<bool> Started = new(Start);

    /// <summary>Call before the first native call of every entry point; thread safe.</summary>
    /// <exception cref="GdalException">libgdal is not installed.</exception>
    internal static void EnsureStarted() => _ = Started.Value;

    internal static nint LoadFirst(IEnumerable<string> candidates, Assembly assembly)
    {
        foreach (var name in candidates)
        {
            if (NativeLibrary.TryLoad(name, assembly, DllImportSearchPath.SafeDirectories, out var library))
            {
                return library;
            }
        }

        throw new GdalException(
            "libgdal is not installed. On Debian 12 run: apt-get install libgdal32 (Ubuntu and others: the package that holds libgdal.so.NN, "
            + "GDAL 3.4 or newer; gdal-bin pulls it in). Tried: " + string.Join(", ", candidates) + ".");
    }

    private static unsafe bool Start()
    {
        NativeLibrary.SetDllImportResolver(
            typeof(GdalLibrary).Assembly,
            static (name, assembly, _) => name == NativeMethods.Library ? LoadFirst(Candidates, assembly) : 0);

        // Threads that libgdal starts by itself have no captured handler: they must not write to stderr either.
        NativeMethods.CPLSetErrorHandler(GdalErrors.Handler);
        NativeMethods.CPLSetConfigOption("GDAL_ERROR_ON_LIBJPEG_WARNING", "YES");

        // No NAME.aux.xml is read or written beside anyone's photos.
        NativeMethods.CPLSetConfigOption("GDAL_PAM_ENABLED", "NO");
        NativeMethods.GDALAllRegister();
        return true;
    }
}
