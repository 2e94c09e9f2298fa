using Field.Geo;
using Field.Store;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Union;

namespace Field.Ingest.Decisions;

/// <summary>What an inspection photographed well, on a plane in metres.</summary>
/// <param name="photos">Its photos.</param>
/// <param name="frame">The plane.</param>
internal sealed class ComparisonPlane(IEnumerable<Feature> photos, LocalFrame frame)
{
    /// <summary>A photo from so much farther away still shows what the first one showed.</summary>
    private const double CoarserShare = 1.25;

    /// <summary>Scored, and neither blurred nor wrongly exposed; each footprint without the rim that its place may be off.</summary>
    private readonly (Geometry Ground, double GsdM)[] _photos =
    [
        .. photos.Where(p => p.Geometry is not null && p.Real("gsdM") is not null && p.Text("state") == Photos.PhotoRow.StateScored)
            .Where(p => p.Text("quality") is null or "[]")
            .Select(p => (Metres(p.Geometry!, frame).Buffer(-(p.Real("errorM") ?? 0)), p.Real("gsdM")!.Value))
            .Where(p => !p.Item1.IsEmpty),
    ];

    /// <summary>Null when the whole damage, widened by the error of its place, was photographed as well as before; else why not.</summary>
    public string? WhyNotSeen(PlacedDamage damage)
    {
        Geometry place = damage.Outline.Buffer(damage.ErrorM);
        var near = _photos.Where(p => p.Ground.Intersects(place)).ToList();
        if (!Covers(near.Select(p => p.Ground), place))
        {
            return DamageChange.NotPhotographed;
        }

        double most = CoarserShare * (damage.Finding.Real("gsdM") ?? double.PositiveInfinity);
        return Covers(near.Where(p => p.GsdM <= most).Select(p => p.Ground), place) ? null : DamageChange.TooCoarse;
    }

    public static Geometry Metres(Geometry geometry, LocalFrame frame)
    {
        Geometry metres = geometry.Copy();
        metres.Apply(new Filter(frame));
        return metres;
    }

    private static bool Covers(IEnumerable<Geometry> ground, Geometry place) =>
        ground.ToList() is { Count: > 0 } parts && CascadedPolygonUnion.Union(parts).Covers(place);

    private sealed class Filter(LocalFrame frame) : ICoordinateSequenceFilter
    {
        public bool Done => false;

        public bool GeometryChanged => true;

        void ICoordinateSequenceFilter.Filter(CoordinateSequence seq, int i)
        {
            EastNorth at = frame.ToEastNorth(new LonLat(seq.GetX(i), seq.GetY(i)));
            seq.SetX(i, at.EastM);
            seq.SetY(i, at.NorthM);
        }
    }
}
