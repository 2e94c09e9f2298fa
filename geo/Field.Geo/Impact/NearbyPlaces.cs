namespace Field.Geo.Impact;

/// <summary>Which points have one of some places (a shop, a post office, a shelter) within a distance, and how far the nearest is. Thread safe.</summary>
/// <remarks>
/// Distances are metres on the GRS 80 ellipsoid, as the crow flies, by the radii of curvature at the middle latitude: within 2 km they differ
/// from geodesics by less than a millimetre. Beyond the distance nothing is looked for.
/// </remarks>
public sealed class NearbyPlaces
{
    private const double SemiMajorM = 6378137;
    private const double Flattening = 1 / 298.257222101;
    private const double EccentricitySquared = Flattening * (2 - Flattening);

    // Lower bounds in Japan's latitudes and above: cells must not be smaller than the distance.
    private const double LeastMetresPerDegree = 110_500;
    private const double MaxDistanceM = 20_000;
    private const double MaxLat = 80;

    private readonly LonLat[] places;
    private readonly Dictionary<(int Column, int Row), List<int>> cells = [];
    private readonly double cellLon;
    private readonly double cellLat;

    /// <summary>Sorts the places into cells.</summary>
    /// <param name="places">The places.</param>
    /// <param name="distanceM">Metres, above 0 and at most 20,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another distance, or a place beyond 80 degrees of latitude.</exception>
    public NearbyPlaces(IReadOnlyList<LonLat> places, double distanceM)
    {
        ArgumentNullException.ThrowIfNull(places);
        if (!(distanceM is > 0 and <= MaxDistanceM))
        {
            throw new ArgumentOutOfRangeException(nameof(distanceM), distanceM, "Between 0 and 20,000 m.");
        }

        this.places = [.. places];
        DistanceM = distanceM;
        double farthest = 0;
        foreach (LonLat place in this.places)
        {
            place.Check(nameof(places));
            farthest = Math.Max(farthest, Math.Abs(place.Lat));
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(farthest, MaxLat, nameof(places));
        cellLat = distanceM / LeastMetresPerDegree;
        cellLon = cellLat / Math.Cos(double.DegreesToRadians(farthest + cellLat));
        for (int i = 0; i < this.places.Length; i++)
        {
            (int, int) cell = Cell(this.places[i]);
            if (!cells.TryGetValue(cell, out List<int>? list))
            {
                cells[cell] = list = [];
            }

            list.Add(i);
        }
    }

    /// <summary>Metres within which a place counts, this distance included.</summary>
    public double DistanceM { get; }

    /// <summary>The nearest place within the distance.</summary>
    /// <returns>Its position in the list and how far it is; null when none is so near.</returns>
    public (int Place, double DistanceM)? Nearest(LonLat point)
    {
        (int column, int row) = Cell(point);
        (int place, double best) = (-1, double.PositiveInfinity);
        for (int r = row - 1; r <= row + 1; r++)
        {
            for (int c = column - 1; c <= column + 1; c++)
            {
                foreach (int i in cells.GetValueOrDefault((c, r)) ?? [])
                {
                    double distance = Between(point, places[i]);
                    if (distance <= DistanceM && distance < best)
                    {
                        (place, best) = (i, distance);
                    }
                }
            }
        }

        return place < 0 ? null : (place, best);
    }

    /// <summary>People with a place near them, and those without: who is not covered.</summary>
    public (ImpactCount Covered, ImpactCount NotCovered) Count(ResidentPoints points)
    {
        ArgumentNullException.ThrowIfNull(points);
        ImpactCount covered = default, rest = default;
        for (int i = 0; i < points.Count; i++)
        {
            if (Nearest(new LonLat(points.Lon[i], points.Lat[i])) is null)
            {
                rest += points.At(i);
            }
            else
            {
                covered += points.At(i);
            }
        }

        return (covered, rest);
    }

    /// <summary>Metres between two places not far from each other.</summary>
    public static double Between(LonLat a, LonLat b)
    {
        (double sin, double cos) = Math.SinCos(double.DegreesToRadians((a.Lat + b.Lat) / 2));
        double w2 = 1 - (EccentricitySquared * sin * sin);
        double prime = SemiMajorM / Math.Sqrt(w2);
        double meridian = prime * (1 - EccentricitySquared) / w2;
        return double.Hypot(double.DegreesToRadians(b.Lon - a.Lon) * prime * cos, double.DegreesToRadians(b.Lat - a.Lat) * meridian);
    }

    private (int Column, int Row) Cell(LonLat place) => ((int)Math.Floor(place.Lon / cellLon), (int)Math.Floor(place.Lat / cellLat));
}
