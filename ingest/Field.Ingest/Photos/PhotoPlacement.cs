using System.Text;
using System.Text.Json;
using Field.Contracts;
using Field.Geo;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.Ingest.Photos;

/// <summary>Where a photo lies on the ground, and what was assumed to say so.</summary>
internal static class PhotoPlacement
{
    /// <summary>Model name in the EXIF of the photos that the demo makes.</summary>
    public const string SyntheticModel = "Field Synthetic Camera";

    /// <summary>Derives the camera; null while the photo's size is not known.</summary>
    /// <param name="camera">What EXIF and XMP say.</param>
    /// <param name="place">The camera's place, or null.</param>
    /// <param name="widthPx">Columns of the file.</param>
    /// <param name="heightPx">Rows of the file.</param>
    /// <param name="options">What to assume.</param>
    public static CameraEstimate? Estimate(CameraMetadata camera, GeoPoint? place, long? widthPx, long? heightPx, IngestOptions options) =>
        PhotoEvidence.Of(camera, place, widthPx, heightPx) is { } evidence
            ? CameraModel.Derive(evidence, new CameraAssumptions(options.AssumedHeightM, options.GroundElevationM))
            : null;

    /// <summary>The photo's row with its place.</summary>
    public static Feature Apply(Feature photo, CameraEstimate? estimate)
    {
        if (estimate is null)
        {
            return photo.With(("placement", "none")) with { Geometry = null };
        }

        GroundProjection? projection = estimate.Projection();
        GroundPoint? centre = projection?.PixelToGround(estimate.Intrinsics.WidthPx / 2.0, estimate.Intrinsics.HeightPx / 2.0);
        return photo.With(
            ("placement", estimate.Placement.ToString().ToLowerInvariant()),
            ("assumptions", Json(estimate.Assumptions)),
            ("reason", estimate.Placement == Placement.None ? estimate.Reason : null),
            ("heightM", estimate.Pose?.HeightAboveGroundM),
            ("yawDeg", estimate.Pose?.YawDeg),
            ("pitchDeg", estimate.Pose?.PitchDeg),
            ("gsdM", centre?.GsdM),
            ("errorM", centre?.ErrorM),
            ("widthPx", (long)estimate.Intrinsics.WidthPx),
            ("heightPx", (long)estimate.Intrinsics.HeightPx)) with
        { Geometry = OnMap(projection?.Footprint()) };
    }

    /// <summary>A polygon across the antimeridian has no single RFC 7946 polygon; such a photo has no outline.</summary>
    public static T? OnMap<T>(T? geometry)
        where T : Geometry =>
        geometry is { IsEmpty: false, EnvelopeInternal: { MinX: >= -180, MaxX: <= 180, MinY: >= -90, MaxY: <= 90 } } ? geometry : null;

    /// <summary>Codes as a JSON column keeps them.</summary>
    public static string Json(IReadOnlyList<string> codes)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WireJson.WriterOptions))
        {
            writer.WriteStartArray();
            foreach (string code in codes)
            {
                writer.WriteStringValue(code);
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
