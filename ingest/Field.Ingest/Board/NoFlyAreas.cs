using System.Globalization;
using Field.Geo.Routes;
using Field.Ingest.Decisions;
using Field.Ingest.Layers;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.Ingest.Board;

/// <summary>Areas that no route may enter without a permit, and that are kept for everybody: those drawn on the map (<c>no-fly:...</c> of the board), and the imported layers of kind <see cref="LayerKind.NoFly"/>.</summary>
public static class NoFlyAreas
{
    /// <param name="store">Where they are kept; only read.</param>
    /// <param name="today">In Japan: a permit whose last day is over opens nothing.</param>
    /// <param name="near">Only those whose envelope meets this one (x lon, y lat, degrees).</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyList<NoFlyZone>> ReadAsync(IFeatureStore store, DateOnly today, Envelope near, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        List<NoFlyZone> zones = [];
        FeatureQuery drawn = new() { Where = ("kind", BoardRules.NoFly), Within = near };
        foreach (Feature row in await FeaturePages.AllAsync(store, FieldTables.Board, drawn, cancellationToken).ConfigureAwait(false))
        {
            if (row.Time("removedAt") is null && row.Geometry is Polygon area)
            {
                zones.Add(new NoFlyZone(row.Text("title") ?? row.Id, area) { Id = row.Id, Permit = PermitOf(row) is { } permit && permit.Until >= today ? permit : null });
            }
        }

        foreach (Feature layer in await FeaturePages.AllAsync(store, FieldTables.Layers, new FeatureQuery(), cancellationToken).ConfigureAwait(false))
        {
            // What residents or tax are protected by is not told by a refused route either.
            if (layer.Text("kind") == LayerKind.NoFly && layer.Text("dataClass") is LayerDataClass.Public or LayerDataClass.Internal
                && layer.Time("removedAt") is null && layer.Text("withdrawnOn") is null && layer.Text("edition") is { } edition)
            {
                FeatureQuery imported = new() { Where = ("edition", edition), Within = near };
                List<Feature> rows = await FeaturePages.AllAsync(store, FieldTables.LayerFeatures, imported, cancellationToken).ConfigureAwait(false);
                zones.AddRange(rows.Where(r => r.Geometry is Polygon or MultiPolygon).Select(r => new NoFlyZone(r.Text("label") ?? layer.Text("title") ?? layer.Id, r.Geometry!)));
            }
        }

        return zones;
    }

    /// <summary>A day as rows have it, or null.</summary>
    internal static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) ? day : null;

    private static FlightPermit? PermitOf(Feature row) =>
        row.Text("permitNumber") is { } number && Day(row.Text("permitUntil")) is { } until ? new(number, row.Text("permitHolder") ?? "", until) : null;
}
