using System.Text.Json;
using Field.Contracts;
using Field.Geo;
using Field.Ingest.Assets;
using Field.Ingest.Photos;
using Field.Store;
using NetTopologySuite.Geometries;
using Envelope = NetTopologySuite.Geometries.Envelope;

namespace Field.Ingest.Decisions;

/// <summary>
/// Compares two inspections of one asset (SPEC.md, Inspection, Comparison). Damages are paired by class, place and shape at the least cost over all of them:
/// taking the best pair first would, where cracks run side by side, leave two alone that belong to each other. Thread-safe.
/// </summary>
public sealed class InspectionComparison
{
    private const double MarginDegrees = 0.001; // some 100 m: no footprint of a photo that shows a damage begins farther away
    private readonly IFeatureStore _store;

    /// <param name="store">Where findings and photos are.</param>
    public InspectionComparison(IFeatureStore store) => _store = store;

    /// <summary>Writes the comparison as JSON.</summary>
    /// <returns>False, with nothing written, when there is no such asset.</returns>
    public async Task<bool> WriteAsync(Stream output, string assetId, InspectionRange before, InspectionRange after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (await _store.FindAsync(FieldTables.Assets, assetId, cancellationToken).ConfigureAwait(false) is not { } asset)
        {
            return false;
        }

        List<Feature> findings = await FindingsAsync(asset, cancellationToken).ConfigureAwait(false);
        List<Feature> then = [.. findings.Where(f => before.Contains(f.Time("capturedAt")))];
        List<Feature> now = [.. findings.Where(f => after.Contains(f.Time("capturedAt")))];
        List<Feature> photos = await PhotosAsync([.. then, .. now], cancellationToken).ConfigureAwait(false);
        IReadOnlyList<DamageChange> changes = Compare(then, now, [.. photos.Where(p => before.Contains(p.Time("capturedAt")))], [.. photos.Where(p => after.Contains(p.Time("capturedAt")))]);
        Utf8JsonWriter writer = new(output, WireJson.WriterOptions);
        await using (writer.ConfigureAwait(false))
        {
            Write(writer, assetId, (before, after), changes, then.Concat(now).Count(f => f.Geometry is null));
        }

        return true;
    }

    /// <summary>The comparison itself, a pure function.</summary>
    /// <param name="before">Findings of the first inspection; those without a place are left out.</param>
    /// <param name="after">Findings of the second.</param>
    /// <param name="photosBefore">Photos of the first.</param>
    /// <param name="photosAfter">Photos of the second.</param>
    internal static IReadOnlyList<DamageChange> Compare(
        IReadOnlyList<Feature> before, IReadOnlyList<Feature> after, IReadOnlyList<Feature> photosBefore, IReadOnlyList<Feature> photosAfter)
    {
        Feature[] placed = [.. before.Concat(after).Where(f => f.Geometry is not null)];
        if (placed.Length == 0)
        {
            return [];
        }

        Coordinate origin = placed[0].Geometry!.EnvelopeInternal.Centre;
        LocalFrame frame = new(new LonLat(origin.X, origin.Y));
        PlacedDamage[] then = Placed(before, frame);
        PlacedDamage[] now = Placed(after, frame);
        int[] partner = Partners(then, now);
        ComparisonPlane seenBefore = new(photosBefore, frame);
        ComparisonPlane seenAfter = new(photosAfter, frame);
        return
        [
            .. then.Select((d, i) => partner[i] >= 0 ? Paired(d, now[partner[i]]) : Gone(d, seenAfter)),
            .. now.Where((_, i) => !partner.Contains(i))
                .Select(d => new DamageChange(DamageChange.New, null, d.Finding, [], seenBefore.WhyNotSeen(d) is null ? null : DamageChange.NotPhotographedBefore)),
        ];
    }

    private static PlacedDamage[] Placed(IReadOnlyList<Feature> findings, LocalFrame frame) =>
        [.. findings.Where(f => f.Geometry is not null).OrderBy(f => f.Id, StringComparer.Ordinal).Select(f => new PlacedDamage(f, frame))];

