using Field.Broker;
using Field.Ingest.Commands;
using Field.Mqtt;
using Field.Store;
using Field.Store.Audit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Field.Ingest.Identity;

/// <summary>How a host takes identity and permission in.</summary>
public static class IdentityHosting
{
    /// <summary>
    /// Adds the permissions of devices (<see cref="IMqttAuthorizer"/>), the audit (<see cref="SecurityAudit"/>), and what the public
    /// listeners need. Nothing is made on disk for them before the first is used.
    /// </summary>
    /// <exception cref="FieldException">Options are wrong; the message lists every error.</exception>
    public static IServiceCollection AddFieldIdentity(this IServiceCollection services, IdentityOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<string> errors = options.Validate();
        if (errors.Count > 0)
        {
            throw new FieldException(string.Join(Environment.NewLine, errors));
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton(options);
        services.AddSingleton(p => new AuditLog(options.AuditFolder, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SecurityAudit>();
        services.AddHostedService(p => p.GetRequiredService<SecurityAudit>());
        services.AddSingleton(p => SiteCa.Open(options.Folder, options.Site, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => OpenStore(options, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<DeviceDirectory>();
        services.TryAddSingleton(_ => LockSecrets.Under(options.DataDirectory));
        services.AddSingleton<ServerCertificate>();
        services.AddSingleton<EnrolmentService>();
        services.AddSingleton<EnrolmentEndpoints>();
        services.AddSingleton(p => new FailureBackoff(options, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new ConnectionGate(options, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<PublicListeners>();
        services.AddSingleton<IMqttAuthorizer, DeviceAuthorizer>();
        services.AddHostedService<IdentityService>();
        return services;
    }

    internal static DeviceIdentityStore OpenStore(IdentityOptions options, TimeProvider time)
    {
        Contracts.PrivateFiles.CreateFolder(options.Folder);
        return new(Path.Combine(options.Folder, "devices.sqlite"), time);
    }
}

/// <summary>Puts devices out whose certificate was revoked, by whomever, or has ended, and logs the audit's head at the start.</summary>
internal sealed class IdentityService(
    IdentityOptions options, DeviceDirectory devices, MqttBroker broker, TimeProvider time, ILogger<IdentityService> log) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await devices.RefreshAsync(cancellationToken).ConfigureAwait(false);
        AuditReport report = AuditLog.Verify(options.AuditFolder);
        log.AuditHead(report.Entries, report.Head); // in the system's log it stands where who can rewrite the audit may not reach
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(options.PollInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await devices.RefreshAsync(stoppingToken).ConfigureAwait(false);

                // At every look, not only after a change: a handshake may have read the change before this loop did.
                int closed = broker.Close(
                    who => who is DeviceIdentity device && !devices.IsValid(device.Serial), MqttReasonCode.AdministrativeAction, "the device's certificate was revoked");
                if (closed > 0)
                {
                    log.RevokedClosed(closed);
                }

                DateTimeOffset now = time.GetUtcNow();
                int expired = broker.Close(
                    who => who is DeviceIdentity device && device.NotAfter <= now, MqttReasonCode.AdministrativeAction, "the device's certificate has expired");
                if (expired > 0)
                {
                    log.ExpiredClosed(expired);
                }
            }
            catch (FieldException e)
            {
                log.RefreshFailed(e);
            }
        }
    }
}
