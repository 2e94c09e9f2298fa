using System.Text.Json;
using Field.Contracts;
using Field.Gdal;

namespace Field.Ingest.Import;

/// <summary>A row's own words, kept with what was made of it.</summary>
internal static class ImportAttributes
{
    /// <summary>All values of the row as a JSON object; of two fields of one name the first counts.</summary>
    public static string Json(IReadOnlyList<VectorField> fields, VectorFeature row) => WireJson.WriteObject(writer =>
    {
        HashSet<string> written = [];
        foreach ((VectorField field, object? value) in fields.Zip(row.Values).Where(p => p.Second is not null && written.Add(p.First.Name)))
        {
            writer.WritePropertyName(field.Name);
            JsonSerializer.Serialize(writer, value is DateOnly day ? day.ToString("O") : value);
        }
    });
}
