using Field.Store.Embedded;

namespace Field.Store;

/// <summary>Where each store lies. A scheme chooses the implementation: <c>gpkg:</c>, <c>sqlite:</c> and <c>file:</c> take a path.</summary>
/// <param name="Features">For photos, findings, devices, events: <c>gpkg:PATH</c>, a GeoPackage that QGIS opens.</param>
/// <param name="Telemetry">For measurements: <c>sqlite:PATH</c>.</param>
/// <param name="Blobs">For photo bytes: <c>file:FOLDER</c>.</param>
public sealed record StoreUris(string Features, string Telemetry, string Blobs)
{
    private const string FeatureScheme = "gpkg:";
    private const string TelemetryScheme = "sqlite:";
    private const string BlobScheme = "file:";

    /// <summary>The stores of one machine, all under one folder.</summary>
    public static StoreUris Under(string folder) => new(
        FeatureScheme + Path.Combine(folder, "field.gpkg"),
        TelemetryScheme + Path.Combine(folder, "telemetry.sqlite"),
        BlobScheme + Path.Combine(folder, "blobs"));

    /// <summary>Everything that is wrong with the URIs; empty when they are usable.</summary>
    public IReadOnlyList<string> Validate() =>
    [
        .. Check(nameof(Features), Features, FeatureScheme),
        .. Check(nameof(Telemetry), Telemetry, TelemetryScheme),
        .. Check(nameof(Blobs), Blobs, BlobScheme),
    ];

    /// <summary>Opens the three stores, creating what is not there and migrating what is older.</summary>
    /// <param name="time">Names the backups that a migration makes.</param>
    /// <exception cref="StoreException">A URI is not usable (all errors at once), or a store cannot be opened.</exception>
    public FieldStores Open(TimeProvider time)
    {
        IReadOnlyList<string> errors = Validate();
        if (errors.Count > 0)
        {
            throw new StoreException(string.Join(Environment.NewLine, errors));
        }

        return new FieldStores(
            new GeoPackageStore(PathOf(Features), time),
            new SqliteTelemetryStore(PathOf(Telemetry), time),
            new FileBlobStore(PathOf(Blobs)));
    }

    /// <summary>Opens the features only, beside a running server or without one.</summary>
    /// <param name="time">Names the backups that a migration makes.</param>
    /// <exception cref="StoreException">The URI is not usable, or the store cannot be opened.</exception>
    public IFeatureStore OpenFeatures(TimeProvider time) => Check(nameof(Features), Features, FeatureScheme).ToArray() is { Length: > 0 } errors
        ? throw new StoreException(string.Join(Environment.NewLine, errors))
        : new GeoPackageStore(PathOf(Features), time);

    /// <summary>Opens the photo bytes for reading only, beside a running server or without one: what the server is writing is left alone.</summary>
    /// <exception cref="StoreException">The URI is not usable.</exception>
    public IBlobStore OpenBlobs() => Check(nameof(Blobs), Blobs, BlobScheme).ToArray() is { Length: > 0 } errors
        ? throw new StoreException(string.Join(Environment.NewLine, errors))
        : new FileBlobStore(PathOf(Blobs), isReadOnly: true);

    private static IEnumerable<string> Check(string name, string uri, string scheme)
    {
        if (!uri.StartsWith(scheme, StringComparison.Ordinal))
        {
            yield return $"{name}: '{uri}' has no known scheme; valid here: {scheme}PATH";
        }
        else if (uri.Length == scheme.Length || uri.Contains('\0', StringComparison.Ordinal))
        {
            yield return $"{name}: '{uri}' names no path; write {scheme}PATH";
        }
    }

    private static string PathOf(string uri) => Path.GetFullPath(uri[(uri.IndexOf(':', StringComparison.Ordinal) + 1)..]);
}

/// <summary>The three open stores.</summary>
/// <param name="features">Photos, findings, devices, events.</param>
/// <param name="telemetry">Measurements.</param>
/// <param name="blobs">Photo bytes.</param>
public sealed class FieldStores(IFeatureStore features, ITelemetryStore telemetry, IBlobStore blobs) : IAsyncDisposable
{
    /// <summary>Photos, findings, devices, events.</summary>
    public IFeatureStore Features { get; } = features;

    /// <summary>Measurements.</summary>
    public ITelemetryStore Telemetry { get; } = telemetry;

    /// <summary>Photo bytes.</summary>
    public IBlobStore Blobs { get; } = blobs;

    /// <summary>Writes what is queued and closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        await Features.DisposeAsync().ConfigureAwait(false);
        await Telemetry.DisposeAsync().ConfigureAwait(false);
    }
}
