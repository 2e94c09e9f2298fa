namespace Field.Vision.Shape;

/// <summary>Puts drawn rings into the form of <see cref="PixelFinding.Rings"/>, however they were drawn.</summary>
internal static class RingOrder
{
    /// <summary>Exteriors clockwise on the screen, each followed by its holes counter-clockwise; a ring within a hole is an exterior again.</summary>
    internal static List<IReadOnlyList<PixelPoint>> Oriented(IReadOnlyList<IReadOnlyList<PixelPoint>> rings)
    {
        var byArea = rings.Where(r => r.Count >= 3).OrderByDescending(r => Math.Abs(Outline.SignedArea(r))).ToList();
        var around = byArea.Select((r, i) => Enumerable.Range(0, i).Where(k => Contains(byArea[k], r)).ToList()).ToList();
        var result = new List<IReadOnlyList<PixelPoint>>();
        for (var i = 0; i < byArea.Count; i++)
        {
            if (around[i].Count % 2 == 0)
            {
                result.Add(Turned(byArea[i], clockwise: true));
                result.AddRange(Enumerable.Range(i + 1, byArea.Count - i - 1)
                    .Where(k => around[k].Count % 2 == 1 && around[k][^1] == i).Select(k => Turned(byArea[k], clockwise: false)));
            }
        }

        return result;
    }

    /// <summary>True when the smaller ring lies within the larger one; they do not cross, so that any corner off the outline decides.</summary>
    private static bool Contains(IReadOnlyList<PixelPoint> outer, IReadOnlyList<PixelPoint> inner)
    {
        var isInside = false;
        var p = new PixelPoint((inner[0].X + inner[1].X) / 2, (inner[0].Y + inner[1].Y) / 2);
        for (var i = 0; i < outer.Count; i++)
        {
            var (a, b) = (outer[i], outer[(i + 1) % outer.Count]);
            if (a.Y > p.Y != b.Y > p.Y && p.X < a.X + (p.Y - a.Y) * (b.X - a.X) / (b.Y - a.Y))
            {
                isInside = !isInside;
            }
        }

        return isInside;
    }

    private static IReadOnlyList<PixelPoint> Turned(IReadOnlyList<PixelPoint> ring, bool clockwise) =>
        Outline.SignedArea(ring) > 0 == clockwise ? ring : [.. ring.Reverse()];
}
