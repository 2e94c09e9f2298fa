using NetTopologySuite.Geometries;

namespace Field.Geo;

/// <summary>Whole geometries in the metres of a <see cref="LocalFrame"/>.</summary>
public static class LocalGeometry
{
    /// <summary>A copy with x east and y north, metres from the frame's origin.</summary>
    /// <param name="degrees">x lon, y lat, degrees.</param>
    /// <param name="frame">The frame.</param>
    /// <exception cref="ArgumentOutOfRangeException">A coordinate is not a place on the earth.</exception>
    public static Geometry ToMetres(Geometry degrees, LocalFrame frame)
    {
        ArgumentNullException.ThrowIfNull(degrees);
        ArgumentNullException.ThrowIfNull(frame);
        Geometry metres = degrees.Copy();
        metres.Apply(new MetresFilter(frame));
        return metres;
    }

    private sealed class MetresFilter(LocalFrame frame) : ICoordinateSequenceFilter
    {
        public bool Done => false;

        public bool GeometryChanged => true;

        public void Filter(CoordinateSequence seq, int i)
        {
            EastNorth at = frame.ToEastNorth(new LonLat(seq.GetX(i), seq.GetY(i)));
            seq.SetX(i, at.EastM);
            seq.SetY(i, at.NorthM);
        }
    }
}
