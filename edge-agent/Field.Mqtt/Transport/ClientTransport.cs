using System.IO.Pipelines;
using System.Net.Sockets;
using System.Net.WebSockets;

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

    /// <summary>Connects to <c>mqtt://host[:1883]</c> or <c>ws://host[:port]/path</c>.</summary>
    public static Task<ClientTransport> ConnectAsync(Uri server, CancellationToken cancellationToken) => server.Scheme switch
    {
        "mqtt" => TcpAsync(server, cancellationToken),
        "ws" => WebSocketAsync(server, cancellationToken),
        _ => throw new ArgumentException($"'{server.Scheme}' is not a scheme of an MQTT server; use mqtt://host:port or ws://host:port/mqtt", nameof(server)),
    };

    private static async Task<ClientTransport> TcpAsync(Uri server, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server.IdnHost, server.Port < 0 ? 1883 : server.Port, cancellationToken);
            return new(new NetworkStream(socket, ownsSocket: false), socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<ClientTransport> WebSocketAsync(Uri server, CancellationToken cancellationToken)
    {
        ClientWebSocket socket = new();
        try
        {
            socket.Options.AddSubProtocol("mqtt"); // [MQTT-6.0.0-3]
            await socket.ConnectAsync(server, cancellationToken);
            return new(new WebSocketByteStream(socket), socket);
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
