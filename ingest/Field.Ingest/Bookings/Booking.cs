using System.Text.Json;
using System.Text.Json.Serialization;
using Field.Contracts.Locks;
using Field.Store;

namespace Field.Ingest.Bookings;

/// <summary>What a booking system or an officer asks for.</summary>
/// <param name="Id">The booking's id, 1 to 64 of A-Z, a-z, 0-9, dot, _ and -; the same id is the same booking.</param>
/// <param name="FacilityId">Facility, by id.</param>
/// <param name="RoomId">Room, by id; null when the facility has one.</param>
/// <param name="Slot">When, in whole minutes.</param>
/// <param name="Name">Who booked; personal.</param>
/// <param name="Contact">How to reach them; personal.</param>
/// <param name="Purpose">What for; may name people, so it is kept as personal.</param>
/// <param name="OneTime">True when its PIN opens each door once.</param>
public sealed record BookingRequest(string Id, string FacilityId, string? RoomId, Slot Slot, string? Name = null, string? Contact = null, string? Purpose = null, bool OneTime = false);

/// <summary>A grant of a booking at one door, as it is sealed for that door's lock.</summary>
/// <param name="Device">The lock.</param>
/// <param name="SealId">Which secret sealed it (<see cref="Field.Ingest.Locks.GrantService"/>).</param>
/// <param name="Grant">The grant; what is in it of the PIN opens nothing.</param>
internal sealed record DoorGrant(string Device, string SealId, LockGrant Grant);

/// <summary>What was done to a booking; without anything personal.</summary>
/// <param name="At">When.</param>
/// <param name="Who">Who.</param>
/// <param name="What"><c>add change cancel pin wipe</c>.</param>
/// <param name="Before">Room and time before, or null.</param>
public sealed record BookingStep(DateTimeOffset At, string Who, string What, string? Before = null);

/// <summary>A booking.</summary>
public sealed record Booking
{
    /// <summary>State of one that holds.</summary>
    public const string Booked = "booked";

    /// <summary>State of one that was cancelled.</summary>
    public const string IsCancelledState = "cancelled";

    private const int MostSteps = 20;

    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Facility.</summary>
    public required string FacilityId { get; init; }

    /// <summary>Room of the facility.</summary>
    public required string RoomId { get; init; }

    /// <summary>When.</summary>
    public required Slot Slot { get; init; }

    /// <summary>Who booked; personal, null when it was not told or is deleted.</summary>
    public string? Name { get; init; }

    /// <summary>How to reach them; personal.</summary>
    public string? Contact { get; init; }

    /// <summary>What for; personal.</summary>
    public string? Purpose { get; init; }

    /// <summary>True when its PIN opens each door once.</summary>
    public bool OneTime { get; init; }

    /// <summary><see cref="Booked"/> or <see cref="IsCancelledState"/>.</summary>
    public string State { get; init; } = Booked;

    /// <summary>Where it came from: <c>screen</c>, <c>api</c> or <c>csv</c>.</summary>
    public string Source { get; init; } = "screen";

    /// <summary>When it came.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was changed last.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>By whom.</summary>
    public string ChangedBy { get; init; } = "";

    /// <summary>When what is personal was deleted; null while it is there.</summary>
    public DateTimeOffset? WipedAt { get; init; }

    /// <summary>When the PIN was made that holds; null when there is none.</summary>
    public DateTimeOffset? PinAt { get; init; }

    /// <summary>By whom.</summary>
    public string? PinBy { get; init; }

    /// <summary>What was done, oldest first; the last 20.</summary>
    public IReadOnlyList<BookingStep> Steps { get; init; } = [];

    /// <summary>Revision of the row; who changes it names the one that was seen.</summary>
    public long Revision { get; init; }

    /// <summary>Begin of its grants' ids: <c>b-KEY-n</c> is its n-th PIN.</summary>
    internal string GrantKey { get; init; } = "";

    /// <summary>PINs made so far.</summary>
    internal int PinCount { get; init; }

    /// <summary>What each lock may know of it.</summary>
    internal IReadOnlyList<DoorGrant> Grants { get; init; } = [];

    /// <summary>Hash of the row of the file that was taken last, or null.</summary>
    internal string? SourceHash { get; init; }

    /// <summary>True while it holds.</summary>
    public bool IsBooked => State == Booked;

    /// <summary>True when both are at some moment.</summary>
    internal bool Overlaps(Booking other) => Slot.Start < other.Slot.End && other.Slot.Start < Slot.End;

    internal Booking Done(BookingStep step) => this with { Steps = [.. Steps.TakeLast(MostSteps - 1), step], ChangedAt = step.At, ChangedBy = step.Who };

    /// <summary>Without anything of a person, and without grants: they are over.</summary>
    internal Booking Wiped(DateTimeOffset now) => this with { Name = null, Contact = null, Purpose = null, Grants = [], SourceHash = null, WipedAt = now };

    internal static Booking Of(Feature row) => new()
    {
        Id = row.Id,
        FacilityId = row.Text("facilityId") ?? "",
        RoomId = row.Text("roomId") ?? "",
        Slot = new(row.Time("startsAt") ?? default, row.Time("endsAt") ?? default),
        Name = row.Text("name"),
        Contact = row.Text("contact"),
        Purpose = row.Text("purpose"),
        OneTime = row.Flag("oneTime") ?? false,
        State = row.Text("state") ?? Booked,
        Source = row.Text("source") ?? "",
        CreatedAt = row.Time("createdAt") ?? default,
        ChangedAt = row.Time("changedAt") ?? default,
        ChangedBy = row.Text("changedBy") ?? "",
        WipedAt = row.Time("wipedAt"),
        PinAt = row.Time("pinAt"),
        PinBy = row.Text("pinBy"),
        PinCount = (int)(row.Whole("pinCount") ?? 0),
        GrantKey = row.Text("grantKey") ?? "",
        Grants = JsonSerializer.Deserialize<DoorGrant[]>(row.Text("grants") ?? "[]", BookingJson.Text)!,
        Steps = JsonSerializer.Deserialize<BookingStep[]>(row.Text("steps") ?? "[]", BookingJson.Text)!,
        SourceHash = row.Text("sourceHash"),
        Revision = row.Revision,
    };

    internal Feature ToFeature() => new(FieldTables.Bookings, Id, null, new Dictionary<string, object?>
    {
        ["facilityId"] = FacilityId,
        ["roomId"] = RoomId,
        ["startsAt"] = Slot.Start,
        ["endsAt"] = Slot.End,
        ["state"] = State,
        ["source"] = Source,
        ["oneTime"] = OneTime,
        ["createdAt"] = CreatedAt,
        ["changedAt"] = ChangedAt,
        ["changedBy"] = ChangedBy,
        ["wipedAt"] = WipedAt,
        ["pinAt"] = PinAt,
        ["pinBy"] = PinBy,
        ["pinCount"] = (long)PinCount,
        ["grantKey"] = GrantKey,
        ["name"] = Name,
        ["contact"] = Contact,
        ["purpose"] = Purpose,
        ["grants"] = JsonSerializer.Serialize(Grants, BookingJson.Text),
        ["steps"] = JsonSerializer.Serialize(Steps, BookingJson.Text),
        ["sourceHash"] = SourceHash,
    });
}

/// <summary>How rows keep their lists.</summary>
internal static class BookingJson
{
    public static readonly JsonSerializerOptions Text = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}
