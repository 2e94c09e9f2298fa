using Field.Geo;
using Field.Ingest.Assets;
using Field.Ingest.Photos;
using Field.Store;

namespace Field.Ingest.Findings;

/// <summary>
/// Brings the findings of a photo that was scored into the store: what the photo no longer shows is superseded, what a person decided stays, and
/// every damage that has gained or lost a finding elects its primary anew (SPEC.md section 14).
/// </summary>
internal sealed class FindingMerger(IngestOptions options, FieldStores stores, AssetCatalog assets)
{
    /// <summary>The writes that belong together; each holds only while nobody else has changed its row.</summary>
    /// <param name="photo">The photo's row as it will be.</param>
    /// <param name="ground">Where it lies, or null.</param>
    /// <param name="findings">What was found now, graded.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<FeatureWrite>> PlanAsync(Feature photo, PhotoGround? ground, IReadOnlyList<Feature> findings, CancellationToken cancellationToken)
    {
        FeatureQuery query = new() { Where = ("photoId", photo.Id), Limit = int.MaxValue };
        Dictionary<string, Feature> stored = (await stores.Features.QueryAsync(FieldTables.Findings, query, cancellationToken).ConfigureAwait(false))
            .Features.ToDictionary(f => f.Id, StringComparer.Ordinal);
        Feature[] found = [.. findings.Where(f => !(stored.TryGetValue(f.Id, out Feature? old) && FindingRow.IsDecided(old))).Select(f => Over(stored.GetValueOrDefault(f.Id), f))];
        HashSet<string> present = [.. found.Select(f => f.Id)];
        Feature[] gone = [.. stored.Values.Where(f => !present.Contains(f.Id) && f.Text("status") == FindingRow.StatusDraft)];
        Dictionary<string, Feature> rows = found.Concat(gone.Select(Superseded)).ToDictionary(f => f.Id, StringComparer.Ordinal);
        if (ground is not null)
        {
            LocalFrame frame = new(ground.Projection.Pose.Position);
            MergePhoto view = new(photo, ground, [.. found, .. stored.Values.Where(FindingRow.IsDecided)], frame);
            foreach ((Feature before, Feature after) in await ElectedAsync(view, frame, gone, cancellationToken).ConfigureAwait(false))
            {
                stored.TryAdd(before.Id, before);
                rows[after.Id] = after;
            }
        }

        return
        [
            .. rows.Values.Where(r => r.Revision == 0 || !IsSame(r, stored[r.Id]))
                .OrderBy(r => r.Text("status") == FindingRow.StatusSuperseded ? 0 : 1)
                .Select(r => r.Revision == 0
                    ? new FeatureWrite(r, WriteMode.InsertNew) { IsRequired = true }
                    : new FeatureWrite(r) { IfRevision = r.Revision, IsRequired = true }),
        ];
    }

    /// <summary>What scoring says over what the row holds besides: where it was merged, and how many decisions were taken back.</summary>
    private static Feature Over(Feature? old, Feature now) =>
        old is null ? now : old.With([.. now.Properties.Select(p => (p.Key, p.Value))]) with { Geometry = now.Geometry };

    private static Feature Superseded(Feature finding) =>
        finding.With(("status", FindingRow.StatusSuperseded), ("mergedInto", null), ("photoIds", null), ("chainLengthM", null), ("chainErrorM", null)) with { Geometry = null };

    /// <summary>The rows of every damage of the photo, and of those that the lost findings were of, as they are and as they ought to be.</summary>
    private async Task<List<(Feature Before, Feature After)>> ElectedAsync(MergePhoto view, LocalFrame frame, Feature[] gone, CancellationToken cancellationToken)
    {
        MergeNeighbourhood around = new(options, stores.Features, frame);
        around.Put(view);
        Dictionary<MergeNode, List<MergeNode>> damage = [];
        Queue<MergeNode> pending = new(view.Nodes);
        foreach (Feature lost in gone)
        {
            await SeedAsync(lost.Text("mergedInto") ?? lost.Id, around, pending, cancellationToken).ConfigureAwait(false);
        }

        while (pending.TryDequeue(out MergeNode? node))
        {
            if (damage.ContainsKey(node))
            {
                continue;
            }

            damage[node] = [.. await around.SameAsync(node, cancellationToken).ConfigureAwait(false), .. await DecidedOfAsync(node, around, cancellationToken).ConfigureAwait(false)];
            damage[node].ForEach(pending.Enqueue);
            await SeedAsync(node.Finding.Text("mergedInto") ?? node.Finding.Id, around, pending, cancellationToken).ConfigureAwait(false);
        }

        return [.. Components(damage).SelectMany(d => MergeElection.Rows(d, assets.Find))];
    }

    /// <summary>A row that was merged into a decided one stays with it, whatever the person made of its outline or class.</summary>
    private static async Task<IEnumerable<MergeNode>> DecidedOfAsync(MergeNode node, MergeNeighbourhood around, CancellationToken cancellationToken) =>
        node.Finding.Text("mergedInto") is { } id && await around.FindAsync(id, cancellationToken).ConfigureAwait(false) is { IsDecided: true } decided ? [decided] : [];

    /// <summary>The findings that were of one damage with this primary: when it changes, they are told.</summary>
    private static async Task SeedAsync(string primary, MergeNeighbourhood around, Queue<MergeNode> pending, CancellationToken cancellationToken)
    {
        foreach (string id in (string[])[primary, .. await around.MergedIntoAsync(primary, cancellationToken).ConfigureAwait(false)])
        {
            if (await around.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } node)
            {
                pending.Enqueue(node);
            }
        }
    }

    private static IEnumerable<List<MergeNode>> Components(Dictionary<MergeNode, List<MergeNode>> same)
    {
        Dictionary<MergeNode, List<MergeNode>> both = same.Keys.ToDictionary(n => n, _ => new List<MergeNode>());
        foreach ((MergeNode a, MergeNode b) in same.SelectMany(p => p.Value.Select(b => (p.Key, b))))
        {
            both[a].Add(b);
            both[b].Add(a);
        }

        HashSet<MergeNode> seen = [];
        foreach (MergeNode start in both.Keys)
        {
            List<MergeNode> component = [];
            Stack<MergeNode> pending = new([start]);
            while (pending.TryPop(out MergeNode? node))
            {
                if (seen.Add(node))
                {
                    component.Add(node);
                    both[node].ForEach(pending.Push);
                }
            }

            if (component.Count > 0)
            {
                yield return component;
            }
        }
    }

    private static bool IsSame(Feature a, Feature b) =>
        FieldTables.Findings.Columns.All(c => Equals(a.Properties.GetValueOrDefault(c.Name), b.Properties.GetValueOrDefault(c.Name)))
        && (a.Geometry is null ? b.Geometry is null : b.Geometry is not null && a.Geometry.EqualsExact(b.Geometry));
}
