using Field.Vision;
using NetTopologySuite.Geometries;

namespace Field.Ingest.Decisions;

/// <summary>Which outlines a person may draw.</summary>
internal static class RingRules
{
    private static readonly GeometryFactory Plane = new();

    public static IEnumerable<DecisionError> Errors(IReadOnlyList<IReadOnlyList<PixelPoint>> rings, long? widthPx, long? heightPx)
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
        Add(!isEmpty && Cross(rings), DecisionError.SelfCrossing);
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
}
