using NetTopologySuite.Geometries;

namespace Field.Ingest.Findings;

/// <summary>Length of a line damage that no photo shows whole.</summary>
/// <param name="LengthM">From its one end to its other, along the photos that show a part of it.</param>
/// <param name="ErrorM">One standard deviation.</param>
internal readonly record struct ChainLength(double LengthM, double ErrorM)
{
    /// <summary>A crack that is longer than this many times its extent along the chain bends back, and what two photos share of it is not told by the extent.</summary>
    private const double MostPath = 2;

    /// <summary>Millimetres: the same whichever photo came last, in whose plane the parts are laid.</summary>
    private const int Digits = 3;

    /// <summary>Of a two-dimensional normal error, the radius that holds 90 % over the standard deviation along one axis: the root of 2 ln 10.</summary>
    private static readonly double NinetyPercent = Math.Sqrt(2 * Math.Log(10));

    /// <summary>
    /// The parts are laid on the axis along which the damage extends most. Where several photos show the same stretch of it, the finest one counts: the
    /// stretch times the length that this photo measured per metre of axis. The error: that of scale and edges of each part by the share of it that counts, added up, for photos of one flight are wrong by the same height; and the errors of
    /// the places of the two ends, along the axis, where they are of different photos. Null when one photo shows all, or when the damage bends back.
    /// </summary>
    /// <param name="primary">The finding that stands for the damage.</param>
    /// <param name="damage">All its findings.</param>
    public static ChainLength? Of(MergeNode primary, IReadOnlyList<MergeNode> damage)
    {
        MergeNode[] nodes = [.. damage.Where(n => n.Class == primary.Class && n.Finding.Real("lengthM") > 0 && n.Finding.Text("status") != "rejected").OrderBy(n => n.Finding.Id, StringComparer.Ordinal)];
        if (!DamageClass.IsLine(primary.Class) || !GradeFacts.Of(primary.Finding).IsPartial || nodes.Select(n => n.Photo).Distinct().Count() < 2)
        {
            return null;
        }

        (double X, double Y) axis = Axis([.. nodes.SelectMany(n => n.Outline.Coordinates)]);
        Part[] all = [.. nodes.Select(n => Part.Of(n, axis)).OrderBy(p => p.Node.Finding.Real("gsdM") ?? double.PositiveInfinity).ThenBy(p => p.Node.Finding.Id, StringComparer.Ordinal)];
        Part[] parts = [.. all.Where(p => p.Path <= MostPath)];
        if (parts.Length == 0 || parts.Min(p => p.From) > all.Min(p => p.From) || parts.Max(p => p.To) < all.Max(p => p.To))
        {
            return null;
        }

        double[] ends = [.. parts.SelectMany(p => (double[])[p.From, p.To]).Distinct().Order()];
        double length = 0, scale = 0;
        foreach ((double from, double to) in ends.Zip(ends.Skip(1)))
        {
            if (parts.FirstOrDefault(p => p.From <= from && p.To >= to) is { } finest)
            {
                length += (to - from) * finest.Path;
                scale += (to - from) / (finest.To - finest.From) * (finest.Node.Finding.Real("lengthErrorM") ?? 0);
            }
        }

        (MergeNode first, MergeNode last) = (parts.MinBy(p => p.From)!.Node, parts.MaxBy(p => p.To)!.Node);
        double places = first.Photo == last.Photo ? 0 : double.Hypot(first.ErrorM, last.ErrorM) / NinetyPercent;
        return new ChainLength(Math.Round(length, Digits), Math.Round(double.Hypot(scale, places), Digits));
    }

    /// <summary>The direction in which points lie farthest apart: the first principal axis.</summary>
    private static (double X, double Y) Axis(Coordinate[] points)
    {
        (double east, double north) = (points.Average(p => p.X), points.Average(p => p.Y));
        double xx = points.Sum(p => (p.X - east) * (p.X - east)), yy = points.Sum(p => (p.Y - north) * (p.Y - north)), xy = points.Sum(p => (p.X - east) * (p.Y - north));
        (double sin, double cos) = Math.SinCos(Math.Atan2(2 * xy, xx - yy) / 2);
        return (cos, sin);
    }

    /// <param name="Node">A finding.</param>
    /// <param name="From">Where it begins on the axis, metres.</param>
    /// <param name="To">Where it ends.</param>
    /// <param name="Path">Metres of it per metre of axis.</param>
    private sealed record Part(MergeNode Node, double From, double To, double Path)
    {
        public static Part Of(MergeNode node, (double X, double Y) axis)
        {
            double[] along = [.. node.Outline.Coordinates.Select(c => (c.X * axis.X) + (c.Y * axis.Y))];
            (double from, double to) = (along.Min(), along.Max());
            return new Part(node, from, to, (node.Finding.Real("lengthM") ?? 0) / Math.Max(to - from, double.Epsilon));
        }
    }
}
