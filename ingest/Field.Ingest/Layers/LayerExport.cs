using System.Text.Json;
using Field.Contracts;
using Field.Geo;
using Field.Store;

namespace Field.Ingest.Layers;

/// <summary>A layer as GeoJSON: the file's own attributes, and <c>class</c>, <c>rank</c> and <c>label</c> of Field under <c>field:</c> names.</summary>
internal static class LayerExport
{
    private const int FlushBytes = 65536;

    public static async Task WriteAsync(Stream output, Layer layer, IAsyncEnumerable<Feature> features, CancellationToken cancellationToken)
    {
        Utf8JsonWriter writer = new(output, WireJson.WriterOptions);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "FeatureCollection");
            writer.WriteString("name", layer.Title);
            writer.WriteOptional("source", layer.Source);
            writer.WriteOptional("sourceDate", layer.SourceDate);
            writer.WriteOptional("licence", layer.Licence);
            writer.WriteOptional("attribution", layer.Attribution);
            writer.WriteOptional("withdrawnOn", layer.WithdrawnOn);
            writer.WriteOptional("withdrawnReason", layer.WithdrawnReason);
            writer.WriteString("dataClass", layer.DataClass);
            writer.WriteStartArray("features");
            await foreach (Feature feature in features.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                if (feature.Geometry is null)
                {
                    continue;
                }

                Write(writer, feature);
                if (writer.BytesPending > FlushBytes)
                {
                    await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
                }
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter writer, Feature feature)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "Feature");
        writer.WriteNumber("id", feature.Whole("n") ?? 0);
        writer.WritePropertyName("geometry");
        GeoJson.Write(writer, feature.Geometry);
        writer.WriteStartObject("properties");
        using (JsonDocument attributes = JsonDocument.Parse(feature.Text("attributes") ?? "{}"))
        {
            foreach (JsonProperty attribute in attributes.RootElement.EnumerateObject())
            {
                attribute.WriteTo(writer);
            }
        }

        writer.WriteOptional("field:class", feature.Text("class"));
        writer.WriteOptional("field:rank", (double?)feature.Whole("rank"));
        writer.WriteOptional("field:label", feature.Text("label"));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
