using System.Text.Json;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.Ingest.Bookings;

/// <summary>What is booked in a facility: a room, a court, a hall.</summary>
/// <param name="RoomId">a-z, 0-9 and -, at most 32; once per facility.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="PartOf">The room that this one is a part of (half of a court), or null: both are not booked at the same time.</param>
public sealed record Room(string RoomId, string Name, string? PartOf = null);

/// <summary>A door or box with a lock.</summary>
/// <param name="Device">Device id of the lock.</param>
/// <param name="Name">Its name for people, such as 正面玄関.</param>
/// <param name="IsKeyBox">True for a box without a network, which computes the code by itself; false for a lock that takes PINs.</param>
/// <param name="Rooms">Rooms whose bookings open it; empty: those of every room.</param>
public sealed record Door(string Device, string Name, bool IsKeyBox = false, IReadOnlyList<string>? Rooms = null)
{
    /// <summary>True when a booking of the room opens it.</summary>
    public bool Serves(string roomId) => Rooms is not { Count: > 0 } rooms || rooms.Contains(roomId);
}

/// <summary>A facility that people book.</summary>
public sealed record Facility
{
    /// <summary>Kinds of facilities.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["gym", "hall", "centre", "school", "park", "library", "other"];

    /// <summary>a-z, 0-9 and -, at most 32.</summary>
    public required string Id { get; init; }

    /// <summary>Its name for people.</summary>
    public required string Name { get; init; }

    /// <summary>One of <see cref="Kinds"/>.</summary>
    public string Kind { get; init; } = "other";

    /// <summary>True when it is opened as a shelter in a disaster.</summary>
    public bool IsShelter { get; init; }

    /// <summary>Degrees east; null when it has no place.</summary>
    public double? Lon { get; init; }

    /// <summary>Degrees north.</summary>
    public double? Lat { get; init; }

    /// <summary>What is booked, at least one.</summary>
    public IReadOnlyList<Room> Rooms { get; init; } = [];

    /// <summary>Its locks.</summary>
    public IReadOnlyList<Door> Doors { get; init; } = [];

    /// <summary>How long before a booking its PIN opens, minutes; 15 by default, 0 to 240.</summary>
    public int MinutesBefore { get; init; } = 15;

    /// <summary>How long after a booking its PIN opens, minutes; 15 by default, 0 to 240.</summary>
    public int MinutesAfter { get; init; } = 15;

    /// <summary>When it was removed; null while it is there.</summary>
    public DateTimeOffset? RemovedAt { get; init; }

    /// <summary>Who changed it last; null before the first change that was kept.</summary>
    public string? ChangedBy { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>Revision of the row; who changes it names the one that was seen.</summary>
    public long Revision { get; init; }

    /// <summary>Changes that are kept.</summary>
    internal long ChangeCount { get; init; }

    /// <summary>Finds a room by id or name, as people and systems write it.</summary>
    internal Room? FindRoom(string idOrName) =>
        Rooms.FirstOrDefault(r => r.RoomId == idOrName) ?? Rooms.FirstOrDefault(r => JapaneseText.Same(r.Name, idOrName));

    /// <summary>The rooms that cannot be used while this one is: itself, what it is part of, and its parts.</summary>
    internal HashSet<string> Together(string roomId)
    {
        HashSet<string> rooms = [roomId];
        for (Room? room = Rooms.FirstOrDefault(r => r.RoomId == roomId); room?.PartOf is { } whole && rooms.Add(whole);)
        {
            room = Rooms.FirstOrDefault(r => r.RoomId == whole);
        }

        Parts(roomId, rooms);
        return rooms;
    }

    /// <summary>Reads a row of the store.</summary>
    internal static Facility Of(Feature row) => new()
    {
        Id = row.Id,
        Name = row.Text("name") ?? row.Id,
        Kind = row.Text("kind") ?? "other",
        IsShelter = row.Flag("isShelter") ?? false,
        Lon = (row.Geometry as Point)?.X,
        Lat = (row.Geometry as Point)?.Y,
        Rooms = JsonSerializer.Deserialize<Room[]>(row.Text("rooms") ?? "[]", JsonSerializerOptions.Web)!,
        Doors = JsonSerializer.Deserialize<Door[]>(row.Text("doors") ?? "[]", JsonSerializerOptions.Web)!,
        MinutesBefore = (int)(row.Whole("minutesBefore") ?? 15),
        MinutesAfter = (int)(row.Whole("minutesAfter") ?? 15),
        RemovedAt = row.Time("removedAt"),
        ChangedBy = row.Text("changedBy"),
        ChangedAt = row.Time("changedAt"),
        ChangeCount = row.Whole("changeCount") ?? 0,
        Revision = row.Revision,
    };

    internal Feature ToFeature() => new(FieldTables.Facilities, Id, Lon is { } lon && Lat is { } lat ? new Point(lon, lat) : null, new Dictionary<string, object?>
    {
        ["name"] = Name,
        ["kind"] = Kind,
        ["isShelter"] = IsShelter,
        ["rooms"] = JsonSerializer.Serialize(Rooms, BookingJson.Text),
        ["doors"] = JsonSerializer.Serialize(Doors, BookingJson.Text),
        ["minutesBefore"] = (long)MinutesBefore,
        ["minutesAfter"] = (long)MinutesAfter,
        ["removedAt"] = RemovedAt,
        ["changedBy"] = ChangedBy,
        ["changedAt"] = ChangedAt,
        ["changeCount"] = ChangeCount,
    });

    private void Parts(string roomId, HashSet<string> into)
    {
        foreach (Room part in Rooms.Where(r => r.PartOf == roomId && into.Add(r.RoomId)))
        {
            Parts(part.RoomId, into);
        }
    }
}

/// <summary>A change of a facility.</summary>
/// <param name="N">Its number, from 1.</param>
/// <param name="Action"><c>set</c>, <c>undo</c>, or <c>known</c>: as it was before changes were kept.</param>
/// <param name="Who">Who; null when nobody knows.</param>
/// <param name="At">When.</param>
/// <param name="After">The facility as it was after it.</param>
public sealed record FacilityChange(long N, string Action, string? Who, DateTimeOffset? At, Facility After)
{
    internal static FacilityChange Of(Feature row) =>
        new(row.Whole("n") ?? 0, row.Text("action") ?? "", row.Text("who"), row.Time("at"), Facility.Of(RowChanges.After(FieldTables.Facilities, row)));
}

/// <summary>What a facility must be.</summary>
internal static class FacilityRules
{
    private const int MostRooms = 100;
    private const int MostDoors = 50;

