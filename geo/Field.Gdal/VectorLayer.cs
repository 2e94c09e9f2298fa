namespace Field.Gdal;

/// <summary>How to read a vector file; what the file itself says is used where nothing is given.</summary>
public sealed record VectorOptions
{
    /// <summary>Name of the layer; null (the default) takes the only one, and is refused when there are several.</summary>
    public string? Layer { get; init; }

    /// <summary><c>UTF-8</c> or <c>Shift_JIS</c> (CP932, with its extensions); null (the default) takes what the file says. Shapefile and CSV only: the others are UTF-8.</summary>
    public string? Encoding { get; init; }

    /// <summary>CSV: the column of the longitude or east; null (the default) for <c>lon</c>, <c>lng</c>, <c>longitude</c>, <c>経度</c>, <c>east</c>.</summary>
    public string? EastColumn { get; init; }

    /// <summary>CSV: the column of the latitude or north; null (the default) for <c>lat</c>, <c>latitude</c>, <c>緯度</c>, <c>north</c>.</summary>
    public string? NorthColumn { get; init; }

    /// <summary>
    /// Shapefile: true hands out each ring as a polygon of its own instead of sorting rings into outlines and holes, which for outlines of
    /// 100,000 corners takes far longer than reading them. For who goes by the even-odd rule over all rings; see <see cref="VectorReader.HasLooseRings"/>.
    /// </summary>
    public bool LooseRings { get; init; }
}

/// <summary>The type of an attribute.</summary>
public enum VectorFieldType
{
    /// <summary><see cref="string"/>; every column of a CSV, so that codes keep their leading zeros.</summary>
    Text,

    /// <summary><see cref="long"/>.</summary>
    Whole,

    /// <summary><see cref="double"/>.</summary>
    Real,

    /// <summary><see cref="bool"/>.</summary>
    Flag,

    /// <summary><see cref="DateOnly"/>.</summary>
    Date,

    /// <summary><see cref="DateTimeOffset"/>, or <see cref="DateTime"/> of unspecified kind when the file tells no zone.</summary>
    Time,
}

/// <summary>An attribute of a layer.</summary>
/// <param name="Name">As in the file; a Shapefile's is cut to 10 bytes.</param>
/// <param name="Type">Type of its values; any may be null.</param>
public sealed record VectorField(string Name, VectorFieldType Type);

/// <summary>The coordinate reference system that the file names.</summary>
/// <param name="Epsg">Its EPSG code, or null when libgdal does not recognise it.</param>
/// <param name="Name">Its name, such as <c>JGD2011 / Japan Plane Rectangular CS VIII</c>.</param>
/// <param name="Wkt">WKT 1.</param>
public sealed record VectorCrs(int? Epsg, string Name, string Wkt);

/// <summary>A layer of a vector file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="GeometryType">As libgdal calls it: <c>Point</c>, <c>3D Polygon</c>, <c>Unknown (any)</c>, <c>None</c>.</param>
/// <param name="FeatureCount">Rows, counted where the file does not tell.</param>
/// <param name="Fields">Attributes, in order.</param>
/// <param name="Crs">
/// Null when the file names none: the caller must know it. GeoJSON without the old member <c>crs</c> is EPSG:4326 (RFC 7946).
/// </param>
public sealed record VectorLayer(string Name, string GeometryType, long FeatureCount, IReadOnlyList<VectorField> Fields, VectorCrs? Crs);

/// <summary>A row of a layer.</summary>
/// <param name="Row">From 1, in the order of the file.</param>
/// <param name="Wkb">ISO WKB in the layer's system, x = lon or east first; null when it has no geometry, or none that can be read.</param>
/// <param name="Values">By the position of <see cref="VectorLayer.Fields"/>; types as <see cref="VectorFieldType"/> says, or null.</param>
public sealed record VectorFeature(long Row, byte[]? Wkb, IReadOnlyList<object?> Values);
