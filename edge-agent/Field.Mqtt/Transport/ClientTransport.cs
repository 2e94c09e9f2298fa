using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;

namespace Field.Mqtt.Transport;

/// <summary>A connected byte stream as pipes. TLS is a stream around the TCP one, chosen by the scheme.</summary>
internal sealed class ClientTransport : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    private readonly Stream _stream;
    private readonly IDisposable _owner;

    private ClientTransport(Stream stream, IDisposable owner)
    {
        _stream = stream;
        _owner = owner;
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferBytes, leaveOpen: true));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: BufferBytes, leaveOpen: true));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>Connects to the address of the options.</summary>
    public static Task<ClientTransport> ConnectAsync(MqttClientOptions options, CancellationToken cancellationToken) => options.Server.Scheme switch
    {
        "mqtt" => TcpAsync(options.Server, null, cancellationToken),
        "mqtts" => TcpAsync(options.Server, options.Tls, cancellationToken),
        "ws" => WebSocketAsync(options.Server, null, cancellationToken),
        "wss" => WebSocketAsync(options.Server, options.Tls, cancellationToken),
        _ => throw new ArgumentException(
            $"'{options.Server.Scheme}' is not a scheme of an MQTT server; use mqtt://host:port, mqtts://host:port, ws://host:port/mqtt or wss://host/mqtt",
            nameof(options)),
    };

    private static async Task<ClientTransport> TcpAsync(Uri server, MqttTlsOptions? tls, CancellationToken cancellationToken)
    {
        ServerCertificateCheck check = new(server.IdnHost);
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server.IdnHost, server.Port < 0 ? (tls is null ? 1883 : 8883) : server.Port, cancellationToken);
            NetworkStream stream = new(socket, ownsSocket: false);
            if (tls is null)
            {
                return new(stream, socket);
            }

            SslStream secured = new(stream);
            await secured.AuthenticateAsClientAsync(tls.Authentication(check), cancellationToken);
            return new(secured, socket);
        }
        catch (AuthenticationException e)
        {
            socket.Dispose();
            throw check.Explain(e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<ClientTransport> WebSocketAsync(Uri server, MqttTlsOptions? tls, CancellationToken cancellationToken)
    {
        ServerCertificateCheck check = new(server.IdnHost);
        ClientWebSocket socket = new();
        try
        {
            socket.Options.AddSubProtocol("mqtt"); // [MQTT-6.0.0-3]
            if (tls is null)
            {
                await socket.ConnectAsync(server, cancellationToken);
            }
            else
            {
                using HttpMessageInvoker invoker = new(new SocketsHttpHandler { SslOptions = tls.Authentication(check), UseCookies = false });
                await socket.ConnectAsync(server, invoker, cancellationToken);
            }

            return new(new WebSocketByteStream(socket), socket);
        }
        catch (WebSocketException e) when (e.InnerException?.InnerException is AuthenticationException insecure)
        {
            socket.Dispose();
            throw check.Explain(insecure);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is WebSocketByteStream webSocket)
        {
            using CancellationTokenSource timeout = new(CloseTimeout);
            await webSocket.CloseAsync(timeout.Token);
        }

        _owner.Dispose();
        await _stream.DisposeAsync();
    }
}
