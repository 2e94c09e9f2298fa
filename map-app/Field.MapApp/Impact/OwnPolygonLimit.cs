using System.Buffers.Binary;
using System.Security.Cryptography;
using Field.Geo;

namespace Field.MapApp.Impact;

/// <summary>
/// How many different own polygons a person may ask about where small counts are hidden. Rounding and the least size hide a house from each single answer; who
/// moves a corner again and again and compares the answers is stopped here. The same polygon asked again (another class, another file) is not another one.
/// Thread-safe; forgotten with the process.
/// </summary>
internal sealed class OwnPolygonLimit(TimeProvider time)
{
    /// <summary>Different polygons within <see cref="Window"/>.</summary>
    public const int MostPolygons = 60;

    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Dictionary<string, DateTimeOffset>> asked = [];

    /// <summary>Takes a question, all of it or nothing.</summary>
    /// <param name="who">As the audit log names them.</param>
    /// <param name="own">Its polygons.</param>
    /// <returns>Null: it may be answered. Else how long it takes until it may be.</returns>
    public TimeSpan? Take(string who, IReadOnlyList<(string Name, LonLat[] Ring)> own)
    {
        if (own.Count == 0)
        {
            return null;
        }

        HashSet<string> wanted = [.. own.Select(o => HashOf(o.Ring))];
        DateTimeOffset now = time.GetUtcNow();
        lock (gate)
        {
            foreach ((string person, Dictionary<string, DateTimeOffset> old) in asked.ToArray())
            {
                foreach (string gone in old.Where(p => now - p.Value >= Window).Select(p => p.Key).ToArray())
                {
                    old.Remove(gone);
                }

                if (old.Count == 0)
                {
                    asked.Remove(person);
                }
            }

            Dictionary<string, DateTimeOffset> known = asked.GetValueOrDefault(who) ?? [];
            string[] others = [.. wanted.Where(w => !known.ContainsKey(w))];
            int tooMany = known.Count + others.Length - MostPolygons;
            if (tooMany > 0)
            {
                return known.Values.Order().ElementAt(tooMany - 1) + Window - now;
            }

            foreach (string other in others)
            {
                known[other] = now;
            }

            asked[who] = known;
            return null;
        }
    }

    private static string HashOf(LonLat[] ring)
    {
        byte[] bytes = new byte[ring.Length * 16];
        for (int i = 0; i < ring.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * 16), ring[i].Lon);
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan((i * 16) + 8), ring[i].Lat);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
