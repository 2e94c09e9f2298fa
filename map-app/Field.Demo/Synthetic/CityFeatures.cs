using System.Text.Json;

namespace Field.Demo.Synthetic;

/// <summary>Writes map features with the properties that the base map's style reads.</summary>
internal sealed class CityFeatures(GeoJsonWriter writer)
{
    public void Area(string layer, string kind, IReadOnlyList<Vec> ring, string? name = null, string? nameEn = null) =>
        writer.Polygon(ring, json => Properties(json, layer, kind, name, nameEn));

    public void Road(string kind, double widthM, IReadOnlyList<Vec> line, string? name = null, string? nameEn = null) =>
        writer.Line(line, json =>
        {
            Properties(json, "road", kind, name, nameEn);
            json.WriteNumber("widthM", widthM);
        });

    public void Railway(IReadOnlyList<Vec> line, string name, string nameEn) =>
        writer.Line(line, json => Properties(json, "railway", "rail", name, nameEn));

    public void Building(string kind, int levels, IReadOnlyList<Vec> ring, string? name = null, string? nameEn = null) =>
        writer.Polygon(ring, json =>
        {
            Properties(json, "building", kind, name, nameEn);
            json.WriteNumber("levels", levels);
        });

    public void Label(string kind, Vec plan, string name, string nameEn) =>
        writer.Point(CityPlan.Place(plan), json => Properties(json, "label", kind, name, nameEn));

    private static void Properties(Utf8JsonWriter json, string layer, string kind, string? name, string? nameEn)
    {
        json.WriteString("layer", layer);
        json.WriteString("kind", kind);
        if (name is not null)
        {
            json.WriteString("name", name);
            json.WriteString("nameEn", nameEn);
        }
    }
}
