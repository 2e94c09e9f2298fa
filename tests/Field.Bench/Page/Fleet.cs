using System.Diagnostics;
using System.Globalization;
using System.Text;
using Field.Mqtt;

namespace Field.Bench.Page;

/// <summary>Devices that each say once a second where they are, spread over the second.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly List<MqttClient> _clients = [];
    private readonly Func<int, long, (double Lon, double Lat)> _placeOf;
    private long _published;
    private long _past;

    private Fleet(Func<int, long, (double Lon, double Lat)> placeOf) => _placeOf = placeOf;

    /// <summary>When device 0 published which step, milliseconds since 1970, taken before the message was handed to the connection.</summary>
    public List<(double AtMs, long Step)> First { get; } = [];

    public long Published => Interlocked.Read(ref _published);

    /// <summary>Connects all of them.</summary>
    /// <param name="server">The broker.</param>
    /// <param name="devices">How many.</param>
    /// <param name="placeOf">Where a device is at a step.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<Fleet> ConnectAsync(Uri server, int devices, Func<int, long, (double Lon, double Lat)> placeOf, CancellationToken cancel)
    {
        Fleet fleet = new(placeOf);
        for (int device = 0; device < devices; device++)
        {
            fleet._clients.Add(await MqttClient.ConnectAsync(new MqttClientOptions { Server = server, ClientId = Name(device) }, cancel));
        }

        return fleet;
    }

    /// <summary>Publishes until the time is over; a second run goes on where the first ended, for a sequence is never used twice.</summary>
    public async Task RunAsync(TimeSpan time, CancellationToken cancel)
    {
        long begin = Stopwatch.GetTimestamp();
        await Task.WhenAll(_clients.Select((client, device) => Task.Run(async () =>
        {
            for (long step = 0; ; step++)
            {
                TimeSpan due = TimeSpan.FromSeconds(step + ((double)device / _clients.Count));
                if (due >= time)
                {
                    return;
                }

                if (due - Stopwatch.GetElapsedTime(begin) is { Ticks: > 0 } wait)
                {
                    await Task.Delay(wait, cancel);
                }

                byte[] pack = Pack(device, _past + step);
                if (device == 0)
                {
                    First.Add((Now(), _past + step));
                }

                await client.PublishAsync(new MqttMessage($"field/v1/demo/{Name(device)}/up/telemetry", pack, Qos: 1), cancel);
                Interlocked.Increment(ref _published);
            }
        }, cancel)));
        _past += (long)Math.Ceiling(time.TotalSeconds) + 1;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (MqttClient client in _clients)
        {
            await client.DisposeAsync();
        }
    }

    private static string Name(int device) => string.Create(CultureInfo.InvariantCulture, $"unit-{device:000}");

    private static double Now() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;

    private byte[] Pack(int device, long step)
    {
        (double lon, double lat) = _placeOf(device, step);
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $$"""[{"seq":{{step + 1}},"bn":"{{Name(device)}}/","bt":{{Now() / 1000:0.000}},"n":"lon","u":"lon","v":{{lon:0.0000000}}},{"n":"lat","u":"lat","v":{{lat:0.0000000}}},{"n":"battery","u":"%EL","v":80}]"""));
    }
}
