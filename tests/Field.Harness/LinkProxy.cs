using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Field.Harness;

/// <summary>A direction of the link.</summary>
[Flags]
public enum LinkDirection
{
    None = 0,

    /// <summary>From the device to the server.</summary>
    Up = 1,

    /// <summary>From the server to the device.</summary>
    Down = 2,

    Both = Up | Down,
}

/// <summary>
/// The radio link between device and headquarters: one address that stays while servers come and go behind it. It can be slow in each
/// direction, be cut, be reset, lose one of its ends, and swallow what is sent.
/// </summary>
/// <remarks>A direction that swallows is not read any more: as with lost packets, TCP keeps the bytes and goes on when the link is back.</remarks>
public sealed class LinkProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<LinkConnection, byte> _open = new();
    private readonly Task _accepting;
    private long _carriedBytes;
    private long _sentBytes;

    /// <param name="upBytesPerSecond">Rate from the device to the server; 0 for as fast as the machine can.</param>
    public LinkProxy(int upBytesPerSecond = 0)
    {
        UpBytesPerSecond = upBytesPerSecond;
        _listener.Server.ReceiveBufferSize = LinkConnection.KernelBytes;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Uri => new($"mqtt://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Bytes that the link has carried from the device to the server.</summary>
    public long CarriedBytes => Interlocked.Read(ref _carriedBytes);

    /// <summary>Bytes that came out of the device, also those that a cut lost on the way.</summary>
    public long SentBytes => Interlocked.Read(ref _sentBytes);

    /// <summary>Connections that devices have opened so far.</summary>
    public int ConnectionCount { get; private set; }

    /// <summary>Port of the server behind the link; 0 while there is none.</summary>
    public int TargetPort { get; set; }

    /// <summary>Rate from the device to the server; 0 for no limit.</summary>
    public int UpBytesPerSecond { get; set; }

    /// <summary>Rate from the server to the device; 0 for no limit.</summary>
    public int DownBytesPerSecond { get; set; }

    /// <summary>Directions in which nothing comes through any more, without an end of the connection: no signal, or a firewall that forgot it.</summary>
    public LinkDirection Swallows { get; set; }

    /// <summary>False while there is no link at all: who connects is sent away.</summary>
    public bool IsUp { get; set; } = true;

    /// <summary>Ends every open connection as a program does that closes its socket (FIN).</summary>
    public void Cut() => End(c => c.Close());

    /// <summary>Ends every open connection as a host does that restarted (RST): what was on its way is gone.</summary>
    public void Reset() => End(c => c.Reset());

    /// <summary>The server's ends are closed; the devices' ends stay open, and nothing answers there any more.</summary>
    public void LoseServerEnds() => End(c => c.LoseServerEnd());

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _stop.Dispose();
    }

    internal void Count(int sent, int carried)
    {
        Interlocked.Add(ref _sentBytes, sent);
        Interlocked.Add(ref _carriedBytes, carried);
    }

    private void End(Action<LinkConnection> how)
    {
        foreach (LinkConnection connection in _open.Keys)
        {
            how(connection);
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Socket device = await _listener.AcceptSocketAsync(_stop.Token);
                ConnectionCount++;
                _ = CarryAsync(device);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task CarryAsync(Socket device)
    {
        using LinkConnection connection = new(this, device);
        if (!IsUp || TargetPort == 0)
        {
            return; // the device sees a connection that closes, as on a radio
        }

        _open[connection] = 0;
        await connection.RunAsync(TargetPort, _stop.Token);
        _open.TryRemove(connection, out _);
    }
}