    /// <summary>Per damage before, the index of the one after, or -1.</summary>
    private static int[] Partners(PlacedDamage[] then, PlacedDamage[] now)
    {
        int[] partner = new int[then.Length];
        Array.Fill(partner, -1);
        double[,] cost = new double[then.Length, now.Length];
        for (int i = 0; i < then.Length; i++)
        {
            for (int k = 0; k < now.Length; k++)
            {
                cost[i, k] = DamagePair.Cost(then[i], now[k]);
            }
        }

        foreach ((int[] rows, int[] columns) in Assignment.Islands(cost))
        {
            double[,] part = new double[rows.Length, columns.Length];
            for (int i = 0; i < rows.Length * columns.Length; i++)
            {
                part[i / columns.Length, i % columns.Length] = cost[rows[i / columns.Length], columns[i % columns.Length]];
            }

            int[] paired = Assignment.Of(part, DamagePair.Alone);
            for (int i = 0; i < rows.Length; i++)
            {
                partner[rows[i]] = paired[i] >= 0 ? columns[paired[i]] : -1;
            }
        }

        return partner;
    }

    private static DamageChange Paired(PlacedDamage then, PlacedDamage now)
    {
        MeasureDifference[] differences =
        [
            .. then.Measures.Where(m => then.Measure(m) is not null && now.Measure(m) is not null)
                .Select(m => new MeasureDifference(m, then.Measure(m)!.Value, now.Measure(m)!.Value, double.Hypot(then.Sigma(m), now.Sigma(m)))),
        ];
        return new DamageChange(differences.Any(d => d.IsGrowth) ? DamageChange.Grown : DamageChange.Unchanged, then.Finding, now.Finding, differences);
    }

    private static DamageChange Gone(PlacedDamage then, ComparisonPlane seen) => seen.WhyNotSeen(then) is { } reason
        ? new DamageChange(DamageChange.NotSeenAgain, then.Finding, null, [], reason)
        : new DamageChange(DamageChange.Repaired, then.Finding, null, []);

    private async Task<List<Feature>> FindingsAsync(Feature asset, CancellationToken cancellationToken)
    {
        bool isElement = asset.Text("kind") == AssetKind.Element;
        FeatureQuery query = new() { Where = ("assetId", isElement ? asset.Text("parent")! : asset.Id) };
        List<Feature> all = await FeaturePages.AllAsync(_store, FieldTables.Findings, query, cancellationToken).ConfigureAwait(false);
        return
        [
            .. all.Where(f => f.Text("mergedInto") is null && f.Text("status") is FindingRow.StatusDraft or DecisionEffect.StatusConfirmed or DecisionEffect.StatusCorrected)
                .Where(f => !isElement || f.Text("elementId") == asset.Id),
        ];
    }

    private async Task<List<Feature>> PhotosAsync(IReadOnlyList<Feature> findings, CancellationToken cancellationToken)
    {
        Envelope around = new();
        foreach (Feature finding in findings.Where(f => f.Geometry is not null))
        {
            around.ExpandToInclude(finding.Geometry!.EnvelopeInternal);
        }

        if (around.IsNull)
        {
            return [];
        }

        around.ExpandBy(MarginDegrees);
        return await FeaturePages.AllAsync(_store, FieldTables.Photos, new FeatureQuery { Within = around }, cancellationToken).ConfigureAwait(false);
    }

    private static void Write(Utf8JsonWriter writer, string assetId, (InspectionRange Before, InspectionRange After) ranges, IReadOnlyList<DamageChange> changes, int unplaced)
    {
        writer.WriteStartObject();
        writer.WriteString("assetId", assetId);
        writer.WriteString("before", ranges.Before.ToString());
        writer.WriteString("after", ranges.After.ToString());
        writer.WriteStartObject("counts");
        foreach (string kind in DamageChange.Kinds)
        {
            writer.WriteNumber(kind, changes.Count(c => c.Kind == kind));
        }

        writer.WriteEndObject();
        writer.WriteNumber("withoutPlace", unplaced);
        writer.WriteStartArray("changes");
        foreach (DamageChange change in changes)
        {
            Write(writer, change);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, DamageChange change)
    {
        Feature shown = change.After ?? change.Before!;
        writer.WriteStartObject();
        writer.WriteString("change", change.Kind);
        writer.WriteString("class", shown.Text("class"));
        writer.WriteString("elementId", shown.Text("elementId"));
        writer.WriteString("beforeId", change.Before?.Id);
        writer.WriteString("afterId", change.After?.Id);
        writer.WriteString("reason", change.Reason);
        writer.WriteStartArray("differences");
        foreach (MeasureDifference difference in change.Differences)
        {
            writer.WriteStartObject();
            writer.WriteString("name", difference.Name);
            writer.WriteNumber("before", difference.Before);
            writer.WriteNumber("after", difference.After);
            writer.WriteNumber("sigma", difference.Sigma);
            writer.WriteBoolean("isGrowth", difference.IsGrowth);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
