using Field.Contracts;
using Field.EdgeAgent.Outbox;

namespace Field.EdgeAgent.Dji;

/// <summary>
/// Brings what happens at a gateway to Field. Order of safety: an event is acknowledged to DJI after it is in the outbox of every device it
/// concerns; when one of them could not keep it, it is not acknowledged, and the gateway says it again.
/// </summary>
/// <param name="fleet">Which aircraft hang on the gateway.</param>
/// <param name="own">The agent's own device: tells what concerns no aircraft that is there, such as an alarm of a dock with the lid closed.</param>
/// <param name="metrics">Counts.</param>
/// <param name="time">The clock.</param>
internal sealed class DjiEvents(DjiFleet fleet, IOutgoing own, DjiMetrics metrics, TimeProvider time)
{
    /// <summary>The same again is not news within this time: progress comes every second, and an answer that was lost brings the event back.</summary>
    public static readonly TimeSpan SameAgainAfter = TimeSpan.FromSeconds(30);

    /// <summary>Most reports remembered to know the same again.</summary>
    public const int MaxRemembered = 256;

    private readonly Dictionary<string, long> _told = new(StringComparer.Ordinal);

    /// <summary>Takes an event; null when it must not be acknowledged.</summary>
    public async Task<DjiAnswer?> TakeAsync(string gateway, DjiMessage message, JsonChecker json, CancellationToken cancellationToken)
    {
        IReadOnlyList<IOutgoing>? under = fleet.Under(gateway);
        DjiReport? report = new DjiEventReader(json, under is null ? gateway : null).Read(message);
        if (json.Errors.Count > 0)
        {
            return null;
        }

        string sameness = $"{gateway} {message.Method} {report?.Sameness}";
        bool isRepeated = report?.Sameness is not null && _told.TryGetValue(sameness, out long last) && time.GetElapsedTime(last) < SameAgainAfter;
        if (report is null || isRepeated || under is { Count: 0 })
        {
            metrics.Event(message.Method, isRepeated ? "repeated" : "ignored");
            return DjiAnswer.Of(DjiAnswer.Ok);
        }

        DateTimeOffset at = message.SentAt(time.GetUtcNow());
        bool isKept = true;
        foreach (IOutgoing outgoing in under ?? [own])
        {
            isKept &= await outgoing.EventAsync(report.Event, at, isReport: false, cancellationToken);
        }

        metrics.Event(message.Method, isKept ? "reported" : "lost");
        if (isKept && report.Sameness is not null)
        {
            Remember(sameness);
        }

        return isKept ? DjiAnswer.Of(DjiAnswer.Ok) : null;
    }

    private void Remember(string sameness)
    {
        if (_told.Count >= MaxRemembered)
        {
            _told.Remove(_told.MinBy(t => t.Value).Key);
        }

        _told[sameness] = time.GetTimestamp();
    }
}
