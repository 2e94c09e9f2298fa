using Field.Broker;
using Field.Ingest.Alarms;
using Field.Ingest.Assets;
using Field.Ingest.Board;
using Field.Ingest.Bookings;
using Field.Ingest.Commands;
using Field.Ingest.Decisions;
using Field.Ingest.External;
using Field.Ingest.Findings;
using Field.Ingest.Health;
using Field.Ingest.Identity;
using Field.Ingest.Layers;
using Field.Ingest.Locks;
using Field.Ingest.Photos;
using Field.Ingest.Residents;
using Field.Store;
using Field.Store.Audit;
using Field.Vision;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Field.Ingest;

/// <summary>How a host takes ingest in.</summary>
public static class IngestHosting
{
    /// <summary>
    /// Adds the router behind the broker (<see cref="IPublishInterceptor"/>), the stores, the photo pipeline and
    /// <see cref="FieldQueries"/>. The models are loaded and the stores are opened when the host starts.
    /// </summary>
    /// <param name="services">The host's services; they also need an <see cref="MqttBroker"/>, or another <see cref="IMessageSink"/>.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="FieldException">Options are wrong; the message lists every error.</exception>
    public static IServiceCollection AddFieldIngest(this IServiceCollection services, IngestOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<string> errors = options.Validate();
        if (errors.Count > 0)
        {
            throw new FieldException($"ingest options:{Environment.NewLine}{string.Join(Environment.NewLine, errors)}");
        }

        services.AddSingleton(provider =>
        {
            PhotoScorer[] scorers = [.. options.ModelCardPaths.Select(p => PhotoScorer.Load(p))];
            provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(() => Array.ForEach(scorers, s => s.Dispose()));
            return new ScoringModels([.. scorers.Select(s => new Scorer(s.Card.Name, s.Card.Classes, s.Score))], options.RunAllModels);
        });
        if (options.ExternalBroker is { } external)
        {
            services.AddExternalBroker(external);
        }

        services.TryAddSingleton<IMessageSink>(provider => new BrokerSink(provider));
        services.AddIngestCore(options);
        if (options.ExternalBroker is not null)
        {
            services.AddHostedService(p => p.GetRequiredService<ExternalBroker>()); // last: what it brings needs the others started
        }

        return services;
    }

    /// <summary>The devices speak through another broker; the maps still listen to the one of this process.</summary>
    internal static IServiceCollection AddExternalBroker(this IServiceCollection services, ExternalBrokerOptions external)
    {
        services.AddSingleton(external);
        services.AddSingleton<ExternalBroker>();
        services.AddSingleton<IMessageSink>(p => new ManySinks(p.GetRequiredService<ExternalBroker>(), new BrokerSink(p)));
        return services;
    }

