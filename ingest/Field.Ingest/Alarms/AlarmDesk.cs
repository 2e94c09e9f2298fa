using System.Threading.Channels;
using Field.Contracts;
using Field.Ingest.External;
using Field.Store;
using Field.Store.Audit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Field.Ingest.Alarms;

/// <summary>
/// The alarms: evaluates what was stored, keeps what it raises, tells the maps.
/// <para>
/// Why none is lost or raised twice: evaluation is in memory, after the store and before the acknowledgement, and waits for nothing; one
/// loop writes what changed. What a crash takes from that loop is found again at the next start, which evaluates the last stored
/// data of each device anew (<see cref="CatchUpAsync"/>). An alarm's id is made of rule, device and the time of the data, and it is
/// inserted only when it is new; what was open is known again before the first message comes.
/// </para>
/// </summary>
internal sealed class AlarmDesk : BackgroundService
{
    private const int QueueLength = 4096;
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private readonly Channel<Work> _queue = Channel.CreateBounded<Work>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly AlarmEngine _engine;
    private readonly AlarmCatchUp _catchUp;
    private readonly FieldStores _stores;
    private readonly LiveUpdates _live;
    private readonly ExternalBroker? _external;
    private readonly AuditLog? _audit;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _startedAt;
    private volatile bool _isLoaded;

    public AlarmDesk(
        IReadOnlyList<AlarmRule> rules, IngestOptions options, FieldStores stores, LiveUpdates live, ExternalBroker? external, AuditLog? audit, TimeProvider time, ILogger<AlarmDesk> log)
    {
        (_stores, _live, _external, _audit, _time, _log) = (stores, live, external, audit, time, log);
        _engine = new AlarmEngine(rules, change => _queue.Writer.TryWrite(new Work(change, null)), time);
        _catchUp = new AlarmCatchUp(_engine, stores, options.Site);
    }

    /// <summary>Completes when what was stored before the start is evaluated.</summary>
    public Task CaughtUp => _caughtUp.Task;

    /// <summary>A pack was stored.</summary>
    public void Observe(string device, SenMLPack pack)
    {
        if (_isLoaded)
        {
            _engine.Observe(device, pack);
        }
    }

    /// <summary>An event was stored.</summary>
    public void Observe(Feature happened)
    {
        if (_isLoaded)
        {
            _engine.Observe(happened.Text("device")!, happened.Text("kind")!, happened.Time("time")!.Value);
        }
    }

    /// <summary>The registry knows something new of a device.</summary>
    public void ObserveDevice(Feature device)
    {
        if (_isLoaded)
        {
            _engine.Observe(device);
        }
    }

    /// <summary>Any message proves that the device lives.</summary>
    public void Heard(string device)
    {
        if (_isLoaded)
        {
            _engine.Heard(device);
        }
    }

    /// <summary>The device counts its messages anew.</summary>
    public void SequenceReset(string device)
    {
        if (_isLoaded)
        {
            _engine.SequenceReset(device);
        }
    }

    /// <summary>The device's clock is off by so many seconds that its times are corrected, or (0) it is right.</summary>
    public void ClockSkew(string device, long offsetS)
    {
        if (_isLoaded)
        {
            _engine.ClockSkew(device, offsetS);
        }
    }

    /// <summary>Looks at the clock; once a second by itself.</summary>
    public void Tick() => _engine.Tick(_external is null ? _startedAt : _external.ConnectedSince);

