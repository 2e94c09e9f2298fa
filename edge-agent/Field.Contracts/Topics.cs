using System.Globalization;

namespace Field.Contracts;

/// <summary>What a device-to-server topic carries (SPEC.md section 2).</summary>
public enum UpChannel
{
    /// <summary>SenML telemetry.</summary>
    Telemetry,

    /// <summary>A CloudEvent that something happened.</summary>
    Event,

    /// <summary>The device's own state; also its will.</summary>
    Status,

    /// <summary>The manifest of a photo.</summary>
    PhotoManifest,

    /// <summary>A small copy of a photo, ahead of its bytes.</summary>
    PhotoThumbnail,

    /// <summary>One chunk of a photo's bytes.</summary>
    PhotoChunk,
}

/// <summary>A parsed device-to-server topic.</summary>
/// <param name="Site">Site id.</param>
/// <param name="Device">Device id.</param>
/// <param name="Channel">What it carries.</param>
/// <param name="PhotoId">For the photo channels, else null.</param>
/// <param name="ChunkIndex">For chunks, else 0.</param>
public sealed record UpTopic(string Site, string Device, UpChannel Channel, string? PhotoId = null, int ChunkIndex = 0);

/// <summary>Builds and parses topics (SPEC.md section 2).</summary>
public static class Topics
{
    /// <summary>First levels of every topic of this version.</summary>
    public const string Prefix = "field/v1/";

    /// <summary>Most chunks a photo may have.</summary>
    public const int MaxChunks = 4096;

    /// <summary>The telemetry topic of a device.</summary>
    public static string Telemetry(string site, string device) => $"{Prefix}{site}/{device}/up/telemetry";

    /// <summary>The event topic of a device.</summary>
    public static string Event(string site, string device) => $"{Prefix}{site}/{device}/up/event";

    /// <summary>The status topic of a device.</summary>
    public static string Status(string site, string device) => $"{Prefix}{site}/{device}/up/status";

    /// <summary>The manifest topic of a photo.</summary>
    public static string Manifest(string site, string device, string photoId) => $"{Prefix}{site}/{device}/up/photo/{photoId}/manifest";

    /// <summary>The thumbnail topic of a photo.</summary>
    public static string Thumbnail(string site, string device, string photoId) => $"{Prefix}{site}/{device}/up/photo/{photoId}/thumbnail";

    /// <summary>The topic of one chunk.</summary>
    public static string Chunk(string site, string device, string photoId, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{site}/{device}/up/photo/{photoId}/chunk/{index}");

    /// <summary>Where a device hears receipts.</summary>
    public static string Receipt(string site, string device) => $"{Prefix}{site}/{device}/down/receipt";

    /// <summary>Where a device hears commands.</summary>
    public static string Command(string site, string device) => $"{Prefix}{site}/{device}/down/command";

    /// <summary>Where a lock finds its grants (retained).</summary>
    public static string Grants(string site, string device) => $"{Prefix}{site}/{device}/down/grants";

    /// <summary>A live topic.</summary>
    /// <param name="site">Site id.</param>
    /// <param name="kind"><c>photo</c>, <c>finding</c>, <c>device</c>, <c>event</c> or <c>telemetry</c>.</param>
    /// <param name="id">Photo, finding or device id.</param>
    public static string Live(string site, string kind, string id) => $"{Prefix}{site}/live/{kind}/{id}";

    /// <summary>Where the headquarters says how it is.</summary>
    public static string Health(string site) => $"{Prefix}{site}/live/health";

    /// <summary>Parses a device-to-server topic.</summary>
    /// <param name="topic">The topic name.</param>
    /// <param name="parsed">The parts, or null.</param>
    /// <returns>Null when parsed, else the code of SPEC.md section 9: <c>unknown-topic</c> or <c>bad-id</c>.</returns>
    public static string? TryParseUp(string topic, out UpTopic? parsed)
    {
        ArgumentNullException.ThrowIfNull(topic);
        parsed = null;
        string[] level = topic.Split('/');
        if (level.Length < 6 || level[0] != "field" || level[1] != "v1" || level[4] != "up")
        {
            return ErrorCodes.UnknownTopic;
        }

        if (!Ids.IsSite(level[2]) || !Ids.IsDevice(level[3]))
        {
            return ErrorCodes.BadId;
        }

        parsed = level[5] switch
        {
            "telemetry" when level.Length == 6 => new UpTopic(level[2], level[3], UpChannel.Telemetry),
            "event" when level.Length == 6 => new UpTopic(level[2], level[3], UpChannel.Event),
            "status" when level.Length == 6 => new UpTopic(level[2], level[3], UpChannel.Status),
            "photo" => ParsePhoto(level),
            _ => null,
        };
        if (parsed is null)
        {
            return ErrorCodes.UnknownTopic;
        }

        if (parsed.PhotoId is not null && !Ids.IsPhoto(parsed.PhotoId))
        {
            parsed = null;
            return ErrorCodes.BadId;
        }

        return null;
    }

    private static UpTopic? ParsePhoto(string[] level) => level.Length switch
    {
        8 when level[7] == "manifest" => new UpTopic(level[2], level[3], UpChannel.PhotoManifest, level[6]),
        8 when level[7] == "thumbnail" => new UpTopic(level[2], level[3], UpChannel.PhotoThumbnail, level[6]),
        9 when level[7] == "chunk" && int.TryParse(level[8], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            && index < MaxChunks && (level[8] == "0" || level[8][0] != '0') => new UpTopic(level[2], level[3], UpChannel.PhotoChunk, level[6], index),
        _ => null,
    };
}
