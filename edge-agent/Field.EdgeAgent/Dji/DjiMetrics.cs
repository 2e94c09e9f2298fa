using System.Diagnostics.Metrics;

namespace Field.EdgeAgent.Dji;

/// <summary>What the DJI adapter counts. Method names come from the network: those that are not known count as <c>other</c>.</summary>
internal sealed class DjiMetrics : IDisposable
{
    private readonly Meter _meter = new("Field.EdgeAgent.Dji");
    private readonly Counter<long> _events;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _commands;

    /// <summary>Creates the instruments.</summary>
    public DjiMetrics()
    {
        _events = _meter.CreateCounter<long>("field.dji.events", "{event}", "Events, by method and by what became of them: reported, repeated, ignored, lost.");
        _requests = _meter.CreateCounter<long>("field.dji.requests", "{request}", "Requests, by method and by whether they were answered or refused.");
        _commands = _meter.CreateCounter<long>("field.dji.commands", "{command}", "Commands answered, by outcome.");
    }

    /// <summary>An event came.</summary>
    public void Event(string? method, string outcome) =>
        _events.Add(1, new("method", DjiEventReader.Knows(method) ? method : "other"), new("outcome", outcome));

    /// <summary>A request came.</summary>
    public void Request(string? method, bool isRefused) =>
        _requests.Add(1, new("method", DjiRequests.Knows(method) ? method : "other"), new("outcome", isRefused ? "refused" : "answered"));

    /// <summary>A command was answered.</summary>
    public void Answer(string outcome) => _commands.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
