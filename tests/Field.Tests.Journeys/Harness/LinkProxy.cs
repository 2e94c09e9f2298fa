using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Field.Tests.Journeys.Harness;

/// <summary>
/// The radio link between device and headquarters: one address that stays while servers come and go behind it, with a limited rate.
/// </summary>
internal sealed class LinkProxy : IAsyncDisposable
{
    private const int PieceBytes = 8 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<TcpClient, byte> _open = new();
    private readonly int _bytesPerSecond;
    private readonly Task _accepting;
    private long _carriedBytes;

    public LinkProxy(int bytesPerSecond)
    {
        _bytesPerSecond = bytesPerSecond;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Uri => new($"mqtt://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Bytes that the link has carried from the device to the server.</summary>
    public long CarriedBytes => Interlocked.Read(ref _carriedBytes);

    /// <summary>Port of the server behind the link; 0 while there is none.</summary>
    public int TargetPort { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        foreach (TcpClient client in _open.Keys)
        {
            client.Dispose();
        }

        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                TcpClient device = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = CarryAsync(device);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task CarryAsync(TcpClient device)
    {
        using TcpClient server = new();
        _open[device] = 0;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, TargetPort, _stop.Token);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            Task up = PumpAsync(device, server, limited: true, either.Token);
            Task down = PumpAsync(server, device, limited: false, either.Token);
            await Task.WhenAny(up, down);
            await either.CancelAsync();
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ArgumentOutOfRangeException)
        {
            // No server behind the link: the device sees a connection that closes, as on a radio.
        }
        finally
        {
            _open.TryRemove(device, out _);
            device.Dispose();
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool limited, CancellationToken cancel)
    {
        byte[] piece = new byte[PieceBytes];
        NetworkStream source = from.GetStream();
        NetworkStream sink = to.GetStream();
        try
        {
            int read;
            while ((read = await source.ReadAsync(piece, cancel)) > 0)
            {
                await sink.WriteAsync(piece.AsMemory(0, read), cancel);
                if (limited)
                {
                    Interlocked.Add(ref _carriedBytes, read);
                    await Task.Delay(TimeSpan.FromSeconds((double)read / _bytesPerSecond), cancel);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One side is gone; the caller closes the other.
        }
    }
}