    /// <summary>Everything but the model and the sink.</summary>
    internal static IServiceCollection AddIngestCore(this IServiceCollection services, IngestOptions options)
    {
        services.AddMetrics();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(p => options.EffectiveStores.Open(p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new DeadLetterStore(
            Path.Combine(Path.GetFullPath(options.DataDirectory), "dead-letters.sqlite"), options.MaxDeadLetterBytes, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new IncomingFolder(Path.Combine(Path.GetFullPath(options.DataDirectory), "incoming"), options.MaxOpenPhotos, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IngestMetrics>();
        services.AddSingleton<Refusals>();
        services.AddSingleton<LiveUpdates>();
        services.AddSingleton<DeviceClocks>();
        services.AddHostedService(p => p.GetRequiredService<DeviceClocks>());
        services.AddSingleton<DeviceRegistry>();
        services.AddSingleton<TelemetryIntake>();
        services.AddSingleton(p => new AlarmDesk(
            options.EffectiveAlarmRulesPath is { } rules ? AlarmRuleFile.Load(rules).Rules : [],
            options, p.GetRequiredService<FieldStores>(), p.GetRequiredService<LiveUpdates>(), p.GetService<ExternalBroker>(), p.GetService<AuditLog>(),
            p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<AlarmDesk>>()));
        services.AddHostedService(p => p.GetRequiredService<AlarmDesk>());
        services.TryAddSingleton(_ => LockSecrets.Under(options.DataDirectory));
        services.AddSingleton(p => new CommandService(
            options, p.GetRequiredService<FieldStores>(), p.GetRequiredService<LockSecrets>(), p.GetRequiredService<IMessageSink>(),
            p.GetRequiredService<LiveUpdates>(), p.GetService<AuditLog>(), p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<CommandService>>()));
        services.AddSingleton(p => new GrantService(
            options, p.GetRequiredService<LockSecrets>(), p.GetRequiredService<IMessageSink>(), p.GetService<AuditLog>(), p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<GrantService>>()));
        services.AddHostedService(p => p.GetRequiredService<GrantService>());
        services.AddSingleton(p => new BookingTurn(p.GetRequiredService<FieldStores>().Features, p.GetService<AuditLog>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new FacilityDesk(p.GetRequiredService<BookingTurn>()));
        services.AddSingleton(p => new BookingDesk(options, p.GetRequiredService<BookingTurn>()));
        services.AddSingleton(p => new BookingKeys(p.GetRequiredService<GrantService>(), p.GetRequiredService<BookingTurn>()));
        services.AddSingleton(p => new DoorLog(p.GetRequiredService<FieldStores>().Features, p.GetRequiredService<FacilityDesk>(), p.GetRequiredService<BookingDesk>()));
        services.AddSingleton(p => new DoorBatteries(options.Site, p.GetRequiredService<FieldStores>(), p.GetRequiredService<FacilityDesk>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<BookingGrants>();
        services.AddHostedService(p => p.GetRequiredService<BookingGrants>());
        services.AddSingleton(p => new LockWatch(p.GetService<SecurityAudit>()));
        services.AddSingleton<PhotoQueue>();
        services.AddSingleton<PhotoAssembler>();
        services.AddSingleton(p => new AssetCatalog(p.GetRequiredService<FieldStores>().Features, options.AssetLimitM));
        services.AddSingleton<FindingMerger>();
        services.AddSingleton<PhotoPipeline>();
        services.AddSingleton(p => new InspectionComparison(p.GetRequiredService<FieldStores>().Features));
        services.AddSingleton(p => new DecisionService(
            options, p.GetRequiredService<FieldStores>(), p.GetRequiredService<LiveUpdates>(), p.GetService<AuditLog>(), p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<DecisionService>>()));
        services.AddSingleton(p => new BoardDesk(
            options, p.GetRequiredService<FieldStores>(), p.GetRequiredService<LiveUpdates>(), p.GetService<AuditLog>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new LayerDesk(p.GetRequiredService<FieldStores>().Features, p.GetService<AuditLog>(), p.GetRequiredService<LiveUpdates>(), p.GetRequiredService<TimeProvider>()));
        services.AddHostedService<LayerPurge>();
        services.AddSingleton(p => new ResidentDesk(p.GetRequiredService<FieldStores>().Features, p.GetService<AuditLog>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IPublishInterceptor, IngestRouter>();
        services.AddSingleton(p => new FieldQueries(
            p.GetRequiredService<FieldStores>(), p.GetRequiredService<DeadLetterStore>(), p.GetRequiredService<IncomingFolder>(),
            p.GetRequiredService<PhotoPipeline>(), p.GetRequiredService<AlarmDesk>()));
        services.AddSingleton(p => new DeadLetterDesk(
            p.GetRequiredService<DeadLetterStore>(), p.GetRequiredService<IPublishInterceptor>(), p.GetService<AuditLog>(), p.GetRequiredService<ILogger<DeadLetterDesk>>()));
        services.AddHostedService<IngestService>();
        services.AddSingleton(p => new HealthDesk(
            options, p.GetRequiredService<FieldStores>(), p.GetRequiredService<DeadLetterStore>(), p.GetRequiredService<IncomingFolder>(),
            p.GetRequiredService<IngestMetrics>(), p.GetRequiredService<DeviceClocks>(), p.GetRequiredService<IMessageSink>(), p,
            p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<HealthDesk>>()));
        services.AddHostedService(p => p.GetRequiredService<HealthDesk>());
        return services;
    }
}

/// <summary>Finishes what the last run left, then scores photos, and looks after unfinished uploads, until the host stops.</summary>
internal sealed class IngestService(PhotoAssembler assembler, PhotoPipeline pipeline, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await assembler.RecoverAsync(stoppingToken).ConfigureAwait(false);
            await Task.WhenAll(pipeline.RunAsync(stoppingToken), AbandonAsync(stoppingToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped while waiting for photos: the queue is the store, and the next start goes on.
        }
    }

    private async Task AbandonAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(TimeSpan.FromHours(1), time);
        do
        {
            await assembler.AbandonAsync(busy: null, cancellationToken).ConfigureAwait(false);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }
}
