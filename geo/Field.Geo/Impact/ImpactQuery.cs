namespace Field.Geo.Impact;

/// <summary>One hazard layer, such as the flood map of one river.</summary>
/// <param name="Name">Its name: the river.</param>
/// <param name="Polygons">Their numbers are classes, 1 the slightest; <see cref="PolygonOrder.Highest"/>.</param>
public sealed record HazardSource(string Name, PolygonSet Polygons);

/// <summary>The classes at each point.</summary>
/// <param name="Deepest">By point; 0 where no layer reaches it.</param>
/// <param name="BySource">By layer, then by point: which layer says what.</param>
public sealed record HazardAtPoints(byte[] Deepest, IReadOnlyList<byte[]> BySource)
{
    /// <summary>The layers that reach a point, with the class that each gives it.</summary>
    public IEnumerable<(int Source, int Class)> SourcesAt(int point) =>
        BySource.Select((s, i) => (Source: i, Class: (int)s[point])).Where(s => s.Class > 0);
}

/// <summary>Places points in hazards and areas.</summary>
public static class ImpactQuery
{
    /// <summary>The highest class that fits an answer.</summary>
    public const int MaxClass = byte.MaxValue;

    private const int ChunkPoints = 8192;

    /// <summary>The class at each point, of each layer and the deepest of all.</summary>
    /// <param name="points">The points.</param>
    /// <param name="sources">The layers.</param>
    /// <param name="threads">Threads to use; the answer does not depend on it.</param>
    /// <exception cref="OverflowException">A class is above <see cref="MaxClass"/>.</exception>
    public static HazardAtPoints Hazards(ResidentPoints points, IReadOnlyList<HazardSource> sources, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(sources);
        byte[] deepest = new byte[points.Count];
        byte[][] bySource = [.. sources.Select(_ => new byte[points.Count])];
        Each(points.Count, threads, (from, count, scratch) =>
        {
            for (int s = 0; s < bySource.Length; s++)
            {
                sources[s].Polygons.First(points.Lon.AsSpan(from, count), points.Lat.AsSpan(from, count), scratch.AsSpan(0, count));
                Span<byte> classes = bySource[s].AsSpan(from, count);
                for (int i = 0; i < count; i++)
                {
                    classes[i] = checked((byte)Math.Max(0, scratch[i])); // None is negative
                    deepest[from + i] = Math.Max(deepest[from + i], classes[i]);
                }
            }
        });
        return new HazardAtPoints(deepest, bySource);
    }

    /// <summary>The number of the area that each point lies in, or <see cref="PolygonSet.None"/>.</summary>
    /// <param name="points">The points.</param>
    /// <param name="areas">Where several overlap the set's order decides.</param>
    /// <param name="threads">Threads to use.</param>
    public static int[] Areas(ResidentPoints points, PolygonSet areas, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(areas);
        int[] found = new int[points.Count];
        Each(points.Count, threads, (from, count, _) =>
            areas.First(points.Lon.AsSpan(from, count), points.Lat.AsSpan(from, count), found.AsSpan(from, count)));
        return found;
    }

    private static void Each(int points, int threads, Action<int, int, int[]> work)
    {
        int chunks = (points + ChunkPoints - 1) / ChunkPoints;
        void Chunk(int chunk, int[] scratch)
        {
            int count = Math.Min(ChunkPoints, points - (chunk * ChunkPoints));
            work(chunk * ChunkPoints, count, scratch);
        }

        if (threads <= 1 || chunks <= 1)
        {
            int[] scratch = new int[ChunkPoints];
            for (int chunk = 0; chunk < chunks; chunk++)
            {
                Chunk(chunk, scratch);
            }

            return;
        }

        Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = threads }, () => new int[ChunkPoints], (chunk, _, scratch) =>
        {
            Chunk(chunk, scratch);
            return scratch;
        }, _ => { });
    }
}
