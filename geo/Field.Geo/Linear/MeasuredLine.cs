using NetTopologySuite.Geometries;

namespace Field.Geo.Linear;

/// <summary>Where a place falls on a line.</summary>
/// <param name="ChainageM">Metres along the line from its first vertex to the nearest point.</param>
/// <param name="DistanceM">Metres from the place to that point.</param>
/// <param name="OffsetM">The same with a sign: positive to the right of the line in the direction of its vertices.</param>
/// <param name="BeyondEndM">How far the place lies ahead of the line's last or behind its first vertex, along the line; 0 beside the line.</param>
public readonly record struct LineFoot(double ChainageM, double DistanceM, double OffsetM, double BeyondEndM);

/// <summary>
/// A line on the ground with metres along it. Lengths are on the ellipsoid of JGD2011 through a <see cref="LocalFrame"/> for each
/// stretch, so they have neither the scale of a projection (0.1 m per km in a plane rectangular system) nor a seam between zones.
/// Immutable.
/// </summary>
public sealed class MeasuredLine
{
    /// <summary>Longer straight stretches are divided: within 1 km lon/lat-straight and geodesic differ by 2 cm at most.</summary>
    private const double LongestStretchM = 1000;
    private const double MetresPerDegree = 111_320;
    private readonly LonLat[] vertices;
    private readonly double[] chainages;

    /// <summary>Measures a line.</summary>
    /// <param name="line">x lon, y lat, degrees; consecutive equal vertices are taken once.</param>
    /// <exception cref="ArgumentException">Shorter than 1 mm.</exception>
    public MeasuredLine(LineString line)
    {
        ArgumentNullException.ThrowIfNull(line);
        List<LonLat> places = [];
        List<double> measures = [];
        foreach (Coordinate c in line.Coordinates)
        {
            Append(places, measures, new LonLat(c.X, c.Y));
        }

        if (places.Count < 2)
        {
            throw new ArgumentException("a line needs two places", nameof(line));
        }

        (vertices, chainages) = ([.. places], [.. measures]);
        Envelope = line.EnvelopeInternal.Copy();
    }

    /// <summary>Metres from the first to the last vertex.</summary>
    public double LengthM => chainages[^1];

    /// <summary>x lon, y lat, degrees.</summary>
    public Envelope Envelope { get; }

    /// <summary>The point of the line that is nearest to a place. Exact to a millimetre within 1 km of it, to centimetres within 5 km.</summary>
    public LineFoot Nearest(LonLat place)
    {
        double cosLat = Math.Cos(double.DegreesToRadians(place.Lat));
        double near = double.PositiveInfinity;
        double[] rough = new double[vertices.Length - 1];
        for (int i = 0; i < rough.Length; i++)
        {
            rough[i] = RoughDistanceM(vertices[i], vertices[i + 1], place, cosLat);
            near = Math.Min(near, rough[i]);
        }

        LocalFrame frame = new(place);
        Stretch best = default;
        double bestM = double.PositiveInfinity;
        int at = 0;
        for (int i = 0; i < rough.Length; i++)
        {
            if (rough[i] > (near * 1.02) + 1)
            {
                continue;
            }

            Stretch stretch = new(frame.ToEastNorth(vertices[i]), frame.ToEastNorth(vertices[i + 1]));
            if (stretch.DistanceM < bestM)
            {
                (best, bestM, at) = (stretch, stretch.DistanceM, i);
            }
        }

        return Foot(frame, best, at);
    }

    /// <summary>A part of the line, in its direction.</summary>
    /// <param name="fromM">Metres along the line, 0 or more.</param>
    /// <param name="toM">Metres along the line, more than <paramref name="fromM"/>, at most <see cref="LengthM"/>.</param>
    public IReadOnlyList<LonLat> Between(double fromM, double toM) =>
        [At(fromM), .. vertices.Where((_, i) => chainages[i] > fromM && chainages[i] < toM), At(toM)];

    /// <summary>A place on the line, or beside it.</summary>
    /// <param name="chainageM">Metres along the line, 0 to <see cref="LengthM"/>.</param>
    /// <param name="offsetM">Metres to the right of it.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not on the line.</exception>
    public LonLat At(double chainageM, double offsetM = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chainageM, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chainageM, LengthM);
        int found = Array.BinarySearch(chainages, chainageM);
        int i = Math.Clamp(found >= 0 ? found : ~found - 1, 0, vertices.Length - 2);
        double t = (chainageM - chainages[i]) / (chainages[i + 1] - chainages[i]);
        LonLat a = vertices[i];
        LonLat b = vertices[i + 1];
        LonLat on = new(a.Lon + (t * (b.Lon - a.Lon)), a.Lat + (t * (b.Lat - a.Lat)));
        if (offsetM == 0)
        {
            return on;
        }

