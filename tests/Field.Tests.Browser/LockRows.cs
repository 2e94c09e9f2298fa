using System.Net.Http.Json;
using Field.Contracts.Locks;
using Field.Store;

namespace Field.Tests.Browser;

/// <summary>What scenes with locks store: secrets, facilities and bookings over the API, and what the locks told.</summary>
internal static class LockRows
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Gives locks their secrets.</summary>
    public static void Enrol(RealServer server, params IReadOnlyList<string> devices)
    {
        string secrets = Path.Combine(server.DataDirectory, "secrets");
        Directory.CreateDirectory(secrets);
        foreach (string device in devices)
        {
            LockSecret.Generate().Save(Path.Combine(secrets, $"{device}.lock-secret"));
        }
    }

    /// <summary>Puts a facility or a booking, by its path below /api/v1.</summary>
    public static async Task PutAsync(HttpClient http, string path, object body) => (await http.PutAsJsonAsync($"/api/v1/{path}", body, Cancel)).EnsureSuccessStatusCode();

    /// <summary>A lock that was heard of, and when it last told of its battery.</summary>
    public static Feature Device(string id, double battery, DateTimeOffset heardAt, DateTimeOffset? batteryAt = null) => new(FieldTables.Devices, id, null, new Dictionary<string, object?>
    {
        ["kind"] = "lock",
        ["state"] = "online",
        ["lastSeenAt"] = heardAt,
        ["batteryPercent"] = battery,
        ["batteryAt"] = batteryAt,
    });

    /// <summary>What a lock told.</summary>
    public static Feature Event(string device, long sequence, string kind, DateTimeOffset at, string details) => new(FieldTables.Events, $"{device}:{sequence}", null, new Dictionary<string, object?>
    {
        ["device"] = device,
        ["sequence"] = sequence,
        ["kind"] = kind,
        ["time"] = at,
        ["receivedAt"] = at,
        ["details"] = details,
    });
}
