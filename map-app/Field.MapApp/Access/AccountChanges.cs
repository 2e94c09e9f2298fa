using System.Text.Json;
using Field.Store.Audit;

namespace Field.MapApp.Access;

/// <summary>What was done with accounts and tokens, and what was refused, out of the audit log.</summary>
internal static class AccountChanges
{
    public const int Most = 50;

    // A busy site writes this much within months; further back ./field audit show reads.
    private const int MostLines = 200_000;

    /// <summary>The newest changes, newest first.</summary>
    public static IReadOnlyList<AccountChange> Newest(string folder) =>
        [.. AuditLog.ReadNewest(folder).Take(MostLines).Where(IsOne).Select(Parse).OfType<AccountChange>().Take(Most)];

    private static bool IsOne(string line) => line.Contains("\"what\":\"user.", StringComparison.Ordinal) || line.Contains("\"what\":\"token.", StringComparison.Ordinal);

    private static AccountChange? Parse(string line)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement e = json.RootElement;
            return new(Text(e, "at") ?? "", Text(e, "what") ?? "", Text(e, "who") ?? "", Text(e, "on") ?? "", Text(e, "outcome") ?? "", Text(e, "code"), Text(e, "detail"), Text(e, "from"),
                e.TryGetProperty("count", out JsonElement count) ? count.GetInt64() : 1);
        }
        catch (JsonException)
        {
            return null; // the line that is being written
        }
    }

    private static string? Text(JsonElement e, string name) => e.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}

/// <summary>A line of the audit log, as SPEC.md names its members.</summary>
internal sealed record AccountChange(string At, string What, string Who, string On, string Outcome, string? Code, string? Detail, string? From, long Count);
