using System.Text.Json;
using Field.Contracts;
using Field.Ingest.Residents;
using Field.MapApp.Layers;

namespace Field.MapApp.Residents;

/// <summary>Residents as the API writes them (SPEC.md, Residents).</summary>
internal static class ResidentJson
{
    public static void Write(Utf8JsonWriter json, ResidentRegister r)
    {
        json.WriteStartObject();
        json.WriteString("title", r.Title);
        json.WriteOptional("source", r.Source);
        json.WriteOptional("sourceDate", r.SourceDate);
        json.WriteBoolean("synthetic", r.IsSynthetic);
        json.WriteString("pointsFile", r.PointsFile);
        json.WriteOptional("registerFile", r.RegisterFile);
        LayerJson.Texts(json, "columns", r.Columns);
        json.WriteNumber("households", r.Households);
        json.WriteNumber("people", r.People);
        json.WriteNumber("unplacedHouseholds", r.UnplacedHouseholds);
        json.WriteNumber("unplacedPeople", r.UnplacedPeople);
        json.WriteStartObject("rows");
        foreach ((string state, long rows) in r.States)
        {
            json.WriteNumber(state, rows);
        }

        json.WriteEndObject();
        LayerJson.Notes(json, "notes", r.Notes);
        json.WriteOptional("importedAt", r.ImportedAt);
        json.WriteString("importedBy", r.ImportedBy);
        json.WriteOptional("removedAt", r.RemovedAt);
        json.WriteString("edition", r.Edition);
        json.WriteBoolean("canRestore", r.RemovedAt is not null || r.Previous is not null);
        json.WriteEndObject();
    }

    /// <summary>A single household: only for who may see residents.</summary>
    public static void Write(Utf8JsonWriter json, Household h, double? distanceM)
    {
        json.WriteStartObject();
        json.WriteNumber("n", h.N);
        json.WriteOptional("household", h.Number);
        json.WriteOptional("lon", h.Place?.Lon);
        json.WriteOptional("lat", h.Place?.Lat);
        json.WriteNumber("people", h.People);
        json.WriteNumber("aged65", h.Aged65);
        json.WriteNumber("needsSupport", h.NeedsSupport);
        json.WriteOptional("association", h.Association);
        json.WriteString("state", h.State);
        json.WriteOptional("reasonJa", h.Reason?.Ja);
        json.WriteOptional("reasonEn", h.Reason?.En);
        json.WriteOptional("distanceM", distanceM);
        json.WriteEndObject();
    }
}
