using System.Globalization;
using Field.Contracts.Locks;
using Field.Ingest.Bookings;
using Field.Tests.Broker;
using Field.Tests.Ingest;
using Field.Tests.Store;

namespace Field.Tests.Bookings;

/// <summary>A gym with two halves of a court, a meeting room, a lock at the entrance, one at the meeting room, and a key box. Synthetic.</summary>
internal sealed class BookingScene : IAsyncDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 5, 11, 3, 0, 0, TimeSpan.Zero); // 12:00 in Japan

    private readonly TempFolder _folder = new();

    public BookingScene()
    {
        Host = new IngestHost(_folder.Root, time: Time);
        Secret = Host.EnrolLock("lock-01");
        Host.EnrolLock("lock-02");
        Host.EnrolLock("box-01");
    }

    public static Facility Gym { get; } = new()
    {
        Id = "gym",
        Name = "東山体育館",
        Kind = "gym",
        IsShelter = true,
        Lon = 138.32,
        Lat = 34.87,
        Rooms = [new("court", "アリーナ全面"), new("court-a", "アリーナＡ面", "court"), new("court-b", "アリーナＢ面", "court"), new("meeting", "会議室")],
        Doors = [new("lock-01", "正面玄関"), new("lock-02", "会議室", Rooms: ["meeting"]), new("box-01", "裏口の鍵", IsKeyBox: true)],
        MinutesBefore = 15,
        MinutesAfter = 10,
    };

    public ManualTime Time { get; } = new(Noon);

    public IngestHost Host { get; }

    public LockSecret Secret { get; set; }

    public string Folder => _folder.Root;

    public FacilityDesk Facilities => Host.Get<FacilityDesk>();

    public BookingDesk Desk => Host.Get<BookingDesk>();

    public BookingKeys Keys => Host.Get<BookingKeys>();

    public BookingGrants Locks => Host.Get<BookingGrants>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<BookingScene> StartAsync()
    {
        BookingScene scene = new();
        await scene.Facilities.PutAsync(Gym, "suzuki", Cancel);
        return scene;
    }

    /// <summary>Japan's hours of 12 May.</summary>
    public static Slot Hours(double from, double to, int day = 12) => new(At(from, day), At(to, day));

    public static DateTimeOffset At(double hour, int day = 12) => new DateTimeOffset(2026, 5, day, 0, 0, 0, TimeSpan.FromHours(9)).AddHours(hour).ToUniversalTime();

    public static BookingRequest Request(string id, string room, double from, double to, int day = 12) =>
        new(id, "gym", room, Hours(from, to, day), "山田 花子", "054-000-0000", "バレーボール");

    public Task<BookingOutcome> BookAsync(string id, string room, double from, double to, int day = 12) =>
        Desk.PutAsync(Request(id, room, from, to, day), "screen", "suzuki", null, Cancel);

    /// <summary>The list that a lock would have.</summary>
    public LockGrants Known(string device, IngestHost? host = null) => LockGrants.Parse((host ?? Host).Sink.Retained[$"field/v1/aoba/{device}/down/grants"], "aoba", device).Value!;

    /// <summary>Whether a PIN opens at a moment, as the lock decides.</summary>
    public bool Opens(string pin, DateTimeOffset at, string device = "lock-01")
    {
        using PinEntry entry = PinEntry.TryCreate(pin)!;
        return Host.Sink.Retained.ContainsKey($"field/v1/aoba/{device}/down/grants")
            && Known(device).Grants.Any(g => g.Slot.Contains(at, TimeSpan.Zero) && g.Accepts(Host.Get<Field.Ingest.Commands.LockSecrets>().Find(device)!, $"aoba/{device}", entry));
    }

    public static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _folder.Dispose();
    }
}
