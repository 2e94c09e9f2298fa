namespace Field.Vision;

/// <summary>Cuts one axis of a photo into equal tiles that overlap, so that every tile has the same shape and little is computed twice.</summary>
internal sealed class TilePlan
{
    internal TilePlan(int length, int maxTile, int overlap, int multiple)
    {
        var single = RoundUp(length, multiple);
        if (single <= maxTile)
        {
            (Tile, Starts) = (single, [0]);
            return;
        }

        var count = (length - overlap + maxTile - overlap - 1) / (maxTile - overlap);
        Tile = Math.Min(maxTile, RoundUp((length + (count - 1) * overlap + count - 1) / count, multiple));
        Starts = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * (length - Tile) / (count - 1)))];
    }

    /// <summary>Pixels per tile; beyond the photo's edge for a photo smaller than one tile.</summary>
    internal int Tile { get; }

    /// <summary>First pixel of each tile, ascending.</summary>
    internal IReadOnlyList<int> Starts { get; }

    /// <summary>For each tile, the share that each of its pixels has in the result: of all tiles that hold a pixel they sum to 1.</summary>
    internal float[][] Shares()
    {
        var total = new double[Starts[^1] + Tile];
        for (var t = 0; t < Starts.Count; t++)
        {
            for (var i = 0; i < Tile; i++)
            {
                total[Starts[t] + i] += Weight(t, i);
            }
        }

        return [.. Starts.Select((start, t) => Enumerable.Range(0, Tile).Select(i => (float)(Weight(t, i) / total[start + i])).ToArray())];
    }

    /// <summary>
    /// Weight of pixel i of tile t: 1, falling linearly over the pixels shared with a neighbour, with a margin of an eighth of them at
    /// weight almost 0 because there the network sees the tile's edge.
    /// </summary>
    private float Weight(int t, int i)
    {
        var left = t == 0 ? 1f : Ramp(i, Starts[t - 1] + Tile - Starts[t]);
        var right = t == Starts.Count - 1 ? 1f : Ramp(Tile - 1 - i, Starts[t] + Tile - Starts[t + 1]);
        return left * right;
    }

    private static float Ramp(int distance, int shared)
    {
        var margin = shared / 8f;
        return Math.Clamp((distance + 0.5f - margin) / Math.Max(1f, shared - 2 * margin), 1e-4f, 1f);
    }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
