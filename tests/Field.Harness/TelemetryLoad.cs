using System.Globalization;
using System.Text;
using Field.Contracts;
using Field.Mqtt;

namespace Field.Harness;

/// <summary>
/// Devices that publish telemetry at QoS 1 for as long as they are asked to, over a link that may break at any moment. Each keeps what
/// is not acknowledged and sends it again, with the same sequence, on its next connection; each PUBACK goes into the ledger.
/// </summary>
public sealed class TelemetryLoad : IAsyncDisposable
{
    /// <summary>The last part of the SenML name; the value is the sequence.</summary>
    public const string Quantity = "level";

    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly Func<Uri> _server;
    private readonly int _inFlight;
    private readonly Task[] _devices;
    private volatile bool _draining;

    /// <param name="server">Where the server is now.</param>
    /// <param name="devices">How many devices publish.</param>
    /// <param name="inFlight">Messages of one device that wait for their PUBACK at the same time.</param>
    /// <param name="ledger">Hears of every PUBACK.</param>
    public TelemetryLoad(Func<Uri> server, int devices, int inFlight, AckLedger ledger)
    {
        (_server, _inFlight, Ledger) = (server, inFlight, ledger);
        _devices = [.. Enumerable.Range(0, devices).Select(d => Task.Run(() => PublishAsync($"gauge-{d:00}")))];
    }

    public AckLedger Ledger { get; }

    /// <summary>Lets every device finish what it has begun, then ends.</summary>
    /// <exception cref="HarnessException">Some did not get their acknowledgements in time.</exception>
    public async Task DrainAsync(TimeSpan within)
    {
        _draining = true;
        await _stop.CancelAsync();
        try
        {
            await Task.WhenAll(_devices).WaitAsync(within);
        }
        catch (TimeoutException)
        {
            throw new HarnessException($"not every device got its acknowledgements within {within.TotalSeconds:0} s");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _abandon.CancelAsync();
        await Task.WhenAll(_devices);
        _stop.Dispose();
        _abandon.Dispose();
    }

    private async Task PublishAsync(string device)
    {
        long next = 1;
        SortedSet<long> owed = [];
        while (!_abandon.IsCancellationRequested && !(_draining && owed.Count == 0) && !(_stop.IsCancellationRequested && !_draining))
        {
            try
            {
                await using MqttClient client = await MqttClient.ConnectAsync(
                    new MqttClientOptions { Server = _server(), ClientId = device, ConnectTimeout = TimeSpan.FromSeconds(5) }, _abandon.Token);
                next = await SessionAsync(client, device, owed, next);
            }
            catch (Exception e) when (e is FieldException or OperationCanceledException)
            {
                await Task.Delay(Retry, CancellationToken.None);
            }
        }
    }

    /// <summary>Publishes until the connection breaks or it is enough.</summary>
    private async Task<long> SessionAsync(MqttClient client, string device, SortedSet<long> owed, long next)
    {
        Queue<(long Sequence, Task Published)> waiting = new();
        foreach (long sequence in owed)
        {
            waiting.Enqueue((sequence, PublishAsync(client, device, sequence)));
        }

        try
        {
            while (waiting.Count > 0 || !_stop.IsCancellationRequested)
            {
                while (waiting.Count < _inFlight && !_stop.IsCancellationRequested)
                {
                    owed.Add(next);
                    waiting.Enqueue((next, PublishAsync(client, device, next)));
                    next++;
                }

                (long sequence, Task published) = waiting.Peek();
                await published.WaitAsync(_abandon.Token);
                waiting.Dequeue();
                owed.Remove(sequence);
                Ledger.Acknowledged(device, sequence);
            }

            return next;
        }
        catch (FieldException)
        {
            await SettleAsync(waiting, device, owed);
            return next;
        }
    }

    /// <summary>After the connection broke: those behind the first failure may have been acknowledged nevertheless.</summary>
    private async Task SettleAsync(Queue<(long Sequence, Task Published)> waiting, string device, SortedSet<long> owed)
    {
        foreach ((long sequence, Task published) in waiting)
        {
            await published.WaitAsync(_abandon.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (published.IsCompletedSuccessfully && owed.Remove(sequence))
            {
                Ledger.Acknowledged(device, sequence);
            }
        }
    }

    private static Task PublishAsync(MqttClient client, string device, long sequence) =>
        client.PublishAsync(new MqttMessage(Topics.Telemetry(Server.Site, device), Payload(device, sequence), Qos: 1), CancellationToken.None);

    private static byte[] Payload(string device, long sequence) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$"""[{"seq":{{sequence}},"bn":"{{device}}/","bt":{{1.79e9 + (sequence / 1000.0):0.000}},"n":"{{Quantity}}","u":"m","v":{{sequence}}}]"""));
}
