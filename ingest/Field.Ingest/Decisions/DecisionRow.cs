using System.Globalization;
using System.Text;
using System.Text.Json;
using Field.Contracts;
using Field.Store;

namespace Field.Ingest.Decisions;

/// <summary>A row of the table <c>decisions</c>: the columns that a decision changed, before and after.</summary>
internal static class DecisionRow
{
    /// <summary>The count goes on whatever is taken back: it numbers the decisions.</summary>
    private static readonly Column[] Kept = [.. FieldTables.Findings.Columns.Where(c => c.Name != "decisionCount")];

    public static Feature From(Feature before, Feature after, string action, DateTimeOffset at, DecisionRequest request)
    {
        Column[] changed = [.. Kept.Where(c => !Equals(before.Properties.GetValueOrDefault(c.Name), after.Properties.GetValueOrDefault(c.Name)))];
        long n = after.Whole("decisionCount")!.Value;
        return new Feature(FieldTables.Decisions, string.Create(CultureInfo.InvariantCulture, $"{before.Id}:{n}"), null, new Dictionary<string, object?>
        {
            ["findingId"] = before.Id,
            ["n"] = n,
            ["action"] = action,
            ["who"] = request.Who,
            ["at"] = at,
            ["note"] = request.Note,
            ["before"] = Json(before, changed),
            ["after"] = Json(after, changed),
            ["model"] = before.Text("model"),
        });
    }

    /// <summary>The latest decision that is not taken back; null when there is none.</summary>
    public static Feature? Standing(IEnumerable<Feature> decisions) => RowChanges.Standing(decisions).TryPeek(out Feature? latest) ? latest : null;

    /// <summary>The finding with the columns as they were before the decision.</summary>
    public static Feature Undone(Feature finding, Feature decision)
    {
        using JsonDocument before = JsonDocument.Parse(decision.Text("before")!);
        return finding.With([.. before.RootElement.EnumerateObject().Where(p => Kept.Any(c => c.Name == p.Name)).Select(p => (p.Name, FeatureJson.ReadValue(FieldTables.Findings.Find(p.Name)!, p.Value)))]);
    }

    private static string Json(Feature feature, Column[] columns)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WireJson.WriterOptions))
        {
            writer.WriteStartObject();
            foreach (Column column in columns)
            {
                writer.WritePropertyName(column.Name);
                FeatureJson.WriteValue(writer, column, feature.Properties.GetValueOrDefault(column.Name));
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
