using Field.Store;

namespace Field.MapApp.Forms;

/// <summary>Reads from the stores what forms are made of.</summary>
internal sealed class FormSource(IFeatureStore store)
{
    /// <summary>The asset, or null.</summary>
    public Task<Feature?> AssetAsync(string assetId, CancellationToken cancel) => store.FindAsync(FieldTables.Assets, assetId, cancel);

    /// <summary>The elements of a bridge, by code.</summary>
    public async Task<IReadOnlyList<Feature>> ElementsAsync(string bridgeId, CancellationToken cancel) =>
        [.. (await store.AllAsync(FieldTables.Assets, ("parent", bridgeId), cancel).ConfigureAwait(false)).OrderBy(e => e.Id, StringComparer.Ordinal)];

    /// <summary>
    /// What people see as damage: primaries that are drafts, confirmed or corrected, captured in the time asked for. What was rejected,
    /// superseded or merged into another is not among them.
    /// </summary>
    public async Task<IReadOnlyList<Damage>> DamagesAsync(FormRequest request, CancellationToken cancel)
    {
        List<Damage> damages = [];
        Dictionary<string, Feature?> photos = new(StringComparer.Ordinal);
        (string, string)? where = request.AssetId is { } id ? ("assetId", id) : null;
        foreach (Feature row in await store.AllAsync(FieldTables.Findings, where, cancel).ConfigureAwait(false))
        {
            if (row.Text("mergedInto") is not null || row.Text("status") is not ("draft" or "confirmed" or "corrected") || !IsWithin(row.Time("capturedAt"), request))
            {
                continue;
            }

            string photoId = row.Text("photoId") ?? "";
            if (!photos.TryGetValue(photoId, out Feature? photo))
            {
                photos[photoId] = photo = await store.FindAsync(FieldTables.Photos, photoId, cancel).ConfigureAwait(false);
            }

            damages.Add(new Damage(row, photo));
        }

        return damages;
    }

    /// <summary>The general views that people chose for a bridge's record, captured in the time asked for; in the record's order.</summary>
    public async Task<IReadOnlyList<GeneralView>> ViewsAsync(FormRequest request, CancellationToken cancel)
    {
        List<GeneralView> views = [];
        foreach (Feature row in await store.AllAsync(FieldTables.Board, ("kind", "view"), cancel).ConfigureAwait(false))
        {
            if (row.Text("assetId") == request.AssetId && row.Time("removedAt") is null && await store.FindAsync(FieldTables.Photos, row.Id[(row.Id.IndexOf(':', StringComparison.Ordinal) + 1)..], cancel).ConfigureAwait(false) is { } photo
                && IsWithin(photo.Time("capturedAt"), request))
            {
                views.Add(new GeneralView(row, photo));
            }
        }

        return [.. views.OrderBy(v => v.Rank).ThenBy(v => v.Photo.Time("capturedAt")).ThenBy(v => v.Row.Id, StringComparer.Ordinal)];
    }

    /// <summary>The names of the assets that damages lie on, by id.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NamesAsync(IEnumerable<Damage> damages, CancellationToken cancel)
    {
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        foreach (string id in damages.Select(d => d.Row.Text("assetId")).OfType<string>().Distinct())
        {
            names[id] = (await AssetAsync(id, cancel).ConfigureAwait(false))?.Text("name") ?? id;
        }

        return names;
    }

    /// <summary>What has no time of capture belongs to no period.</summary>
    private static bool IsWithin(DateTimeOffset? captured, FormRequest request)
    {
        DateTimeOffset? from = request.From ?? (request.Kind == FormKind.Flood ? request.EventAt : null);
        return captured is { } at ? !(at < from) && !(at >= request.Until) : from is null && request.Until is null;
    }
}
