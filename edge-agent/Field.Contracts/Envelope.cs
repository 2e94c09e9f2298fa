using System.Globalization;
using System.Text.Json;

namespace Field.Contracts;

/// <summary>The attributes of a CloudEvent (CloudEvents 1.0, structured JSON; SPEC.md section 4).</summary>
/// <param name="Id">Unique per source.</param>
/// <param name="Source"><c>/field/{site}/{device}</c>; the server's own is <c>/field/{site}</c>.</param>
/// <param name="Type">A type of <see cref="EventTypes"/>.</param>
/// <param name="Subject">What it is about, such as a photo id, or null.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Sequence">The device sequence; null for server messages.</param>
public sealed record Envelope(string Id, string Source, string Type, string? Subject, DateTimeOffset Time, long? Sequence)
{
    /// <summary>Largest JSON message but telemetry, bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The source of a device.</summary>
    public static string DeviceSource(string site, string device) => $"/field/{site}/{device}";

    /// <summary>The source of a site's server.</summary>
    public static string ServerSource(string site) => $"/field/{site}";

    /// <summary>The envelope of a device's message: its id is its identity.</summary>
    public static Envelope FromDevice(string site, string device, string type, string? subject, DateTimeOffset time, long sequence) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{device}:{sequence}"), DeviceSource(site, device), type, subject, time, sequence);

    /// <summary>The envelope of a server's message.</summary>
    public static Envelope FromServer(string site, string type, string? subject, DateTimeOffset time, string id) =>
        new(id, ServerSource(site), type, subject, time, null);

    /// <summary>Writes the envelope around data.</summary>
    /// <param name="data">Writes exactly one JSON value.</param>
    /// <returns>UTF-8 JSON.</returns>
    public byte[] Write(Action<Utf8JsonWriter> data)
    {
        ArgumentNullException.ThrowIfNull(data);
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WireJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("specversion", "1.0");
            writer.WriteString("id", Id);
            writer.WriteString("source", Source);
            writer.WriteString("type", Type);
            writer.WriteOptional("subject", Subject);
            writer.WriteString("time", WireTime.Format(Time));
            writer.WriteOptional("sequence", Sequence?.ToString(CultureInfo.InvariantCulture));
            writer.WriteString("datacontenttype", "application/json");
            writer.WritePropertyName("data");
            data(writer);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>Reads and checks the envelope; null when nothing more can be read.</summary>
    internal static (Envelope? Envelope, JsonElement Data)? Read(
        JsonChecker json, ReadOnlyMemory<byte> utf8, string expectedType, string? expectedSource, bool needsSequence, string? expectedSubject = null)
    {
        if (json.Root(utf8, MaxBytes, JsonValueKind.Object) is not { } root)
        {
            return null;
        }

        Expect(json, root, "specversion", "1.0");
        Expect(json, root, "type", expectedType);
        string? id = json.Text(root, "", "id", maxLength: 128);
        string? source = json.Text(root, "", "source", maxLength: 256);
        string? subject = json.Text(root, "", "subject", required: false, maxLength: 256);
        ExpectValue(json, "/source", source ?? expectedSource, expectedSource);
        ExpectValue(json, "/subject", subject, expectedSubject);
        DateTimeOffset? time = json.Time(root, "", "time");
        long? sequence = ReadSequence(json, root, needsSequence);
        JsonElement? data = json.Object(root, "", "data");
        if (data is null)
        {
            return null;
        }

        return id is null || source is null || time is null || (needsSequence && sequence is null)
            ? (null, data.Value)
            : (new Envelope(id, source, expectedType, subject, time.Value, sequence), data.Value);
    }

    private static long? ReadSequence(JsonChecker json, JsonElement root, bool required)
    {
        if (json.Text(root, "", "sequence", required, maxLength: 32) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value >= 1)
        {
            return value;
        }

        json.Add("/sequence", ErrorCodes.BadFormat, "must be decimal digits, from 1 to 2^63-1");
        return null;
    }

    /// <summary>A message that names another device or photo than its topic must not be taken; one error for each member is enough.</summary>
    private static void ExpectValue(JsonChecker json, string at, string? value, string? expected)
    {
        if (expected is not null && value != expected && !json.HasErrorAt(at))
        {
            json.Add(at, ErrorCodes.Mismatch, $"must be {expected}");
        }
    }

    private static void Expect(JsonChecker json, JsonElement root, string name, string expected)
    {
        if (json.Text(root, "", name) is { } text && text != expected)
        {
            json.Add($"/{name}", ErrorCodes.Mismatch, $"must be {expected}");
        }
    }
}

/// <summary>The CloudEvents types of version 1.</summary>
public static class EventTypes
{
    /// <summary>Something happened at a device.</summary>
    public const string Event = "field.event.v1";

    /// <summary>A device's own state.</summary>
    public const string DeviceStatus = "field.device.status.v1";

    /// <summary>A photo is about to be uploaded.</summary>
    public const string PhotoManifest = "field.photo.manifest.v1";

    /// <summary>What the server has of a photo.</summary>
    public const string Receipt = "field.receipt.v1";

    /// <summary>The headquarters asks a device to do something.</summary>
    public const string Command = "field.command.v1";

    /// <summary>All grants of a lock.</summary>
    public const string LockGrants = "field.lock.grants.v1";

    /// <summary>A live update; <c>kind</c> is photo, finding, device or event.</summary>
    public static string Live(string kind) => $"field.live.{kind}.v1";
}
