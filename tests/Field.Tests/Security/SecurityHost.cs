using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Field.Broker;
using Field.Contracts;
using Field.EdgeAgent.Identity;
using Field.Ingest.Identity;
using Field.Mqtt;
using Field.Store.Audit;
using Field.Tests.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Field.Tests.Security;

/// <summary>
/// A server with the public listeners on loopback, an administrator at its data folder as the command line is, and devices that enrol as
/// the agent does.
/// </summary>
internal sealed class SecurityHost : IAsyncDisposable
{
    public const string Site = "aoba";

    private readonly TempFolder _folder = new();
    private readonly WebApplication _app;
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counts = new();
    private readonly IdentityOptions _options;
    private int[] _ports = [];

    private SecurityHost(Func<IdentityOptions, IdentityOptions>? change, Action<MqttBrokerOptions>? broker)
    {
        _options = new() { Site = Site, DataDirectory = _folder.Root, PollInterval = TimeSpan.FromMilliseconds(20), ConnectionsPerSecondPerAddress = 1000 };
        _options = change?.Invoke(_options) ?? _options;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, l => l.UseMqttBroker());
            kestrel.Listen(IPAddress.Loopback, 0, l => l.UseDeviceMqtt());
            kestrel.Listen(IPAddress.Loopback, 0, l => l.UseDeviceHttps());
        });
        builder.Services.AddMqttBroker(broker);
        builder.Services.AddFieldIdentity(_options);
        _app = builder.Build();
        _app.UseDeviceEnrolment();
        _app.Run(http => http.Response.WriteAsync("the map"));
        IMeterFactory factory = _app.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Meter.Name is "Field.Broker" or "Field.Security")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            _counts.AddOrUpdate(instrument.Name + (tags.Length > 0 ? ":" + tags[0].Value : ""), value, (_, old) => old + value));
        _listener.Start();
    }

    public Uri Plain => new($"mqtt://127.0.0.1:{_ports[0]}");

    public Uri Mqtts => new($"mqtts://127.0.0.1:{_ports[1]}");

    public Uri Https => new($"https://127.0.0.1:{_ports[2]}");

    public int MqttsPort => _ports[1];

    public string AuditFolder => _options.AuditFolder;

    public string Folder => _folder.Root;

    public X509Certificate2 Authority => Get<SiteCa>().Certificate;

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<SecurityHost> StartAsync(Func<IdentityOptions, IdentityOptions>? change = null, Action<MqttBrokerOptions>? broker = null)
    {
        SecurityHost host = new(change, broker);
        await host._app.StartAsync(Token);
        host._ports = [.. host._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a).Port)];
        return host;
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public long Count(string instrument) => _counts.GetValueOrDefault(instrument);

    /// <summary>The administrator's command line over the same folder.</summary>
    public DeviceAdministration Administration() => DeviceAdministration.Open(_options, TimeProvider.System);

    public async Task<EnrolmentCode> CodeAsync(string device)
    {
        await using DeviceAdministration administration = Administration();
        return await administration.EnrolAsync(device, TimeSpan.FromHours(1), Token);
    }

    /// <summary>Enrols a device as the agent does.</summary>
    public async Task<AgentIdentity> EnrolAsync(string device, EnrolmentCode? code = null)
    {
        string folder = _folder.Path("agent-" + device + Guid.NewGuid().ToString("N")[..6]);
        return AgentIdentity.Load(await EnrolmentClient.EnrolAsync(Https, code ?? await CodeAsync(device), folder, folder, Token));
    }

    public MqttClientOptions Options(AgentIdentity identity, string? clientId = null) =>
        new() { Server = Mqtts, ClientId = clientId ?? identity.Device, Tls = identity.Tls };

    public MqttClientOptions Options(X509Certificate2? certificate, string clientId) =>
        new() { Server = Mqtts, ClientId = clientId, Tls = new() { TrustedRoot = Authority, ClientCertificate = certificate } };

    public Task<MqttClient> ConnectAsync(AgentIdentity identity, string? clientId = null) => MqttClient.ConnectAsync(Options(identity, clientId), Token);

    /// <summary>Posts to the public HTTPS listener, trusting only the site's CA.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, EnrolmentRequest request, X509Certificate2? certificate = null)
    {
        using HttpClient http = Http(certificate);
        using ByteArrayContent content = new(request.Write());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await http.PostAsync(path, content, Token);
    }

    public HttpClient Http(X509Certificate2? certificate = null) => new(new SocketsHttpHandler
    {
        SslOptions = new MqttTlsOptions { TrustedRoot = Authority, ClientCertificate = certificate }.Authentication(new("127.0.0.1")),
    })
    { BaseAddress = Https };

    /// <summary>Passes when the refusal was counted, and is in the audit log with all of the texts.</summary>
    public async Task WasRefusedAsync(string what, params string[] texts)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        while (true)
        {
            await Get<SecurityAudit>().FlushAsync(Token);
            bool isAudited = AuditLog.Read(AuditFolder).Any(l => IsRefusal(l, what) && texts.All(t => l.Contains(JsonEncodedText.Encode(t).Value, StringComparison.Ordinal)));
            if (isAudited && Count($"field.security.refused:{what}") > 0)
            {
                break;
            }

            Assert.False(limit.IsCancellationRequested, $"{what} {string.Join(' ', texts)}: audited {isAudited}, counted {Count($"field.security.refused:{what}")}; the log:\n{string.Join('\n', AuditLog.Read(AuditFolder))}");
            await Task.Delay(10, Token);
        }

        Assert.Null(AuditLog.Verify(AuditFolder).Problem);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _listener.Dispose();
        _folder.Dispose();
    }

    private static bool IsRefusal(string line, string what) =>
        line.Contains($"\"what\":\"{what}\"", StringComparison.Ordinal) && line.Contains("\"outcome\":\"refused\"", StringComparison.Ordinal);
}
