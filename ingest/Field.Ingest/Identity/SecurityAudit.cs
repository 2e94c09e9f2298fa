using System.Diagnostics.Metrics;
using Field.Store.Audit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Field.Ingest.Identity;

/// <summary>
/// Counts every refusal (meter <c>Field.Security</c>) and brings it into the audit log without letting an attacker fill the disk.
/// <para>
/// The bound: the first refusal of its kind (what, who, from where, why) within a minute is written at once, as long as the minute's
/// allowance lasts: a burst of 100, then 10 a minute. Repetitions are counted and written as one line at the end of the minute; what
/// the allowance does not cover is counted in one line for all. So no more than 21 lines a minute in the long run, each under 2 KiB,
/// in practice 400 bytes: 12 MB a day. What was done on purpose (enrol, revoke, renew) is always written, before it is answered.
/// </para>
/// </summary>
public sealed class SecurityAudit : BackgroundService
{
    private const int Burst = 100;
    private const int LinesPerWindow = 10;

    /// <summary>How long repetitions are counted together.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly AuditLog _log;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Meter _meter;
    private readonly Counter<long> _refused;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string, string, string?, string?), Repeated> _window = [];
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SemaphoreSlim _wake = new(0);
    private List<AuditEntry> _waiting = [];
    private long _windowEnds;
    private int _allowance = Burst;
    private long _others;

    /// <summary>Creates it over a log.</summary>
    public SecurityAudit(AuditLog log, IMeterFactory meters, TimeProvider time, ILogger<SecurityAudit> logger)
    {
        ArgumentNullException.ThrowIfNull(meters);
        ArgumentNullException.ThrowIfNull(time);
        (_log, _time, _logger) = (log, time, logger);
        _meter = meters.Create("Field.Security");
        _refused = _meter.CreateCounter<long>("field.security.refused", "{attempt}", "Attempts refused, by what was tried.");
        _windowEnds = NextWindow();
    }

    /// <summary>Writes what was done; durable when this returns.</summary>
    /// <exception cref="FieldException">The log cannot be written: what was to be recorded must not be done.</exception>
    public Task RecordAsync(AuditEntry entry, CancellationToken cancellationToken) => _log.AppendAsync([entry], cancellationToken);

    /// <summary>Takes a refusal: counted at once, written soon. Does not block; safe from any thread.</summary>
    /// <param name="what">What was tried, such as <c>mqtt.publish</c> or <c>lock.pin</c>: a fixed word, for it names a metric.</param>
    /// <param name="who">Who: <c>device:SITE/DEVICE</c>, <c>user:NAME</c> or <c>anonymous</c>.</param>
    /// <param name="from">The remote address, or null.</param>
    /// <param name="on">What it was tried on.</param>
    /// <param name="detail">Why it was refused; never a secret.</param>
    /// <param name="attempts">How many this stands for, when who tells of it has counted them.</param>
    /// <param name="code">Why, as a fixed word, or null.</param>
    public void Refused(string what, string who, string? from, string on, string detail, long attempts = 1, string? code = null)
    {
        _refused.Add(attempts, new KeyValuePair<string, object?>("what", what));
        lock (_gate)
        {
            CloseWindow();
            AuditEntry entry = new(what, who, on, "refused") { From = from, Code = code, Detail = detail, Count = attempts };
            if (_window.TryGetValue((what, who, from, detail), out Repeated? repeated))
            {
                repeated.Again += attempts;
            }
            else if (_allowance > 0)
            {
                _allowance--;
                _window.Add((what, who, from, detail), new(entry));
                _waiting.Add(entry);
                _wake.Release();
            }
            else
            {
                _others += attempts;
            }
        }
    }

    /// <summary>Writes what waits, repetitions too; for the stop, and for tests.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Summarise();
        }

        await WriteWaitingAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await FlushAsync(CancellationToken.None).ConfigureAwait(false); // also when the others took all the time that a stop has: it is a line in a file
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _meter.Dispose();
        _wake.Dispose();
        _writing.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Window, _time);
        Task<bool> tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
        Task woken = _wake.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAny(tick, woken).ConfigureAwait(false);
            if (tick.IsCompleted)
            {
                lock (_gate)
                {
                    CloseWindow();
                }

                tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
            }

            if (woken.IsCompleted)
            {
                woken = _wake.WaitAsync(stoppingToken);
            }

            await WriteWaitingAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task WriteWaitingAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            List<AuditEntry> entries;
            lock (_gate)
            {
                (entries, _waiting) = (_waiting, []);
            }

            if (entries.Count > 0)
            {
                await _log.AppendAsync(entries, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (FieldException e)
        {
            _logger.AuditFailed(e); // counted all the same; a disk that is full must not stop the devices that are allowed
        }
        finally
        {
            _writing.Release();
        }
    }

    private void CloseWindow()
    {
        long now = _time.GetTimestamp();
        if (now >= _windowEnds)
        {
            Summarise();
            long windows = 1 + ((now - _windowEnds) / (long)(Window.TotalSeconds * _time.TimestampFrequency));
            _allowance = (int)Math.Min(Burst, _allowance + (LinesPerWindow * windows));
            _windowEnds = NextWindow();
        }
    }

    private void Summarise()
    {
        _waiting.AddRange(_window.Values.Where(r => r.Again > 0).Select(r => r.First with { Count = r.Again, Detail = $"{r.First.Detail}; again, within a minute" }));
        if (_others > 0)
        {
            _waiting.Add(new("refusals", "various", "various", "refused") { Count = _others, Detail = "above the allowance of the audit log; the metrics count them by kind" });
        }

        _others = 0;
        _window.Clear();
        if (_waiting.Count > 0)
        {
            _wake.Release();
        }
    }

    private long NextWindow() => _time.GetTimestamp() + (long)(Window.TotalSeconds * _time.TimestampFrequency);

    private sealed class Repeated(AuditEntry first)
    {
        public AuditEntry First { get; } = first;

        public long Again { get; set; }
    }
}
