using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Field.Contracts;

/// <summary>How Field writes JSON: compact, Japanese as it is, absent members left out.</summary>
public static class WireJson
{
    /// <summary>Options for every writer of wire JSON. It never goes into HTML unescaped by the reader.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One JSON object as text.</summary>
    /// <param name="members">Writes its members.</param>
    public static string WriteObject(Action<Utf8JsonWriter> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Writes a text member unless it is null.</summary>
    public static void WriteOptional(this Utf8JsonWriter writer, string name, string? value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    /// <summary>Writes a number member unless it is null.</summary>
    public static void WriteOptional(this Utf8JsonWriter writer, string name, double? value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    /// <summary>Writes a time member unless it is null.</summary>
    public static void WriteOptional(this Utf8JsonWriter writer, string name, DateTimeOffset? value) =>
        writer.WriteOptional(name, value is { } time ? WireTime.Format(time) : null);

    /// <summary>Writes <c>geometry</c>: a Point, or null.</summary>
    public static void WriteGeometry(this Utf8JsonWriter writer, GeoPoint? point)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WritePropertyName("geometry");
        if (point is not { } p)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type", "Point");
        writer.WriteStartArray("coordinates");
        writer.WriteNumberValue(p.Lon);
        writer.WriteNumberValue(p.Lat);
        if (p.AltitudeM is { } altitude)
        {
            writer.WriteNumberValue(altitude);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
