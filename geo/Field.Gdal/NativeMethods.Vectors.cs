using System.Runtime.InteropServices;

namespace Field.Gdal;

/// <summary>The functions of OGR and OSR (ogr_api.h, ogr_srs_api.h) that <see cref="Vectors"/> calls.</summary>
internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int GDALDatasetGetLayerCount(DatasetHandle dataset);

    /// <summary>The layer belongs to the dataset: use it only while the handle lives.</summary>
    [LibraryImport(Library)]
    internal static partial nint GDALDatasetGetLayer(DatasetHandle dataset, int index);

    [LibraryImport(Library)]
    internal static partial nint OGR_L_GetName(nint layer);

    [LibraryImport(Library)]
    internal static partial int OGR_L_GetGeomType(nint layer);

    [LibraryImport(Library)]
    internal static partial nint OGRGeometryTypeToName(int type);

    [LibraryImport(Library)]
    internal static partial long OGR_L_GetFeatureCount(nint layer, int force);

    [LibraryImport(Library)]
    internal static partial nint OGR_L_GetSpatialRef(nint layer);

    [LibraryImport(Library)]
    internal static partial nint OGR_L_GetLayerDefn(nint layer);

    [LibraryImport(Library)]
    internal static partial void OGR_L_ResetReading(nint layer);

    [LibraryImport(Library)]
    internal static partial FeatureHandle OGR_L_GetNextFeature(nint layer);

    [LibraryImport(Library)]
    internal static partial int OGR_FD_GetFieldCount(nint definition);

    [LibraryImport(Library)]
    internal static partial nint OGR_FD_GetFieldDefn(nint definition, int index);

    [LibraryImport(Library)]
    internal static partial byte* OGR_Fld_GetNameRef(nint field);

    [LibraryImport(Library)]
    internal static partial int OGR_Fld_GetType(nint field);

    [LibraryImport(Library)]
    internal static partial int OGR_Fld_GetSubType(nint field);

    [LibraryImport(Library)]
    internal static partial void OGR_F_Destroy(nint feature);

    [LibraryImport(Library)]
    internal static partial int OGR_F_IsFieldSetAndNotNull(FeatureHandle feature, int index);

    [LibraryImport(Library)]
    internal static partial long OGR_F_GetFieldAsInteger64(FeatureHandle feature, int index);

    [LibraryImport(Library)]
    internal static partial double OGR_F_GetFieldAsDouble(FeatureHandle feature, int index);

    /// <summary>Bytes in the file's own encoding, ended by zero; they belong to the feature until its next call.</summary>
    [LibraryImport(Library)]
    internal static partial byte* OGR_F_GetFieldAsString(FeatureHandle feature, int index);

    [LibraryImport(Library)]
    internal static partial int OGR_F_GetFieldAsDateTimeEx(
        FeatureHandle feature, int index, int* year, int* month, int* day, int* hour, int* minute, float* second, int* zone);

    /// <summary>The geometry belongs to the feature.</summary>
    [LibraryImport(Library)]
    internal static partial nint OGR_F_GetGeometryRef(FeatureHandle feature);

    [LibraryImport(Library)]
    internal static partial int OGR_G_WkbSize(nint geometry);

    /// <summary>ISO WKB (Z and M as type + 1000, + 2000); byte order 1 is little endian.</summary>
    [LibraryImport(Library)]
    internal static partial int OGR_G_ExportToIsoWkb(nint geometry, int byteOrder, byte* buffer);

    [LibraryImport(Library)]
    internal static partial nint OSRGetAuthorityName(nint srs, nint targetKey);

    [LibraryImport(Library)]
    internal static partial nint OSRGetAuthorityCode(nint srs, nint targetKey);

    [LibraryImport(Library)]
    internal static partial nint OSRGetName(nint srs);

    [LibraryImport(Library)]
    internal static partial int OSRExportToWkt(nint srs, out TextHandle wkt);

    [LibraryImport(Library)]
    internal static partial void VSIFree(nint memory);

    /// <summary>A file in memory that reads the caller's pinned bytes in place; close it, then unlink the path before the pin ends.</summary>
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint VSIFileFromMemBuffer(string path, byte* content, ulong length, int takeOwnership);

    [LibraryImport(Library)]
    internal static partial int VSIFCloseL(nint file);
}

/// <summary>An OGRFeatureH; destroy it before its dataset is closed.</summary>
internal sealed class FeatureHandle : SafeHandle
{
    public FeatureHandle()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMethods.OGR_F_Destroy(handle);
        return true;
    }
}

/// <summary>A text that libgdal allocated for its caller.</summary>
internal sealed class TextHandle : SafeHandle
{
    public TextHandle()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    public override string ToString() => Marshal.PtrToStringUTF8(handle) ?? "";

    protected override bool ReleaseHandle()
    {
        NativeMethods.VSIFree(handle);
        return true;
    }
}
