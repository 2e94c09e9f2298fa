using Field.Geo;
using Field.Geo.Impact;
using Field.Geo.Tiles;
using Field.Ingest.Residents;
using NetTopologySuite.Geometries;

namespace Field.MapApp.Residents;

/// <summary>The households that count, in memory. Personal data: stays in the process. Immutable.</summary>
/// <param name="Register">What is known of the whole.</param>
/// <param name="Households">Those of state <c>taken</c>, in order.</param>
internal sealed record ResidentSet(ResidentRegister Register, Household[] Households)
{
    private readonly Lazy<TileLayer> tiles = new(() => new TileLayer(Households.SelectMany(Shapes)));

    /// <summary>The same as columns; what the register does not tell is null.</summary>
    public ResidentPoints Points { get; } = new ResidentPoints([.. Households.Select(h => h.Place!.Value.Lon)], [.. Households.Select(h => h.Place!.Value.Lat)])
    {
        People = [.. Households.Select(h => h.People)],
        Aged65 = Register.Columns.Contains("aged65") ? [.. Households.Select(h => h.Aged65)] : null,
        NeedsSupport = Register.Columns.Contains("needsSupport") ? [.. Households.Select(h => h.NeedsSupport)] : null,
        Households = Register.Columns.Contains("households") ? [.. Households.Select(_ => 1)] : null,
    }.WithKeys();

    /// <summary>Names of the associations that the register tells, in order.</summary>
    public IReadOnlyList<string> Associations { get; } = [.. Households.Select(h => h.Association).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Single households as vector tiles.</summary>
    public TileLayer Tiles => tiles.Value;

    /// <summary>The association of each household by its place in the list; negative for none.</summary>
    public int[] AssociationOf()
    {
        Dictionary<string, int> at = Associations.Select((name, i) => (name, i)).ToDictionary(a => a.name, a => a.i, StringComparer.Ordinal);
        return [.. Households.Select(h => h.Association is { } name ? at[name] : PolygonSet.None)];
    }

    /// <summary>Households within metres of a place, the nearest first.</summary>
    public IEnumerable<(Household Household, double DistanceM)> Near(LonLat place, double withinM) => Households
        .Select(h => (Household: h, DistanceM: NearbyPlaces.Between(place, h.Place!.Value))).Where(h => h.DistanceM <= withinM).OrderBy(h => h.DistanceM);

    private static IEnumerable<TileShape> Shapes(Household h)
    {
        string kind = h.NeedsSupport > 0 ? "support" : h.Aged65 > 0 ? "aged" : "other";
        return TileShape.Of(new Point(h.Place!.Value.Lon, h.Place.Value.Lat), h.N, kind, h.NeedsSupport > 0 ? 2 : h.Aged65 > 0 ? 1 : 0, null);
    }
}

/// <summary>The residents of the edition that counts; read once, and forgotten when another counts. Thread-safe.</summary>
internal sealed class ResidentCache(ResidentDesk desk)
{
    private readonly Lock gate = new();
    private (string Edition, Task<ResidentSet> Set)? held;

    /// <summary>The residents, or null when there are none.</summary>
    public async Task<ResidentSet?> FindAsync(CancellationToken cancel)
    {
        if (await desk.FindAsync(cancel).ConfigureAwait(false) is not { RemovedAt: null } register)
        {
            lock (gate)
            {
                held = null;
            }

            return null;
        }

        Task<ResidentSet> set;
        lock (gate)
        {
            if (held?.Edition != register.Edition || held.Value.Set.IsFaulted)
            {
                held = (register.Edition, Task.Run(() => ReadAsync(register), CancellationToken.None));
            }

            set = held.Value.Set;
        }

        return await set.WaitAsync(cancel).ConfigureAwait(false);
    }

    private async Task<ResidentSet> ReadAsync(ResidentRegister register)
    {
        List<Household> all = [];
        await foreach (Household household in desk.HouseholdsAsync(register.Edition, CancellationToken.None).ConfigureAwait(false))
        {
            if (household is { State: HouseholdState.Taken, Place: not null })
            {
                all.Add(household);
            }
        }

        return new ResidentSet(register, [.. all]);
    }
}
