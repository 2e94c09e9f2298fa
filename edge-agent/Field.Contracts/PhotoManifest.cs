using System.Text.Json;

namespace Field.Contracts;

/// <summary>What a device says of a photo before it sends the bytes (SPEC.md section 5).</summary>
/// <param name="PhotoId">SHA-256 of the file, lower-case hex.</param>
/// <param name="Name">File name on the card, without path.</param>
/// <param name="SizeBytes">Size of the file.</param>
/// <param name="ChunkBytes">Data bytes of every chunk but the last.</param>
/// <param name="Place">Where the camera was, or null.</param>
/// <param name="CapturedAt">When it was taken, or null.</param>
/// <param name="CapturedAtAssumed">True when EXIF names no offset and the device's was taken.</param>
/// <param name="Camera">What EXIF and XMP say.</param>
public sealed record PhotoManifest(
    string PhotoId,
    string Name,
    long SizeBytes,
    int ChunkBytes,
    GeoPoint? Place,
    DateTimeOffset? CapturedAt,
    bool CapturedAtAssumed,
    CameraMetadata Camera)
{
    /// <summary>Largest photo, bytes.</summary>
    public const long MaxSizeBytes = 256L * 1024 * 1024;

    /// <summary>Smallest <see cref="ChunkBytes"/>.</summary>
    public const int MinChunkBytes = 1024;

    /// <summary>The one media type of version 1.</summary>
    public const string MediaType = "image/jpeg";

    /// <summary>Number of chunks.</summary>
    public int ChunkCount => (int)((SizeBytes + ChunkBytes - 1) / ChunkBytes);

    /// <summary>Data bytes of one chunk.</summary>
    public int ChunkLength(int index) => (int)Math.Min(ChunkBytes, SizeBytes - ((long)index * ChunkBytes));

    /// <summary>Writes the manifest's CloudEvent.</summary>
    public byte[] Write(string site, string device, long sequence, DateTimeOffset time) =>
        Envelope.FromDevice(site, device, EventTypes.PhotoManifest, PhotoId, time, sequence).Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("type", "Feature");
            writer.WriteString("id", PhotoId);
            writer.WriteGeometry(Place);
            writer.WriteStartObject("properties");
            writer.WriteString("name", Name);
            writer.WriteString("sha256", PhotoId);
            writer.WriteNumber("sizeBytes", SizeBytes);
            writer.WriteString("mediaType", MediaType);
            writer.WriteNumber("chunkBytes", ChunkBytes);
            writer.WriteNumber("chunkCount", ChunkCount);
            writer.WriteOptional("capturedAt", CapturedAt);
            if (CapturedAtAssumed)
            {
                writer.WriteBoolean("capturedAtAssumed", true);
            }

            writer.WritePropertyName("camera");
            CameraJson.Write(writer, Camera);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });

    /// <summary>Reads and checks a manifest.</summary>
    /// <param name="utf8">The payload.</param>
    /// <param name="topic">The topic it came on; source and photo id must agree with it.</param>
    public static Parsed<PhotoManifest> Parse(ReadOnlyMemory<byte> utf8, UpTopic topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        JsonChecker json = new();
        PhotoManifest? manifest = null;
        string source = Envelope.DeviceSource(topic.Site, topic.Device);
        if (Envelope.Read(json, utf8, EventTypes.PhotoManifest, source, needsSequence: true, expectedSubject: topic.PhotoId) is { } message)
        {
            manifest = ReadData(json, message.Data, topic.PhotoId!);
        }

        return new Parsed<PhotoManifest>(manifest, json.Errors);
    }

    private static PhotoManifest? ReadData(JsonChecker json, JsonElement data, string photoId)
    {
        const string At = "/data";
        if (json.Text(data, At, "id") is { } id && id != photoId)
        {
            json.Add($"{At}/id", ErrorCodes.Mismatch, "must be the photo id of the topic");
        }

        GeoPoint? place = json.Point(data, At);
        if (json.Object(data, At, "properties") is not { } properties)
        {
            return null;
        }

        const string In = "/data/properties";
        string? name = json.Text(properties, In, "name", maxLength: 255);
        if (name is "" or "." or ".." || name?.AsSpan().IndexOfAny('/', '\\', '\0') >= 0)
        {
            json.Add($"{In}/name", ErrorCodes.BadFormat, "must be a file name without a path");
        }

        if (json.Text(properties, In, "sha256") is { } sha && sha != photoId)
        {
            json.Add($"{In}/sha256", ErrorCodes.Mismatch, "must be the photo id of the topic");
        }

        if (json.Text(properties, In, "mediaType") is { } mediaType && mediaType != MediaType)
        {
            json.Add($"{In}/mediaType", ErrorCodes.BadFormat, $"must be {MediaType}");
        }

        long? size = json.Integer(properties, In, "sizeBytes", 1, MaxSizeBytes, required: true);
        long? chunk = json.Integer(properties, In, "chunkBytes", MinChunkBytes, PhotoChunk.MaxDataBytes, required: true);
        long? count = json.Integer(properties, In, "chunkCount", 1, Topics.MaxChunks, required: true);
        DateTimeOffset? capturedAt = json.Time(properties, In, "capturedAt", required: false);
        bool assumed = json.Flag(properties, In, "capturedAtAssumed") ?? false;
        CameraMetadata camera = json.Object(properties, In, "camera", required: false) is { } element
            ? CameraJson.Read(json, element, $"{In}/camera")
            : new CameraMetadata();
        if (name is null || size is null || chunk is null || count is null)
        {
            return null;
        }

        PhotoManifest manifest = new(photoId, name, size.Value, (int)chunk.Value, place, capturedAt, assumed, camera);
        if (manifest.ChunkCount != count)
        {
            json.Add($"{In}/chunkCount", ErrorCodes.Mismatch, $"sizeBytes and chunkBytes give {manifest.ChunkCount} chunks");
        }

        return manifest;
    }
}
