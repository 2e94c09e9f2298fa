using Field.Gdal;
using Field.Geo;
using Field.Ingest.Import;

namespace Field.Ingest.Layers;

/// <summary>A field of a file that somebody wants to import.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Samples">The first different values, at most five.</param>
/// <param name="DistinctCount">How many different values the rows looked at have.</param>
/// <param name="CanBeClass">True when a legend can be made of it.</param>
public sealed record InspectedField(string Name, IReadOnlyList<string> Samples, int DistinctCount, bool CanBeClass);

/// <summary>A layer of a file that somebody wants to import: what the file says, and what a person has to say.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="GeometryType">As libgdal calls it.</param>
/// <param name="FeatureCount">Rows.</param>
/// <param name="Epsg">The system that the file names, when Field can take it; null: ask.</param>
/// <param name="NeedsPlace">True when no column says where the rows are: ask for lon and lat, or mesh codes.</param>
/// <param name="Fields">Its fields.</param>
/// <param name="Preset">The preset that an official field name calls for, or null.</param>
/// <param name="ClassField">That field, or null.</param>
/// <param name="Problems">What stands against importing it as it is, with what to do.</param>
public sealed record InspectedLayer(
    string Name, string GeometryType, long FeatureCount, int? Epsg, bool NeedsPlace, IReadOnlyList<InspectedField> Fields, string? Preset, string? ClassField,
    IReadOnlyList<ImportNote> Problems);

/// <summary>Looks into a file before it is imported. Nothing is written.</summary>
public static class LayerInspector
{
    private const int MostRows = 2000;
    private const int MostSamples = 5;
    private const int MostSampleText = 60;

    /// <summary>The layers of a file.</summary>
    /// <param name="options">The file, and what a person has said of it so far.</param>
    /// <exception cref="FieldException">It cannot be read; says what to do, such as naming the encoding.</exception>
    public static IReadOnlyList<InspectedLayer> Inspect(LayerImportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            return [.. LayerFiles.Each(options).Select(One)];
        }
        catch (GdalException e)
        {
            throw new FieldException(e.Message, false, e);
        }
    }

    private static InspectedLayer One(LayerImportOptions options)
    {
        using ILayerRows rows = LayerRows.Open(options);
        VectorLayer layer = rows.Layer;
        (List<ImportNote> faults, List<ImportNote> notes) = ([], []);
        bool needsPlace = layer.GeometryType == "None" && options.MeshField is null;
        OfficialCrs? crs = null;
        if (needsPlace)
        {
            faults.Add(new ImportNote(0, null, LayerFault.NoPlace));
        }
        else if (options.MeshField is null)
        {
            crs = ImportGeometry.SystemOf(layer, options.Crs, faults, notes);
        }

        List<HashSet<string>> values = [.. layer.Fields.Select(_ => new HashSet<string>(StringComparer.Ordinal))];
        ImportGeometry? geometry = crs is null ? null : new ImportGeometry(crs, notes);
        bool isSystemSure = geometry is null;
        for (int n = 0; n < MostRows && rows.Read() is { } row; n++)
        {
            for (int i = 0; i < values.Count; i++)
            {
                if (values[i].Count <= LayerClasses.MostClasses && LayerLabels.Text(row.Values[i]) is { Length: > 0 } text)
                {
                    values[i].Add(text.Length > MostSampleText ? text[..MostSampleText] : text);
                }
            }

            if (!isSystemSure && row.Wkb is not null)
            {
                isSystemSure = true;
                if (geometry!.IsMetresAsDegrees(row, out ImportFault? metres))
                {
                    faults.Add(new ImportNote(0, null, metres!));
                    crs = null;
                }
            }
        }

        (LayerPreset Preset, string Field)? official = LayerPresets.OfField(layer.Fields.Select(f => f.Name));
        InspectedField[] fields =
        [
            .. layer.Fields.Select((f, i) => new InspectedField(f.Name, [.. values[i].Take(MostSamples)], values[i].Count, values[i].Count is > 0 and <= LayerClasses.MostClasses)),
        ];
        return new InspectedLayer(layer.Name, layer.GeometryType, layer.FeatureCount, crs?.Epsg, needsPlace, fields, official?.Preset.Name, official?.Field, [.. faults, .. notes]);
    }
}
