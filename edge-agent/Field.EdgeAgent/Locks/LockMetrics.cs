using System.Diagnostics.Metrics;

namespace Field.EdgeAgent.Locks;

/// <summary>What a lock counts.</summary>
internal sealed class LockMetrics : IDisposable
{
    private readonly Meter _meter = new("Field.EdgeAgent.Lock");
    private readonly Counter<long> _events;
    private readonly Counter<long> _answers;

    /// <summary>Creates the instruments.</summary>
    public LockMetrics()
    {
        _events = _meter.CreateCounter<long>("field.lock.events", "{event}", "Events, by kind and by reason or causer.");
        _answers = _meter.CreateCounter<long>("field.lock.commands", "{command}", "Commands answered, by outcome.");
    }

    /// <summary>An event happened.</summary>
    public void Event(string kind, string? detail) => _events.Add(1, new("kind", kind), new("detail", detail ?? ""));

    /// <summary>A command was answered.</summary>
    public void Answer(string outcome) => _answers.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
