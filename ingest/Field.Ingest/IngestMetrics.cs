using System.Diagnostics.Metrics;

namespace Field.Ingest;

/// <summary>Counters of meter <c>Field.Ingest</c>.</summary>
internal sealed class IngestMetrics : IDisposable
{
    public const string MeterName = "Field.Ingest";

    private readonly Meter _meter;
    private readonly Counter<long> _messages;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _lettersRefused;
    private readonly Counter<long> _photosStored;
    private readonly Counter<long> _photosDone;
    private readonly Histogram<double> _scoreSeconds;

    public IngestMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _messages = _meter.CreateCounter<long>("field.ingest.messages", "{message}", "Messages taken in, by channel.");
        _duplicates = _meter.CreateCounter<long>("field.ingest.duplicates", "{message}", "Messages that had been stored before, by channel.");
        _refused = _meter.CreateCounter<long>("field.ingest.refused", "{message}", "Messages refused into the dead letters, by code.");
        _lettersRefused = _meter.CreateCounter<long>("field.ingest.deadletters.refused", "{message}", "Refused messages for which the dead letters had no room.");
        _photosStored = _meter.CreateCounter<long>("field.ingest.photos.stored", "{photo}", "Photos stored whole.");
        _photosDone = _meter.CreateCounter<long>("field.ingest.photos.done", "{photo}", "Photos that left the pipeline, by state.");
        _scoreSeconds = _meter.CreateHistogram<double>("field.ingest.score.duration", "s", "Time to score one photo.");
    }

    public void Messages(string channel, int count) => _messages.Add(count, Tag("channel", channel));

    public void Duplicates(string channel, int count) => _duplicates.Add(count, Tag("channel", channel));

    public void Refused(string code) => _refused.Add(1, Tag("code", code));

    public void LetterRefused() => _lettersRefused.Add(1);

    public void PhotoStored() => _photosStored.Add(1);

    public void PhotoDone(string state) => _photosDone.Add(1, Tag("state", state));

    public void Scored(TimeSpan took) => _scoreSeconds.Record(took.TotalSeconds);

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
