namespace Field.Geo.Tiles;

/// <summary>Brings shapes into the units of one tile: simplified, cut, rounded, wound as the specification wants. One thread, one tile.</summary>
internal sealed class TileCut(VectorTileWriter writer, TileAddress tile, double side, double toleranceUnits, int buffer, int unitsPerPixel)
{
    private readonly TileClip _clip = new(-buffer, VectorTileWriter.Extent + buffer);
    private readonly double _tolerance = toleranceUnits * side / VectorTileWriter.Extent;
    private readonly HashSet<(int X, int Y, string? Class)> _specks = [];
    private readonly List<(double X, double Y)> _points = [];
    private readonly List<(int X, int Y)> _rounded = [];

    public void Write(TileShape shape)
    {
        writer.Begin();
        switch (shape.Type)
        {
            case TileGeometryType.Point:
                Points(shape);
                break;
            case TileGeometryType.Line:
                foreach (TilePart[] line in shape.Polygons)
                {
                    Line(line[0]);
                }

                break;
            default:
                Areas(shape);
                break;
        }

        writer.End(shape.Type, shape.N, ("class", shape.Class), ("rank", shape.Rank), ("label", shape.Label));
    }

    private void Points(TileShape shape)
    {
        List<(int X, int Y)> points = [];
        foreach (TilePart[] part in shape.Polygons)
        {
            (int X, int Y) at = Round(part[0].X[0], part[0].Y[0]);
            if (IsNear(at) && (toleranceUnits == 0 || _specks.Add((at.X / unitsPerPixel, at.Y / unitsPerPixel, shape.Class))))
            {
                points.Add(at);
            }
        }

        if (points.Count > 0)
        {
            writer.Points(points);
        }
    }

    private void Line(TilePart line)
    {
        Simplify(line, 2);
        foreach (List<(double X, double Y)> piece in _clip.Line(_points))
        {
            if (Rounded(piece, isRing: false) >= 2)
            {
                writer.Path(_rounded, isRing: false);
            }
        }
    }

    private void Areas(TileShape shape)
    {
        foreach (TilePart[] polygon in shape.Polygons)
        {
            if (!Ring(polygon[0], isHole: false))
            {
                continue;
            }

            foreach (TilePart hole in polygon.AsSpan(1))
            {
                Ring(hole, isHole: true);
            }
        }

        if (writer.IsEmpty && shape.Polygons.Select(p => p[0]).FirstOrDefault(p => IsSpeck(p)) is { } small)
        {
            Speck(small, shape.Class);
        }
    }

    private bool Ring(TilePart ring, bool isHole)
    {
        if (IsSpeck(ring) || !Meets(ring))
        {
            return false;
        }

        Simplify(ring, 3);
        if (_points.Count > 1)
        {
            _points.RemoveAt(_points.Count - 1); // the first again
        }

        if (Rounded(_clip.Ring(_points), isRing: true) < 3 || Area() is not (not 0 and var area))
        {
            return false;
        }

        // Clause 4.3.3.3: outlines have a positive area by the surveyor's formula in tile units, y downwards; holes a negative one.
        if (area > 0 == isHole)
        {
            _rounded.Reverse();
        }

        writer.Path(_rounded, isRing: true);
        return true;
    }

    private bool IsSpeck(TilePart ring) => toleranceUnits > 0 && Math.Max(ring.MaxX - ring.MinX, ring.MaxY - ring.MinY) < side / VectorTileWriter.Extent * unitsPerPixel;

    private bool Meets(TilePart ring)
    {
        double margin = side * buffer / VectorTileWriter.Extent;
        return ring.MaxX >= (tile.X * side) - margin && ring.MinX <= ((tile.X + 1) * side) + margin
            && ring.MaxY >= (tile.Y * side) - margin && ring.MinY <= ((tile.Y + 1) * side) + margin;
    }

    /// <summary>A square of one pixel, once for each pixel and class.</summary>
    private void Speck(TilePart ring, string? @class)
    {
        (int x, int y) = Round((ring.MinX + ring.MaxX) / 2, (ring.MinY + ring.MaxY) / 2);
        if (!IsNear((x, y)) || !_specks.Add((x / unitsPerPixel, y / unitsPerPixel, @class)))
        {
            return;
        }

        int half = unitsPerPixel / 2;
        writer.Path([(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)], isRing: true);
    }

    private void Simplify(TilePart part, int least)
    {
        _points.Clear();
        bool keepsAll = part.X.Length <= least + 1;
        for (int i = 0; i < part.X.Length; i++)
        {
            if (keepsAll || part.Standing[i] >= _tolerance)
            {
                _points.Add((Units(part.X[i], tile.X), Units(part.Y[i], tile.Y)));
            }
        }
    }

    private int Rounded(List<(double X, double Y)> points, bool isRing)
    {
        _rounded.Clear();
        foreach ((double x, double y) in points)
        {
            (int X, int Y) at = ((int)Math.Round(x), (int)Math.Round(y));
            if (_rounded.Count == 0 || _rounded[^1] != at)
            {
                _rounded.Add(at);
            }
        }

        while (isRing && _rounded.Count > 1 && _rounded[^1] == _rounded[0])
        {
            _rounded.RemoveAt(_rounded.Count - 1);
        }

        return _rounded.Count;
    }

    private long Area()
    {
        long sum = 0;
        for (int i = 0; i < _rounded.Count; i++)
        {
            ((int X, int Y) a, (int X, int Y) b) = (_rounded[i], _rounded[(i + 1) % _rounded.Count]);
            sum += ((long)a.X * b.Y) - ((long)b.X * a.Y);
        }

        return sum;
    }

    private double Units(double world, int index) => ((world / side) - index) * VectorTileWriter.Extent;

    private (int X, int Y) Round(double x, double y) => ((int)Math.Round(Units(x, tile.X)), (int)Math.Round(Units(y, tile.Y)));

    private bool IsNear((int X, int Y) at) =>
        at.X >= -buffer && at.Y >= -buffer && at.X <= VectorTileWriter.Extent + buffer && at.Y <= VectorTileWriter.Extent + buffer;
}
