using System.Globalization;
using System.Text.Json;
using Field.EdgeAgent.Sensor;

namespace Field.EdgeAgent.Sim;

/// <summary>Something that happens once, so long after the start.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">The event's kind.</param>
internal sealed record SimEvent(TimeSpan At, string Kind);

/// <summary>A time without a line.</summary>
/// <param name="At">When it begins.</param>
/// <param name="Length">How long it lasts.</param>
internal sealed record SimOutage(TimeSpan At, TimeSpan Length);

/// <summary>Simulated devices of one kind that do the same.</summary>
/// <param name="Kind"><c>drone</c>, <c>lock</c>, <c>tablet</c> or <c>sensor</c>.</param>
/// <param name="Count">How many.</param>
/// <param name="SamplesPerSecond">Samples of each device.</param>
/// <param name="EventsPerMinute">Events of each device at random times, besides <paramref name="Events"/>.</param>
/// <param name="Events">Events at fixed times.</param>
/// <param name="Outages">Times without a line.</param>
internal sealed record SimGroup(
    string Kind, int Count, double SamplesPerSecond, double EventsPerMinute, IReadOnlyList<SimEvent> Events, IReadOnlyList<SimOutage> Outages);

/// <summary>What the simulated devices do. The same script and seed give the same values at the same times.</summary>
/// <param name="Seed">Of all chance.</param>
/// <param name="Duration">How long they do something; then they send what is left and end.</param>
/// <param name="Groups">The devices.</param>
internal sealed record SimScript(int Seed, TimeSpan Duration, IReadOnlyList<SimGroup> Groups)
{
    /// <summary>What a file looks like; shown by the help.</summary>
    public const string Example = """
        { "seed": 1, "durationSeconds": 60, "devices": [
            { "kind": "sensor", "count": 20, "samplesPerSecond": 1, "offline": [ { "atSeconds": 10, "forSeconds": 20 } ] },
            { "kind": "lock", "count": 5, "samplesPerSecond": 0.1, "events": [ { "atSeconds": 5, "kind": "door-opened" } ] } ] }
        """;

    /// <summary>Most devices in one process.</summary>
    public const int MaxDevices = 10_000;

    private static readonly string[] Kinds = ["drone", "lock", "tablet", "sensor"];

    /// <summary>Reads <c>drone:2,sensor:20</c>; all that is wrong with it at once.</summary>
    public static (SimScript? Script, IReadOnlyList<string> Errors) FromList(string list, double samplesPerSecond, double eventsPerMinute, int seed, TimeSpan duration)
    {
        List<string> errors = [];
        List<SimGroup> groups = [];
        foreach (string part in list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] pair = part.Split(':');
            if (pair.Length != 2 || !Kinds.Contains(pair[0])
                || !int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count is < 1 or > MaxDevices)
            {
                errors.Add($"--devices '{part}': must be KIND:COUNT with {string.Join(", ", Kinds)} and 1 to {MaxDevices}");
                continue;
            }

            groups.Add(new SimGroup(pair[0], count, samplesPerSecond, pair[0] is "lock" or "tablet" ? eventsPerMinute : 0, [], []));
        }

        return (errors.Count == 0 ? new SimScript(seed, duration, groups) : null, errors);
    }

    /// <summary>Reads a file; all that is wrong with it at once.</summary>
    public static (SimScript? Script, IReadOnlyList<string> Errors) Parse(ReadOnlyMemory<byte> utf8)
    {
        List<string> errors = [];
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowDuplicateProperties = false });
            ConfigReader json = new(document.RootElement, "", errors);
            json.Only("seed", "durationSeconds", "devices");
            SimScript script = new(
                (int)json.Number("seed", 1, 0, int.MaxValue), Seconds(json, "durationSeconds", 60), [.. json.Objects("devices").Select(ReadGroup)]);
            if (script.Groups.Count == 0 || script.Groups.Sum(g => (long)g.Count) > MaxDevices)
            {
                errors.Add($"/devices: must have 1 to {MaxDevices} devices");
            }

            return (errors.Count == 0 ? script : null, errors);
        }
        catch (JsonException e)
        {
            return (null, [e.Message]);
        }
    }

    private static SimGroup ReadGroup(ConfigReader json)
    {
        json.Only("kind", "count", "samplesPerSecond", "eventsPerMinute", "events", "offline");
        string kind = json.Text("kind") ?? "";
        if (!Kinds.Contains(kind))
        {
            json.Error("kind", $"must be one of {string.Join(", ", Kinds)}");
        }

        return new SimGroup(
            kind,
            (int)json.Number("count", 1, 1, MaxDevices),
            json.Number("samplesPerSecond", 1, 0, 100_000),
            json.Number("eventsPerMinute", 0, 0, 60_000),
            [.. json.Objects("events").Select(ReadEvent)],
            [.. json.Objects("offline").Select(o => new SimOutage(Seconds(o, "atSeconds", 0), Seconds(o, "forSeconds", 1)))]);
    }

    private static SimEvent ReadEvent(ConfigReader json)
    {
        string kind = json.Text("kind") ?? "";
        if (kind.Length is 0 or > 64 || !kind.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            json.Error("kind", "must be 1 to 64 of a-z, 0-9 and -");
        }

        return new SimEvent(Seconds(json, "atSeconds", 0), kind);
    }

    private static TimeSpan Seconds(ConfigReader json, string name, double missing) => TimeSpan.FromSeconds(json.Number(name, missing, 0, 31_536_000));
}
