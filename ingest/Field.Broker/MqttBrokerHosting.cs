using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using System.Security.Principal;
using Field.Mqtt.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Field.Broker;

/// <summary>How a host takes the broker in.</summary>
public static class MqttBrokerHosting
{
    private const string SubProtocol = "mqtt";

    /// <summary>
    /// Adds the <see cref="MqttBroker"/>. Register an <see cref="IPublishInterceptor"/> and an <see cref="IMqttAuthorizer"/> beside it;
    /// without the latter only this machine may connect (<see cref="LoopbackAuthorizer"/>).
    /// </summary>
    public static IServiceCollection AddMqttBroker(this IServiceCollection services, Action<MqttBrokerOptions>? configure = null)
    {
        services.AddOptions<MqttBrokerOptions>().Configure(configure ?? (_ => { })).ValidateDataAnnotations().ValidateOnStart();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IMqttAuthorizer, LoopbackAuthorizer>();
        services.AddSingleton<MqttBroker>();
        services.AddHostedService(provider =>
        {
            MqttBroker broker = provider.GetRequiredService<MqttBroker>();
            // Kestrel stops by waiting for its connections, so they are closed as soon as stopping begins.
            provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(broker.ShutDown);
            return broker;
        });
        return services;
    }

    /// <summary>Serves MQTT over TCP on this Kestrel endpoint: <c>options.ListenLocalhost(1883, l =&gt; l.UseMqttBroker())</c>. TLS goes before it.</summary>
    public static ListenOptions UseMqttBroker(this ListenOptions listen)
    {
        listen.UseConnectionHandler<MqttConnectionHandler>();
        return listen;
    }

    /// <summary>
    /// Serves MQTT over WebSocket (subprotocol <c>mqtt</c>) at the path. A browser may connect only from a page of the same origin, so that
    /// no other web page can use the user's connection.
    /// </summary>
    public static IEndpointConventionBuilder MapMqttWebSocket(this IEndpointRouteBuilder endpoints, string path = "/mqtt")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        IApplicationBuilder pipeline = endpoints.CreateApplicationBuilder();
        pipeline.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan }); // MQTT has its own keep-alive
        pipeline.Run(ServeAsync);
        return endpoints.Map(path, pipeline.Build()).WithDisplayName("MQTT over WebSocket");
    }

    private static async Task ServeAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest || !context.WebSockets.WebSocketRequestedProtocols.Contains(SubProtocol))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync("MQTT over WebSocket: connect with the subprotocol 'mqtt'.\n");
            return;
        }

        if (!IsSameOrigin(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(SubProtocol);
        WebSocketByteStream stream = new(socket);
        DuplexPipe pipe = new(
            PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024)),
            PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: 16 * 1024)));
        MqttBroker broker = context.RequestServices.GetRequiredService<MqttBroker>();
        if (await broker.ServeAsync(pipe, context.Connection.RemoteIpAddress, context.Features.Get<IIdentity>()))
        {
            await stream.CloseAsync(context.RequestAborted);
        }
        else
        {
            context.Abort();
        }
    }

    private static bool IsSameOrigin(HttpRequest request)
    {
        string? origin = request.Headers.Origin;
        return string.IsNullOrEmpty(origin)
            || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}

/// <summary>Hands Kestrel's TCP (or TLS) connections to the broker.</summary>
internal sealed class MqttConnectionHandler(MqttBroker broker) : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        if (!await broker.ServeAsync(connection.Transport, (connection.RemoteEndPoint as IPEndPoint)?.Address, connection.Features.Get<IIdentity>()))
        {
            connection.Abort();
        }
    }
}