    /// <summary>Notes who has taken note of an alarm; false when there is none.</summary>
    public async Task<bool> AcknowledgeAsync(string alarmId, string who, string? note, CancellationToken cancellationToken)
    {
        Acknowledgement acknowledgement = new(alarmId, who, note, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        await _queue.Writer.WriteAsync(new Work(null, acknowledgement), cancellationToken).ConfigureAwait(false);
        return await acknowledgement.Done.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Knows the open alarms again; then the host goes on and messages may come.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _startedAt = _time.GetUtcNow();
        foreach (Feature orphan in await _catchUp.RestoreAsync(cancellationToken).ConfigureAwait(false))
        {
            await StoreAsync(new FeatureWrite(AlarmRow.Cleared(orphan, _startedAt)), cancellationToken).ConfigureAwait(false);
        }

        _isLoaded = true;
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(WriteAsync(stoppingToken), WatchClockAsync(stoppingToken), CatchUpAsync(stoppingToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What waits in the queue is found again at the next start.
        }
    }

    private async Task WatchClockAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(TickInterval, _time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            Tick();
        }
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _catchUp.EvaluateAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (FieldException e)
        {
            _log.AlarmCatchUpFailed(e);
        }

        _caughtUp.TrySetResult();
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        await foreach (Work work in _queue.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            while (!await TryAsync(work, cancellationToken).ConfigureAwait(false))
            {
                await Task.Delay(RetryDelay, _time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>False when it must be tried again.</summary>
    private async Task<bool> TryAsync(Work work, CancellationToken cancellationToken)
    {
        try
        {
            await (work.Change is { } change ? ApplyAsync(change, cancellationToken) : ApplyAsync(work.Acknowledgement!, cancellationToken)).ConfigureAwait(false);
            return true;
        }
        catch (FieldException e)
        {
            _log.AlarmNotStored(e);
            work.Acknowledgement?.Done.TrySetException(e);
            return work.Acknowledgement is not null || !e.IsTransient;
        }
    }

    private async Task ApplyAsync(AlarmChange change, CancellationToken cancellationToken)
    {
        if (change.IsRaised)
        {
            Feature? device = await _stores.Features.FindAsync(FieldTables.Devices, change.Device, cancellationToken).ConfigureAwait(false);
            Feature row = AlarmRow.Raised(change, device?.Geometry);
            if (await StoreAsync(new FeatureWrite(row, WriteMode.InsertNew), cancellationToken).ConfigureAwait(false))
            {
                _log.AlarmRaised(row.Id, change.Rule.Id, change.Device, row.Text("messageEn")!);
            }
        }
        else if (await FindAsync(change.AlarmId, cancellationToken).ConfigureAwait(false) is { } alarm && alarm.Text("state") == AlarmRow.StateRaised)
        {
            await StoreAsync(new FeatureWrite(AlarmRow.Cleared(alarm, change.At)), cancellationToken).ConfigureAwait(false);
            _log.AlarmCleared(alarm.Id, change.Rule.Id, change.Device);
        }
    }

    private async Task ApplyAsync(Acknowledgement acknowledgement, CancellationToken cancellationToken)
    {
        Feature? alarm = await FindAsync(acknowledgement.AlarmId, cancellationToken).ConfigureAwait(false);
        if (alarm is not null && alarm.Time("acknowledgedAt") is null)
        {
            if (_audit is { } audit)
            {
                AuditEntry entry = new("alarm.acknowledge", $"user:{acknowledgement.Who}", alarm.Id, "done") { Detail = acknowledgement.Note };
                await audit.AppendAsync([entry], cancellationToken).ConfigureAwait(false); // first: nothing goes unrecorded
            }

            DateTimeOffset now = _time.GetUtcNow();
            Feature known = alarm.With(("acknowledgedAt", now), ("acknowledgedBy", acknowledgement.Who), ("acknowledgeNote", acknowledgement.Note));
            AlarmWatch? watch = _engine.Watches(alarm.Text("device")!).FirstOrDefault(w => w.Rule.Id == alarm.Text("rule"));
            bool ends = watch?.Rule is EventRule { ClearKinds.Count: 0 } && alarm.Text("state") == AlarmRow.StateRaised;
            await StoreAsync(new FeatureWrite(ends ? AlarmRow.Cleared(known, now) : known), cancellationToken).ConfigureAwait(false);
            if (ends)
            {
                watch!.End(alarm.Id);
            }

            _log.AlarmAcknowledged(alarm.Id, acknowledgement.Who);
        }

        acknowledgement.Done.TrySetResult(alarm is not null);
    }

    private Task<Feature?> FindAsync(string alarmId, CancellationToken cancellationToken) =>
        _stores.Features.FindAsync(FieldTables.Alarms, alarmId, cancellationToken);

    private async Task<bool> StoreAsync(FeatureWrite write, CancellationToken cancellationToken)
    {
        IReadOnlyList<Feature?> written = await _stores.Features.WriteAsync([write], cancellationToken).ConfigureAwait(false);
        await _live.PublishAsync(written.OfType<Feature>(), cancellationToken).ConfigureAwait(false);
        return written[0] is not null;
    }

    /// <summary>One of the two.</summary>
    private sealed record Work(AlarmChange? Change, Acknowledgement? Acknowledgement);

    private sealed record Acknowledgement(string AlarmId, string Who, string? Note, TaskCompletionSource<bool> Done);
}
