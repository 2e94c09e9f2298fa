using Field.Contracts;
using Field.Ingest.Alarms;
using Field.Ingest.External;
using Field.Store;

namespace Field.Ingest;

/// <summary>How headquarters takes in what devices send.</summary>
public sealed record IngestOptions
{
    /// <summary>The site that this server serves; messages of other sites are refused. Form of SPEC.md section 1.</summary>
    public required string Site { get; init; }

    /// <summary>Folder for photos on their way, dead letters, and the stores when <see cref="Stores"/> is not given. Created when absent.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Paths of the model cards (NAME.json) that photos are scored with, from 1. Which of them looks at a photo is said in SPEC.md section 14.</summary>
    public required IReadOnlyList<string> ModelCardPaths { get; init; }

    /// <summary>True scores every photo with every model, whatever asset is near; false by default.</summary>
    public bool RunAllModels { get; init; }

    /// <summary>Where the stores lie; null for files under <see cref="DataDirectory"/>.</summary>
    public StoreUris? Stores { get; init; }

    /// <summary>The file of alarm rules; null (the default) takes <c>alarms.json</c> of <see cref="DataDirectory"/> when it is there. SPEC.md section 8.</summary>
    public string? AlarmRulesPath { get; init; }

    /// <summary>The broker through which the devices speak, or null when they speak to the broker of this process.</summary>
    public ExternalBrokerOptions? ExternalBroker { get; init; }

    /// <summary>Height above ground to assume for photos that tell none, metres; 100 by default, 1 to 10,000.</summary>
    public double AssumedHeightM { get; init; } = 100;

    /// <summary>Elevation of the ground in the datum of GPS altitudes, metres; null (the default) when not known; -1,000 to 10,000.</summary>
    public double? GroundElevationM { get; init; }

    /// <summary>Photos whose part files are kept open between chunks; 64 by default, 1 to 10,000. Above it the least recent is closed.</summary>
    public int MaxOpenPhotos { get; init; } = 64;

    /// <summary>Most bytes of dead letters; 1 GiB by default, from 1 MiB. When reached, further ones are refused and counted.</summary>
    public long MaxDeadLetterBytes { get; init; } = 1L << 30;

    /// <summary>How often scoring a photo is tried before it is given up as unreadable; 3 by default, 1 to 100.</summary>
    public int MaxScoringAttempts { get; init; } = 3;

    /// <summary>Pause after a failed attempt, four times as long after each further one; 10 s by default, 0 to 1 hour.</summary>
    public TimeSpan ScoringRetryDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most bytes of unfinished uploads; 50 GiB by default, from 1 MiB. Above it the one whose last progress is oldest goes. SPEC.md section 6.</summary>
    public long MaxIncomingBytes { get; init; } = 50L << 30;

    /// <summary>How long an upload may make no progress before it is removed; 30 days by default, 1 hour to 1,000 days.</summary>
    public TimeSpan MaxIncomingAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Free space on the disk of <see cref="DataDirectory"/> below which health is degraded, below a tenth of it failing; 2 GiB by default, from 0.</summary>
    public long MinFreeDiskBytes { get; init; } = 2L << 30;

    /// <summary>Photos waiting for their score above which health is degraded; 1,000 by default, from 1.</summary>
    public int LongScoringQueue { get; init; } = 1000;

