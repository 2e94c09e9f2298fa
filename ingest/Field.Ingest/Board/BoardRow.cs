using System.Globalization;
using System.Text;
using System.Text.Json;
using Field.Contracts;
using Field.Geo;
using Field.Store;

namespace Field.Ingest.Board;

/// <summary>Rows of the tables <c>board</c> and <c>boardChanges</c>.</summary>
internal static class BoardRow
{
    public const string Set = "set";
    public const string Undo = "undo";

    /// <summary>The row as a person wants it.</summary>
    public static Feature From(string boardId, string kind, BoardRequest request, DateTimeOffset now) =>
        new(FieldTables.Board, boardId, kind is BoardRules.Drawing or BoardRules.NoFly ? request.Geometry : null, new Dictionary<string, object?>
        {
            ["kind"] = kind,
            ["state"] = kind is BoardRules.Follow or BoardRules.View ? request.State : null,
            ["assetId"] = kind == BoardRules.View ? request.AssetId : null,
            ["crew"] = request.Crew,
            ["note"] = request.Note,
            ["title"] = request.Title,
            ["startedAt"] = request.StartedAt?.ToUniversalTime(),
            ["shape"] = request.Shape,
            ["colour"] = request.Colour,
            ["pattern"] = request.Pattern,
            ["removedAt"] = request.IsRemoved ? now : null,
        });

    /// <summary>With who changed it, and the change itself.</summary>
    public static (Feature Row, Feature Change) Sign(Feature row, long n, string action, string who, DateTimeOffset now)
    {
        Feature signed = row.With(("changedBy", who), ("changedAt", now), ("changeCount", n));
        Feature change = new(FieldTables.BoardChanges, string.Create(CultureInfo.InvariantCulture, $"{row.Id}:{n}"), null, new Dictionary<string, object?>
        {
            ["boardId"] = row.Id,
            ["n"] = n,
            ["action"] = action,
            ["who"] = who,
            ["at"] = now,
            ["row"] = Json(signed),
        });
        return (signed, change);
    }

    /// <summary>The changes that stand, the newest last: an undo takes back the one before it that still stands.</summary>
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
    public static Feature After(Feature change)
    {
        using JsonDocument row = JsonDocument.Parse(change.Text("row")!);
        Dictionary<string, object?> values = [];
        foreach (JsonProperty value in row.RootElement.GetProperty("properties").EnumerateObject())
        {
            if (FieldTables.Board.Find(value.Name) is { } column)
            {
                values[value.Name] = FeatureJson.ReadValue(column, value.Value);
            }
        }

        return new Feature(FieldTables.Board, change.Text("boardId")!, BoardGeometry.Read(row.RootElement.GetProperty("geometry")), values);
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
