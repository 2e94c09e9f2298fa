using Microsoft.Extensions.Logging;

namespace Field.Ingest.Identity;

/// <summary>Log messages of identity and permission, ids 3100 to 3199.</summary>
internal static partial class IdentityLog
{
    [LoggerMessage(3100, LogLevel.Error, "The audit log cannot be written; refusals are counted but not recorded")]
    public static partial void AuditFailed(this ILogger log, Exception e);

    [LoggerMessage(3101, LogLevel.Information, "Device {Site}/{Device} enrolled, certificate {Serial}, valid to {NotAfter}")]
    public static partial void Enrolled(this ILogger log, string site, string device, string serial, DateTimeOffset notAfter);

    [LoggerMessage(3102, LogLevel.Information, "Device {Site}/{Device} renewed its certificate, now {Serial}, valid to {NotAfter}")]
    public static partial void Renewed(this ILogger log, string site, string device, string serial, DateTimeOffset notAfter);

    [LoggerMessage(3103, LogLevel.Warning, "{Count} connections of revoked devices closed")]
    public static partial void RevokedClosed(this ILogger log, int count);

    [LoggerMessage(3107, LogLevel.Warning, "{Count} connections closed whose certificate has ended; the device must renew")]
    public static partial void ExpiredClosed(this ILogger log, int count);

    [LoggerMessage(3104, LogLevel.Information, "The server's certificate for {Hosts} was issued, valid to {NotAfter}")]
    public static partial void ServerCertificateIssued(this ILogger log, string hosts, DateTime notAfter);

    [LoggerMessage(3105, LogLevel.Error, "Looking for changes of the devices failed; connections go on with what is known, new ones are checked again")]
    public static partial void RefreshFailed(this ILogger log, Exception e);

    [LoggerMessage(3106, LogLevel.Information, "Audit log: {Entries} entries, head {Head}")]
    public static partial void AuditHead(this ILogger log, long entries, string head);
}
