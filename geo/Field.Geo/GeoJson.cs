using System.Text.Json;
using NetTopologySuite.Algorithm;
using NetTopologySuite.Geometries;

namespace Field.Geo;

/// <summary>Writes geometries as RFC 7946 JSON: lon before lat, exterior rings counter-clockwise, holes clockwise.</summary>
public static class GeoJson
{
    /// <summary>Decimals of a degree: 1e-9 degrees are 0.1 mm, below the width of the finest crack.</summary>
    private const int Decimals = 9;

    /// <summary>Writes one JSON value: the geometry object, or null for none or an empty one.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="geometry">x is lon, y is lat, degrees.</param>
    /// <exception cref="ArgumentException">A coordinate is not finite, or lies outside the degrees.</exception>
    public static void Write(Utf8JsonWriter writer, Geometry? geometry)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (geometry is null || geometry.IsEmpty)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type", geometry is LinearRing ? "LineString" : geometry.GeometryType);
        writer.WritePropertyName(geometry is GeometryCollection and not (MultiPoint or MultiLineString or MultiPolygon) ? "geometries" : "coordinates");
        WriteBody(writer, geometry);
        writer.WriteEndObject();
    }

    private static void WriteBody(Utf8JsonWriter writer, Geometry geometry)
    {
        switch (geometry)
        {
            case Point point:
                WritePosition(writer, point.Coordinate);
                break;
            case LineString line:
                WritePositions(writer, line.Coordinates, reverse: false);
                break;
            case Polygon polygon:
                WritePolygon(writer, polygon);
                break;
            case GeometryCollection collection:
                writer.WriteStartArray();
                foreach (Geometry part in collection.Geometries)
                {
                    if (collection is MultiPoint or MultiLineString or MultiPolygon)
                    {
                        WriteBody(writer, part);
                    }
                    else
                    {
                        Write(writer, part);
                    }
                }

                writer.WriteEndArray();
                break;
            default:
                throw new ArgumentException($"{geometry.GeometryType} has no GeoJSON form", nameof(geometry));
        }
    }

    private static void WritePolygon(Utf8JsonWriter writer, Polygon polygon)
    {
        writer.WriteStartArray();
        WritePositions(writer, polygon.Shell.Coordinates, reverse: !Orientation.IsCCW(polygon.Shell.CoordinateSequence));
        foreach (LinearRing hole in polygon.Holes)
        {
            WritePositions(writer, hole.Coordinates, reverse: Orientation.IsCCW(hole.CoordinateSequence));
        }

        writer.WriteEndArray();
    }

    private static void WritePositions(Utf8JsonWriter writer, Coordinate[] coordinates, bool reverse)
    {
        writer.WriteStartArray();
        for (int i = 0; i < coordinates.Length; i++)
        {
            WritePosition(writer, coordinates[reverse ? coordinates.Length - 1 - i : i]);
        }

        writer.WriteEndArray();
    }

    private static void WritePosition(Utf8JsonWriter writer, Coordinate c)
    {
        if (c.X is not (>= -180 and <= 180) || c.Y is not (>= -90 and <= 90))
        {
            throw new ArgumentException(FormattableString.Invariant($"({c.X}, {c.Y}) is not a lon, lat in degrees"), nameof(c));
        }

        writer.WriteStartArray();
        writer.WriteNumberValue(Math.Round(c.X, Decimals));
        writer.WriteNumberValue(Math.Round(c.Y, Decimals));
        if (!double.IsNaN(c.Z))
        {
            writer.WriteNumberValue(Math.Round(c.Z, 3));
        }

        writer.WriteEndArray();
    }
}
