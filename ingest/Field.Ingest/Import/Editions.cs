using System.Runtime.CompilerServices;
using Field.Store;

namespace Field.Ingest.Import;

/// <summary>
/// The rows of imports that replace each other: a new edition is written beside the one that counts, which is taken away only when nothing shows it
/// any more. The table has a column <c>edition</c>; ids are <see cref="IdOf"/>, counted from 1 without a gap.
/// </summary>
internal sealed class Editions(IFeatureStore store, FeatureTable table)
{
    private const int WriteRows = 500; // a transaction that a running server can wait for
    private const int WritePoints = 100_000;
    private const int PageSize = 500;

    /// <summary>The id of a row: rows are counted from 1 without a gap, so that an edition can be taken away by counting.</summary>
    public static string IdOf(string edition, long row) => FormattableString.Invariant($"{edition}/{row}");

    /// <summary>Writes rows in transactions that a running server can wait for.</summary>
    public async Task WriteAsync(IEnumerable<Feature> rows, CancellationToken cancellationToken)
    {
        List<FeatureWrite> part = [];
        long points = 0;
        foreach (Feature row in rows)
        {
            part.Add(new FeatureWrite(row));
            points += row.Geometry?.NumPoints ?? 0;
            if (part.Count >= WriteRows || points >= WritePoints)
            {
                await store.WriteAsync(part, cancellationToken).ConfigureAwait(false);
                (part, points) = ([], 0);
            }
        }

        if (part.Count > 0)
        {
            await store.WriteAsync(part, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The rows of an edition in their order.</summary>
    public async IAsyncEnumerable<Feature> ReadAsync(string edition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FeatureQuery query = new() { Where = ("edition", edition), Limit = PageSize };
        while (true)
        {
            FeaturePage page = await store.QueryAsync(table, query, cancellationToken).ConfigureAwait(false);
            foreach (Feature feature in page.Features)
            {
                yield return feature;
            }

            if (page.IsLast)
            {
                yield break;
            }

            query = query with { SinceRevision = page.Features[^1].Revision };
        }
    }

    /// <summary>Deletes the editions that nothing shows any more, those of broken imports too.</summary>
    /// <param name="where">Only of these rows (one layer's); null for all.</param>
    /// <param name="kept">What is shown, and what can be brought back.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task SweepAsync((string Column, string Value)? where, string[] kept, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, long> editions = await store.CountByAsync(table, "edition", where, cancellationToken).ConfigureAwait(false);
        foreach ((string edition, long rows) in editions.Where(e => !kept.Contains(e.Key)))
        {
            for (long first = 1; first <= rows; first += WriteRows)
            {
                FeatureWrite[] part = [.. Enumerable.Range(0, (int)Math.Min(WriteRows, rows - first + 1)).Select(i => Gone(edition, first + i))];
                await store.WriteAsync(part, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private FeatureWrite Gone(string edition, long row) =>
        new(new Feature(table, IdOf(edition, row), null, new Dictionary<string, object?>()), WriteMode.Delete);
}
