using Field.Store;

namespace Field.MapApp;

/// <summary>Whole tables, page by page.</summary>
internal static class FeaturePages
{
    private const int PageSize = 1000;

    /// <summary>Every row, or those with a value in an indexed column; what changes meanwhile comes once or as it was.</summary>
    public static async Task<List<Feature>> AllAsync(this IFeatureStore store, FeatureTable table, (string Column, string Value)? where, CancellationToken cancel)
    {
        List<Feature> all = [];
        FeatureQuery query = new() { Where = where, Limit = PageSize };
        FeaturePage page;
        do
        {
            page = await store.QueryAsync(table, query, cancel).ConfigureAwait(false);
            all.AddRange(page.Features);
            query = query with { UpToRevision = query.UpToRevision == long.MaxValue ? page.Revision : query.UpToRevision };
            query = page.Features.Count > 0 ? query with { SinceRevision = page.Features[^1].Revision } : query;
        }
        while (!page.IsLast);
        return all;
    }
}
