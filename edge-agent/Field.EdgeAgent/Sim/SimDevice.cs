using System.Globalization;
using Field.Contracts;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Uplink;

namespace Field.EdgeAgent.Sim;

/// <summary>One simulated device. What it measures depends on the seed, its number and the time since the start, and on nothing else.</summary>
internal sealed class SimDevice(SimScript script, SimGroup group, string device, int number, DeviceOutbox outbox, TimeProvider time)
{
    private const double CentreLon = 138.3831;
    private const double CentreLat = 34.9756;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly Random _random = new((script.Seed * 397) ^ number);

    /// <summary>The device's id.</summary>
    public string Device => device;

    /// <summary>What it owes the server.</summary>
    public DeviceOutbox Outbox => outbox;

    /// <summary>What it says of itself.</summary>
    public DeviceStatus Status() => new(true, group.Kind, Place(0), "sim-1", 100 - (number % 100));

    /// <summary>Does what the script says, for as long as it says.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        long startedAt = time.GetTimestamp();
        DateTimeOffset start = time.GetUtcNow();
        Queue<SimEvent> events = new(Events());
        using PeriodicTimer timer = new(Tick, time);
        long done = 0;
        TimeSpan elapsed;
        do
        {
            elapsed = time.GetElapsedTime(startedAt);
            elapsed = elapsed < script.Duration ? elapsed : script.Duration;
            long due = (long)(elapsed.TotalSeconds * group.SamplesPerSecond);
            if (due > done)
            {
                await outbox.Messages.AddSamplesAsync(Samples(start, done, due), cancellationToken);
                done = due;
            }

            while (events.TryPeek(out SimEvent? next) && next.At <= elapsed)
            {
                await SendAsync(events.Dequeue(), start + next.At, cancellationToken);
            }
        }
        while (elapsed < script.Duration && await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Fills the outbox as so long a time without a line would have, up to now.</summary>
    public async Task FillAsync(TimeSpan length, TimeSpan every, CancellationToken cancellationToken)
    {
        DateTimeOffset start = time.GetUtcNow() - length;
        long count = (long)(length / every);
        for (long i = 0; i < count; i += 1000)
        {
            await outbox.Messages.AddSamplesAsync(
                Enumerable.Range(0, (int)Math.Min(1000, count - i)).Select(k => (IReadOnlyList<Measurement>)[Sample(start + ((i + k) * every), i + k)[0]]),
                cancellationToken);
        }
    }

    private IEnumerable<IReadOnlyList<Measurement>> Samples(DateTimeOffset start, long from, long to)
    {
        for (long i = from; i < to; i++)
        {
            yield return Sample(start + TimeSpan.FromSeconds(i / group.SamplesPerSecond), i);
        }
    }

    private IReadOnlyList<Measurement> Sample(DateTimeOffset at, long i)
    {
        double wave = Math.Sin((i + (number * 37)) / 50.0);
        if (group.Kind is "drone" or "tablet")
        {
            GeoPoint place = Place(i);
            return [new("lon", at, "lon", place.Lon), new("lat", at, "lat", place.Lat)];
        }

        return group.Kind == "lock"
            ? [new("battery", at, "%EL", Math.Round(Math.Max(0, 100 - (i * 0.001)), 2))]
            : [new("level", at, "m", Math.Round(1.2 + (0.4 * wave), 3)), new("rain", at, "l/m2", Math.Round(Math.Max(0, wave), 1))];
    }

    private GeoPoint Place(long i) => new(
        Math.Round(CentreLon + (0.001 * number) + (0.002 * Math.Cos(i / 30.0)), 6), Math.Round(CentreLat + (0.002 * Math.Sin(i / 30.0)), 6));

    private IEnumerable<SimEvent> Events()
    {
        List<SimEvent> events = [.. group.Events];
        string[] kinds = group.Kind switch
        {
            "lock" => ["door-opened", "door-closed"],
            "tablet" => ["report"],
            _ => ["note"],
        };
        int count = (int)Math.Round(group.EventsPerMinute * script.Duration.TotalMinutes);
        events.AddRange(Enumerable.Range(0, count).Select(i => new SimEvent(_random.NextDouble() * script.Duration, kinds[i % kinds.Length])));
        return events.OrderBy(e => e.At);
    }

    private Task<long> SendAsync(SimEvent e, DateTimeOffset at, CancellationToken cancellationToken) => outbox.Messages.EnqueueAsync(
        "event",
        OutboxPriority.Report,
        sequence => new FieldEvent(e.Kind, Place(0), string.Create(CultureInfo.InvariantCulture, $"{{\"kind\":\"{e.Kind}\",\"synthetic\":true}}"))
            .Write(outbox.Site, device, sequence, at),
        cancellationToken);
}

/// <summary>A line that is away at the times of a script.</summary>
internal sealed class SimLinks(ILinkFactory inner, IReadOnlyList<SimOutage> outages, TimeProvider time) : ILinkFactory
{
    private readonly long _startedAt = time.GetTimestamp();

    /// <inheritdoc/>
    public async Task<ILink> OpenAsync(LinkRequest request, CancellationToken cancellationToken)
    {
        TimeSpan now = time.GetElapsedTime(_startedAt);
        if (outages.Any(o => now >= o.At && now < o.At + o.Length))
        {
            throw new FieldException("offline, as the script says", isTransient: true);
        }

        ILink link = await inner.OpenAsync(request, cancellationToken);
        if (outages.Where(o => o.At > now).OrderBy(o => o.At).FirstOrDefault() is { } next)
        {
            _ = CutAsync(link, next.At - now);
        }

        return link;
    }

    private async Task CutAsync(ILink link, TimeSpan after)
    {
        await Task.WhenAny(Task.Delay(after, time), link.Closed);
        await link.DisposeAsync();
    }
}
