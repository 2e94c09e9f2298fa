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
        new("clockOffsetS", Real, Since: 3),
        new("sharpness", Real, Since: 5),
        new("quality", Json, Since: 5),
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
        new("assetId", Text, IsIndexed: true, Since: 4),
        new("elementId", Text, Since: 4),
        new("river", Text, Since: 4),
        new("bank", Text, Since: 4),
        new("markKm", Real, Since: 4),
        new("markOffsetM", Real, Since: 4),
        new("assetDistanceM", Real, Since: 4),
        new("assetReason", Text, Since: 4),
        new("mergedInto", Text, IsIndexed: true, Since: 5),
        new("photoIds", Json, Since: 5),
        new("lengthErrorM", Real, Since: 5),
        new("widthErrorMm", Real, Since: 5),
        new("spacingMm", Real, Since: 5),
        new("damageType", Whole, Since: 5),
        new("rankScale", Text, Since: 5),
        new("degreeLeast", Text, Since: 5),
        new("degreeMost", Text, Since: 5),
        new("degreeNumbers", Json, Since: 5),
        new("degreeReasons", Json, Since: 5),
        new("degree", Text, Since: 5),
        new("urgency", Real, Since: 5),
        new("decidedBy", Text, Since: 5),
        new("decidedAt", Time, Since: 5),
        new("decisionNote", Text, Since: 5),
        new("decisionCount", Whole, Since: 5),
        new("pixelRings", Json, IsInternal: true),
        new("chainLengthM", Real, Since: 10),
        new("chainErrorM", Real, Since: 10));

    /// <summary>What people decided on findings, append-only; the id is <c>findingId:n</c>. No geometry.</summary>
    public static FeatureTable Decisions { get; } = new(
        "decisions",
        "POINT",
        "decisionId",
        new("findingId", Text, IsIndexed: true),
        new("n", Whole),
        new("action", Text),
        new("who", Text),
        new("at", Time),
        new("note", Text),
        new("before", Json),
        new("after", Json),
        new("model", Text))
    {
        Since = 5,
    };

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
        new("firmware", Text),
        new("lastSequence", Whole, Since: 2),
        new("refused", Whole, Since: 2),
        new("clockOffsetS", Real, Since: 2),
        new("placeAt", Time, IsInternal: true, Since: 2),
        new("batteryAt", Time, IsInternal: true, Since: 2),
        new("statusAt", Time, IsInternal: true, Since: 2));

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
        new("details", Json),
        new("deviceTime", Time, Since: 3),
        new("clockOffsetS", Real, Since: 3))
    {
        Indexes = [new(10, "device", "time")],
    };

    /// <summary>Alarms, one for each time that a rule's condition began to hold; the geometry is where the device was.</summary>
    public static FeatureTable Alarms { get; } = new(
        "alarms",
        "POINT",
        "alarmId",
        new("rule", Text, Since: 2),
        new("device", Text, IsIndexed: true, Since: 2),
        new("kind", Text, Since: 2),
        new("severity", Text, Since: 2),
        new("state", Text, IsIndexed: true, Since: 2),
        new("raisedAt", Time, Since: 2),
        new("clearedAt", Time, Since: 2),
        new("value", Real, Since: 2),
        new("limitValue", Real, Since: 2),
        new("messageJa", Text, Since: 2),
        new("messageEn", Text, Since: 2),
        new("acknowledgedAt", Time, Since: 2),
        new("acknowledgedBy", Text, Since: 2),
        new("acknowledgeNote", Text, Since: 2),
        new("measure", Text, Since: 8))
    {
        Since = 2,
    };

    /// <summary>What is inspected: bridges, their elements, levees, distance marks, roads; the id is <c>kind:ledgerId</c>, of an element <c>element:bridge/ledgerId</c>.</summary>
    public static FeatureTable Assets { get; } = new(
        "assets",
        "GEOMETRY",
        "assetId",
        new("kind", Text, IsIndexed: true),
        new("ledgerId", Text),
        new("name", Text),
        new("parent", Text, IsIndexed: true),
        new("river", Text),
        new("bank", Text),
        new("km", Real),
        new("startKm", Real),
        new("endKm", Real),
        new("attributes", Json),
        new("source", Text),
        new("importedAt", Time))
    {
        Since = 4,
    };

    /// <summary>Imported map layers: hazard zones, shelters, boundaries. One row for each; its features are in <see cref="LayerFeatures"/>. No geometry. <c>/api/v1/layers</c> decides who may see which.</summary>
    public static FeatureTable Layers { get; } = new(
        "layers",
        "POLYGON",
        "layerId",
        new("title", Text),
        new("kind", Text),
        new("dataClass", Text),
        new("source", Text),
        new("sourceDate", Text),
        new("licence", Text),
        new("attribution", Text),
        new("epsg", Whole),
        new("fileName", Text),
        new("geometryType", Text),
        new("fields", Json),
        new("labelField", Text),
        new("classTable", Json),
        new("minLon", Real),
        new("minLat", Real),
        new("maxLon", Real),
        new("maxLat", Real),
        new("featureCount", Whole),
        new("repairedCount", Whole),
        new("refusedCount", Whole),
        new("notes", Json),
        new("importedAt", Time),
        new("importedBy", Text),
        new("withdrawnOn", Text),
        new("withdrawnReason", Text),
        new("removedAt", Time),
        new("edition", Text),
        new("previous", Json, IsInternal: true))
    {
        Since = 6,
        IsPublished = false,
    };

    /// <summary>
    /// What lies in the imported layers, each edition of a layer apart; the id is <c>edition/n</c>. Rows that could not be taken stand here too,
    /// without geometry. Never published as a collection: <c>/api/v1/layers</c> decides who may see a layer.
    /// </summary>
    public static FeatureTable LayerFeatures { get; } = new(
        "layerFeatures",
        "GEOMETRY",
        "layerFeatureId",
        new("layerId", Text, IsIndexed: true),
        new("edition", Text, IsIndexed: true),
        new("n", Whole),
        new("class", Text),
        new("rank", Whole),
        new("label", Text),
        new("attributes", Json),
        new("state", Text),
        new("noteJa", Text),
        new("noteEn", Text),
        new("sourceWkt", Text))
    {
        Since = 6,
        IsPublished = false,
    };

    /// <summary>
    /// The register of residents: one row, of the edition that counts. No geometry. Data class <c>resident</c>: only <c>/api/v1/residents</c> and
    /// <c>/api/v1/impact</c> read it and <see cref="Households"/>, and neither is ever published or on a live topic.
    /// </summary>
    public static FeatureTable Registers { get; } = new(
        "registers",
        "POINT",
        "registerId",
        new("title", Text),
        new("source", Text),
        new("sourceDate", Text),
        new("synthetic", ColumnType.Boolean),
        new("pointsFile", Text),
        new("registerFile", Text),
        new("columns", Json),
        new("states", Json),
        new("households", Whole),
        new("people", Whole),
        new("unplacedHouseholds", Whole),
        new("unplacedPeople", Whole),
        new("rows", Whole),
        new("notes", Json),
        new("importedAt", Time),
        new("importedBy", Text),
        new("removedAt", Time),
        new("edition", Text),
        new("previous", Json, IsInternal: true))
    {
        Since = 7,
        IsPublished = false,
    };

    /// <summary>
    /// Households, each edition apart; the id is <c>edition/n</c>. The place is in columns and not a geometry, so that a program that opens the store
    /// draws nobody's home by itself. Rows that did not join or have no place stand here too, with the reason.
    /// </summary>
    public static FeatureTable Households { get; } = new(
        "households",
        "POINT",
        "householdRowId",
        new("edition", Text, IsIndexed: true),
        new("n", Whole),
        new("household", Text),
        new("lon", Real),
        new("lat", Real),
        new("people", Whole),
        new("aged65", Whole),
        new("needsSupport", Whole),
        new("association", Text),
        new("state", Text),
        new("reasonJa", Text),
        new("reasonEn", Text))
    {
        Since = 7,
        IsPublished = false,
    };

    /// <summary>
    /// What people at the headquarters write, draw and follow: the situation (<c>situation</c>), what is done about an item (<c>follow:event:...</c>,
    /// <c>follow:alarm:...</c>, <c>follow:finding:...</c>, <c>follow:device:...</c>), and drawings (<c>drawing:...</c>). What was taken away stays, with <c>removedAt</c>.
    /// </summary>
    public static FeatureTable Board { get; } = new(
        "board",
        "GEOMETRY",
        "boardId",
        new("kind", Text, IsIndexed: true),
        new("state", Text),
        new("crew", Text),
        new("note", Text),
        new("title", Text),
        new("startedAt", Time),
        new("shape", Text),
        new("colour", Text),
        new("pattern", Text),
        new("removedAt", Time),
        new("changedBy", Text),
        new("changedAt", Time),
        new("changeCount", Whole),
        new("assetId", Text, Since: 10),
        new("permitNumber", Text, Since: 11),
        new("permitHolder", Text, Since: 11),
        new("permitUntil", Text, Since: 11))
    {
        Since = 8,
    };

    /// <summary>Every change of the board, append-only; the id is <c>boardId:n</c>, <c>row</c> the row as it was after the change. No geometry.</summary>
    public static FeatureTable BoardChanges { get; } = new(
        "boardChanges",
        "POINT",
        "boardChangeId",
        new("boardId", Text, IsIndexed: true),
        new("n", Whole),
        new("action", Text),
        new("who", Text),
        new("at", Time),
        new("row", Json))
    {
        Since = 8,
    };

    /// <summary>Facilities that people book, with their rooms and the locks of their doors. <c>/api/v1/facilities</c> serves them.</summary>
    public static FeatureTable Facilities { get; } = new(
        "facilities",
        "POINT",
        "facilityId",
        new("name", Text),
        new("kind", Text),
        new("isShelter", ColumnType.Boolean),
        new("rooms", Json),
        new("doors", Json),
        new("minutesBefore", Whole),
        new("minutesAfter", Whole),
        new("removedAt", Time),
        new("changedBy", Text, Since: 10),
        new("changedAt", Time, Since: 10),
        new("changeCount", Whole, Since: 10))
    {
        Since = 9,
        IsPublished = false,
    };

    /// <summary>Every change of a facility, append-only; the id is <c>facilityId:n</c>, <c>row</c> the facility as it was after the change. No geometry.</summary>
    public static FeatureTable FacilityChanges { get; } = new(
        "facilityChanges",
        "POINT",
        "facilityChangeId",
        new("facilityId", Text, IsIndexed: true),
        new("n", Whole),
        new("action", Text),
        new("who", Text),
        new("at", Time),
        new("row", Json))
    {
        Since = 10,
        IsPublished = false,
    };

    /// <summary>Bookings. Who booked is personal: it leaves by <c>/api/v1/bookings</c> only, and is deleted after its time. No geometry.</summary>
    public static FeatureTable Bookings { get; } = new(
        "bookings",
        "POINT",
        "bookingId",
        new("facilityId", Text, IsIndexed: true),
        new("roomId", Text),
        new("startsAt", Time),
        new("endsAt", Time),
        new("state", Text),
        new("source", Text),
        new("oneTime", ColumnType.Boolean),
        new("createdAt", Time),
        new("changedAt", Time),
        new("changedBy", Text),
        new("wipedAt", Time),
        new("pinAt", Time),
        new("pinBy", Text),
        new("pinCount", Whole),
        new("grantKey", Text),
        new("name", Text, IsInternal: true),
        new("contact", Text, IsInternal: true),
        new("purpose", Text, IsInternal: true),
        new("grants", Json, IsInternal: true),
        new("steps", Json, IsInternal: true),
        new("sourceHash", Text, IsInternal: true))
    {
        Since = 9,
        IsPublished = false,
    };

    /// <summary>All collections.</summary>
    public static IReadOnlyList<FeatureTable> All { get; } = [Photos, Findings, Devices, Events, Alarms, Assets, Decisions, Layers, LayerFeatures, Registers, Households, Board, BoardChanges, Facilities, FacilityChanges, Bookings];

    /// <summary>The collection of the name, or null.</summary>
    public static FeatureTable? Find(string name) => All.FirstOrDefault(t => t.Name == name);
}
