using System.Text;
using System.Text.Json;
using Field.Contracts;
using Field.Geo;
using Field.Store;
using Field.Vision;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;

namespace Field.Ingest.Photos;

/// <summary>From a finding in pixels to one on the ground, in metres and millimetres.</summary>
internal static class FindingRow
{
    public const string StatusDraft = "draft";
    public const string StatusSuperseded = "superseded";

    /// <summary>A width of fewer pixels cannot be told from one pixel: no number is given (DOMAIN.md, bridges).</summary>
    private const double ResolvablePx = 1;

    /// <param name="photo">The photo's row.</param>
    /// <param name="model">Name of the model.</param>
    /// <param name="finding">What it saw.</param>
    /// <param name="ordinal">Position in the model's result, from 0.</param>
    /// <param name="projection">Where the photo lies, or null.</param>
    public static Feature From(Feature photo, string model, PixelFinding finding, int ordinal, GroundProjection? projection)
    {
        GroundPoint? centre = projection?.PixelToGround(finding.Centre.X, finding.Centre.Y);
        double? gsd = centre?.GsdM;
        bool resolvable = finding.MeanWidthPx >= ResolvablePx;
        return new Feature(
            FieldTables.Findings,
            Ids.Finding(photo.Id, model, finding.Class, ordinal),
            projection is null ? null : PhotoPlacement.OnMap(OnGround(finding.Rings, projection)),
            new Dictionary<string, object?>
            {
                ["photoId"] = photo.Id,
                ["class"] = finding.Class,
                ["score"] = finding.Score,
                ["status"] = StatusDraft,
                ["lengthM"] = finding.LengthPx * gsd,
                ["meanWidthMm"] = resolvable ? finding.MeanWidthPx * gsd * 1000 : null,
                ["maxWidthMm"] = resolvable ? finding.MaxWidthPx * gsd * 1000 : null,
                ["areaM2"] = finding.AreaPx * gsd * gsd,
                ["resolvable"] = resolvable,
                ["gsdM"] = gsd,
                ["errorM"] = centre?.ErrorM,
                ["centreLon"] = centre?.Position.Lon,
                ["centreLat"] = centre?.Position.Lat,
                ["model"] = model,
                ["capturedAt"] = photo.Time("capturedAt"),
                ["device"] = photo.Text("device"),
                ["pixelRings"] = RingsText(finding.Rings),
            });
    }

    /// <summary>
    /// The outline on the ground; null when a part of it sees no ground. Exteriors run clockwise on the screen, which is a positive
    /// shoelace sum with y down, and each is followed by its holes.
    /// </summary>
    internal static MultiPolygon? OnGround(IReadOnlyList<IReadOnlyList<PixelPoint>> rings, GroundProjection projection)
    {
        GeometryFactory factory = GeometryFactory.Default;
        List<(LinearRing Shell, List<LinearRing> Holes)> parts = [];
        foreach (IReadOnlyList<PixelPoint> ring in rings.Where(r => r.Count >= 3))
        {
            if (Project(ring, projection) is not { } coordinates)
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

    private static Coordinate[]? Project(IReadOnlyList<PixelPoint> ring, GroundProjection projection)
    {
        Coordinate[] coordinates = new Coordinate[ring.Count + 1];
        for (int i = 0; i < ring.Count; i++)
        {
            if (projection.PixelToGround(ring[i].X, ring[i].Y) is not { } ground)
            {
                return null;
            }

            coordinates[i] = new Coordinate(ground.Position.Lon, ground.Position.Lat);
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

    private static string RingsText(IReadOnlyList<IReadOnlyList<PixelPoint>> rings)
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
}
