using System.Text.Json;
using NetTopologySuite.Geometries;

namespace Field.Ingest.Board;

/// <summary>Reads what people draw: a GeoJSON Point, LineString or Polygon without holes, in degrees.</summary>
internal static class BoardGeometry
{
    /// <summary>Most points of a drawing.</summary>
    public const int MaxPoints = 2000;

    /// <summary>The geometry, or null when it is none of these.</summary>
    public static Geometry? Read(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("type", out JsonElement type) || type.ValueKind != JsonValueKind.String
            || !value.TryGetProperty("coordinates", out JsonElement at) || at.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        GeometryFactory make = GeometryFactory.Default;
        return type.GetString() switch
        {
            "Point" => Position(at) is { } point ? make.CreatePoint(point) : null,
            "LineString" => Line(at) is { Length: >= 2 } line ? make.CreateLineString(line) : null,
            "Polygon" => at.GetArrayLength() == 1 && Line(at[0]) is { Length: >= 4 } ring && ring[0].Equals2D(ring[^1]) ? make.CreatePolygon(ring) : null,
            _ => null,
        };
    }

    private static Coordinate[]? Line(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > MaxPoints)
        {
            return null;
        }

        Coordinate[] line = [.. value.EnumerateArray().Select(Position).OfType<Coordinate>()];
        return line.Length == value.GetArrayLength() ? line : null;
    }

    private static Coordinate? Position(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() >= 2 && Number(value[0], 180) is { } lon && Number(value[1], 90) is { } lat
            ? new Coordinate(lon, lat)
            : null;

    private static double? Number(JsonElement value, double most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && Math.Abs(number) <= most ? number : null;
}