    /// <summary>Everything that is wrong.</summary>
    public static IReadOnlyList<BookingFault> Check(Facility facility)
    {
        List<BookingFault> faults = [];
        void Must(bool isGood, string member, string ja, string en)
        {
            if (!isGood)
            {
                faults.Add(BookingFault.Bad(member, ja, en));
            }
        }

        Must(Contracts.Ids.IsSite(facility.Id), "facilityId", "半角小文字・数字・ハイフンで32文字まで", "up to 32 of a-z, 0-9 and -");
        Must(BookingText.IsLine(facility.Name, 60), "name", "1～60文字", "1 to 60 characters");
        Must(Facility.Kinds.Contains(facility.Kind), "kind", string.Join("・", Facility.Kinds), $"one of {string.Join(", ", Facility.Kinds)}");
        Must(facility.Lon is null == facility.Lat is null && (facility.Lon is not { } lon || Contracts.GeoPoint.IsValid(lon, facility.Lat!.Value)), "lon, lat", "経度・緯度（度）", "degrees, both or neither");
        Must(facility.MinutesBefore is >= 0 and <= 240, "minutesBefore", "0～240分", "0 to 240");
        Must(facility.MinutesAfter is >= 0 and <= 240, "minutesAfter", "0～240分", "0 to 240");
        Must(facility.Rooms.Count is >= 1 and <= MostRooms, "rooms", $"1～{MostRooms}", $"1 to {MostRooms}");
        Must(facility.Doors.Count <= MostDoors, "doors", $"{MostDoors}まで", $"at most {MostDoors}");
        Must(facility.Rooms.All(r => Contracts.Ids.IsSite(r.RoomId) && BookingText.IsLine(r.Name, 40)), "rooms", "部屋のIDは半角32文字まで、名前は1～40文字", "an id of up to 32 of a-z, 0-9 and -, and a name of 1 to 40 characters each");
        Must(facility.Rooms.Select(r => r.RoomId).Distinct().Count() == facility.Rooms.Count, "rooms", "同じIDの部屋があります", "two have the same id");
        Must(facility.Rooms.All(r => r.PartOf is null || (r.PartOf != r.RoomId && facility.Rooms.Any(w => w.RoomId == r.PartOf))), "rooms.partOf", "同じ施設の別の部屋", "another room of the facility");
        Must(facility.Doors.All(d => Contracts.Ids.IsDevice(d.Device) && BookingText.IsLine(d.Name, 40)), "doors", "扉は機器IDと1～40文字の名前", "a device id and a name of 1 to 40 characters each");
        Must(facility.Doors.Select(d => d.Device).Distinct().Count() == facility.Doors.Count, "doors", "同じ機器が2回あります", "a device is there twice");
        Must(facility.Doors.All(d => d.Rooms?.All(id => facility.Rooms.Any(r => r.RoomId == id)) ?? true), "doors.rooms", "登録されていない部屋があります", "a room that the facility does not have");
        return faults;
    }
}
