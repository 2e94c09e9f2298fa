using System.Globalization;
using ProjNet.CoordinateSystems;
using ProjNet.CoordinateSystems.Transformations;

namespace Field.Geo;

/// <summary>
/// One zone of the Japanese plane rectangular coordinate system on JGD2011 (平面直角座標系, EPSG:6669-6687). The official axes are
/// X = north and Y = east; here east always comes first. Thread safe.
/// </summary>
public sealed class PlaneRectangular
{
    // Origins of the zones I-XIX, lon and lat in minutes of arc: 平成十四年国土交通省告示第九号, 別表.
    private static readonly (int LonMin, int LatMin)[] OriginMinutes =
    [
        (7770, 1980), (7860, 1980), (7930, 2160), (8010, 1980), (8060, 2160), (8160, 2160), (8230, 2160), (8310, 2160), (8390, 2160),
        (8450, 2400), (8415, 2640), (8535, 2640), (8655, 2640), (8520, 1560), (7650, 1560), (7440, 1560), (7860, 1560), (8160, 1200),
        (9240, 1560),
    ];

    private static readonly Lazy<PlaneRectangular>[] Zones =
        [.. Enumerable.Range(1, OriginMinutes.Length).Select(zone => new Lazy<PlaneRectangular>(() => new PlaneRectangular(zone)))];

    private readonly MathTransform forward;
    private readonly MathTransform inverse;

    private PlaneRectangular(int zone)
    {
        Epsg = 6668 + zone;
        var (lonMin, latMin) = OriginMinutes[zone - 1];
        Origin = new LonLat(lonMin / 60.0, latMin / 60.0);
        var plane = (ProjectedCoordinateSystem)new CoordinateSystemFactory().CreateFromWkt(Wkt(zone, Origin));

        // From the plane's own geographic system: through a separate WGS 84 the result is millimetres off.
        var transformations = new CoordinateTransformationFactory();
        forward = transformations.CreateFromCoordinateSystems(plane.GeographicCoordinateSystem, plane).MathTransform;
        inverse = transformations.CreateFromCoordinateSystems(plane, plane.GeographicCoordinateSystem).MathTransform;
    }

    /// <summary>EPSG code, 6669 (zone I) to 6687 (zone XIX).</summary>
    public int Epsg { get; }

    /// <summary>Where east 0, north 0 lies.</summary>
    public LonLat Origin { get; }

    /// <summary>The zone with a number from 1 to 19; a municipality uses the zone that the notification names for it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such zone.</exception>
    public static PlaneRectangular Zone(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, OriginMinutes.Length);
        return Zones[number - 1].Value;
    }

    /// <summary>Projects a JGD2011 place; agrees with PROJ to 0.1 mm within the zone.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a place, or more than 5 degrees of longitude from the zone's meridian.</exception>
    public EastNorth ToEastNorth(LonLat place)
    {
        place.Check(nameof(place));
        if (Math.Abs(place.Lon - Origin.Lon) > 5)
        {
            throw new ArgumentOutOfRangeException(nameof(place), place, $"EPSG:{Epsg} is not used so far from its meridian {Origin.Lon}.");
        }

        var (east, north) = forward.Transform(place.Lon, place.Lat);
        return new EastNorth(east, north);
    }

    /// <summary>The JGD2011 place of plane coordinates.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not finite, or outside Japan by far (east beyond 500 km, north beyond 2,000 km).</exception>
    public LonLat ToLonLat(EastNorth place)
    {
        if (!(Math.Abs(place.EastM) <= 5e5 && Math.Abs(place.NorthM) <= 2e6))
        {
            throw new ArgumentOutOfRangeException(nameof(place), place, $"Not coordinates of EPSG:{Epsg}; are east and north swapped?");
        }

        var (lon, lat) = inverse.Transform(place.EastM, place.NorthM);
        return new LonLat(lon, lat);
    }

    private static string Wkt(int zone, LonLat origin) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        PROJCS["JGD2011 / Japan Plane Rectangular CS {zone}",
        GEOGCS["JGD2011",DATUM["Japanese_Geodetic_Datum_2011",SPHEROID["GRS 1980",6378137,298.257222101]],
        PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],
        PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",{origin.Lat:R}],PARAMETER["central_meridian",{origin.Lon:R}],
        PARAMETER["scale_factor",0.9999],PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1]]
        """);
}
