using NetTopologySuite.Geometries;

namespace Field.Geo;

/// <summary>
/// The coordinate systems in which Japanese municipalities hand over their data, each with its way to lon and lat on JGD2011
/// (EPSG:6668), the official system; WGS 84 and JGD2011 are the same within centimetres for this purpose. Thread safe.
/// </summary>
/// <remarks>
/// Plane coordinates are taken east first, as files hold them, whatever the official axis order is. JGD2000 shares ellipsoid and
/// projection with JGD2011 and is taken over as it is; where the ground moved in 2011 (<see cref="MovedIn2011"/>) such data
/// is up to 5.3 m off.
/// </remarks>
public sealed class OfficialCrs
{
    private const int FirstPlane2011 = 6669;
    private const int FirstPlane2000 = 2443;
    private const int PlaneZones = 19;

    private readonly PlaneRectangular? plane;

    private OfficialCrs(int epsg, string name, PlaneRectangular? plane) => (Epsg, Name, this.plane) = (epsg, name, plane);

    /// <summary>The EPSG code that was asked for.</summary>
    public int Epsg { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>True for lon, lat in degrees; false for metres.</summary>
    public bool IsGeographic => plane is null;

    /// <summary>True for JGD2000, which is off in eastern Japan.</summary>
    public bool IsJgd2000 => Epsg is 4612 or 4947 || Epsg is >= FirstPlane2000 and < FirstPlane2000 + PlaneZones;

    /// <summary>What <see cref="Find"/> knows, for people.</summary>
    public static string Known => "6668, 6669-6687, 6697 (JGD2011); 4612, 2443-2461 (JGD2000); 4326 (WGS 84)";

    /// <summary>The system of the code, or null when Field cannot take it.</summary>
    public static OfficialCrs? Find(int epsg) => epsg switch
    {
        6668 or 6667 or 6697 => new(epsg, "JGD2011", null), // the latter two with heights, as are 4947 and 4979
        4612 or 4947 => new(epsg, "JGD2000", null),
        4326 or 4979 => new(epsg, "WGS 84", null),
        >= FirstPlane2011 and < FirstPlane2011 + PlaneZones => Plane(epsg, epsg - FirstPlane2011 + 1, "JGD2011"),
        >= FirstPlane2000 and < FirstPlane2000 + PlaneZones => Plane(epsg, epsg - FirstPlane2000 + 1, "JGD2000"),
        _ => null,
    };

    /// <summary>
    /// True for systems on the Tokyo datum (EPSG:4301, the planes 30161-30179, UTM 3092-3096): about 450 m away from JGD2011, by an
    /// amount that only the TKY2JGD grid of the Geospatial Information Authority knows. Refuse them.
    /// </summary>
    public static bool IsTokyoDatum(int epsg) => epsg is 4301 or (>= 30161 and <= 30179) or (>= 3092 and <= 3096);

    /// <summary>
    /// True where JGD2011 differs from JGD2000 because the ground moved on 2011-03-11: two boxes around the twenty prefectures whose
    /// results were revised (国土地理院 2011-10-31: 青森 to 岐阜 and 福井), a little more than they are.
    /// </summary>
    public static bool MovedIn2011(LonLat place) =>
        place is { Lat: <= 41.6 } and ({ Lon: >= 135.4 and <= 138.9, Lat: >= 35.13 } or { Lon: > 138.9 and <= 142.1, Lat: >= 34.89 });

    /// <summary>The place of coordinates in this system.</summary>
    /// <param name="x">East in metres, or longitude.</param>
    /// <param name="y">North in metres, or latitude.</param>
    /// <returns>Null when it cannot be a place in this system: degrees out of range, metres out of the zone by far, not finite.</returns>
    public LonLat? ToLonLat(double x, double y)
    {
        if (plane is null)
        {
            return Math.Abs(x) <= 180 && Math.Abs(y) <= 90 ? new LonLat(x, y) : null;
        }

        return Math.Abs(x) <= 5e5 && Math.Abs(y) <= 2e6 ? plane.ToLonLat(new EastNorth(x, y)) : null;
    }

    /// <summary>A geometry in lon, lat; heights are dropped.</summary>
    /// <param name="geometry">In this system; not changed.</param>
    /// <returns>Null when a point of it has no <see cref="ToLonLat(double, double)"/>.</returns>
    public Geometry? ToLonLat(Geometry geometry)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        Geometry copy = geometry.Copy();
        ToLonLatFilter filter = new(this);
        copy.Apply(filter);
        return filter.Failed ? null : copy;
    }

    private static OfficialCrs Plane(int epsg, int zone, string datum) =>
        new(epsg, FormattableString.Invariant($"{datum} / Japan Plane Rectangular CS {zone}"), PlaneRectangular.Zone(zone));

    private sealed class ToLonLatFilter(OfficialCrs crs) : ICoordinateSequenceFilter
    {
        public bool Failed { get; private set; }

        public bool Done => Failed;

        public bool GeometryChanged => true;

        void ICoordinateSequenceFilter.Filter(CoordinateSequence seq, int i)
        {
            if (crs.ToLonLat(seq.GetX(i), seq.GetY(i)) is { } place)
            {
                seq.SetX(i, place.Lon);
                seq.SetY(i, place.Lat);
                if (seq.HasZ)
                {
                    seq.SetZ(i, double.NaN);
                }
            }
            else
            {
                Failed = true;
            }
        }
    }
}
