namespace Field.Vision.Shape;

/// <summary>A mask thinned to lines of one pixel, by Zhang and Suen (1984).</summary>
internal sealed class Thinning
{
    internal Thinning(Mask mask)
    {
        Line = (bool[])mask.Cells.Clone();
        var w = mask.Width;
        Around = [-w, -w + 1, 1, w + 1, w, w - 1, -1, -w - 1];
        Thinned = Thin();
    }

    /// <summary>True on the line; cells as in the mask.</summary>
    internal bool[] Line { get; }

    /// <summary>The cells of the line, row by row, when it was thinned; those cleared since then are still among them.</summary>
    internal IReadOnlyList<int> Thinned { get; }

    /// <summary>Steps to the eight neighbours, clockwise from the one above.</summary>
    internal int[] Around { get; }

    /// <summary>Line pixels among the eight neighbours, and how often the line begins on the way around them.</summary>
    internal (int Count, int Risings) Surroundings(int i)
    {
        int count = 0, risings = 0;
        for (var k = 0; k < 8; k++)
        {
            var here = Line[i + Around[k]];
            count += here ? 1 : 0;
            risings += !here && Line[i + Around[(k + 1) % 8]] ? 1 : 0;
        }

        return (count, risings);
    }

    internal void Clear(List<int> pixels)
    {
        foreach (var i in pixels)
        {
            Line[i] = false;
        }
    }

    private List<int> Thin()
    {
        var candidates = new List<int>();
        for (var i = 0; i < Line.Length; i++)
        {
            if (Line[i])
            {
                candidates.Add(i);
            }
        }

        var doomed = new List<int>();
        bool changed;
        do
        {
            changed = false;
            for (var pass = 0; pass < 2; pass++)
            {
                doomed.Clear();
                foreach (var i in candidates)
                {
                    if (Removable(i, pass))
                    {
                        doomed.Add(i);
                    }
                }

                Clear(doomed);
                changed |= doomed.Count > 0;
            }

            candidates.RemoveAll(i => !Line[i]);
        }
        while (changed);
        return candidates;
    }

    private bool Removable(int i, int pass)
    {
        if (!Line[i])
        {
            return false;
        }

        var (count, risings) = Surroundings(i);
        bool n = Line[i + Around[0]], e = Line[i + Around[2]], s = Line[i + Around[4]], w = Line[i + Around[6]];
        return count is >= 2 and <= 6 && risings == 1
            && (pass == 0 ? !(n && e && s) && !(e && s && w) : !(n && e && w) && !(n && s && w));
    }
}
