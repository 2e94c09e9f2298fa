namespace Field.Geo.Tiles;

/// <summary>A tile of the XYZ scheme in Web Mercator: x from 180° west to the east, y from the north to the south.</summary>
/// <param name="Zoom">0 for the whole world.</param>
/// <param name="X">0 to 2^zoom - 1.</param>
/// <param name="Y">0 to 2^zoom - 1.</param>
public readonly record struct TileAddress(int Zoom, int X, int Y)
{
    /// <summary>Deepest zoom that has tiles; nearer than that the same tile is drawn larger.</summary>
    public const int MostZoom = 15;

    /// <summary>True when there is such a tile.</summary>
    public bool IsValid => Zoom is >= 0 and <= MostZoom && X >= 0 && Y >= 0 && X < 1 << Zoom && Y < 1 << Zoom;
}

/// <summary>Web Mercator (EPSG:3857) with the world from 0 to 1, y to the south. For display only.</summary>
public static class WebMercator
{
    /// <summary>The latitude where the square of the world ends.</summary>
    public const double MostLat = 85.051128779806589;

    /// <summary>Metres round the equator of the sphere.</summary>
    public const double EquatorM = 2 * Math.PI * 6378137;

    /// <summary>From a place.</summary>
    public static (double X, double Y) FromLonLat(double lon, double lat)
    {
        double sin = Math.Sin(Math.Clamp(lat, -MostLat, MostLat) * Math.PI / 180);
        return ((lon / 360) + 0.5, 0.5 - (Math.Log((1 + sin) / (1 - sin)) / (4 * Math.PI)));
    }

    /// <summary>To a place.</summary>
    public static LonLat ToLonLat(double x, double y) =>
        new((x - 0.5) * 360, (Math.Atan(Math.Sinh((0.5 - y) * 2 * Math.PI))) * 180 / Math.PI);
}
