using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Field.Geo;
using Field.Ingest.Import;
using Field.Store;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;

namespace Field.Ingest.Residents;

/// <summary>
/// Households of nobody: as many people as a population mesh says in each cell, within the areas of the associations. Sizes of households and shares
/// of age are about those of the census of 2020; nothing else is true of them. The same seed and input make the same people.
/// </summary>
/// <param name="boundaries">Areas with names.</param>
/// <param name="mesh">Cells with people, or null.</param>
/// <param name="options">How many, and the seed.</param>
internal sealed class SyntheticResidents(IReadOnlyList<Feature> boundaries, IReadOnlyList<Feature>? mesh, SyntheticOptions options) : IResidentSource
{
    private const int Tries = 200;
    private const int MostPeople = 5_000_000;

    // National census 2020: households of 1, 2, 3, 4 and 5 people; a quarter of those living alone and two fifths of couples are older.
    private static readonly double[] SizeShares = [0.38, 0.66, 0.83, 0.95, 1.0];
    private static readonly double[] AgedShares = [0.40, 0.48, 0.26, 0.12, 0.16];
    private const double NeedsSupportOfAged = 0.09;
    private const double NeedsSupportOfOthers = 0.006;

    public List<ImportNote> Faults { get; } = [];

    public List<ImportNote> Notes { get; } = [];

    public ResidentRegister Describe() => new()
    {
        Title = options.Title ?? "合成住民データ（実在の住民ではありません）",
        IsSynthetic = true,
        PointsFile = Path.GetFileName(options.Boundaries),
        RegisterFile = options.Mesh is null ? null : Path.GetFileName(options.Mesh),
        Columns = ["people", "aged65", "needsSupport", "households", "association"],
        Edition = "",
        ImportedBy = "",
    };

