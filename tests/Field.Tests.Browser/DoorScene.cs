using System.Globalization;
using System.Text.Json;
using Field.Contracts;
using Field.Contracts.Locks;
using Field.Mqtt;
using Field.Store;
using Microsoft.Extensions.DependencyInjection;

namespace Field.Tests.Browser;

/// <summary>A gym with two locks and a key box, a hall that is silent, a school whose door somebody works on. Everything in it is synthetic.</summary>
internal static class DoorScene
{
    public const double Lon = 138.45;
    public const double Lat = 34.75;

    private static readonly TimeSpan Japan = TimeSpan.FromHours(9);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Stores it, before the first account is there.</summary>
    public static async Task StoreAsync(RealServer server)
    {
        LockRows.Enrol(server, "lock-01", "lock-02", "lock-03", "lock-04", "box-01");
        using HttpClient http = new() { BaseAddress = server.Address };
        object[] gym = [new { device = "lock-01", name = "正面玄関" }, new { device = "lock-02", name = "会議室", rooms = (string[])["meeting"] }, new { device = "box-01", name = "器具庫", isKeyBox = true }];
        await LockRows.PutAsync(http, "facilities/gym", new { name = "東山体育館", kind = "gym", isShelter = true, lon = Lon, lat = Lat, rooms = (object[])[new { roomId = "court", name = "アリーナ" }, new { roomId = "meeting", name = "会議室" }], doors = gym });
        await LockRows.PutAsync(http, "facilities/hall", new { name = "港公民館", kind = "hall", lon = Lon + 0.003, lat = Lat + 0.0015, rooms = (object[])[new { roomId = "hall", name = "ホール" }], doors = (object[])[new { device = "lock-03", name = "玄関" }] });
        await LockRows.PutAsync(http, "facilities/school", new { name = "青葉小学校", kind = "school", isShelter = true, lon = Lon - 0.003, lat = Lat - 0.0015, rooms = (object[])[new { roomId = "gym", name = "体育館" }], doors = (object[])[new { device = "lock-04", name = "体育館" }] });
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        DateTimeOffset tomorrow = new DateTimeOffset(now.ToOffset(Japan).Date, Japan).AddDays(1);
        await LockRows.PutAsync(http, "bookings/R8-001", new { facilityId = "gym", roomId = "meeting", start = At(tomorrow.AddHours(9)), end = At(tomorrow.AddHours(12)), name = "町内会 防災部" });
        await HappenAsync(server, now);
    }

    private static string At(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    private static async Task HappenAsync(RealServer server, DateTimeOffset now)
    {
        FieldStores stores = server.Services.GetRequiredService<FieldStores>();
        DateTimeOffset early = new DateTimeOffset(now.ToOffset(Japan).Date, Japan).AddMinutes(1), read = now < early ? now : early; // today in Japan, so that at any hour as many days are left
        Feature Device(string id, double battery, double hoursSilent = 0) => LockRows.Device(id, battery, now.AddHours(-hoursSilent), read);
        Feature Event(string device, long sequence, string kind, double minutesAgo, string details) => LockRows.Event(device, sequence, kind, now.AddMinutes(-minutesAgo), details);
        Feature alarm = new(FieldTables.Alarms, new string('d', 32), null, new Dictionary<string, object?>
        {
            ["rule"] = "tamper",
            ["device"] = "lock-02",
            ["kind"] = "event",
            ["severity"] = "critical",
            ["state"] = "raised",
            ["raisedAt"] = now.AddMinutes(-20),
            ["messageJa"] = "会議室の扉が開けたままです",
            ["messageEn"] = "the meeting room's door was left open",
        });
        Feature[] rows =
        [
            Device("lock-01", 81), Device("lock-02", 68), Device("lock-03", 44, hoursSilent: 40), Device("lock-04", 15), alarm,
            Event("lock-01", 1, "lock-locked", 200, """{"kind":"lock-locked","by":"auto"}"""),
            Event("lock-02", 1, "lock-unlocked", 95, """{"kind":"lock-unlocked","by":"key"}"""), Event("lock-02", 2, "door-opened", 94, """{"kind":"door-opened"}"""),
            Event("lock-02", 3, "lock-left-open", 35, """{"kind":"lock-left-open","minutes":60,"cause":"door"}"""),
            Event("lock-03", 1, "lock-locked", 2500, """{"kind":"lock-locked","by":"manual"}"""),
            Event("lock-04", 1, "lock-locked", 300, """{"kind":"lock-locked","by":"auto"}"""), Event("lock-04", 2, "lock-tamper", 12, """{"kind":"lock-tamper","cause":"pin-guessing"}"""),
        ];
        await stores.Features.WriteAsync([.. rows.Select(r => new FeatureWrite(r))], Cancel);
        Measurement[] readings = [.. Enumerable.Range(0, 40).Select(day => new Measurement("battery", read.AddDays(day - 39), "%EL", 107 - day))];
        await stores.Telemetry.AppendAsync([new TelemetryPack("aoba", "lock-02", new SenMLPack(readings, null))], Cancel);
    }
}

/// <summary>A lock on the server's MQTT that does what it is told, and says so.</summary>
internal sealed class DoorLock : IAsyncDisposable
{
    private readonly string _device;
    private MqttClient? _client;
    private long _sequence = 100;

    private DoorLock(string device) => _device = device;

    public static async Task<DoorLock> ConnectAsync(Uri server, string device)
    {
        DoorLock door = new(device);
        MqttSubscription commands = new(Topics.Command("aoba", device), 1, door.DoAsync);
        door._client = await MqttClient.ConnectAsync(new MqttClientOptions { Server = server, ClientId = device, Subscriptions = [commands] }, TestContext.Current.CancellationToken);
        return door;
    }

    /// <summary>Tells what happened.</summary>
    public async Task TellAsync(FieldEvent happened, CancellationToken cancel) => await _client!.PublishAsync(
        new MqttMessage($"field/v1/aoba/{_device}/up/event", happened.Write("aoba", _device, Interlocked.Increment(ref _sequence), TimeProvider.System.GetUtcNow()), 1), cancel);

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }
    }

    private async ValueTask DoAsync(MqttMessage message, CancellationToken cancel)
    {
        JsonElement command = JsonElement.Parse(message.Payload.Span);
        string id = command.GetProperty("id").GetString()!;
        bool opens = command.GetProperty("data").GetProperty("name").GetString() == "lock.open";
        await TellAsync(new LockEvent(opens ? LockEventKinds.Unlocked : LockEventKinds.Locked) { By = "command", CommandId = id }.ToEvent(), cancel);
        await TellAsync(new CommandResult(id, CommandOutcome.Done).ToEvent(), cancel);
    }
}
