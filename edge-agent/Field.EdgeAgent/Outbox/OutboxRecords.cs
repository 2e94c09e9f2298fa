using System.Text.Json;
using Field.Contracts;

namespace Field.EdgeAgent.Outbox;

/// <summary>What a journal record says: one byte of kind, then a JSON object.</summary>
internal enum RecordKind : byte
{
    /// <summary>Whose outbox this is.</summary>
    Identity = (byte)'I',

    /// <summary>Sequence numbers up to here may have been used.</summary>
    Sequence = (byte)'S',

    /// <summary>A file and the photo in it.</summary>
    Photo = (byte)'P',

    /// <summary>The server stored a photo.</summary>
    Receipt = (byte)'R',

    /// <summary>A photo's last file disappeared before the receipt.</summary>
    Gone = (byte)'G',

    /// <summary>A model looked at a photo on the device.</summary>
    Triage = (byte)'T',

    /// <summary>The server has a photo's thumbnail.</summary>
    Thumbnail = (byte)'H',
}

/// <summary>Writes the records of the outbox.</summary>
internal static class OutboxRecords
{
    /// <summary>The version in the identity record; a reader refuses a higher one.</summary>
    public const int Version = 1;

    public static byte[] Identity(string site, string device) => Write(RecordKind.Identity, json =>
    {
        json.WriteNumber("version", Version);
        json.WriteString("site", site);
        json.WriteString("device", device);
    });

    public static byte[] Sequence(long upTo) => Write(RecordKind.Sequence, json => json.WriteNumber("upTo", upTo));

    public static byte[] Photo(string site, string device, SourceFile file, PhotoManifest manifest) => Write(RecordKind.Photo, json =>
    {
        json.WriteString("path", file.Path);
        json.WriteNumber("sizeBytes", file.SizeBytes);
        json.WriteNumber("modifiedTicks", file.ModifiedTicks);
        json.WriteString("photoId", manifest.PhotoId);
        json.WritePropertyName("manifest");
        json.WriteRawValue(manifest.Write(site, device, sequence: 1, DateTimeOffset.UnixEpoch));
    });

    public static byte[] Receipt(string photoId) => Write(RecordKind.Receipt, json => json.WriteString("photoId", photoId));

    public static byte[] Gone(string photoId) => Write(RecordKind.Gone, json => json.WriteString("photoId", photoId));

    public static byte[] Thumbnail(string photoId) => Write(RecordKind.Thumbnail, json => json.WriteString("photoId", photoId));

    public static byte[] Triage(string photoId, PhotoTriage triage) => Write(RecordKind.Triage, json =>
    {
        json.WriteString("photoId", photoId);
        json.WriteString("model", triage.Model);
        json.WriteOptional("score", triage.Score);
    });

    /// <summary>Reads what a model saw.</summary>
    public static PhotoTriage ReadTriage(JsonElement json) =>
        new(json.GetProperty("model").GetString()!, json.TryGetProperty("score", out JsonElement score) ? score.GetDouble() : null);

    /// <summary>Reads the file and manifest of a photo record.</summary>
    public static (SourceFile File, PhotoManifest Manifest) ReadPhoto(string site, string device, JsonElement json)
    {
        SourceFile file = new(
            json.GetProperty("path").GetString()!, json.GetProperty("sizeBytes").GetInt64(), json.GetProperty("modifiedTicks").GetInt64());
        UpTopic topic = new(site, device, UpChannel.PhotoManifest, json.GetProperty("photoId").GetString());
        Parsed<PhotoManifest> manifest = PhotoManifest.Parse(JsonSerializer.SerializeToUtf8Bytes(json.GetProperty("manifest")), topic);
        return (file, manifest.Value ?? throw new FieldException($"the outbox holds a manifest it cannot read: {manifest.Errors[0]}"));
    }

    private static byte[] Write(RecordKind kind, Action<Utf8JsonWriter> members)
    {
        using MemoryStream buffer = new();
        buffer.WriteByte((byte)kind);
        using (Utf8JsonWriter json = new(buffer, WireJson.WriterOptions))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
