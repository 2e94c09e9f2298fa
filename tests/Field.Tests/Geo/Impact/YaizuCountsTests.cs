using System.Globalization;
using System.Security.Cryptography;
using Field.Gdal;
using Field.Geo;
using Field.Geo.Impact;
using Field.Harness;

namespace Field.Tests.Geo.Impact;

/// <summary>The peers' counts (GeoPandas and PostGIS agreed on them) for 140,000 synthetic residents, eight rivers and the associations of a real city.</summary>
public sealed class YaizuCountsTests
{
    private const int Points = 140_000;

    [Fact]
    public void Counts_by_association_and_class_are_those_of_the_peers_row_for_row()
    {
        string expected = Path.Combine(SharedData.Path("jp_gis"), "..", "..", "peers", "expected", "impact_yaizu.csv");
        Assert.SkipUnless(File.Exists(expected), "the peers' expected counts are not beside the shared data");
        (PolygonSet districts, long[] ids) = Districts();
        HazardSource[] rivers = [.. Directory.GetFiles(SharedData.Path("jp_gis/yaizu_hazard"), "*（想定最大規模）.shp", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(River)];
        Assert.Equal(8, rivers.Length);

        ResidentPoints residents = ResidentRecipe.Points(Points, districts);
        using MemoryStream file = new();
        ResidentRecipe.Write(residents, file);
        string[] lines = File.ReadAllLines(expected);
        Assert.Contains(lines, l => l.StartsWith("# sha256", StringComparison.Ordinal) && l.EndsWith(Convert.ToHexStringLower(SHA256.HashData(file.ToArray())), StringComparison.Ordinal));

        int[] areas = ImpactQuery.Areas(residents, districts);
        HazardAtPoints hazards = ImpactQuery.Hazards(residents, rivers);
        ImpactTable table = ImpactTable.Count(residents, areas, ids.Length, hazards.Deepest, classes: 7);
        string[] ours =
        [
            .. from row in Enumerable.Range(0, ids.Length)
               from c in Enumerable.Range(0, 7)
               where table[row, c].People > 0
               select string.Create(CultureInfo.InvariantCulture, $"{ids[row]},{c},{table[row, c].People},{table[row, c].Aged65}"),
        ];
        string[] theirs =
        [
            .. lines.Where(l => char.IsAsciiDigit(l[0])).Select(l => l.Split(',')).Select(f => $"{f[0]},{f[^3]},{f[^2]},{f[^1]}"),
        ];
        Assert.Equal(theirs, ours);
        Assert.Equal(0, table.From(table.Unassigned, 0).People);
    }

    private static (PolygonSet Set, long[] Ids) Districts()
    {
        using VectorReader reader = Vectors.Open(SharedData.Path("jp_gis/yaizu/自治会区域/自治会区域.shp"), new VectorOptions { LooseRings = true });
        int id = reader.Layer.Fields.Select(f => f.Name).ToList().IndexOf("SAUID");
        List<VectorFeature> rows = [];
        while (reader.Read() is { } row)
        {
            rows.Add(row);
        }

        long[] ids = [.. rows.Select(r => (long)r.Values[id]!).Order()];
        PolygonSetBuilder builder = new(PolygonOrder.Lowest);
        foreach (VectorFeature row in rows)
        {
            Assert.Equal(WkbOutcome.Added, WkbPolygons.Add(builder, row.Wkb, Array.IndexOf(ids, row.Values[id]), OfficialCrs.Find(reader.Layer.Crs!.Epsg!.Value), reader.HasLooseRings));
        }

        return (builder.Build(), ids);
    }

    private static HazardSource River(string path)
    {
        using VectorReader reader = Vectors.Open(path, new VectorOptions { LooseRings = true });
        PolygonSetBuilder builder = new(PolygonOrder.Highest);
        while (reader.Read() is { } row)
        {
            Assert.Equal(WkbOutcome.Added, WkbPolygons.Add(builder, row.Wkb, (int)(long)row.Values[0]!, OfficialCrs.Find(reader.Layer.Crs!.Epsg!.Value), reader.HasLooseRings));
        }

        return new HazardSource(Path.GetFileName(path).Split('_')[0], builder.Build());
    }
}
