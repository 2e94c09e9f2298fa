using NetTopologySuite.Geometries;

namespace Field.Store;

/// <summary>
/// Keeps what lies on the map. Every written feature takes the next number of one revision counter of the store; who has read up
/// to a revision asks for what came since. A completed write survives a power cut. The caller retries what fails with
/// <see cref="FieldException.IsTransient"/>.
/// </summary>
public interface IFeatureStore : IAsyncDisposable
{
    /// <summary>Writes all features in one transaction, or none.</summary>
    /// <param name="writes">In the order in which they take their revisions.</param>
    /// <param name="cancellationToken">Stops waiting; the write may still happen.</param>
    /// <returns>
    /// The features with their new revisions, in the same order; null in place of a <see cref="WriteMode.InsertNew"/> whose id was
    /// there already, and of one whose <see cref="FeatureWrite.IfRevision"/> does not hold.
    /// </returns>
    Task<IReadOnlyList<Feature?>> WriteAsync(IReadOnlyList<FeatureWrite> writes, CancellationToken cancellationToken);

    /// <summary>One feature, or null.</summary>
    Task<Feature?> FindAsync(FeatureTable table, string id, CancellationToken cancellationToken);

    /// <summary>Features in order of revision.</summary>
    Task<FeaturePage> QueryAsync(FeatureTable table, FeatureQuery query, CancellationToken cancellationToken);

    /// <summary>Features of a span of time, the newest first; those of the same time by id, downwards.</summary>
    Task<IReadOnlyList<Feature>> NewestAsync(FeatureTable table, FeatureSpan span, CancellationToken cancellationToken);

    /// <summary>The number of features for each value of a column; null values are counted under the empty text.</summary>
    /// <param name="table">The collection.</param>
    /// <param name="column">A text column of it.</param>
    /// <param name="where">Only features whose column has this value, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyDictionary<string, long>> CountByAsync(
        FeatureTable table, string column, (string Column, string Value)? where, CancellationToken cancellationToken);
}

/// <summary>What to do when the id is there already.</summary>
public enum WriteMode
{
    /// <summary>Replace the feature.</summary>
    Upsert,

    /// <summary>Leave the stored feature as it is, unless <see cref="FeatureWrite.Over"/> says otherwise.</summary>
    InsertNew,

    /// <summary>Take the stored feature away, if it is there; who asks by revision is not told. For what nobody holds a copy of.</summary>
    Delete,
}

/// <summary>One write.</summary>
/// <param name="Feature">The feature; its revision is ignored.</param>
/// <param name="Mode">What to do when the id is there already.</param>
public sealed record FeatureWrite(Feature Feature, WriteMode Mode = WriteMode.Upsert)
{
    /// <summary>With <see cref="WriteMode.InsertNew"/>: a stored feature whose column has this value is replaced all the same; null for none.</summary>
    public (string Column, string Value)? Over { get; init; }

    /// <summary>Only while the stored feature has this revision, so that nobody's later write is lost; null in its place when it has another, or is gone.</summary>
    public long? IfRevision { get; init; }

    /// <summary>True when nothing of the call is to be written unless this is: then all results are null.</summary>
    public bool IsRequired { get; init; }
}

/// <summary>Which features to read. All conditions must hold.</summary>
public sealed record FeatureQuery
{
    /// <summary>Only revisions above this one.</summary>
    public long SinceRevision { get; init; }

    /// <summary>Only revisions up to this one.</summary>
    public long UpToRevision { get; init; } = long.MaxValue;

    /// <summary>Only features whose envelope meets this one (x lon, y lat, degrees); features without a place are left out.</summary>
    public Envelope? Within { get; init; }

    /// <summary>Only features whose column has this value; the column must belong to the table.</summary>
    public (string Column, string Value)? Where { get; init; }

    /// <summary>Most features returned, from 1.</summary>
    public int Limit { get; init; } = 1000;
}

/// <summary>Which features of a span of time to read; a table has an index over both columns where this is to be quick.</summary>
/// <param name="Column">The column of the time.</param>
/// <param name="From">From this time on.</param>
/// <param name="To">Up to this time, which is not in it.</param>
public sealed record FeatureSpan(string Column, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Only features whose column has this value.</summary>
    public (string Column, string Value)? Where { get; init; }

    /// <summary>Only what comes after this feature in the order of reading: the last one of the page before; null for the first page.</summary>
    public (DateTimeOffset Time, string Id)? After { get; init; }

    /// <summary>Most features returned, from 1.</summary>
    public int Limit { get; init; } = 1000;
}

/// <summary>Features and how far they reach.</summary>
/// <param name="Features">In order of revision.</param>
/// <param name="Revision">Revision of the store at the moment of reading.</param>
/// <param name="IsLast">False when more features fit the query than its limit.</param>
public sealed record FeaturePage(IReadOnlyList<Feature> Features, long Revision, bool IsLast);
