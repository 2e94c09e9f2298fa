using System.Net;
using System.Runtime.CompilerServices;
using Field.Broker;
using Field.Ingest;
using Field.Ingest.Identity;
using Field.Ingest.Layers;
using Field.MapApp.Access;
using Field.MapApp.Board;
using Field.MapApp.Bookings;
using Field.MapApp.Forms;
using Field.MapApp.Layers;
using Field.MapApp.Residents;
using Field.MapApp.Review;
using Field.MapApp.Routes;
using Field.MapApp.Tablet;
using Field.Store;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Field.MapApp;

/// <summary>Wires broker, ingest, API and map into one process.</summary>
internal static class Server
{
    /// <summary>Runs until stopped.</summary>
    /// <returns>The exit code: 0 after a stop, 2 when the options or the machine do not allow a start.</returns>
    public static async Task<int> RunAsync(UpOptions options, CancellationToken cancel)
    {
        IReadOnlyList<string> errors = options.Validate();
        foreach (string error in errors)
        {
            await Console.Error.WriteLineAsync($"field up: {error}").ConfigureAwait(false);
        }

        if (errors.Count > 0)
        {
            return 2;
        }

        try
        {
            using DataDirectory data = DataDirectory.Open(options.DataDirectory);
            StrongBox<bool> started = new();
            WebApplication app = Build(options, started);
            await using (app.ConfigureAwait(false))
            {
                await app.StartAsync(cancel).ConfigureAwait(false);
                started.Value = true;
                OpenFiles.Check(app.Logger, app.Services.GetRequiredService<IOptions<MqttBrokerOptions>>().Value.MaxConnections);
                Announce(app, options, data);
                await app.WaitForShutdownAsync(cancel).ConfigureAwait(false);
                return 0;
            }
        }
        catch (Exception e) when (e is FieldException or IOException)
        {
            string help = e.InnerException is AddressInUseException ? " Another program has the port: stop it, or choose another with --http, --mqtt, --mqtts, --https, --map-https or --public-map-https (0 takes a free one)." : "";
            await Console.Error.WriteLineAsync($"field up: {e.Message}{help}").ConfigureAwait(false);
            return 2;
        }
    }

    /// <summary>The server, not started.</summary>
    internal static WebApplication Build(UpOptions options, StrongBox<bool> started)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss'Z' ";
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

        // What stops a start is said in one sentence by RunAsync; the host's stack traces are for what breaks later.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", level => started.Value && level >= LogLevel.Warning);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(new PhotoImages(Path.Combine(options.DataDirectory, "cache")));
        builder.Services.AddSingleton(p => new FormDesk(
            p.GetRequiredService<FieldStores>().Features, p.GetRequiredService<FieldStores>().Blobs, p.GetRequiredService<TimeProvider>(),
            PdfPrinter.FindBrowser(Environment.GetEnvironmentVariable)));
        builder.Services.AddSingleton(p => new SlipDesk(p.GetRequiredService<TimeProvider>(), PdfPrinter.FindBrowser(Environment.GetEnvironmentVariable)));
        builder.Services.AddFlights(options.Ingest());
        builder.Services.AddSingleton(p => new RouteDesk(p.GetRequiredService<FieldStores>().Features, p.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(p => new StatusDesk(
            p.GetRequiredService<FieldStores>().Features, p.GetRequiredService<LayerDesk>(), options, p.GetRequiredService<TimeProvider>(),
            PdfPrinter.FindBrowser(Environment.GetEnvironmentVariable)));
        builder.Services.AddSingleton<ReplayGate>();
        builder.Services.AddLayers(options.DataDirectory);
        builder.Services.AddResidents(options.DataDirectory);
        builder.Services.AddSingleton(ReportForms.Load(options.DataDirectory));
        builder.Services.AddMqttBroker(broker =>
        {
            broker.AcknowledgesDurably = true;
            broker.StateDirectory = Path.Combine(options.DataDirectory, "broker");
        });
        builder.Services.AddFieldIngest(options.Ingest());
        builder.Services.AddAccess(options);
        builder.Services.AddFieldIdentity(new IdentityOptions { Site = options.Site, DataDirectory = options.DataDirectory, Hosts = options.Hosts });

        WebApplication app = builder.Build();
        if (options.PublicAddress is not null)
        {
            app.UseDeviceEnrolment(); // first: what came from outside gets no further
        }

        app.UseRefusedCommandAudit();
        app.UseSecurityHeaders(options.GsiTiles);
        app.UseAccess();
        app.MapMqttWebSocket("/mqtt").Needs(Permissions.MapView);
        app.MapFieldApi(options);
        app.UsePageFiles(options.WebDirectory);
        return app;
    }

    /// <summary>
    /// Other machines reach devices' MQTT and enrolment, and for people who signed in the map, each by its own option and over TLS only. Without
    /// an account the map is for this machine.
    /// </summary>
    private static void Listen(KestrelServerOptions kestrel, UpOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 64 * 1024;
        kestrel.Listen(IPAddress.Loopback, options.HttpPort);
        kestrel.Listen(IPAddress.Loopback, options.MqttPort, listen => listen.UseMqttBroker());
        if (options.PublicAddress is { } address)
        {
            kestrel.Listen(IPAddress.Parse(address), options.MqttsPort, listen => listen.UseDeviceMqtt());
            kestrel.Listen(IPAddress.Parse(address), options.HttpsPort, listen => listen.UseDeviceHttps());
        }

        if (options.MapAddress is { } map)
        {
            MapCertificate? own = options.MapCertificatePath is { } file ? new(file, options.MapKeyPath!) : null;
            kestrel.Listen(IPAddress.Parse(map), options.MapPort, listen => listen.UseMapHttps(new MapListener(options.IsInternetFacing), own));
        }

        if (options.PublicMapAddress is { } everybody)
        {
            MapCertificate? own = options.PublicMapCertificatePath is { } file ? new(file, options.PublicMapKeyPath!) : null;
            kestrel.Listen(IPAddress.Parse(everybody), options.PublicMapPort, listen => listen.UseMapHttps(new MapListener(IsInternetFacing: true, IsPublic: true), own));
        }
    }

    private static void Announce(WebApplication app, UpOptions options, DataDirectory data)
    {
        string[] addresses = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];
        Uri http = new(addresses[0]);
        Uri mqtt = new UriBuilder(addresses[1]) { Scheme = "mqtt" }.Uri;
        Uri? mqtts = options.PublicAddress is null ? null : new UriBuilder(addresses[2]) { Scheme = "mqtts" }.Uri;
        Uri? https = options.PublicAddress is null ? null : new UriBuilder(addresses[3]) { Scheme = "https" }.Uri;
        Uri? people = options.MapAddress is null ? null : new UriBuilder(addresses[options.PublicMapAddress is null ? ^1 : ^2]) { Scheme = "https" }.Uri;
        Uri? everybody = options.PublicMapAddress is null ? null : new UriBuilder(addresses[^1]) { Scheme = "https" }.Uri;
        data.Announce(http, mqtt, mqtts, https, people, everybody);
        string outside = mqtts is null ? "" : $"\n端末 / devices {mqtts} （登録 / enrol {https}）";
        string map = people is null ? "" : $"\n庁内 / people {people} （サインインが必要 / signed in; ./field user add）";
        string open = everybody is null ? "" : $"\n公開 / public {everybody} （公開レイヤーのみ / layers of the class public only）";
        Console.WriteLine($"地図 / map   {http}\nMQTT         {mqtt}{outside}{map}{open}\nデータ / data {data.Path}");
    }
}
