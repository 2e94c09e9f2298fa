using System.Net;
using System.Net.Sockets;

namespace Field.Harness;

/// <summary>One device's connection through the link.</summary>
internal sealed class LinkConnection : IDisposable
{
    /// <summary>Kernel buffers are kept small, so that what a device has sent is on its way and not in memory.</summary>
    public const int KernelBytes = 32 * 1024;

    private const int PieceBytes = 8 * 1024;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(5);

    private readonly LinkProxy _link;
    private readonly Socket _device;
    private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp) { SendBufferSize = KernelBytes, NoDelay = true };
    private readonly CancellationTokenSource _end = new();
    private volatile bool _serverLost;

    public LinkConnection(LinkProxy link, Socket device)
    {
        (_link, _device) = (link, device);
        _device.NoDelay = true;
    }

    /// <summary>Carries both ways until one side ends.</summary>
    public async Task RunAsync(int port, CancellationToken stop)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, stop);
        try
        {
            await _server.ConnectAsync(IPAddress.Loopback, port, either.Token);
            Task up = PumpAsync(_device, _server, LinkDirection.Up, either.Token);
            Task down = PumpAsync(_server, _device, LinkDirection.Down, either.Token);
            await Task.WhenAny(up, down);
            if (_serverLost)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, either.Token);
            }

            await either.CancelAsync();
            await Task.WhenAll(up, down);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // No server behind the link, or it was cut.
        }
    }

    public void Close()
    {
        CountLost();
        _end.Cancel();
    }

    public void Reset()
    {
        CountLost();
        _device.LingerState = new LingerOption(enable: true, seconds: 0);
        _server.LingerState = new LingerOption(enable: true, seconds: 0);
        _device.Close();
        _server.Close();
        _end.Cancel();
    }

    public void LoseServerEnd()
    {
        CountLost();
        _serverLost = true;
        _server.Close();
    }

    public void Dispose()
    {
        _end.Cancel();
        _device.Dispose();
        _server.Dispose();
    }

    /// <summary>What the device sent and nobody will carry.</summary>
    private void CountLost()
    {
        try
        {
            _link.Count(sent: _device.Available, carried: 0);
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // It had ended by itself.
        }
    }

    private async Task PumpAsync(Socket from, Socket to, LinkDirection direction, CancellationToken cancel)
    {
        byte[] piece = new byte[PieceBytes];
        bool isUp = direction == LinkDirection.Up;
        try
        {
            while (true)
            {
                while (_link.Swallows.HasFlag(direction) || (isUp && _serverLost))
                {
                    await Task.Delay(LookAgain, cancel);
                }

                int read = await from.ReceiveAsync(piece, cancel);
                if (read == 0)
                {
                    return;
                }

                _link.Count(sent: isUp ? read : 0, carried: 0);
                for (int sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(piece.AsMemory(sent, read - sent), cancel);
                }

                _link.Count(sent: 0, carried: isUp ? read : 0);
                int rate = isUp ? _link.UpBytesPerSecond : _link.DownBytesPerSecond;
                if (rate > 0)
                {
                    await Task.Delay(TimeSpan.FromSeconds((double)read / rate), cancel);
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side is gone; the caller closes the other.
        }
    }
}
