using System.Text.Json;
using Field.Geo.Impact;
using Field.Ingest.Layers;
using Field.MapApp.Residents;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.MapApp.Impact;

/// <summary>A layer ready for asking in which of its polygons a place lies.</summary>
/// <param name="Classes">From the slightest to the worst; the numbers of the polygons are their places here, plus 2. 1: a class that the table does not have, or no table.</param>
/// <param name="Polygons">The polygons.</param>
/// <param name="UnknownCount">Polygons of a class that the table does not have.</param>
/// <param name="OtherCount">Features that are no polygons: left out.</param>
/// <param name="IsDepthM">The ranges of its classes are metres of depth.</param>
internal sealed record PreparedLayer(IReadOnlyList<LayerClass> Classes, PolygonSet Polygons, int UnknownCount, int OtherCount, bool IsDepthM);

/// <summary>
/// Imported layers made ready for impacts, and which class of each every household lies in: a question that was asked before is only counted again. Each is
/// of one edition of layer and register, so that nothing here is ever stale; what was not used longest goes first. Thread-safe.
/// </summary>
/// <param name="desk">Reads them.</param>
/// <param name="stopping">The server stops: what is being read is given up.</param>
internal sealed class PreparedLayers(LayerDesk desk, CancellationToken stopping = default)
{
    private const int MostHeld = 200;
    private readonly Lock gate = new();
    private readonly Dictionary<string, (Task Task, long Used)> held = [];
    private long clock;

    /// <summary>How much is held, ready or being made.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return held.Count;
            }
        }
    }

    public Task<PreparedLayer> LayerAsync(Layer layer) => HeldAsync($"layer {layer.Edition} {Looks(layer)}", () => PrepareAsync(layer));

    /// <summary>The number of the polygon that each household lies in; 0 for none.</summary>
    public Task<byte[]> ClassesAsync(ResidentSet residents, Layer layer) => HeldAsync($"classes {residents.Register.Edition} {layer.Edition} {Looks(layer)}", async () =>
    {
        PreparedLayer prepared = await LayerAsync(layer).ConfigureAwait(false);
        return ImpactQuery.Hazards(residents.Points, [new HazardSource(layer.Id, prepared.Polygons)], Environment.ProcessorCount).Deepest;
    });

    /// <summary>The areas of a layer, those of one name (or id) as one.</summary>
    public Task<AreaSet> AreasAsync(Layer layer, string? idField) => HeldAsync($"areas {layer.Edition} {idField}", () => PrepareAreasAsync(layer, idField));

    /// <summary>The area that each household lies in.</summary>
    public Task<int[]> AreaOfAsync(ResidentSet residents, Layer layer, string? idField) => HeldAsync($"area of {residents.Register.Edition} {layer.Edition} {idField}", async () =>
    {
        AreaSet areas = await AreasAsync(layer, idField).ConfigureAwait(false);
        return ImpactQuery.Areas(residents.Points, areas.Polygons, Environment.ProcessorCount);
    });

    /// <summary>The features of a layer in its order.</summary>
    public Task<IReadOnlyList<Feature>> FeaturesAsync(Layer layer) => HeldAsync($"features {layer.Edition}", async () =>
    {
        List<Feature> features = [];
        await foreach (Feature feature in desk.FeaturesAsync(layer, stopping).ConfigureAwait(false))
        {
            features.Add(feature);
        }

        return (IReadOnlyList<Feature>)features;
    });

    /// <summary>Adds a geometry's polygons; false when it has none.</summary>
    internal static bool Add(PolygonSetBuilder builder, Geometry? geometry, int number) =>
        geometry is Polygon or MultiPolygon or GeometryCollection && WkbPolygons.Add(builder, geometry.AsBinary(), number) == WkbOutcome.Added;

    internal static string? Attribute(Feature feature, string field)
    {
        using JsonDocument attributes = JsonDocument.Parse(feature.Text("attributes") ?? "{}");
        return attributes.RootElement.TryGetProperty(field, out JsonElement value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value.ToString() : null;
    }

    private async Task<PreparedLayer> PrepareAsync(Layer layer)
    {
        IReadOnlyList<LayerClass> classes = StoredClasses.Ordered(layer);
        Dictionary<string, int> numbers = classes.Select((c, i) => (c.Key, Number: i + 2)).ToDictionary(c => c.Key, c => c.Number, StringComparer.Ordinal);
        PolygonSetBuilder builder = new(PolygonOrder.Highest);
        (int unknown, int other) = (0, 0);
        await foreach (Feature feature in desk.FeaturesAsync(layer, stopping).ConfigureAwait(false))
        {
            int number = feature.Text("class") is { } key ? numbers.GetValueOrDefault(key, 1) : 1;
            if (Add(builder, feature.Geometry, number))
            {
                unknown += number == 1 && classes.Count > 0 ? 1 : 0;
            }
            else
            {
                other += feature.Geometry is null ? 0 : 1;
            }
        }

        return new PreparedLayer(classes, builder.Build(), unknown, other, layer.Classes?.IsDepthM ?? false);
    }

    /// <summary>What of the class table can change without a new edition: names, colours, and by them the order.</summary>
    private static int Looks(Layer layer) => layer.Classes is { } table
        ? table.Classes.Aggregate(table.IsDepthM.GetHashCode(), (hash, c) => HashCode.Combine(hash, c.Key, c.Ja, c.En, c.Colour, c.Pattern))
        : 0;

    private async Task<AreaSet> PrepareAreasAsync(Layer layer, string? idField)
    {
        IReadOnlyList<Feature> features = [.. (await FeaturesAsync(layer).ConfigureAwait(false)).Where(f => f.Geometry is Polygon or MultiPolygon)];
        string IdOf(Feature f) => (idField is null ? f.Text("label") : Attribute(f, idField)) ?? FormattableString.Invariant($"{f.Whole("n")}");
        IGrouping<string, Feature>[] rows = idField is null
            ? [.. features.GroupBy(IdOf, StringComparer.Ordinal)]
            : [.. features.GroupBy(IdOf, StringComparer.Ordinal).OrderBy(g => long.TryParse(g.Key, out long id) ? id : long.MaxValue).ThenBy(g => g.Key, StringComparer.Ordinal)];
        PolygonSetBuilder builder = new(PolygonOrder.Lowest);
        for (int i = 0; i < rows.Length; i++)
        {
            foreach (Feature feature in rows[i])
            {
                Add(builder, feature.Geometry, i);
            }
        }

        return new AreaSet([.. rows.Select(r => r.Key)], [.. rows.Select(r => r.First().Text("label") ?? r.Key)], builder.Build(), () =>
            [.. rows.Select(r => r.Count() == 1 ? r.First().Geometry! : r.First().Geometry!.Factory.BuildGeometry(r.Select(f => f.Geometry!)))]);
    }

    private Task<T> HeldAsync<T>(string key, Func<Task<T>> make)
    {
        lock (gate)
        {
            if (held.TryGetValue(key, out (Task Task, long Used) known) && known.Task is { IsFaulted: false, IsCanceled: false })
            {
                held[key] = (known.Task, ++clock);
                return (Task<T>)known.Task;
            }

            while (held.Count >= MostHeld)
            {
                held.Remove(held.MinBy(h => h.Value.Used).Key);
            }

            Task<T> made = Task.Run(make, stopping);
            held[key] = (made, ++clock);
            return made;
        }
    }
}
