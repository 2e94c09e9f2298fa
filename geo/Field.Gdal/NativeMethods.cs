using System.Runtime.InteropServices;

namespace Field.Gdal;

/// <summary>The functions of libgdal's C API that Field calls (gdal.h, cpl_error.h, cpl_vsi.h; ABI stable since GDAL 3.0).</summary>
internal static unsafe partial class NativeMethods
{
    /// <summary>Resolved by <see cref="GdalLibrary"/> to the versioned library of the system.</summary>
    internal const string Library = "gdal";

    [LibraryImport(Library)]
    internal static partial void GDALAllRegister();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void CPLSetConfigOption(string key, string value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void CPLSetThreadLocalConfigOption(string key, string? value);

    [LibraryImport(Library)]
    internal static partial nint CPLSetErrorHandler(delegate* unmanaged[Cdecl]<int, int, byte*, void> handler);

    [LibraryImport(Library)]
    internal static partial void CPLPushErrorHandler(delegate* unmanaged[Cdecl]<int, int, byte*, void> handler);

    [LibraryImport(Library)]
    internal static partial void CPLPopErrorHandler();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial DatasetHandle GDALOpenEx(string path, uint flags, nint* allowedDrivers, nint* openOptions, nint* siblingFiles);

    [LibraryImport(Library)]
    internal static partial void GDALClose(nint dataset);

    [LibraryImport(Library)]
    internal static partial int GDALGetRasterXSize(DatasetHandle dataset);

    [LibraryImport(Library)]
    internal static partial int GDALGetRasterYSize(DatasetHandle dataset);

    [LibraryImport(Library)]
    internal static partial int GDALGetRasterCount(DatasetHandle dataset);

    [LibraryImport(Library)]
    internal static partial nint GDALGetDatasetDriver(DatasetHandle dataset);

    [LibraryImport(Library)]
    internal static partial nint GDALGetDriverShortName(nint driver);

    /// <summary>The band belongs to the dataset: use it only while the handle lives.</summary>
    [LibraryImport(Library)]
    internal static partial nint GDALGetRasterBand(DatasetHandle dataset, int band);

    [LibraryImport(Library)]
    internal static partial int GDALGetRasterDataType(nint band);

    [LibraryImport(Library)]
    internal static partial int GDALGetRasterColorInterpretation(nint band);

    [LibraryImport(Library)]
    internal static partial int GDALSetRasterColorInterpretation(nint band, int interpretation);

    [LibraryImport(Library)]
    internal static partial nint GDALGetRasterColorTable(nint band);

    [LibraryImport(Library)]
    internal static partial int GDALGetColorEntryCount(nint table);

    [LibraryImport(Library)]
    internal static partial int GDALGetColorEntryAsRGB(nint table, int index, ColorEntry* entry);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint GDALGetMetadataItem(nint band, string name, string domain);

    [LibraryImport(Library)]
    internal static partial int GDALDatasetRasterIOEx(
        DatasetHandle dataset, int readWrite, int x, int y, int width, int height, void* buffer, int bufferWidth, int bufferHeight,
        int bufferType, int bandCount, int* bandMap, long pixelSpace, long lineSpace, long bandSpace, RasterIoExtra* extra);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint GDALGetDriverByName(string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial DatasetHandle GDALCreate(nint driver, string name, int width, int height, int bands, int type, nint* options);

    [LibraryImport(Library)]
    internal static partial int GDALAddBand(DatasetHandle dataset, int type, nint* options);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial DatasetHandle GDALCreateCopy(
        nint driver, string name, DatasetHandle source, int strict, nint* options, nint progress, nint progressData);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial byte* VSIGetMemFileBuffer(string path, ulong* length, int unlinkAndSeize);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int VSIUnlink(string path);

    /// <summary>GDALColorEntry.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ColorEntry
    {
        internal short Red;
        internal short Green;
        internal short Blue;
        internal short Alpha;
    }

    /// <summary>GDALRasterIOExtraArg, version 1.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct RasterIoExtra
    {
        internal int Version;
        internal int Resampling;
        internal nint Progress;
        internal nint ProgressData;
        internal int FloatingPointWindow;
        internal double X;
        internal double Y;
        internal double Width;
        internal double Height;
    }
}

/// <summary>An open GDALDatasetH. Not to be used by two threads at once (libgdal's rule).</summary>
internal sealed class DatasetHandle : SafeHandle
{
    public DatasetHandle()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMethods.GDALClose(handle);
        return true;
    }
}
