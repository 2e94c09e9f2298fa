using Field.Gdal;
using Field.Ingest.Layers;
using Field.Store;

namespace Field.Ingest.Residents;

/// <summary>Makes synthetic residents out of imported layers or files, into the store or for files.</summary>
public static class SyntheticDesk
{
    /// <summary>Puts them into the register's place.</summary>
    /// <param name="residents">Takes them.</param>
    /// <param name="layers">Where layers are looked for.</param>
    /// <param name="options">What is made of what.</param>
    /// <param name="by">Who.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ResidentImportResult> ImportAsync(ResidentDesk residents, LayerDesk layers, SyntheticOptions options, string by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(residents);
        return await residents.ImportAsync(await OpenAsync(layers, options, cancellationToken).ConfigureAwait(false), by, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Only makes them.</summary>
    /// <exception cref="FieldException">A layer or file cannot be used.</exception>
    public static async Task<IReadOnlyList<Household>> MakeAsync(LayerDesk layers, SyntheticOptions options, CancellationToken cancellationToken)
    {
        SyntheticResidents source = await OpenAsync(layers, options, cancellationToken).ConfigureAwait(false);
        Household[] all = [.. source.Read(cancellationToken)];
        return source.Faults.Count > 0 ? throw new FieldException(string.Join("\n", source.Faults.Select(f => $"{f.Ja} / {f.En}"))) : all;
    }

    private static async Task<SyntheticResidents> OpenAsync(LayerDesk layers, SyntheticOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<Feature> boundaries = await FeaturesAsync(layers, options.Boundaries, null, options, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Feature>? mesh = options.Mesh is null ? null : await FeaturesAsync(layers, options.Mesh, options.MeshField, options, cancellationToken).ConfigureAwait(false);
        return new SyntheticResidents(boundaries, mesh, options);
    }

    private static async Task<IReadOnlyList<Feature>> FeaturesAsync(LayerDesk layers, string from, string? meshField, SyntheticOptions options, CancellationToken cancellationToken)
    {
        List<Feature> features = [];
        if (await layers.FindAsync(from, cancellationToken).ConfigureAwait(false) is { RemovedAt: null } layer)
        {
            await foreach (Feature feature in layers.FeaturesAsync(layer, cancellationToken).ConfigureAwait(false))
            {
                features.Add(feature);
            }

            return features;
        }

        try
        {
            using LayerImport import = new(new LayerImportOptions { Path = from, MeshField = meshField, Crs = options.Crs, CrsIfUnknown = true, Encoding = options.Encoding, LabelField = meshField is null ? options.NameField : null });
            features.AddRange(import.Read("synthetic", "synthetic@", null, cancellationToken));
            return import.Faults.Count > 0 ? throw new FieldException(string.Join("\n", import.Faults.Select(f => $"{from}: {f.Ja} / {f.En}"))) : features;
        }
        catch (GdalException e)
        {
            throw new FieldException(e.Message, false, e);
        }
    }
}
