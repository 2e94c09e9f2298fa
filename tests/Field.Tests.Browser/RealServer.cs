using System.Runtime.CompilerServices;
using Field.MapApp;
using Field.MapApp.Access;
using Field.Store.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Field.Tests.Browser;

/// <summary>The server as <c>./field up</c> runs it, in this process.</summary>
internal sealed class RealServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("field-browser").FullName;
    private readonly WebApplication _app;
    private readonly AccountFolder _accounts;

    private RealServer(Func<UpOptions, UpOptions>? change)
    {
        UpOptions options = new()
        {
            DataDirectory = DataDirectory,
            Site = "aoba",
            HttpPort = 0,
            MqttPort = 0,
            WebDirectory = WebFolder.Dist(),
            ModelCardPaths = [Path.Combine(Installation.Root(), "models", "crack-v1.json")],
        };
        options = change?.Invoke(options) ?? options;
        _app = Server.Build(options, new StrongBox<bool>());
        _accounts = AccountFolder.Open(options.DataDirectory, TimeProvider.System);
    }

    public AccountAdministration Administration => _accounts.Administration;

    /// <summary>The folder of its data.</summary>
    public string DataDirectory => Path.Combine(_folder, "data");

    /// <summary>What the server is made of.</summary>
    public IServiceProvider Services => _app.Services;

    public Uri Address => new(_app.Urls.First());

    /// <summary>MQTT, as devices of this machine reach it.</summary>
    public Uri Mqtt => new UriBuilder(_app.Urls.ElementAt(1)) { Scheme = "mqtt" }.Uri;

    /// <summary>The listener that was asked for last: of the public map, when there is one.</summary>
    public Uri LastAddress => new(_app.Urls.Last());

    public static async Task<RealServer> StartAsync(Func<UpOptions, UpOptions>? change = null)
    {
        RealServer server = new(change);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>One of <see cref="Services"/>.</summary>
    public T Find<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>The lines of the audit log.</summary>
    public IEnumerable<string> Audit() => AuditLog.Read(Path.Combine(DataDirectory, "audit"));

    /// <summary>There is no server any more; its address stays known to the page.</summary>
    public Task StopAsync() => _app.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _accounts.DisposeAsync();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
