using System.Text.Json;
using Field.Contracts;
using Field.Contracts.Locks;
using Field.Ingest.Identity;

namespace Field.Ingest.Locks;

/// <summary>
/// Brings into the audit what a lock refused: somebody at the keypad who guesses, somebody who works on the lock, a list of grants that the
/// headquarters did not seal. The audit bounds how many lines come of it.
/// </summary>
internal sealed class LockWatch(SecurityAudit? audit)
{
    /// <summary>Takes an event that was stored for the first time.</summary>
    public void Observe(UpTopic topic, FieldEvent happened)
    {
        if (audit is null || What(happened.Kind) is not { } what)
        {
            return;
        }

        using JsonDocument properties = JsonDocument.Parse(happened.PropertiesJson);
        string why = Text(properties.RootElement, "reason") ?? Text(properties.RootElement, "cause") ?? "";
        long attempts = properties.RootElement.TryGetProperty("attempts", out JsonElement counted) ? counted.GetInt64() : 1;
        string device = $"{topic.Site}/{topic.Device}";

        // The lock tells it: who stood before it, nobody knows.
        audit.Refused(what, "anonymous", null, device, $"{device} {happened.Kind}: {why}", attempts);
    }

    private static string? What(string kind) => kind switch
    {
        LockEventKinds.Denied => "lock.pin",
        LockEventKinds.Tamper => "lock.tamper",
        LockEventKinds.GrantsRefused => "lock.grants",
        _ => null,
    };

    private static string? Text(JsonElement properties, string name) => properties.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;
}
