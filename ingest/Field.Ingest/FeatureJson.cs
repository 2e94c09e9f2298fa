using System.Text.Json;
using Field.Contracts;
using Field.Geo;
using Field.Store;

namespace Field.Ingest;

/// <summary>A stored feature as GeoJSON (RFC 7946), with the property names of SPEC.md section 8.</summary>
public static class FeatureJson
{
    /// <summary>Writes one Feature; every published column is there, null when it has no value.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="feature">The feature.</param>
    /// <param name="properties">Writes further properties, or null.</param>
    /// <param name="members">Writes further members of the Feature beside its properties, or null.</param>
    public static void Write(Utf8JsonWriter writer, Feature feature, Action<Utf8JsonWriter>? properties = null, Action<Utf8JsonWriter>? members = null)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "Feature");
        writer.WriteString("id", feature.Id);
        writer.WritePropertyName("geometry");
        GeoJson.Write(writer, feature.Geometry);
        writer.WriteStartObject("properties");
        writer.WriteString(feature.Table.IdColumn, feature.Id);
        foreach (Column column in feature.Table.Columns.Where(c => !c.IsInternal))
        {
            writer.WritePropertyName(column.Name);
            WriteValue(writer, column, feature.Properties.GetValueOrDefault(column.Name));
        }

        writer.WriteNumber("revision", feature.Revision);
        properties?.Invoke(writer);
        writer.WriteEndObject();
        members?.Invoke(writer);
        writer.WriteEndObject();
    }

    /// <summary>Writes the value of a column.</summary>
    public static void WriteValue(Utf8JsonWriter writer, Column column, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string json when column.Type == ColumnType.Json:
                writer.WriteRawValue(json);
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case DateTimeOffset at:
                writer.WriteStringValue(WireTime.Format(at.ToUniversalTime()));
                break;
            default:
                throw new InvalidOperationException($"column {column.Name} holds a {value.GetType().Name}");
        }
    }

    /// <summary>Reads the value of a column as <see cref="WriteValue"/> writes it.</summary>
    public static object? ReadValue(Column column, JsonElement value)
    {
        ArgumentNullException.ThrowIfNull(column);
        return value.ValueKind == JsonValueKind.Null ? null : column.Type switch
        {
            ColumnType.Whole => value.GetInt64(),
            ColumnType.Real => value.GetDouble(),
            ColumnType.Boolean => value.GetBoolean(),
            ColumnType.Time => WireTime.TryParse(value.GetString()!, out DateTimeOffset at) ? at : null,
            ColumnType.Json => value.GetRawText(),
            _ => value.GetString(),
        };
    }
}
