using Field.Vision;
using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;

namespace Field.Ingest.Decisions;

/// <summary>Which outlines a person may draw.</summary>
internal static class RingRules
{
    private static readonly GeometryFactory Plane = new();

    /// <param name="rings">What was drawn.</param>
    /// <param name="widthPx">Of the photo.</param>
    /// <param name="heightPx">Of the photo.</param>
    /// <param name="before">The outlines as they were: parts of a model's mask may touch, and nobody is blamed for what they left alone.</param>
    public static IEnumerable<DecisionError> Errors(
        IReadOnlyList<IReadOnlyList<PixelPoint>> rings, long? widthPx, long? heightPx, IReadOnlyList<IReadOnlyList<PixelPoint>> before)
    {
        if (widthPx is not { } width || heightPx is not { } height)
        {
            return [DecisionError.UnknownPhotoSize];
        }

        if (rings.Count > DecisionRequest.MaxRings || rings.Sum(r => r.Count) > DecisionRequest.MaxPoints)
        {
            return [DecisionError.TooManyPoints]; // the rest is not looked at: it would cost more than it tells
        }

        List<DecisionError> errors = [];
        bool isEmpty = rings.Count == 0 || rings.Any(r => r.Count < 3);
        Add(isEmpty, DecisionError.TooFewPoints);
        Add(rings.Any(r => r.Any(p => !(p.X >= 0 && p.Y >= 0 && p.X <= width && p.Y <= height))), DecisionError.Outside(width, height));
        Add(!isEmpty && Cross(rings) && !IsOnlyLeftAlone(rings, before), DecisionError.SelfCrossing);
        Add(MaskMeasure.BoxPx(rings) > MaskMeasure.MaxBoxPx, DecisionError.MaskTooLarge);
        return errors;

        void Add(bool holds, DecisionError error)
        {
            if (holds)
            {
                errors.Add(error);
            }
        }
    }

    /// <summary>True when a ring meets itself or another one.</summary>
    private static bool Cross(IReadOnlyList<IReadOnlyList<PixelPoint>> rings)
    {
        LinearRing[] lines = [.. rings.Select(r => Plane.CreateLinearRing([.. r.Append(r[0]).Select(p => new Coordinate(p.X, p.Y))]))];
        if (lines.Any(l => !l.IsValid || !l.IsSimple))
        {
            return true;
        }

        for (int i = 0; i < lines.Length; i++)
        {
            for (int k = 0; k < i; k++)
            {
                if (lines[i].EnvelopeInternal.Intersects(lines[k].EnvelopeInternal) && lines[i].Intersects(lines[k]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>True when every place where edges meet is one of two edges that were there before.</summary>
    private static bool IsOnlyLeftAlone(IReadOnlyList<IReadOnlyList<PixelPoint>> rings, IReadOnlyList<IReadOnlyList<PixelPoint>> before)
    {
        HashSet<(PixelPoint, PixelPoint)> known = [.. before.SelectMany(Edges).SelectMany(e => new[] { e, (e.To, e.From) })];
        STRtree<Edge> tree = new();
        List<Edge> changed = [];
        foreach ((int ring, IReadOnlyList<PixelPoint> points) in rings.Index())
        {
            foreach ((int at, (PixelPoint from, PixelPoint to)) in Edges(points).Index())
            {
                Edge edge = new(ring, at, points.Count, new LineSegment(from.X, from.Y, to.X, to.Y));
                tree.Insert(edge.Box, edge);
                if (!known.Contains((from, to)))
                {
                    changed.Add(edge);
                }
            }
        }

        return changed.Count < rings.Sum(r => r.Count) // drawn anew altogether: nothing was left alone
            && !changed.Any(e => tree.Query(e.Box).Any(o => !e.IsBeside(o) && e.Line.Intersection(o.Line) is not null));
    }

    private static IEnumerable<(PixelPoint From, PixelPoint To)> Edges(IReadOnlyList<PixelPoint> ring) => ring.Select((p, i) => (p, ring[(i + 1) % ring.Count]));

    /// <summary>An edge of an outline.</summary>
    private sealed record Edge(int Ring, int At, int Count, LineSegment Line)
    {
        public Envelope Box { get; } = new(Line.P0, Line.P1);

        /// <summary>True for itself and the edges that share a corner with it in the outline.</summary>
        public bool IsBeside(Edge other) => Ring == other.Ring && (Math.Abs(At - other.At) is 0 or 1 || Math.Abs(At - other.At) == Count - 1);
    }
}
