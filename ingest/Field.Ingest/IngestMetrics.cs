using System.Diagnostics.Metrics;
using Field.Contracts;
using Field.Ingest.Health;

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
    private readonly Counter<long> _uploadsAbandoned;
    private readonly Histogram<double> _scoreSeconds;
    private readonly Histogram<double> _commitSeconds;
    private readonly long[] _totals = new long[Enum.GetValues<UpChannel>().Length];

    public IngestMetrics(IMeterFactory meters, TimeProvider time)
    {
        Commits = new LatencyWindow(time);
        _meter = meters.Create(MeterName);
        _messages = _meter.CreateCounter<long>("field.ingest.messages", "{message}", "Messages taken in, by channel.");
        _duplicates = _meter.CreateCounter<long>("field.ingest.duplicates", "{message}", "Messages that had been stored before, by channel.");
        _refused = _meter.CreateCounter<long>("field.ingest.refused", "{message}", "Messages refused into the dead letters, by code.");
        _lettersRefused = _meter.CreateCounter<long>("field.ingest.deadletters.refused", "{message}", "Refused messages for which the dead letters had no room.");
        _photosStored = _meter.CreateCounter<long>("field.ingest.photos.stored", "{photo}", "Photos stored whole.");
        _photosDone = _meter.CreateCounter<long>("field.ingest.photos.done", "{photo}", "Photos that left the pipeline, by state.");
        _scoreSeconds = _meter.CreateHistogram<double>("field.ingest.score.duration", "s", "Time to score one photo.");
        _commitSeconds = _meter.CreateHistogram<double>("field.ingest.commit.duration", "s", "Time to store one batch of telemetry durably.");
        _uploadsAbandoned = _meter.CreateCounter<long>("field.ingest.uploads.abandoned", "{upload}", "Unfinished uploads removed, by reason.");
    }

    /// <summary>How long commits of telemetry took in the last minute.</summary>
    public LatencyWindow Commits { get; }

    /// <summary>Why the last commit of telemetry failed; null when it did not.</summary>
    public string? CommitProblem { get; private set; }

    /// <summary>Messages taken in on the channel since the start.</summary>
    public long Total(UpChannel channel) => Interlocked.Read(ref _totals[(int)channel]);

    public void Messages(UpChannel channel, int count)
    {
        Interlocked.Add(ref _totals[(int)channel], count);
        _messages.Add(count, Tag("channel", channel.ToString()));
    }

    public void Duplicates(UpChannel channel, int count) => _duplicates.Add(count, Tag("channel", channel.ToString()));

    public void Committed(TimeSpan took)
    {
        CommitProblem = null;
        Commits.Add(took);
        _commitSeconds.Record(took.TotalSeconds);
    }

    public void CommitFailed(string why) => CommitProblem = why;

    public void UploadAbandoned(string reason) => _uploadsAbandoned.Add(1, Tag("reason", reason));

    public void Refused(string code) => _refused.Add(1, Tag("code", code));

    public void LetterRefused() => _lettersRefused.Add(1);

    public void PhotoStored() => _photosStored.Add(1);

    public void PhotoDone(string state) => _photosDone.Add(1, Tag("state", state));

    public void Scored(TimeSpan took) => _scoreSeconds.Record(took.TotalSeconds);

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
