using System.Text.Json;
using Field.Contracts;
using Field.Geo.Impact;

namespace Field.MapApp.Impact;

/// <summary>Answers as the API writes them (SPEC.md, Residents and impact).</summary>
internal static class ImpactJson
{
    public static void Write(Utf8JsonWriter json, StoredAnswer answer, bool isJapanese)
    {
        ImpactResult result = answer.Result;
        json.WriteStartObject();
        json.WriteString("sentence", ImpactText.Sentence(result, answer.Question, isJapanese));
        json.WriteStartArray("more");
        foreach (string line in ImpactText.More(result, answer.Question, isJapanese))
        {
            json.WriteStringValue(line);
        }

        json.WriteEndArray();
        json.WriteString("title", result.Title);
        json.WriteBoolean("synthetic", result.Residents.IsSynthetic);
        json.WriteString("register", answer.Register.Title);
        json.WriteOptional("registerDate", answer.Register.SourceDate);
        json.WriteNumber("minCell", answer.Question.MinCell);
        json.WriteNumber("leastClass", answer.Question.LeastClass);
        Classes(json, answer);
        json.WriteStartArray("tables");
        foreach (ImpactCut cut in result.Cuts)
        {
            Table(json, cut, result, isJapanese);
        }

        json.WriteEndArray();
        Shelters(json, answer);
        Places(json, "facilities", answer.Facilities);
        json.WriteStartArray("notes");
        foreach (ImpactNote note in result.Notes)
        {
            json.WriteStringValue(isJapanese ? note.Ja : note.En);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Classes(Utf8JsonWriter json, StoredAnswer answer)
    {
        json.WriteStartArray("classes");
        foreach (HazardClass c in answer.Result.Classes)
        {
            json.WriteStartObject();
            json.WriteNumber("number", c.Number);
            json.WriteString("ja", c.Ja);
            json.WriteString("en", c.En);
            json.WriteOptional("fromM", c.FromM);
            json.WriteOptional("colour", c.Number < answer.Looks.Count ? answer.Looks[c.Number].Colour : null);
            json.WriteOptional("pattern", c.Number < answer.Looks.Count ? answer.Looks[c.Number].Pattern : null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Table(Utf8JsonWriter json, ImpactCut cut, ImpactResult result, bool isJapanese)
    {
        ImpactSheet sheet = ImpactSheet.Of(cut, result.Residents.Points, result.Masks, isBrief: true);
        json.WriteStartObject();
        json.WriteString("key", cut.Key);
        json.WriteString("title", isJapanese ? cut.Ja : cut.En);
        json.WriteBoolean("isRounded", cut.IsRounded);
        json.WriteBoolean("hasOutlines", cut.Meshes is not null || (cut.Areas is { Polygons.Count: > 0 }));
        json.WriteNumber("named", sheet.Numbers.Count);
        json.WriteNumber("all", cut.Table.Rows);
        json.WriteStartArray("columns");
        foreach (ImpactColumn column in sheet.Columns)
        {
            json.WriteStartObject();
            json.WriteString("key", column.Key);
            json.WriteString("title", isJapanese ? column.Ja : column.En);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("rows");
        foreach (object?[] row in sheet.Rows)
        {
            json.WriteStartArray();
            foreach (object? cell in row)
            {
                JsonSerializer.Serialize(json, cell is Hidden ? Hidden.Cell.ToString() : cell);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Shelters(Utf8JsonWriter json, StoredAnswer answer)
    {
        if (answer.Shelters is null)
        {
            return;
        }

        ImpactTable? need = answer.Result.Cuts.FirstOrDefault(c => c.Key == "shelter")?.Table;
        json.WriteStartArray("shelters");
        foreach ((ShelterPlace shelter, int? row) in answer.Shelters)
        {
            json.WriteStartObject();
            Place(json, shelter);
            json.WriteBoolean("usable", row is not null);
            json.WriteOptional("capacity", (double?)shelter.Capacity);
            json.WriteOptional("need", row is { } r && need is not null ? need[r, 1].People : null);
            json.WriteOptional("needSupport", row is { } s && need is not null && answer.Result.Residents.Points.NeedsSupport is not null ? need[s, 1].NeedsSupport : null);
            json.WriteOptional("meanDistanceM", row is { } d ? answer.MeanDistanceM[d] : null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("withoutShelter", need is null ? 0 : need[need.Unassigned, 1].People);
    }

    private static void Places(Utf8JsonWriter json, string name, IReadOnlyList<ShelterPlace>? places)
    {
        if (places is null)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (ShelterPlace place in places)
        {
            json.WriteStartObject();
            Place(json, place);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Place(Utf8JsonWriter json, ShelterPlace place)
    {
        json.WriteString("id", place.Id);
        json.WriteString("name", place.Name);
        json.WriteOptional("address", place.Address);
        json.WriteOptional("kind", place.Kind);
        json.WriteNumber("lon", place.Place.Lon);
        json.WriteNumber("lat", place.Place.Lat);
        json.WriteNumber("class", place.Class);
        if (place.IsAllowed is { } allowed)
        {
            json.WriteBoolean("allowed", allowed);
        }
    }
}
