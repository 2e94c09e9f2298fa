using Field.Store;

namespace Field.Ingest.Decisions;

/// <summary>Reads all pages of a query.</summary>
internal static class FeaturePages
{
    private const int PageSize = 1000;

    public static async Task<List<Feature>> AllAsync(IFeatureStore store, FeatureTable table, FeatureQuery query, CancellationToken cancellationToken)
    {
        List<Feature> all = [];
        query = query with { Limit = PageSize };
        FeaturePage page;
        do
        {
            page = await store.QueryAsync(table, query, cancellationToken).ConfigureAwait(false);
            all.AddRange(page.Features);
            query = query with { SinceRevision = page.Features.Count > 0 ? page.Features[^1].Revision : query.SinceRevision };
        }
        while (!page.IsLast);
        return all;
    }
}