    /// <summary>How far a device's clock may be off before its times are corrected; 2 minutes by default, 5 s to 1 day. SPEC.md section 3.</summary>
    public TimeSpan ClockSkewThreshold { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How far a finding may lie from the bridge, levee or road it is linked to; 30 m by default, 1 to 1,000.</summary>
    public double AssetLimitM { get; init; } = DefaultAssetLimitM;

    /// <summary>Days after a booking's end for which who booked is kept; 30 by default, 1 to 3,650. Then name, contact and purpose are deleted.</summary>
    public int BookingRetentionDays { get; init; } = 30;

    /// <summary>Default of <see cref="AssetLimitM"/>.</summary>
    public const double DefaultAssetLimitM = 30;

    /// <summary>The stores that are used.</summary>
    internal StoreUris EffectiveStores => Stores ?? StoreUris.Under(DataDirectory);

    /// <summary>The rule file to read, or null when there is none.</summary>
    internal string? EffectiveAlarmRulesPath => AlarmRulesPath
        ?? (File.Exists(Path.Combine(DataDirectory, "alarms.json")) ? Path.Combine(DataDirectory, "alarms.json") : null);

    /// <summary>Everything that is wrong with the options; empty when they are usable.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [];
        void Check(bool isGood, string error)
        {
            if (!isGood)
            {
                errors.Add(error);
            }
        }

        Check(Ids.IsSite(Site), $"Site: '{Site}' must be 1 to 32 of a-z, 0-9 and -, not starting with -");
        Check(!string.IsNullOrWhiteSpace(DataDirectory), "DataDirectory: name a folder");
        Check(ModelCardPaths.Count > 0, "ModelCardPaths: name at least one model card");
        errors.AddRange(ModelCardPaths.Where(p => !File.Exists(p)).Select(p => $"ModelCardPaths: there is no model card {p}"));
        Check(
            ModelCardPaths.Select(Path.GetFileNameWithoutExtension).Distinct(StringComparer.Ordinal).Count() == ModelCardPaths.Count,
            "ModelCardPaths: two model cards have the same name");
        Check(AssumedHeightM is >= 1 and <= 10_000, $"AssumedHeightM: {AssumedHeightM} lies outside 1 to 10,000 m");
        Check(GroundElevationM is null or (>= -1000 and <= 10_000), $"GroundElevationM: {GroundElevationM} lies outside -1,000 to 10,000 m");
        Check(MaxOpenPhotos is >= 1 and <= 10_000, $"MaxOpenPhotos: {MaxOpenPhotos} lies outside 1 to 10,000");
        Check(MaxDeadLetterBytes >= 1 << 20, $"MaxDeadLetterBytes: {MaxDeadLetterBytes} is below 1 MiB");
        Check(MaxScoringAttempts is >= 1 and <= 100, $"MaxScoringAttempts: {MaxScoringAttempts} lies outside 1 to 100");
        Check(ScoringRetryDelay >= TimeSpan.Zero && ScoringRetryDelay <= TimeSpan.FromHours(1), $"ScoringRetryDelay: {ScoringRetryDelay} lies outside 0 to 1 hour");
        Check(MaxIncomingBytes >= 1 << 20, $"MaxIncomingBytes: {MaxIncomingBytes} is below 1 MiB");
        Check(MaxIncomingAge >= TimeSpan.FromHours(1) && MaxIncomingAge <= TimeSpan.FromDays(1000), $"MaxIncomingAge: {MaxIncomingAge} lies outside 1 hour to 1,000 days");
        Check(MinFreeDiskBytes >= 0, $"MinFreeDiskBytes: {MinFreeDiskBytes} is below 0");
        Check(LongScoringQueue >= 1, $"LongScoringQueue: {LongScoringQueue} is below 1");
        Check(ClockSkewThreshold >= TimeSpan.FromSeconds(5) && ClockSkewThreshold <= TimeSpan.FromDays(1), $"ClockSkewThreshold: {ClockSkewThreshold} lies outside 5 s to 1 day");
        Check(AssetLimitM is >= 1 and <= 1000, $"AssetLimitM: {AssetLimitM} lies outside 1 to 1,000 m");
        Check(BookingRetentionDays is >= 1 and <= 3650, $"BookingRetentionDays: {BookingRetentionDays} lies outside 1 to 3,650");
        errors.AddRange(ExternalBroker?.Validate() ?? []);
        if (!string.IsNullOrWhiteSpace(DataDirectory))
        {
            errors.AddRange(EffectiveStores.Validate());
            errors.AddRange(EffectiveAlarmRulesPath is { } rules ? AlarmRuleFile.Load(rules).Errors.Select(e => $"{rules}: {e}") : []);
        }

        return errors;
    }
}
