using System.Text;
using System.Text.Json;
using Field.Contracts;
using Field.Store;

namespace Field.Ingest.Photos;

/// <summary>The row of a photo and its states.</summary>
internal static class PhotoRow
{
    /// <summary>Only the manifest and a thumbnail are here.</summary>
    public const string StateAnnounced = "announced";
    public const string StateStored = "stored";
    public const string StateScored = "scored";
    public const string StateUnreadable = "unreadable";

    /// <summary>Writes a row that replaces an announcement and nothing more than that.</summary>
    public static FeatureWrite OverAnnounced(Feature row) => new(row, WriteMode.InsertNew) { Over = ("state", StateAnnounced) };

    /// <summary>True when the bytes are here.</summary>
    public static bool IsStored(Feature row) => row.Text("state") != StateAnnounced;

    /// <summary>The row of a photo. When the manifest tells the size, the footprint is on the map before any scoring.</summary>
    public static Feature From(string state, PhotoManifest manifest, string device, DateTimeOffset receivedAt, long clockOffsetS, IngestOptions options)
    {
        Feature row = new(FieldTables.Photos, manifest.PhotoId, null, new Dictionary<string, object?>
        {
            ["name"] = manifest.Name,
            ["device"] = device,
            ["capturedAt"] = manifest.CapturedAt,
            ["capturedAtAssumed"] = manifest.CapturedAtAssumed,
            ["receivedAt"] = receivedAt,
            ["state"] = state,
            ["cameraLon"] = manifest.Place?.Lon,
            ["cameraLat"] = manifest.Place?.Lat,
            ["cameraAltitudeM"] = manifest.Place?.AltitudeM,
            ["sizeBytes"] = manifest.SizeBytes,
            ["synthetic"] = manifest.Camera.Model == PhotoPlacement.SyntheticModel,
            ["camera"] = CameraText(manifest.Camera),
            ["clockOffsetS"] = clockOffsetS == 0 ? null : (double)clockOffsetS,
            ["attempts"] = 0L,
        });
        return PhotoPlacement.Apply(
            row,
            PhotoPlacement.Estimate(manifest.Camera, manifest.Place, manifest.Camera.WidthPx, manifest.Camera.HeightPx, options));
    }

    /// <summary>The camera's place of a row.</summary>
    public static GeoPoint? Place(Feature row) =>
        row.Real("cameraLon") is { } lon && row.Real("cameraLat") is { } lat ? new GeoPoint(lon, lat, row.Real("cameraAltitudeM")) : null;

    /// <summary>What EXIF and XMP said, of a row.</summary>
    public static CameraMetadata Camera(Feature row) => row.Text("camera") is { } json ? CameraJson.Read(json) : new CameraMetadata();

    private static string CameraText(CameraMetadata camera)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WireJson.WriterOptions))
        {
            CameraJson.Write(writer, camera);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
