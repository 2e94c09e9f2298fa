using Field.Geo.Impact;

namespace Field.Harness;

/// <summary>
/// The synthetic residents of Yaizu that the peers' expected counts belong to: integers only, so that any language makes the same ones
/// (recipe: <c>shared/peers/impact_common.py</c>).
/// </summary>
public static class ResidentRecipe
{
    private const ulong Seed = 20241121;
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private const ulong West = 1382370000, East = 1383486000, South = 347671000, North = 349230000; // 1e-7 degree
    private const ulong Aged = 1202590842; // floor(0.28 * 2^32)

    /// <summary>The first points; one each, some aged 65 or more.</summary>
    /// <param name="count">How many.</param>
    /// <param name="districts">Only places inside are taken.</param>
    public static ResidentPoints Points(int count, PolygonSet districts)
    {
        (double[] lon, double[] lat, int[] aged) = (new double[count], new double[count], new int[count]);
        Parallel.For(0, count, id =>
        {
            for (ulong attempt = 0; attempt < 256; attempt++)
            {
                ulong x = West + ((Random((ulong)id, attempt, 0) * (East - West)) >> 32);
                ulong y = South + ((Random((ulong)id, attempt, 1) * (North - South)) >> 32);
                (lon[id], lat[id]) = (((x * 10) + 5) / 1e8, ((y * 10) + 5) / 1e8);
                if (districts.First(lon[id], lat[id]) != PolygonSet.None)
                {
                    break;
                }
            }

            aged[id] = Random((ulong)id, 0, 2) < Aged ? 1 : 0;
        });
        return new ResidentPoints(lon, lat) { Aged65 = aged };
    }

    /// <summary>The points as the file that the totals name by its SHA-256.</summary>
    public static void Write(ResidentPoints points, Stream stream)
    {
        using StreamWriter writer = new(stream, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine("lon,lat,id,age65");
        for (int i = 0; i < points.Count; i++)
        {
            writer.WriteLine(FormattableString.Invariant($"{points.Lon[i]:F8},{points.Lat[i]:F8},{i},{points.Aged65![i]}"));
        }
    }

    /// <summary>splitmix64, of which the upper half is taken.</summary>
    private static ulong Random(ulong id, ulong attempt, ulong column)
    {
        ulong z = unchecked(Seed + (Golden * (1 + (((id * 256) + attempt) * 4) + column)));
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return (z ^ (z >> 31)) >> 32;
    }
}
