using System.Text;
using Field.Bench.Figures;
using Field.Contracts;
using Field.EdgeAgent.Outbox;
using Field.Harness;

namespace Field.Bench.Faults;

/// <summary>The samples that simulated devices have on durable storage, read from their outboxes' files while no agent runs.</summary>
/// <param name="outboxes">The folder with an outbox for each device.</param>
internal sealed class DurableSamples(string outboxes)
{
    private readonly Dictionary<string, long> _read = [];
    private readonly Dictionary<string, Dictionary<Measurement, int>> _samples = [];

    /// <summary>Measurements found so far.</summary>
    public long Count => _samples.Values.Sum(d => d.Values.Sum(n => (long)n));

    /// <summary>Reads what is new. What the server has confirmed is deleted a file at a time, so this is asked after every run of the agent.</summary>
    public void Read()
    {
        foreach (string folder in Directory.Exists(outboxes) ? Directory.GetDirectories(outboxes) : [])
        {
            string log = Path.Combine(folder, "messages", "samples");
            if (Directory.Exists(log))
            {
                Read(Path.GetFileName(folder), [.. Directory.GetFiles(log, "*.log").Order(StringComparer.Ordinal)]);
            }
        }
    }

    /// <summary>Compares with what a data folder holds, and adds the figures. No server may run on it.</summary>
    public async Task AddAsync(FigureSheet sheet, string dataFolder, string subject)
    {
        long lost = 0, twice = 0, unknown = 0;
        await using StoredTelemetry store = StoredTelemetry.Open(dataFolder);
        foreach ((string device, Dictionary<Measurement, int> kept) in _samples)
        {
            Dictionary<Measurement, int> left = new(kept);
            foreach (string quantity in kept.Keys.Select(m => m.Name.Split('/')[^1]).Distinct().ToArray())
            {
                await foreach (Measurement m in store.ReadAsync(device, quantity))
                {
                    if (!left.TryGetValue(m, out int owed))
                    {
                        unknown++;
                        continue;
                    }

                    twice += owed == 0 ? 1 : 0;
                    left[m] = Math.Max(0, owed - 1);
                }
            }

            lost += left.Values.Sum(n => (long)n);
        }

        sheet.Add(new Figure($"{subject}samples durable on their devices", Count, "samples"));
        sheet.Add(new Figure($"{subject}samples lost", lost, "samples") { Target = Target.Exactly(0) });
        sheet.Add(new Figure($"{subject}samples stored twice", twice, "samples") { Target = Target.Exactly(0) });
        sheet.Add(new Figure($"{subject}samples stored that no device kept", unknown, "samples") { Target = Target.Exactly(0) });
    }

    private void Read(string device, string[] files)
    {
        long[] firsts = [.. files.Select(f => long.Parse(Path.GetFileNameWithoutExtension(f), System.Globalization.CultureInfo.InvariantCulture))];
        for (int i = 0; i < files.Length; i++)
        {
            // A file counts only up to the ordinal at which the next one begins.
            long end = i + 1 < files.Length ? firsts[i + 1] : long.MaxValue;
            using JournalReader? reader = JournalReader.Open(files[i], SegmentLog.Magic);
            for (long ordinal = firsts[i]; ordinal < end && reader?.Read() is { } record; ordinal++)
            {
                if (ordinal >= _read.GetValueOrDefault(device))
                {
                    _read[device] = ordinal + 1;
                    Add(device, SampleRecord.Read(record).Json);
                }
            }
        }
    }

    private void Add(string device, ReadOnlyMemory<byte> json)
    {
        byte[] pack = Encoding.UTF8.GetBytes($"[{{\"bn\":\"{device}/\"}},{Encoding.UTF8.GetString(json.Span)}]");
        Parsed<SenMLPack> parsed = SenMLPack.Parse(pack, DateTimeOffset.UnixEpoch);
        Dictionary<Measurement, int> samples = _samples.TryGetValue(device, out Dictionary<Measurement, int>? known) ? known : _samples[device] = [];
        foreach (Measurement parts in parsed.Value?.Measurements ?? throw new HarnessException($"a sample of {device} is no SenML: {parsed.Errors[0]}"))
        {
            // The store keeps whole microseconds.
            Measurement m = parts with { Time = parts.Time.AddTicks(-(parts.Time.Ticks % TimeSpan.TicksPerMicrosecond)) };
            samples[m] = samples.GetValueOrDefault(m) + 1;
        }
    }
}
