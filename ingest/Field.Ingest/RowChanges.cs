using System.Globalization;
using System.Text;
using System.Text.Json;
using Field.Contracts;
using Field.Geo;
using Field.Ingest.Board;
using Field.Store;

namespace Field.Ingest;

/// <summary>
/// The history of rows that people change: each change is kept with who, when, what and the row as it was after it, in a table of its own (columns: the
/// id of the row, <c>n action who at row</c>), written in one transaction with the row. An undo takes back the newest change that still stands.
/// </summary>
internal static class RowChanges
{
    /// <summary>Somebody made, changed or removed it.</summary>
    public const string Set = "set";

    /// <summary>Somebody took back the newest change that stood.</summary>
    public const string Undo = "undo";

    /// <summary>As it was before its changes were kept; nobody's change, and not to be undone.</summary>
    public const string Known = "known";

    /// <summary>The n-th change of a row.</summary>
    public static Feature Of(FeatureTable changes, Feature row, long n, string action, string? who, DateTimeOffset? at) =>
        new(changes, string.Create(CultureInfo.InvariantCulture, $"{row.Id}:{n}"), null, new Dictionary<string, object?>
        {
            [row.Table.IdColumn] = row.Id,
            ["n"] = n,
            ["action"] = action,
            ["who"] = who,
            ["at"] = at,
            ["row"] = Json(row),
        });

    /// <summary>Every change of a row, the oldest first.</summary>
    public static async Task<IReadOnlyList<Feature>> ReadAsync(IFeatureStore store, FeatureTable changes, FeatureTable rows, string id, CancellationToken cancellationToken)
    {
        FeatureQuery query = new() { Where = (rows.IdColumn, id), Limit = int.MaxValue };
        FeaturePage page = await store.QueryAsync(changes, query, cancellationToken).ConfigureAwait(false);
        return [.. page.Features.OrderBy(c => c.Whole("n"))];
    }

    /// <summary>The changes that stand, the newest last.</summary>
    public static Stack<Feature> Standing(IEnumerable<Feature> changes)
    {
        Stack<Feature> standing = [];
        foreach (Feature change in changes.OrderBy(c => c.Whole("n")))
        {
            if (change.Text("action") != Undo)
            {
                standing.Push(change);
            }
            else
            {
                standing.TryPop(out _);
            }
        }

        return standing;
    }

    /// <summary>The row as it was after a change.</summary>
    public static Feature After(FeatureTable rows, Feature change)
    {
        using JsonDocument row = JsonDocument.Parse(change.Text("row")!);
        Dictionary<string, object?> values = [];
        foreach (JsonProperty value in row.RootElement.GetProperty("properties").EnumerateObject())
        {
            if (rows.Find(value.Name) is { } column)
            {
                values[value.Name] = FeatureJson.ReadValue(column, value.Value);
            }
        }

        return new Feature(rows, change.Text(rows.IdColumn)!, BoardGeometry.Read(row.RootElement.GetProperty("geometry")), values);
    }

    private static string Json(Feature row)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WireJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("geometry");
            GeoJson.Write(writer, row.Geometry);
            writer.WriteStartObject("properties");
            foreach (Column column in row.Table.Columns)
            {
                writer.WritePropertyName(column.Name);
                FeatureJson.WriteValue(writer, column, row.Properties.GetValueOrDefault(column.Name));
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
