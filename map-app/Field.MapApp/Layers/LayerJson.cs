using System.Text.Json;
using Field.Contracts;
using Field.Ingest.Import;
using Field.Ingest.Layers;

namespace Field.MapApp.Layers;

/// <summary>Layers as the API writes them (SPEC.md, Layers).</summary>
internal static class LayerJson
{
    /// <param name="json">Where to.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="withNotes">With what the import noted, and how it was before.</param>
    /// <param name="forThePublic">Without who brought it in, from which file, and what can be undone.</param>
    public static void Write(Utf8JsonWriter json, Layer layer, bool withNotes, bool forThePublic = false)
    {
        json.WriteStartObject();
        json.WriteString("layerId", layer.Id);
        json.WriteString("title", layer.Title);
        json.WriteString("kind", layer.Kind);
        json.WriteString("dataClass", layer.DataClass);
        json.WriteOptional("source", layer.Source);
        json.WriteOptional("sourceDate", layer.SourceDate);
        json.WriteOptional("licence", layer.Licence);
        json.WriteOptional("attribution", layer.Attribution);
        json.WriteNumber("epsg", layer.Epsg);
        if (!forThePublic)
        {
            json.WriteString("fileName", layer.FileName);
        }

        json.WriteString("geometryType", layer.GeometryType);
        json.WriteOptional("labelField", layer.LabelField);
        Texts(json, "fields", layer.Fields);
        json.WritePropertyName("classTable");
        if (layer.Classes is { } classes)
        {
            classes.Write(json);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WritePropertyName("bounds");
        if (layer.Extent is { } box)
        {
            json.WriteStartArray();
            foreach (double edge in (ReadOnlySpan<double>)[box.MinX, box.MinY, box.MaxX, box.MaxY])
            {
                json.WriteNumberValue(edge);
            }

            json.WriteEndArray();
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteNumber("featureCount", layer.FeatureCount);
        json.WriteNumber("repairedCount", layer.RepairedCount);
        json.WriteNumber("refusedCount", layer.RefusedCount);
        json.WriteString("importedAt", WireTime.Format(layer.ImportedAt.ToUniversalTime()));
        if (!forThePublic)
        {
            json.WriteString("importedBy", layer.ImportedBy);
        }

        json.WriteOptional("withdrawnOn", layer.WithdrawnOn);
        json.WriteOptional("withdrawnReason", layer.WithdrawnReason);
        if (layer.RemovedAt is { } removed)
        {
            json.WriteString("removedAt", WireTime.Format(removed.ToUniversalTime()));
            json.WriteString("deletedAt", WireTime.Format((removed + LayerDesk.RemovedKeptFor).ToUniversalTime()));
        }

        json.WriteString("edition", layer.Edition);
        json.WriteBoolean("canRestore", !forThePublic && (layer.Earlier.Count > 0 || layer.RemovedAt is not null));
        json.WriteNumber("revision", layer.Revision);
        if (withNotes)
        {
            Notes(json, "notes", layer.Notes);
            Earlier(json, layer);
        }

        json.WriteEndObject();
    }

    /// <summary>What can be brought back, and what would be different from now.</summary>
    private static void Earlier(Utf8JsonWriter json, Layer layer)
    {
        json.WriteStartArray("earlier");
        foreach (LayerVersion version in layer.Earlier)
        {
            json.WriteStartObject();
            json.WriteNumber("revision", version.Layer.Revision);
            json.WriteString("title", version.Layer.Title);
            json.WriteString("until", WireTime.Format(version.Until.ToUniversalTime()));
            json.WriteString("by", version.By);
            Texts(json, "differs", layer.DiffersFrom(version.Layer));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void Notes(Utf8JsonWriter json, string name, IEnumerable<ImportNote> notes)
    {
        json.WriteStartArray(name);
        foreach (ImportNote note in notes)
        {
            json.WriteStartObject();
            json.WriteNumber("row", note.Row);
            json.WriteOptional("field", note.Field);
            json.WriteString("ja", note.Ja);
            json.WriteString("en", note.En);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
