using Field.Contracts;

namespace Field.EdgeAgent.Adapters;

/// <summary>
/// Counts what a foreign device sent and an adapter cannot use, and reports it as <c>adapter-error</c>: at once, then at most once a minute
/// with the count since. The input itself goes nowhere: it may hold a PIN.
/// </summary>
/// <param name="adapter">The adapter's name.</param>
/// <param name="report">Takes an event.</param>
/// <param name="time">The clock.</param>
internal sealed class AdapterFaults(string adapter, Func<FieldEvent, CancellationToken, Task> report, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long? _lastReport;
    private long _untold;
    private long _count;

    /// <summary>Unusable messages since the start.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Counts a message.</summary>
    /// <param name="code">A code of <see cref="ErrorCodes"/>.</param>
    /// <param name="cancellationToken">Gives up reporting.</param>
    public async Task AddAsync(string code, CancellationToken cancellationToken)
    {
        long untold;
        lock (_gate)
        {
            _count++;
            _untold++;
            if (_lastReport is { } last && time.GetElapsedTime(last) < Interval)
            {
                return;
            }

            (untold, _untold, _lastReport) = (_untold, 0, time.GetTimestamp());
        }

        await report(Event(code, untold), cancellationToken);
    }

    private FieldEvent Event(string code, long count) => new("adapter-error", null, WireJson.WriteObject(writer =>
    {
        writer.WriteString("kind", "adapter-error");
        writer.WriteString("adapter", adapter);
        writer.WriteString("code", code);
        writer.WriteNumber("count", count);
    }));
}