        LocalFrame frame = new(on);
        EastNorth ahead = Unit(frame, i);
        return frame.ToLonLat(new EastNorth(ahead.NorthM * offsetM, -ahead.EastM * offsetM));
    }

    /// <summary>True within a millimetre of a vertex: there a place's perpendicular does not lead back to it.</summary>
    internal bool IsVertex(double chainageM)
    {
        int found = Array.BinarySearch(chainages, chainageM);
        int above = found >= 0 ? found : ~found;
        return found >= 0 || (above < chainages.Length && chainages[above] - chainageM < 1e-3) || (above > 0 && chainageM - chainages[above - 1] < 1e-3);
    }

    private LineFoot Foot(LocalFrame frame, Stretch stretch, int at)
    {
        double chainage = chainages[at] + (stretch.Share * (chainages[at + 1] - chainages[at]));
        bool atStart = stretch.Share <= 0;
        bool atEnd = stretch.Share >= 1;
        bool isFirst = atStart && at == 0;
        bool isLast = atEnd && at == vertices.Length - 2;

        // At a vertex the side is that of the mean of both directions: beside a sharp bend each alone can name the wrong one.
        EastNorth ahead = Unit(frame, at);
        if ((atStart && !isFirst) || (atEnd && !isLast))
        {
            EastNorth other = Unit(frame, atStart ? at - 1 : at + 1);
            ahead = new EastNorth(ahead.EastM + other.EastM, ahead.NorthM + other.NorthM);
        }

        double right = (stretch.FootM.EastM * -ahead.NorthM) + (stretch.FootM.NorthM * ahead.EastM);
        double along = -((stretch.FootM.EastM * ahead.EastM) + (stretch.FootM.NorthM * ahead.NorthM));
        double beyond = isFirst ? Math.Max(0, -along) : isLast ? Math.Max(0, along) : 0;
        return new LineFoot(chainage, stretch.DistanceM, right < 0 ? -stretch.DistanceM : stretch.DistanceM, beyond);
    }

    private EastNorth Unit(LocalFrame frame, int at)
    {
        EastNorth a = frame.ToEastNorth(vertices[at]);
        EastNorth b = frame.ToEastNorth(vertices[at + 1]);
        double length = Math.Sqrt(((b.EastM - a.EastM) * (b.EastM - a.EastM)) + ((b.NorthM - a.NorthM) * (b.NorthM - a.NorthM)));
        return new EastNorth((b.EastM - a.EastM) / length, (b.NorthM - a.NorthM) / length);
    }

    private static void Append(List<LonLat> places, List<double> measures, LonLat next)
    {
        if (places.Count == 0)
        {
            places.Add(next);
            measures.Add(0);
            return;
        }

        LonLat last = places[^1];
        int parts = (int)Math.Max(1, Math.Ceiling(LengthOf(last, next) / LongestStretchM));
        for (int i = 1; i <= parts; i++)
        {
            double t = (double)i / parts;
            LonLat to = i == parts ? next : new LonLat(last.Lon + (t * (next.Lon - last.Lon)), last.Lat + (t * (next.Lat - last.Lat)));
            double length = LengthOf(places[^1], to);
            if (length > 1e-3)
            {
                places.Add(to);
                measures.Add(measures[^1] + length);
            }
        }
    }

    private static double LengthOf(LonLat a, LonLat b)
    {
        EastNorth to = new LocalFrame(a).ToEastNorth(b);
        return Math.Sqrt((to.EastM * to.EastM) + (to.NorthM * to.NorthM));
    }

    /// <summary>Good to a percent: chooses the stretches worth measuring.</summary>
    private static double RoughDistanceM(LonLat a, LonLat b, LonLat place, double cosLat)
    {
        EastNorth Local(LonLat p) => new((p.Lon - place.Lon) * cosLat * MetresPerDegree, (p.Lat - place.Lat) * MetresPerDegree);
        return new Stretch(Local(a), Local(b)).DistanceM;
    }

    /// <summary>A straight stretch seen from the place, which is the origin.</summary>
    private readonly struct Stretch
    {
        public Stretch(EastNorth a, EastNorth b)
        {
            double east = b.EastM - a.EastM;
            double north = b.NorthM - a.NorthM;
            double squared = (east * east) + (north * north);
            Share = squared > 0 ? Math.Clamp(-((a.EastM * east) + (a.NorthM * north)) / squared, 0, 1) : 0;
            FootM = new EastNorth(a.EastM + (Share * east), a.NorthM + (Share * north));
            DistanceM = Math.Sqrt((FootM.EastM * FootM.EastM) + (FootM.NorthM * FootM.NorthM));
        }

        /// <summary>From 0 at its start to 1 at its end.</summary>
        public double Share { get; }

        public EastNorth FootM { get; }

        public double DistanceM { get; }
    }
}
