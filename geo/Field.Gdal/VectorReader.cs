using System.Runtime.InteropServices;

namespace Field.Gdal;

/// <summary>Reads the rows of one layer, one after the other. Used by one thread at a time, not always the same.</summary>
public sealed unsafe class VectorReader : IDisposable
{
    private const int LittleEndian = 1;
    private readonly VectorSource source;
    private readonly nint layer;
    private long row;

    internal VectorReader(VectorSource source, VectorOptions options)
    {
        this.source = source;
        HasLooseRings = options.LooseRings && source.Driver == "ESRI Shapefile";
        var name = options.Layer;
        var layers = source.Layers();
        var index = name is null && layers.Length == 1 ? 0 : Array.FindIndex(layers, l => l.Name == name);
        if (index < 0)
        {
            var names = string.Join(", ", layers.Select(l => l.Name));
            throw name is null ? VectorFault.LayerNeeded(source.Path, names) : VectorFault.NoLayer(source.Path, name, names);
        }

        Layer = layers[index];
        layer = NativeMethods.GDALDatasetGetLayer(source.Dataset, index);
        NativeMethods.OGR_L_ResetReading(layer);
    }

    /// <summary>What is read.</summary>
    public VectorLayer Layer { get; }

    /// <summary>True when the polygons of a row are its rings, holes among them, in no order: asked for, and the format does not know better.</summary>
    public bool HasLooseRings { get; }

    /// <summary>What was read otherwise than the file says so far: texts in another encoding, cut characters. For people.</summary>
    public IReadOnlyList<string> Warnings => source.Text.Warnings;

    /// <summary>The next row, or null after the last.</summary>
    /// <exception cref="GdalException">The row is damaged, or holds text that does not fit the encoding.</exception>
    public VectorFeature? Read()
    {
        using var errors = GdalErrors.Capture();
        using var feature = Next();
        errors.Check(succeeded: true, $"{source.Path}: {row + 1} 行目が壊れています / row {row + 1} is damaged");
        if (feature.IsInvalid)
        {
            return null;
        }

        row++;
        var values = new object?[Layer.Fields.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = NativeMethods.OGR_F_IsFieldSetAndNotNull(feature, i) != 0 ? Value(feature, i) : null;
        }

        return new VectorFeature(row, Wkb(feature), values);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => source.Dispose();

    /// <summary>The setting is this thread's own and lasts for the call only.</summary>
    private FeatureHandle Next()
    {
        const string HowToSort = "OGR_ORGANIZE_POLYGONS";
        if (!HasLooseRings)
        {
            return NativeMethods.OGR_L_GetNextFeature(layer);
        }

        NativeMethods.CPLSetThreadLocalConfigOption(HowToSort, "SKIP");
        try
        {
            return NativeMethods.OGR_L_GetNextFeature(layer);
        }
        finally
        {
            NativeMethods.CPLSetThreadLocalConfigOption(HowToSort, null);
        }
    }

    private object? Value(FeatureHandle feature, int index) => Layer.Fields[index].Type switch
    {
        VectorFieldType.Whole => NativeMethods.OGR_F_GetFieldAsInteger64(feature, index),
        VectorFieldType.Flag => NativeMethods.OGR_F_GetFieldAsInteger64(feature, index) != 0,
        VectorFieldType.Real => NativeMethods.OGR_F_GetFieldAsDouble(feature, index) is var number && double.IsFinite(number) ? number : null,
        VectorFieldType.Date or VectorFieldType.Time => Time(feature, index),
        _ => source.Text.Decode(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(NativeMethods.OGR_F_GetFieldAsString(feature, index))),
    };

    /// <summary>Zone flag of ogr_core.h: 0 unknown, 1 local, 100 UTC, and a quarter of an hour for each step from there.</summary>
    private object? Time(FeatureHandle feature, int index)
    {
        const int Utc = 100;
        const int MinutesPerStep = 15;
        int year, month, day, hour, minute, zone;
        float second;
        if (NativeMethods.OGR_F_GetFieldAsDateTimeEx(feature, index, &year, &month, &day, &hour, &minute, &second, &zone) == 0
            || year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return null;
        }

        if (Layer.Fields[index].Type == VectorFieldType.Date)
        {
            return new DateOnly(year, month, day);
        }

        var time = new DateTime(year, month, day, hour, minute, 0).AddMilliseconds(Math.Round(second * 1000.0));
        return zone <= 1 ? time : new DateTimeOffset(time, TimeSpan.FromMinutes((zone - Utc) * MinutesPerStep));
    }

    private static byte[]? Wkb(FeatureHandle feature)
    {
        var geometry = NativeMethods.OGR_F_GetGeometryRef(feature);
        if (geometry == 0)
        {
            return null;
        }

        var wkb = new byte[NativeMethods.OGR_G_WkbSize(geometry)];
        fixed (byte* buffer = wkb)
        {
            return NativeMethods.OGR_G_ExportToIsoWkb(geometry, LittleEndian, buffer) == 0 ? wkb : null;
        }
    }
}
