using System.Text.Json;
using Field.Contracts;
using Field.Store;

namespace Field.Ingest.Health;

/// <summary>Something that a person should see to.</summary>
/// <param name="Code">One of SPEC.md section 8, "Health".</param>
/// <param name="IsFailing">True: what devices send cannot be taken in; false: it can, yet something is wrong.</param>
/// <param name="Detail">A sentence.</param>
internal sealed record HealthReason(string Code, bool IsFailing, string Detail);

/// <summary>What changes rarely or costs a query.</summary>
/// <param name="Devices">Devices by state.</param>
/// <param name="Alarms">Open alarms by severity.</param>
/// <param name="AlarmKinds">Open alarms by kind of rule.</param>
/// <param name="ScoringQueue">Photos that wait for their score.</param>
internal sealed record HealthCounts(
    IReadOnlyDictionary<string, long> Devices, IReadOnlyDictionary<string, long> Alarms, IReadOnlyDictionary<string, long> AlarmKinds, long ScoringQueue);

/// <summary>How the headquarters is (SPEC.md section 8, "Health").</summary>
internal sealed record HealthRecord
{
    public required DateTimeOffset At { get; init; }

    public required IReadOnlyList<HealthReason> Reasons { get; init; }

    public required string Version { get; init; }

    /// <summary>Clients of the broker of this process; null without one.</summary>
    public int? Connections { get; init; }

    public required IReadOnlyList<KeyValuePair<string, double>> MessagesPerSecond { get; init; }

    public TimeSpan? CommitP50 { get; init; }

    public TimeSpan? CommitP99 { get; init; }

    public required long FreeDiskBytes { get; init; }

    public required long MinFreeDiskBytes { get; init; }

    public required DeadLetterStatus DeadLetters { get; init; }

    public required (int Count, long SizeBytes, long MaxSizeBytes, long Abandoned) Uploads { get; init; }

    public required HealthCounts Counts { get; init; }

    public required int SkewedDevices { get; init; }

    /// <summary>What is wrong with the audit log; null when nothing is.</summary>
    public string? AuditProblem { get; init; }

    public required long AuditEntries { get; init; }

    /// <summary><c>ok</c>, <c>degraded</c> or <c>failing</c>.</summary>
    public string Status => Reasons.Any(r => r.IsFailing) ? "failing" : Reasons.Count > 0 ? "degraded" : "ok";

    /// <summary>True when the same is wrong: then nobody needs to hear at once.</summary>
    public bool HasSameState(HealthRecord other) => Reasons.Select(r => (r.Code, r.IsFailing)).SequenceEqual(other.Reasons.Select(r => (r.Code, r.IsFailing)));

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("status", Status);
        writer.WriteStartArray("reasons");
        foreach (HealthReason reason in Reasons)
        {
            writer.WriteStartObject();
            writer.WriteString("code", reason.Code);
            writer.WriteBoolean("failing", reason.IsFailing);
            writer.WriteString("detail", reason.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("at", WireTime.Format(At));
        writer.WriteString("version", Version);
        writer.WriteOptional("connections", Connections);
        writer.WriteStartObject("messagesPerSecond");
        foreach ((string channel, double rate) in MessagesPerSecond)
        {
            writer.WriteNumber(channel, Math.Round(rate, 2));
        }

        writer.WriteEndObject();
        writer.WriteOptional("commitP50Ms", Milliseconds(CommitP50));
        writer.WriteOptional("commitP99Ms", Milliseconds(CommitP99));
        writer.WriteNumber("freeDiskBytes", FreeDiskBytes);
        writer.WriteNumber("minFreeDiskBytes", MinFreeDiskBytes);
        WriteQueues(writer);
        WriteMap(writer, "openAlarms", Counts.Alarms);
        writer.WriteStartObject("devices");
        writer.WriteNumber("online", Counts.Devices.GetValueOrDefault("online"));
        writer.WriteNumber("offline", Counts.Devices.GetValueOrDefault("offline"));
        writer.WriteNumber("late", Counts.AlarmKinds.GetValueOrDefault("absence"));
        writer.WriteNumber("skewed", SkewedDevices);
        writer.WriteEndObject();
        writer.WriteStartObject("audit");
        writer.WriteNumber("entries", AuditEntries);
        writer.WriteOptional("problem", AuditProblem);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteQueues(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("deadLetters");
        writer.WriteNumber("count", DeadLetters.Letters);
        writer.WriteNumber("sizeBytes", DeadLetters.SizeBytes);
        writer.WriteNumber("maxSizeBytes", DeadLetters.MaxSizeBytes);
        writer.WriteNumber("refused", DeadLetters.Refused);
        writer.WriteEndObject();
        writer.WriteStartObject("uploads");
        writer.WriteNumber("unfinished", Uploads.Count);
        writer.WriteNumber("sizeBytes", Uploads.SizeBytes);
        writer.WriteNumber("maxSizeBytes", Uploads.MaxSizeBytes);
        writer.WriteNumber("abandoned", Uploads.Abandoned);
        writer.WriteEndObject();
        writer.WriteNumber("scoringQueue", Counts.ScoringQueue);
    }

    private static double? Milliseconds(TimeSpan? time) => time is { } t ? Math.Round(t.TotalMilliseconds, 2) : null;

    private static void WriteMap(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, long> counts)
    {
        writer.WriteStartObject(name);
        foreach (string severity in (string[])["info", "warning", "critical"])
        {
            writer.WriteNumber(severity, counts.GetValueOrDefault(severity));
        }

        writer.WriteEndObject();
    }
}
