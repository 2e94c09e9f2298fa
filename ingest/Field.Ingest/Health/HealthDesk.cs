using System.Globalization;
using System.Text.Json;
using Field.Broker;
using Field.Contracts;
using Field.Ingest.External;
using Field.Ingest.Identity;
using Field.Ingest.Photos;
using Field.Store;
using Field.Store.Audit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Field.Ingest.Health;

/// <summary>
/// Looks every second at what can go wrong, and publishes the whole picture every ten seconds, or at once when the state changes: retained on
/// <c>live/health</c>, and for <c>GET /healthz</c>. What costs a query over rows is counted every ten seconds, the audit log checked every hour.
/// </summary>
public sealed class HealthDesk : BackgroundService
{
    private const double FullShare = 0.8;
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TellInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AuditInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(30);
    private static readonly UpChannel[] Channels = Enum.GetValues<UpChannel>();
    private static readonly string[] ChannelNames = ["telemetry", "event", "status", "manifest", "chunk"];

    private readonly IngestOptions _options;
    private readonly FieldStores _stores;
    private readonly DeadLetterStore _letters;
    private readonly IncomingFolder _incoming;
    private readonly IngestMetrics _metrics;
    private readonly DeviceClocks _clocks;
    private readonly IMessageSink _sink;
    private readonly IServiceProvider _services;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly long[] _counted = new long[Channels.Length];
    private readonly string _topic;
    private HealthCounts _counts = new(Empty, Empty, Empty, 0);
    private AuditReport _audit = new(0, "", null);
    private double[] _rates = new double[Channels.Length];
    private DateTimeOffset _toldAt = DateTimeOffset.MinValue;
    private DateTimeOffset _auditedAt = DateTimeOffset.MinValue;
    private string? _storeProblem;
    private volatile HealthRecord? _latest;

    internal HealthDesk(
        IngestOptions options, FieldStores stores, DeadLetterStore letters, IncomingFolder incoming, IngestMetrics metrics, DeviceClocks clocks, IMessageSink sink,
        IServiceProvider services, TimeProvider time, ILogger<HealthDesk> log)
    {
        (_options, _stores, _letters, _incoming, _metrics, _clocks, _sink, _services, _time, _log) =
            (options, stores, letters, incoming, metrics, clocks, sink, services, time, log);
        _topic = Topics.Health(options.Site);
    }

    private static IReadOnlyDictionary<string, long> Empty { get; } = new Dictionary<string, long>();

    /// <summary>Writes the newest record as JSON.</summary>
    /// <returns>True when what devices send can be taken in; false when not, or when nobody looked for half a minute.</returns>
    public bool Write(Stream output)
    {
        using Utf8JsonWriter writer = new(output, WireJson.WriterOptions);
        if (_latest is not { } latest || _time.GetUtcNow() - latest.At > StaleAfter)
        {
            writer.WriteStartObject();
            writer.WriteString("status", "failing");
            writer.WriteString("detail", _latest is null ? "starting" : "the last look is too long ago");
            writer.WriteEndObject();
            return false;
        }

        latest.Write(writer);
        return latest.Status != "failing";
    }

    /// <summary>One look; publishes when it is time to, or when the state changed.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        bool isTime = now - _toldAt >= TellInterval;
        _storeProblem = isTime ? await CountAsync(now, cancellationToken).ConfigureAwait(false) : _storeProblem;
        HealthRecord record = await RecordAsync(now, _storeProblem, cancellationToken).ConfigureAwait(false);
        bool isChanged = _latest is null || !record.HasSameState(_latest);
        if (isChanged)
        {
            _log.HealthChanged(record.Status, string.Join("; ", record.Reasons.Select(r => $"{r.Code}: {r.Detail}")));
        }

