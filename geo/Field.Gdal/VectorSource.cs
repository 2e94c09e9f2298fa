using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Field.Gdal;

/// <summary>An open vector file: which driver may read it, and what its layers are.</summary>
internal sealed unsafe class VectorSource : IDisposable
{
    private const uint OpenVectorVerbose = 0x04 | 0x40;
    private const long MaxRewrittenBytes = 512L << 20;
    private const int SubTypeBoolean = 1;
    private static long serial;

    private readonly string? memoryPath;
    private GCHandle pin;

    private VectorSource(string path, string driver, VectorText text, string? memoryPath, GCHandle pin) =>
        (Path, Driver, Text, this.memoryPath, this.pin) = (path, driver, text, memoryPath, pin);

    internal string Path { get; }

    internal string Driver { get; }

    internal VectorText Text { get; }

    internal DatasetHandle Dataset { get; private set; } = new();

    /// <summary>
    /// Opens with the one driver that the name of the file calls for: a file that calls itself a Shapefile must not become a virtual
    /// layer or a web service that reads other files.
    /// </summary>
    internal static VectorSource Open(string path, VectorOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var errors = GdalErrors.Capture();
        var full = System.IO.Path.GetFullPath(path);
        if (full.StartsWith("/vsi", StringComparison.OrdinalIgnoreCase) || !File.Exists(full))
        {
            throw VectorFault.NoFile(path);
        }

        var driver = DriverOf(full);
        var text = VectorText.Of(full, driver, options.Encoding);
        var source = driver == "CSV" && text.IsShiftJis ? Rewritten(full, driver, text)
            : full.EndsWith(".kmz", StringComparison.OrdinalIgnoreCase) ? Unpacked(full, driver, text)
            : new VectorSource(path, driver, text, memoryPath: null, pin: default);
        try
        {
            using var drivers = new CStringList(driver);
            using var openOptions = new CStringList(OpenOptions(driver, options));
            source.Dataset = NativeMethods.GDALOpenEx(source.memoryPath ?? full, OpenVectorVerbose, drivers.Pointer, openOptions.Pointer, null);
            errors.Check(!source.Dataset.IsInvalid, $"{path}: {driver} として開けません / is not a readable {driver} file");
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    internal VectorLayer[] Layers()
    {
        using var errors = GdalErrors.Capture();
        var layers = new VectorLayer[NativeMethods.GDALDatasetGetLayerCount(Dataset)];
        for (var i = 0; i < layers.Length; i++)
        {
            layers[i] = Describe(NativeMethods.GDALDatasetGetLayer(Dataset, i));
        }

        errors.Check(succeeded: true, Path);
        return layers;
    }

    public void Dispose()
    {
        Dataset.Dispose();
        if (memoryPath is not null)
        {
            _ = NativeMethods.VSIUnlink(memoryPath);
            pin.Free();
        }
    }

    private VectorLayer Describe(nint layer)
    {
        var definition = NativeMethods.OGR_L_GetLayerDefn(layer);
        var fields = new VectorField[NativeMethods.OGR_FD_GetFieldCount(definition)];
        for (var i = 0; i < fields.Length; i++)
        {
            var field = NativeMethods.OGR_FD_GetFieldDefn(definition, i);
            var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(NativeMethods.OGR_Fld_GetNameRef(field));
            fields[i] = new VectorField(Text.Decode(name), TypeOf(field));
        }

        var nameOfLayer = Driver is "CSV" or "ESRI Shapefile"
            ? System.IO.Path.GetFileNameWithoutExtension(Path)
            : Marshal.PtrToStringUTF8(NativeMethods.OGR_L_GetName(layer)) ?? "";
        return new VectorLayer(
            nameOfLayer,
            Marshal.PtrToStringUTF8(NativeMethods.OGRGeometryTypeToName(NativeMethods.OGR_L_GetGeomType(layer))) ?? "",
            NativeMethods.OGR_L_GetFeatureCount(layer, force: 1),
            fields,
            CrsOf(NativeMethods.OGR_L_GetSpatialRef(layer)));
    }

    private static VectorCrs? CrsOf(nint srs)
    {
        if (srs == 0)
        {
            return null;
        }

        var authority = Marshal.PtrToStringUTF8(NativeMethods.OSRGetAuthorityName(srs, 0));
        var code = Marshal.PtrToStringUTF8(NativeMethods.OSRGetAuthorityCode(srs, 0));
        int? epsg = authority == "EPSG" && int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        _ = NativeMethods.OSRExportToWkt(srs, out var wkt);
        using (wkt)
        {
            return new VectorCrs(epsg, Marshal.PtrToStringUTF8(NativeMethods.OSRGetName(srs)) ?? "", wkt.ToString());
        }
    }

    /// <summary>OGRFieldType of ogr_core.h; lists and binary come as libgdal's text of them.</summary>
    private static VectorFieldType TypeOf(nint field) => NativeMethods.OGR_Fld_GetType(field) switch
    {
        0 when NativeMethods.OGR_Fld_GetSubType(field) == SubTypeBoolean => VectorFieldType.Flag,
        0 or 12 => VectorFieldType.Whole,
        2 => VectorFieldType.Real,
        9 => VectorFieldType.Date,
        11 => VectorFieldType.Time,
        _ => VectorFieldType.Text,
    };

    private static string DriverOf(string path) => System.IO.Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".GEOJSON" or ".JSON" => "GeoJSON",
        ".GPKG" => "GPKG",
        ".SHP" => "ESRI Shapefile",
        ".CSV" => "CSV",
        ".KML" or ".KMZ" => "LIBKML",
        var other => throw VectorFault.OtherExtension(path, other),
    };

    private static string[] OpenOptions(string driver, VectorOptions options) => driver switch
    {
        // Bytes as they are: VectorText decodes.
        "ESRI Shapefile" => ["ENCODING="],
        "CSV" =>
        [
            "EMPTY_STRING_AS_NULL=YES",
            "KEEP_GEOM_COLUMNS=YES",
            "GEOM_POSSIBLE_NAMES=wkt,WKT,geom,geometry",
            $"X_POSSIBLE_NAMES={options.EastColumn ?? "lon,lng,longitude,経度,east"}",
            $"Y_POSSIBLE_NAMES={options.NorthColumn ?? "lat,latitude,緯度,north"}",
        ],
        "GPKG" => ["LIST_ALL_TABLES=NO"], // what is not among its contents is its owner's business
        _ => [],
    };

    /// <summary>A CSV in Shift_JIS as UTF-8 in memory: libgdal finds the columns of the place by name.</summary>
    private static VectorSource Rewritten(string path, string driver, VectorText text)
    {
        if (new FileInfo(path).Length > MaxRewrittenBytes)
        {
            throw VectorFault.TooLargeToRewrite(path);
        }

        return InMemory(path, driver, text.Rewritten(), VectorText.ToUtf8(File.ReadAllBytes(path), path), ".csv");
    }

    /// <summary>The document of a KMZ, the first KML in it (OGC 12-007r2, annex C), and nothing else of it: no picture, no link.</summary>
    private static VectorSource Unpacked(string path, string driver, VectorText text)
    {
        try
        {
            using var archive = ZipFile.OpenRead(path);
            var document = archive.Entries.FirstOrDefault(e => e.FullName.EndsWith(".kml", StringComparison.OrdinalIgnoreCase)) ?? throw VectorFault.NoDocument(path);
            using var packed = document.Open();
            using MemoryStream content = new();
            var buffer = new byte[81920];
            for (int read; (read = packed.Read(buffer)) > 0;)
            {
                // what a ZIP says of its size may be a lie
                if (content.Length + read > MaxRewrittenBytes)
                {
                    throw VectorFault.TooLargeToRewrite(path);
                }

                content.Write(buffer, 0, read);
            }

            return InMemory(path, driver, text, content.ToArray(), ".kml");
        }
        catch (InvalidDataException e)
        {
            throw new GdalException($"{path}: KMZ として開けません（{e.Message}）/ is not a readable KMZ: {e.Message}", e);
        }
    }

    private static VectorSource InMemory(string path, string driver, VectorText text, byte[] content, string extension)
    {
        var pin = GCHandle.Alloc(content, GCHandleType.Pinned);
        var memory = $"/vsimem/field-{Interlocked.Increment(ref serial)}{extension}";
        var file = NativeMethods.VSIFileFromMemBuffer(memory, (byte*)pin.AddrOfPinnedObject(), (ulong)content.Length, takeOwnership: 0);
        _ = NativeMethods.VSIFCloseL(file);
        return new VectorSource(path, driver, text, memory, pin);
    }
}
