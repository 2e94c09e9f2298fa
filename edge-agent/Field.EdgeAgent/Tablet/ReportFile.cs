using System.Text.Json;
using Field.Contracts;
using Field.EdgeAgent.Outbox;

namespace Field.EdgeAgent.Tablet;

/// <summary>
/// Reports as a GeoJSON Feature or FeatureCollection (RFC 7946). Properties: <c>kind</c> (what is reported, <c>[a-z0-9-]</c>),
/// <c>severity</c>, <c>note</c>, <c>time</c>, <c>photos</c> (names of files in the same folder, or photo ids); all others are sent as they are.
/// </summary>
internal sealed class ReportFile : DropContent
{
    private const int MaxReports = 1_000;

    private static readonly string[] Agents = ["category", "photoIds", "missingPhotos"];

    private readonly IReadOnlyList<Report> _reports;

    private ReportFile(IReadOnlyList<Report> reports)
    {
        _reports = reports;
        Photos = reports.SelectMany(r => r.Photos).Where(p => !Ids.IsPhoto(p)).ToHashSet(StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public override int Count => _reports.Count;

    /// <inheritdoc/>
    public override IReadOnlySet<string> Photos { get; }

    /// <summary>Reads a file.</summary>
    public static DropParsed Parse(ReadOnlyMemory<byte> utf8)
    {
        JsonChecker json = new();
        if (json.Root(utf8, DropParsed.MaxBytes, JsonValueKind.Object) is not { } root)
        {
            return new DropParsed(null, [.. json.Errors.Select(DropError.Of)], json.Errors[0].Code == ErrorCodes.NotJson);
        }

        Report?[] reports = root.TryGetProperty("type", out JsonElement type) && type.ValueEquals("FeatureCollection")
            ? [.. json.Objects(root, "", "features", MaxReports).Select(f => Read(json, f.Item, f.At))]
            : [Read(json, root, "")];
        if (reports.Length == 0 && json.Errors.Count == 0)
        {
            json.Add("/features", ErrorCodes.Missing, "there is no report in it");
        }

        return json.Errors.Count > 0 ? new DropParsed(null, [.. json.Errors.Select(DropError.Of)]) : new DropParsed(new ReportFile([.. reports.Select(r => r!)]), []);
    }

    /// <inheritdoc/>
    public override DropMessage Build(string site, string device, int index, long sequence, DropIntent intent)
    {
        Report report = _reports[index];
        return new DropMessage(
            "event",
            OutboxPriority.Report,
            new FieldEvent(ReportEvent.Kind, report.Place, Properties(report, intent)).Write(site, device, sequence, report.Time ?? intent.Time));
    }

    private static Report? Read(JsonChecker json, JsonElement feature, string at)
    {
        if (feature.TryGetProperty("geometry", out JsonElement geometry) && geometry.ValueKind == JsonValueKind.Object
            && geometry.TryGetProperty("type", out JsonElement type) && type.ValueEquals("LineString"))
        {
            json.Add($"{at}/geometry", ErrorCodes.BadFormat, "a report has a Point or null; drop a track as a GPX file, whose points have times");
            return null;
        }

        GeoPoint? place = json.Point(feature, at);
        if (json.Object(feature, at, "properties") is not { } properties)
        {
            return null;
        }

        at += "/properties";
        json.Name(properties, at, "kind");
        ReportEvent.CheckCommon(json, properties, at);
        DateTimeOffset? time = json.Time(properties, at, "time", required: false);
        IReadOnlyList<(string Text, string At)> photos = ReportEvent.Texts(json, properties, at, "photos");
        foreach ((_, string photoAt) in photos.Where(p => !IsFileName(p.Text)))
        {
            json.Add(photoAt, ErrorCodes.BadFormat, "must be the name of a file in the same folder, or a photo id");
        }

        foreach (string name in Agents.Where(a => properties.TryGetProperty(a, out _)))
        {
            json.Add($"{at}/{name}", ErrorCodes.Mismatch, "is written by the agent; give photos as photos and what is reported as kind");
        }

        Report report = new(place, time, [.. photos.Select(p => p.Text)], properties);
        if (Longest(report) is var bytes && bytes > Envelope.MaxBytes)
        {
            json.Add(at, ErrorCodes.TooLarge, $"the report becomes {bytes} bytes, at most {Envelope.MaxBytes}");
        }

        return report;
    }

    /// <summary>How large its message can become.</summary>
    private static int Longest(Report report)
    {
        DropIntent intent = new("", [long.MaxValue], DateTimeOffset.MaxValue, report.Photos.Distinct().ToDictionary(p => p, _ => (string?)new string('0', 64)));
        string id = new('x', Ids.MaxNameLength);
        return new ReportFile([report]).Build(id, id, 0, long.MaxValue, intent).Payload.Length;
    }

    private static bool IsFileName(string text) =>
        text.Length is > 0 and <= 255 && text is not ("." or "..") && !text.Any(c => c is '/' or '\\' || char.IsControl(c));

    private static string Properties(Report report, DropIntent intent) => WireJson.WriteObject(json =>
    {
        json.WriteString("kind", ReportEvent.Kind);
        foreach (JsonProperty member in report.Properties.EnumerateObject().Where(m => m.Name is not ("photos" or "time") && m.Value.ValueKind != JsonValueKind.Null))
        {
            json.WritePropertyName(member.Name == "kind" ? "category" : member.Name);
            member.Value.WriteTo(json);
        }

        string? IdOf(string photo) => Ids.IsPhoto(photo) ? photo : intent.Photos.GetValueOrDefault(photo);
        WriteTexts(json, "photoIds", report.Photos.Select(IdOf).OfType<string>());
        WriteTexts(json, "missingPhotos", report.Photos.Where(p => IdOf(p) is null));
    });

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        string[] all = [.. texts.Distinct()];
        if (all.Length > 0)
        {
            json.WriteStartArray(name);
            Array.ForEach(all, json.WriteStringValue);
            json.WriteEndArray();
        }
    }

    private sealed record Report(GeoPoint? Place, DateTimeOffset? Time, IReadOnlyList<string> Photos, JsonElement Properties);
}
