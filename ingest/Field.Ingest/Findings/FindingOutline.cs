using System.Text;
using System.Text.Json;
using Field.Vision;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;

namespace Field.Ingest.Findings;

/// <summary>The outline of a finding: rings in pixels, as text, and laid somewhere.</summary>
internal static class FindingOutline
{
    /// <summary>
    /// The outline where <paramref name="place"/> lays it; null when a part of it has no place. Exteriors run clockwise on the screen, which
    /// is a positive shoelace sum with y down, and each is followed by its holes.
    /// </summary>
    public static MultiPolygon? Of(IReadOnlyList<IReadOnlyList<PixelPoint>> rings, Func<PixelPoint, Coordinate?> place)
    {
        GeometryFactory factory = GeometryFactory.Default;
        List<(LinearRing Shell, List<LinearRing> Holes)> parts = [];
        foreach (IReadOnlyList<PixelPoint> ring in rings.Where(r => r.Count >= 3))
        {
            if (Laid(ring, place) is not { } coordinates)
            {
                return null;
            }

            LinearRing line = factory.CreateLinearRing(coordinates);
            if (SignedArea(ring) >= 0 || parts.Count == 0)
            {
                parts.Add((line, []));
            }
            else
            {
                parts[^1].Holes.Add(line);
            }
        }

        Geometry outline = factory.CreateMultiPolygon([.. parts.Select(p => factory.CreatePolygon(p.Shell, [.. p.Holes]))]);
        return (outline.IsValid ? outline : GeometryFixer.Fix(outline)) switch
        {
            MultiPolygon several => several,
            Polygon one => factory.CreateMultiPolygon([one]),
            _ => null,
        };
    }

    /// <summary>The outline in the photo's pixels.</summary>
    public static Geometry InPixels(IReadOnlyList<IReadOnlyList<PixelPoint>> rings) =>
        Of(rings, p => new Coordinate(p.X, p.Y)) ?? (Geometry)MultiPolygon.Empty;

    /// <summary>As the column <c>pixelRings</c> has them.</summary>
    public static string Text(IReadOnlyList<IReadOnlyList<PixelPoint>> rings)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartArray();
            foreach (IReadOnlyList<PixelPoint> ring in rings)
            {
                writer.WriteStartArray();
                foreach (PixelPoint p in ring)
                {
                    writer.WriteStartArray();
                    writer.WriteNumberValue(Math.Round(p.X, 2));
                    writer.WriteNumberValue(Math.Round(p.Y, 2));
                    writer.WriteEndArray();
                }

                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Reads the column <c>pixelRings</c>.</summary>
    public static IReadOnlyList<IReadOnlyList<PixelPoint>> Rings(string? text)
    {
        if (text is null)
        {
            return [];
        }

        using JsonDocument json = JsonDocument.Parse(text);
        return [.. json.RootElement.EnumerateArray().Select(ring => (IReadOnlyList<PixelPoint>)[.. ring.EnumerateArray().Select(p => new PixelPoint(p[0].GetDouble(), p[1].GetDouble()))])];
    }

    private static Coordinate[]? Laid(IReadOnlyList<PixelPoint> ring, Func<PixelPoint, Coordinate?> place)
    {
        Coordinate[] coordinates = new Coordinate[ring.Count + 1];
        for (int i = 0; i < ring.Count; i++)
        {
            if (place(ring[i]) is not { } coordinate)
            {
                return null;
            }

            coordinates[i] = coordinate;
        }

        coordinates[^1] = coordinates[0];
        return coordinates;
    }

    private static double SignedArea(IReadOnlyList<PixelPoint> ring)
    {
        double sum = 0;
        for (int i = 0; i < ring.Count; i++)
        {
            PixelPoint a = ring[i];
            PixelPoint b = ring[(i + 1) % ring.Count];
            sum += (a.X * b.Y) - (b.X * a.Y);
        }

        return sum / 2;
    }
}