    public byte[] Fingerprint()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Feature feature in boundaries.Concat(mesh ?? []))
        {
            hash.AppendData(feature.Geometry?.AsBinary() ?? []);
            hash.AppendData(Encoding.UTF8.GetBytes($"{feature.Text("label")}\n{feature.Text("attributes")}\n"));
        }

        hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{options.Seed} {options.People} {options.NameField} {options.PeopleField}")));
        return hash.GetHashAndReset();
    }

    public IEnumerable<Household> Read(CancellationToken cancellationToken)
    {
        Area[] areas = [.. boundaries.Where(b => b.Geometry is Polygon or MultiPolygon).Select(b => new Area(b.Geometry!, NameOf(b)))];
        (Area Cell, int People)[] cells = areas.Length == 0 ? [] : mesh is null ? [.. Evenly(areas)] : [.. Cells()];
        if (areas.Length == 0)
        {
            Faults.Add(new ImportNote(0, null, ResidentFault.NoAreas));
        }
        else if (cells.Sum(c => (long)c.People) is < 1 or > MostPeople)
        {
            Faults.Add(new ImportNote(0, null, ResidentFault.NoPopulation));
        }

        return Faults.Count > 0 ? [] : Make(areas, cells, cancellationToken);
    }

    private IEnumerable<Household> Make(Area[] areas, (Area Cell, int People)[] cells, CancellationToken cancellationToken)
    {
        long n = 0;
        foreach ((Area cell, int people) in cells)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Area[] near = [.. areas.Where(a => a.Box.Intersects(cell.Box))];
            SplitMix random = new(unchecked((ulong)options.Seed * 0x9E3779B97F4A7C15) ^ (ulong)HashOf(cell.Box));
            for (int left = people; left > 0;)
            {
                if (Place(cell, near, ref random) is not { } found)
                {
                    break; // a cell that no association reaches: nobody of the town lives there
                }

                Household household = Household(++n, left, found.Place, found.Association, ref random);
                left -= household.People;
                yield return household;
            }
        }
    }

    private static Household Household(long n, int most, LonLat place, string? association, ref SplitMix random)
    {
        double draw = random.Next();
        int people = Math.Min(most, 1 + Array.FindIndex(SizeShares, s => draw < s));
        (int aged, int needs) = (0, 0);
        double share = AgedShares[Math.Min(people, AgedShares.Length) - 1];
        for (int i = 0; i < people; i++)
        {
            bool isAged = random.Chance(share);
            aged += isAged ? 1 : 0;
            needs += random.Chance(isAged ? NeedsSupportOfAged : NeedsSupportOfOthers) ? 1 : 0;
        }

        return new Household(n, FormattableString.Invariant($"SYN{n:0000000}"), place, people, aged, needs, association, HouseholdState.Taken, null);
    }

    private static (LonLat Place, string? Association)? Place(Area cell, Area[] near, ref SplitMix random)
    {
        for (int i = 0; i < Tries; i++)
        {
            Coordinate at = new(cell.Box.MinX + (random.Next() * cell.Box.Width), cell.Box.MinY + (random.Next() * cell.Box.Height));
            if (cell.Has(at) && Array.Find(near, a => a.Has(at)) is { } area)
            {
                return (new LonLat(Math.Round(at.X, 7), Math.Round(at.Y, 7)), area.Name);
            }
        }

        return null;
    }

    /// <summary>People by area, the last one taking what rounding leaves.</summary>
    private IEnumerable<(Area Cell, int People)> Evenly(Area[] areas)
    {
        double all = areas.Sum(a => a.Size), before = 0;
        int given = 0, people = options.People ?? 0;
        foreach (Area area in areas)
        {
            before += area.Size;
            int until = (int)Math.Round(people * before / all);
            yield return (area, until - given);
            given = until;
        }
    }

    /// <summary>People by cell; with a number of people in all, the mesh's shares of them.</summary>
    private IEnumerable<(Area Cell, int People)> Cells()
    {
        List<(Area Cell, int People)> cells = [];
        foreach (Feature cell in mesh!.Where(c => c.Geometry is not null).OrderBy(c => c.Geometry!.EnvelopeInternal.MinY).ThenBy(c => c.Geometry!.EnvelopeInternal.MinX))
        {
            if (NumberOf(cell) is > 0 and var people)
            {
                cells.Add((new Area(cell.Geometry!, null), people));
            }
        }

        if (options.People is not { } wanted)
        {
            return cells;
        }

        Envelope town = new();
        foreach (Feature area in boundaries.Where(b => b.Geometry is not null))
        {
            town.ExpandToInclude(area.Geometry!.EnvelopeInternal);
        }

        cells = [.. cells.Where(c => c.Cell.Box.Intersects(town))];
        double all = cells.Sum(c => (double)c.People), before = 0;
        int given = 0;
        return cells.Select(c =>
        {
            before += c.People;
            int until = (int)Math.Round(wanted * before / all), own = until - given;
            given = until;
            return (c.Cell, own);
        }).ToArray();
    }

    private string? NameOf(Feature area) => options.NameField is { } field ? Attribute(area, field) : area.Text("label");

    private int NumberOf(Feature cell)
    {
        if (options.PeopleField is not { } field)
        {
            return 0;
        }

        string? text = Attribute(cell, field);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number is > 0 and < MostPeople ? (int)Math.Round(number) : 0;
    }

    private static string? Attribute(Feature feature, string field)
    {
        using JsonDocument attributes = JsonDocument.Parse(feature.Text("attributes") ?? "{}");
        return attributes.RootElement.TryGetProperty(field, out JsonElement value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value.ToString() : null;
    }

    private static long HashOf(Envelope box) => unchecked((BitConverter.DoubleToInt64Bits(box.MinX) * 31) ^ BitConverter.DoubleToInt64Bits(box.MinY));

    private sealed class Area(Geometry geometry, string? name)
    {
        private readonly IPreparedGeometry _prepared = PreparedGeometryFactory.Prepare(geometry);

        public Envelope Box { get; } = geometry.EnvelopeInternal;

        public string? Name { get; } = name;

        public double Size { get; } = geometry.Area;

        public bool Has(Coordinate at) => Box.Contains(at) && _prepared.Contains(geometry.Factory.CreatePoint(at));
    }
}
