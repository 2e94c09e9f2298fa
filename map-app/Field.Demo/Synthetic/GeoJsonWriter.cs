using System.Text.Json;

namespace Field.Demo.Synthetic;

/// <summary>Collects features of an RFC 7946 FeatureCollection; every feature is marked synthetic. Input is east, north in metres.</summary>
internal sealed class GeoJsonWriter : IDisposable
{
    private readonly MemoryStream _stream = new();
    private readonly Utf8JsonWriter _json;
    private readonly int _decimals;

    /// <summary>Starts the collection; 7 decimals are a centimetre, 9 a tenth of a millimetre.</summary>
    public GeoJsonWriter(int decimals)
    {
        _decimals = decimals;
        _json = new Utf8JsonWriter(_stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _json.WriteStartObject();
        _json.WriteString("type", "FeatureCollection");
        _json.WriteStartArray("features");
    }

    /// <summary>A polygon without holes; the ring is not closed on input and becomes counter-clockwise on output.</summary>
    public void Polygon(IReadOnlyList<Vec> ring, Action<Utf8JsonWriter> properties) => Feature("Polygon", properties, () =>
    {
        IEnumerable<Vec> ccw = SignedArea(ring) < 0 ? ring.Reverse() : ring;
        _json.WriteStartArray();
        Positions([.. ccw, ccw.First()]);
        _json.WriteEndArray();
    });

    public void Line(IReadOnlyList<Vec> line, Action<Utf8JsonWriter> properties) => Feature("LineString", properties, () => Positions(line));

    public void Point(Vec point, Action<Utf8JsonWriter> properties) => Feature("Point", properties, () => Position(point));

    /// <summary>Ends the collection and gives its UTF-8 bytes.</summary>
    public byte[] ToBytes()
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
        return _stream.ToArray();
    }

    public void Dispose()
    {
        _json.Dispose();
        _stream.Dispose();
    }

    private void Feature(string type, Action<Utf8JsonWriter> properties, Action coordinates)
    {
        _json.WriteStartObject();
        _json.WriteString("type", "Feature");
        _json.WriteStartObject("properties");
        properties(_json);
        _json.WriteBoolean("synthetic", true);
        _json.WriteEndObject();
        _json.WriteStartObject("geometry");
        _json.WriteString("type", type);
        _json.WritePropertyName("coordinates");
        coordinates();
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void Positions(IReadOnlyList<Vec> points)
    {
        _json.WriteStartArray();
        foreach (Vec point in points)
        {
            Position(point);
        }

        _json.WriteEndArray();
    }

    private void Position(Vec point)
    {
        (double lon, double lat) = SiteFrame.ToLonLat(point);
        _json.WriteStartArray();
        _json.WriteNumberValue(Math.Round(lon, _decimals));
        _json.WriteNumberValue(Math.Round(lat, _decimals));
        _json.WriteEndArray();
    }

    private static double SignedArea(IReadOnlyList<Vec> ring)
    {
        double twice = 0;
        for (int i = 0; i < ring.Count; i++)
        {
            Vec a = ring[i];
            Vec b = ring[(i + 1) % ring.Count];
            twice += (a.X * b.Y) - (b.X * a.Y);
        }

        return twice / 2;
    }
}
