using System.Text.Json;
using Field.Contracts;
using Field.Store;

namespace Field.Ingest.Layers;

/// <summary>A layer as it was until somebody changed it.</summary>
/// <param name="Layer">As it was; its revision is that of the row then, and names it.</param>
/// <param name="Until">When it was changed.</param>
/// <param name="By">Who changed it.</param>
public sealed record LayerVersion(Layer Layer, DateTimeOffset Until, string By);

/// <summary>What a layer's row keeps of how the layer was before.</summary>
internal static class LayerHistory
{
    private const int MostVersions = 10;
    private const int MostEditions = 3; // with the one that is shown: each is a copy of all features

    /// <summary>The versions before <paramref name="now"/>, when it takes the place of <paramref name="old"/>.</summary>
    public static IReadOnlyList<LayerVersion> After(Layer? old, Layer now, DateTimeOffset at, string by)
    {
        if (old is null || old.Edition.Length == 0)
        {
            return [];
        }

        HashSet<string> editions = [now.Edition];
        LayerVersion[] all = [new(old with { Earlier = [], RemovedAt = null }, at, by), .. old.Earlier.Where(v => v.Layer.Revision != now.Revision)];
        return [.. all.Take(MostVersions).TakeWhile(v => editions.Contains(v.Layer.Edition) || (editions.Count < MostEditions && editions.Add(v.Layer.Edition)))];
    }

    /// <summary>The editions whose features are kept.</summary>
    public static string[] Editions(Layer? layer) => layer is null ? [] : [.. layer.Earlier.Select(v => v.Layer.Edition).Prepend(layer.Edition).Distinct()];

    /// <summary>As <see cref="Read"/> takes it.</summary>
    public static string Write(IReadOnlyList<LayerVersion> versions)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WireJson.WriterOptions))
        {
            writer.WriteStartArray();
            foreach (LayerVersion version in versions)
            {
                writer.WriteStartObject();
                writer.WriteNumber("revision", version.Layer.Revision);
                writer.WriteString("until", WireTime.Format(version.Until.ToUniversalTime()));
                writer.WriteString("by", version.By);
                writer.WriteStartObject("row");
                Feature row = version.Layer.ToFeature();
                foreach (Column column in row.Table.Columns.Where(c => row.Properties.GetValueOrDefault(c.Name) is not null))
                {
                    writer.WritePropertyName(column.Name);
                    FeatureJson.WriteValue(writer, column, row.Properties[column.Name]);
                }

                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <param name="row">The row that they stand in.</param>
    /// <param name="json">As <see cref="Write"/> gives it; an object is the one version that stores kept before.</param>
    public static IReadOnlyList<LayerVersion> Read(Feature row, string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        return root.ValueKind == JsonValueKind.Array
            ? [.. root.EnumerateArray().Select(v => new LayerVersion(
                Version(row, v.GetProperty("row"), v.GetProperty("revision").GetInt64()),
                WireTime.TryParse(v.GetProperty("until").GetString()!, out DateTimeOffset until) ? until : default,
                v.GetProperty("by").GetString()!))]
            : [new LayerVersion(Version(row, root, 0), row.Time("importedAt") ?? default, row.Text("importedBy") ?? "")];
    }

    private static Layer Version(Feature row, JsonElement properties, long revision) => Layer.Of(row with
    {
        Revision = revision,
        Properties = properties.EnumerateObject().Where(m => row.Table.Find(m.Name) is not null)
            .ToDictionary(m => m.Name, m => FeatureJson.ReadValue(row.Table.Find(m.Name)!, m.Value), StringComparer.Ordinal),
    });
}
