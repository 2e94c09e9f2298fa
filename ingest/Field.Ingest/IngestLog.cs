using Microsoft.Extensions.Logging;

namespace Field.Ingest;

/// <summary>The log messages of ingest; the ids are stable.</summary>
internal static partial class IngestLog
{
    [LoggerMessage(3001, LogLevel.Warning, "Refused a message of {Client} on {Topic}: {Error}")]
    public static partial void Refused(this ILogger log, string client, string topic, string error);

    [LoggerMessage(3002, LogLevel.Error, "Dead letters are full: a refused message of {Client} on {Topic} was not kept. Look through them and remove some")]
    public static partial void DeadLettersFull(this ILogger log, string client, string topic);

    [LoggerMessage(3003, LogLevel.Warning, "Publishing on {Topic} failed; the data is stored and clients read it with the next snapshot")]
    public static partial void PublishFailed(this ILogger log, Exception e, string topic);

    [LoggerMessage(3004, LogLevel.Information, "Connected to the broker {Server}; it kept the session: {SessionPresent}")]
    public static partial void ExternalConnected(this ILogger log, Uri server, bool sessionPresent);

    [LoggerMessage(3005, LogLevel.Warning, "No connection to the broker {Server}: {Reason}; trying again, devices keep what they have no receipt for")]
    public static partial void ExternalLost(this ILogger log, Uri server, string reason);

    [LoggerMessage(3030, LogLevel.Warning, "Alarm {AlarmId} raised by rule {Rule} at {Device}: {Message}")]
    public static partial void AlarmRaised(this ILogger log, string alarmId, string rule, string device, string message);

    [LoggerMessage(3031, LogLevel.Information, "Alarm {AlarmId} of rule {Rule} at {Device} cleared")]
    public static partial void AlarmCleared(this ILogger log, string alarmId, string rule, string device);

    [LoggerMessage(3032, LogLevel.Information, "Alarm {AlarmId} acknowledged by {Who}")]
    public static partial void AlarmAcknowledged(this ILogger log, string alarmId, string who);

    [LoggerMessage(3033, LogLevel.Error, "An alarm could not be stored; it is tried again")]
    public static partial void AlarmNotStored(this ILogger log, Exception e);

    [LoggerMessage(3034, LogLevel.Error, "Alarms are not up to date: evaluating what was stored before the start failed; new data is evaluated")]
    public static partial void AlarmCatchUpFailed(this ILogger log, Exception e);

    [LoggerMessage(3040, LogLevel.Information, "Command {CommandId} ({Name}) sent to {Device} for {Who}")]
    public static partial void CommandSent(this ILogger log, string commandId, string name, string device, string who);

    [LoggerMessage(3041, LogLevel.Information, "Command {CommandId} answered by {Device}: {Outcome}")]
    public static partial void CommandAnswered(this ILogger log, string commandId, string device, string outcome);

    [LoggerMessage(3042, LogLevel.Information, "Grants of {Device}: version {Version} with {Count} grants published")]
    public static partial void GrantsPublished(this ILogger log, string device, long version, int count);

    [LoggerMessage(3043, LogLevel.Warning, "{Device} has a new lock secret: {Count} grants that were sealed with the one before are void; give their people new ones")]
    public static partial void GrantsVoid(this ILogger log, string device, int count);

    [LoggerMessage(3044, LogLevel.Error, "The grants of {Device} could not be brought up to date; it is tried again")]
    public static partial void GrantsFailed(this ILogger log, Exception e, string device);

    [LoggerMessage(3110, LogLevel.Error, "The locks could not be brought up to what is booked; the next look tries again")]
    public static partial void BookingsFailed(this ILogger log, Exception e);

    [LoggerMessage(3006, LogLevel.Information, "Dead letter {Id} on {Topic} was brought again by {Who} and stored")]
    public static partial void LetterReplayed(this ILogger log, long id, string topic, string who);

    [LoggerMessage(3007, LogLevel.Warning, "Dead letter {Id} on {Topic} was discarded by {Who}: {Reason}")]
    public static partial void LetterDiscarded(this ILogger log, long id, string topic, string who, string reason);

    [LoggerMessage(3010, LogLevel.Information, "Photo {PhotoId} ({Name}) of {Device} stored, {SizeBytes} bytes")]
    public static partial void PhotoStored(this ILogger log, string photoId, string name, string device, long sizeBytes);

    [LoggerMessage(3011, LogLevel.Warning, "Photo {PhotoId} of {Device}: the bytes have the SHA-256 {Actual}; rejected, kept in the dead letters")]
    public static partial void HashMismatch(this ILogger log, string photoId, string device, string actual);

    [LoggerMessage(3012, LogLevel.Warning, "Photo {PhotoId} of {Device} starts again: its manifest now has other sizes")]
    public static partial void PhotoRestarted(this ILogger log, string photoId, string device);

    [LoggerMessage(3013, LogLevel.Error, "Photo {PhotoId} of {Device} could not be recovered at start; it will be when the device sends its manifest again")]
    public static partial void RecoveryFailed(this ILogger log, Exception e, string photoId, string device);

    [LoggerMessage(3014, LogLevel.Error, "Telemetry is stored, but the device registry could not be brought up to date; the next message does it")]
    public static partial void RegistryFailed(this ILogger log, Exception e);

    [LoggerMessage(3015, LogLevel.Warning, "Unfinished upload of photo {PhotoId} of {Device} removed ({Reason}): {ReceivedBytes} bytes had come, the last at {ProgressAt}; the device begins again by its manifest")]
    public static partial void UploadAbandoned(this ILogger log, string photoId, string device, string reason, long receivedBytes, DateTimeOffset progressAt);

    [LoggerMessage(3050, LogLevel.Warning, "Health is {Status}. {Reasons}")]
    public static partial void HealthChanged(this ILogger log, string status, string reasons);

    [LoggerMessage(3020, LogLevel.Information, "Photo {PhotoId} scored: {Findings} findings in {Seconds:F2} s, placement {Placement}")]
    public static partial void PhotoScored(this ILogger log, string photoId, int findings, double seconds, string placement);

    [LoggerMessage(3021, LogLevel.Warning, "Photo {PhotoId} is unreadable: {Reason}")]
    public static partial void PhotoUnreadable(this ILogger log, string photoId, string reason);

    [LoggerMessage(3022, LogLevel.Error, "Scoring photo {PhotoId} failed, attempt {Attempt}")]
    public static partial void ScoringFailed(this ILogger log, Exception e, string photoId, long attempt);

    [LoggerMessage(3023, LogLevel.Error, "The photo pipeline cannot reach its stores; it tries again in {Delay}")]
    public static partial void PipelineWaits(this ILogger log, Exception e, TimeSpan delay);

    [LoggerMessage(3070, LogLevel.Information, "Finding {FindingId}: {Action}, now {Status} {Degree}")]
    public static partial void FindingDecided(this ILogger log, string findingId, string action, string status, string? degree);

    [LoggerMessage(3080, LogLevel.Information, "{Layers} map layers that were removed 30 days ago are deleted")]
    public static partial void LayersPurged(this ILogger log, int layers);

    [LoggerMessage(3081, LogLevel.Error, "Removed map layers could not be deleted; it is tried again in an hour")]
    public static partial void LayerPurgeFailed(this ILogger log, Exception e);
}