        _latest = record;
        if (isTime || isChanged)
        {
            _toldAt = now;
            string id = string.Create(CultureInfo.InvariantCulture, $"health:{now.UtcTicks:x}");
            byte[] payload = Envelope.FromServer(_options.Site, EventTypes.Live("health"), null, now, id).Write(record.Write);
            await TellAsync(payload, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(LookInterval, _time);
        try
        {
            do
            {
                await LookAsync(stoppingToken).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The retained record stays: its time says how old it is.
        }
    }

    private async Task TellAsync(byte[] payload, CancellationToken cancellationToken)
    {
        try
        {
            await _sink.RetainAsync(_topic, payload, 0, cancellationToken).ConfigureAwait(false);
        }
        catch (FieldException e)
        {
            _log.PublishFailed(e, _topic);
        }
    }

    /// <summary>Counts rows and messages anew; null, or why the stores could not be read.</summary>
    private async Task<string?> CountAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        double seconds = (now - _toldAt).TotalSeconds;
        double[] rates = new double[Channels.Length];
        for (int i = 0; i < Channels.Length; i++)
        {
            long total = _metrics.Total(Channels[i]);
            rates[i] = _toldAt == DateTimeOffset.MinValue ? 0 : (total - _counted[i]) / seconds;
            _counted[i] = total;
        }

        _rates = rates;
        if (now - _auditedAt >= AuditInterval)
        {
            _auditedAt = now;
            _audit = await Task.Run(() => AuditLog.Verify(IdentityOptions.AuditFolderOf(_options.DataDirectory)), cancellationToken).ConfigureAwait(false);
        }

        try
        {
            IFeatureStore features = _stores.Features;
            (string, string) raised = ("state", Alarms.AlarmRow.StateRaised);
            IReadOnlyDictionary<string, long> photos = await features.CountByAsync(FieldTables.Photos, "state", ("state", PhotoRow.StateStored), cancellationToken).ConfigureAwait(false);
            _counts = new HealthCounts(
                await features.CountByAsync(FieldTables.Devices, "state", null, cancellationToken).ConfigureAwait(false),
                await features.CountByAsync(FieldTables.Alarms, "severity", raised, cancellationToken).ConfigureAwait(false),
                await features.CountByAsync(FieldTables.Alarms, "kind", raised, cancellationToken).ConfigureAwait(false),
                photos.Values.Sum());
            return null;
        }
        catch (FieldException e)
        {
            return e.Message;
        }
    }

    private async Task<HealthRecord> RecordAsync(DateTimeOffset now, string? storeProblem, CancellationToken cancellationToken)
    {
        DeadLetterStatus letters = new(0, 0, _options.MaxDeadLetterBytes, 0);
        try
        {
            letters = await _letters.StatusAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (FieldException e)
        {
            storeProblem ??= e.Message;
        }

        long free = new DriveInfo(Path.GetFullPath(_options.DataDirectory)).AvailableFreeSpace;
        return new HealthRecord
        {
            At = now,
            Reasons = [.. Reasons(free, letters, storeProblem)],
            Version = typeof(HealthDesk).Assembly.GetName().Version!.ToString(3),
            Connections = _services.GetService<MqttBroker>()?.ConnectionCount,
            MessagesPerSecond = [.. ChannelNames.Zip(_rates, KeyValuePair.Create)],
            CommitP50 = _metrics.Commits.Percentile(0.5),
            CommitP99 = _metrics.Commits.Percentile(0.99),
            FreeDiskBytes = free,
            MinFreeDiskBytes = _options.MinFreeDiskBytes,
            DeadLetters = letters,
            Uploads = (_incoming.Count, _incoming.SizeBytes, _options.MaxIncomingBytes, _incoming.Abandoned),
            Counts = _counts,
            SkewedDevices = _clocks.SkewedCount,
            AuditProblem = _audit.Problem,
            AuditEntries = _audit.Entries,
        };
    }

    private IEnumerable<HealthReason> Reasons(long freeDiskBytes, DeadLetterStatus letters, string? storeProblem)
    {
        if (_metrics.CommitProblem is { } commit)
        {
            yield return new("store-failing", true, commit);
        }
        else if (storeProblem is not null)
        {
            yield return new("store-failing", true, storeProblem);
        }

        if (freeDiskBytes < _options.MinFreeDiskBytes)
        {
            yield return new("disk-low", freeDiskBytes < _options.MinFreeDiskBytes / 10, $"{freeDiskBytes >> 20} MiB are free, {_options.MinFreeDiskBytes >> 20} MiB should be");
        }

        if (_services.GetService<ExternalBroker>() is { IsConnected: false })
        {
            yield return new("broker-lost", true, "the broker of the devices is not connected");
        }

        if (letters.SizeBytes >= FullShare * letters.MaxSizeBytes)
        {
            yield return new("dead-letters-full", false, $"the dead letters fill {100 * letters.SizeBytes / letters.MaxSizeBytes} % of their limit");
        }

        if (_incoming.SizeBytes >= FullShare * _options.MaxIncomingBytes)
        {
            yield return new("uploads-full", false, $"unfinished uploads fill {100 * _incoming.SizeBytes / _options.MaxIncomingBytes} % of their limit");
        }

        if (_counts.ScoringQueue > _options.LongScoringQueue)
        {
            yield return new("scoring-behind", false, $"{_counts.ScoringQueue} photos wait for their score");
        }

        if (_audit.Problem is { } problem)
        {
            yield return new("audit-broken", false, problem);
        }
    }
}
