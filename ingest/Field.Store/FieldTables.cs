using static Field.Store.ColumnType;

namespace Field.Store;

/// <summary>The collections of Field; column names are the property names of SPEC.md section 8.</summary>
public static class FieldTables
{
    /// <summary>Photos; the geometry is the footprint on the ground.</summary>
    public static FeatureTable Photos { get; } = new(
        "photos",
        "POLYGON",
        "photoId",
        new("name", Text),
        new("device", Text),
        new("capturedAt", Time),
        new("capturedAtAssumed", ColumnType.Boolean),
        new("receivedAt", Time),
        new("state", Text, IsIndexed: true),
        new("placement", Text),
        new("assumptions", Json),
        new("reason", Text),
        new("cameraLon", Real),
        new("cameraLat", Real),
        new("cameraAltitudeM", Real),
        new("heightM", Real),
        new("yawDeg", Real),
        new("pitchDeg", Real),
        new("gsdM", Real),
        new("errorM", Real),
        new("widthPx", Whole),
        new("heightPx", Whole),
        new("sizeBytes", Whole),
        new("findingCount", Whole),
        new("model", Text),
        new("scoredAt", Time),
        new("synthetic", ColumnType.Boolean),
        new("camera", Json, IsInternal: true),
        new("attempts", Whole, IsInternal: true),
        new("nextAttemptAt", Time, IsInternal: true));

    /// <summary>Damage findings; the geometry is the damage on the ground.</summary>
    public static FeatureTable Findings { get; } = new(
        "findings",
        "MULTIPOLYGON",
        "findingId",
        new("photoId", Text, IsIndexed: true),
        new("class", Text),
        new("score", Real),
        new("status", Text),
        new("lengthM", Real),
        new("meanWidthMm", Real),
        new("maxWidthMm", Real),
        new("areaM2", Real),
        new("resolvable", ColumnType.Boolean),
        new("gsdM", Real),
        new("errorM", Real),
        new("centreLon", Real),
        new("centreLat", Real),
        new("model", Text),
        new("capturedAt", Time),
        new("device", Text),
        new("pixelRings", Json, IsInternal: true));

    /// <summary>Devices; the geometry is the last known place.</summary>
    public static FeatureTable Devices { get; } = new(
        "devices",
        "POINT",
        "device",
        new("kind", Text),
        new("state", Text),
        new("lastSeenAt", Time),
        new("batteryPercent", Real),
        new("queueDepth", Whole),
        new("firmware", Text));

    /// <summary>Events of devices; the id is <c>device:sequence</c>.</summary>
    public static FeatureTable Events { get; } = new(
        "events",
        "POINT",
        "eventId",
        new("device", Text, IsIndexed: true),
        new("sequence", Whole),
        new("kind", Text),
        new("time", Time),
        new("receivedAt", Time),
        new("details", Json));

    /// <summary>All collections.</summary>
    public static IReadOnlyList<FeatureTable> All { get; } = [Photos, Findings, Devices, Events];

    /// <summary>The collection of the name, or null.</summary>
    public static FeatureTable? Find(string name) => All.FirstOrDefault(t => t.Name == name);
}
