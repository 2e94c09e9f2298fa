using System.Reflection;
using System.Runtime.InteropServices;

namespace Field.EdgeAgent.Photos;

/// <summary>
/// The door to libturbojpeg: decodes a JPEG at an eighth of its size and encodes a small one. It is a hundredth of libgdal's size, which
/// alone would take a third of the memory that an agent may use.
/// </summary>
internal static unsafe partial class TurboJpeg
{
    private const string Library = "turbojpeg";
    private const int PixelFormatRgb = 0;
    private const int Sampling420 = 2;
    private const int FlagFastDct = 2048;
    private const int FlagNoRealloc = 1024;

    private static readonly string[] Candidates = ["libturbojpeg.so.0", "libturbojpeg.so"];
    private static readonly Lazy<nint> Loaded = new(Load);

    /// <summary>Loads the library.</summary>
    /// <exception cref="FieldException">It is not installed; the message says what to install.</exception>
    public static void EnsureAvailable() => _ = Loaded.Value;

    /// <summary>Decodes to RGB at 1/<paramref name="divisor"/> of the size; null when the bytes are no JPEG that can be decoded.</summary>
    /// <param name="jpeg">The file.</param>
    /// <param name="divisor">1, 2, 4 or 8.</param>
    /// <param name="width">Columns of the result.</param>
    /// <param name="height">Rows of the result.</param>
    public static byte[]? Decode(ReadOnlySpan<byte> jpeg, int divisor, out int width, out int height)
    {
        (width, height) = (0, 0);
        nint decoder = TjInitDecompress();
        try
        {
            fixed (byte* bytes = jpeg)
            {
                if (TjDecompressHeader3(decoder, bytes, (nuint)jpeg.Length, out int fullWidth, out int fullHeight, out _, out _) != 0)
                {
                    return null;
                }

                (width, height) = ((fullWidth + divisor - 1) / divisor, (fullHeight + divisor - 1) / divisor);
                byte[] pixels = new byte[width * height * 3];
                fixed (byte* into = pixels)
                {
                    return TjDecompress2(decoder, bytes, (nuint)jpeg.Length, into, width, width * 3, height, PixelFormatRgb, FlagFastDct) == 0 ? pixels : null;
                }
            }
        }
        finally
        {
            _ = TjDestroy(decoder);
        }
    }

    /// <summary>Encodes RGB as a baseline JPEG (4:2:0) without metadata.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> rgb, int width, int height, int quality)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rgb.Length, width * height * 3);
        byte[] buffer = new byte[TjBufSize(width, height, Sampling420)];
        nint encoder = TjInitCompress();
        try
        {
            fixed (byte* pixels = rgb)
            fixed (byte* into = buffer)
            {
                byte* target = into;
                nuint length = (nuint)buffer.Length;
                return TjCompress2(encoder, pixels, width, width * 3, height, PixelFormatRgb, &target, &length, Sampling420, quality, FlagNoRealloc) == 0
                    ? buffer[..(int)length]
                    : throw new FieldException($"libturbojpeg could not encode {width} x {height} px");
            }
        }
        finally
        {
            _ = TjDestroy(encoder);
        }
    }

    private static nint Load()
    {
        Assembly assembly = typeof(TurboJpeg).Assembly;
        foreach (string name in Candidates)
        {
            if (NativeLibrary.TryLoad(name, assembly, DllImportSearchPath.SafeDirectories, out nint library))
            {
                NativeLibrary.SetDllImportResolver(assembly, (wanted, _, _) => wanted == Library ? library : 0);
                return library;
            }
        }

        throw new FieldException("libturbojpeg is not installed. On Debian run: apt-get install libturbojpeg0");
    }

    [LibraryImport(Library, EntryPoint = "tjInitDecompress")]
    private static partial nint TjInitDecompress();

    [LibraryImport(Library, EntryPoint = "tjInitCompress")]
    private static partial nint TjInitCompress();

    [LibraryImport(Library, EntryPoint = "tjDestroy")]
    private static partial int TjDestroy(nint handle);

    [LibraryImport(Library, EntryPoint = "tjBufSize")]
    private static partial nuint TjBufSize(int width, int height, int sampling);

    [LibraryImport(Library, EntryPoint = "tjDecompressHeader3")]
    private static partial int TjDecompressHeader3(nint handle, byte* jpeg, nuint length, out int width, out int height, out int sampling, out int colours);

    [LibraryImport(Library, EntryPoint = "tjDecompress2")]
    private static partial int TjDecompress2(nint handle, byte* jpeg, nuint length, byte* into, int width, int pitch, int height, int format, int flags);

    [LibraryImport(Library, EntryPoint = "tjCompress2")]
    private static partial int TjCompress2(
        nint handle, byte* pixels, int width, int pitch, int height, int format, byte** jpeg, nuint* length, int sampling, int quality, int flags);
}
