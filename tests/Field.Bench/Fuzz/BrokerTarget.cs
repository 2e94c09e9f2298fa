using System.Net;
using System.Net.Sockets;
using Field.Harness;

namespace Field.Bench.Fuzz;

/// <summary>
/// A running server: each input is what one connection sends. The server has to close it, and still be there afterwards. What it
/// allocates is not seen from outside; its memory is, at the end.
/// </summary>
internal sealed class BrokerTarget : IDisposable
{
    private const int LookEvery = 500;
    private const long MaxResidentBytes = 1_500_000_000;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly TemporaryFolder _folder;
    private readonly Server _server;
    private int _connections;

    private BrokerTarget(TemporaryFolder folder, Server server) => (_folder, _server) = (folder, server);

    public static async Task<FuzzTarget> StartAsync()
    {
        TemporaryFolder folder = new();
        BrokerTarget broker = new(folder, await Server.StartAsync(folder["data"]));
        return new FuzzTarget("mqtt-connection", Conversations(), broker.Send)
        {
            Form = InputForm.Binary,
            Repair = Repairs.Packet,
            AllocatedPerByte = 0,
            Owned = broker,
        };
    }

    public void Dispose()
    {
        _server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _folder.Dispose();
    }

    /// <summary>What clients say after a CONNECT that is accepted: one of each packet, and several.</summary>
    private static List<byte[]> Conversations()
    {
        List<byte[]> all = [];
        foreach (string version in (string[])["3.1.1", "5.0"])
        {
            IReadOnlyList<byte[]> packets = MqttTargets.Golden(version);
            byte[] connect = packets.First(p => p[0] == 0x10);
            all.Add([.. connect, .. packets.Where(p => p[0] is not 0x10 and not 0x20 and not 0xE0).SelectMany(p => p)]);
            all.AddRange(packets.Where(p => p[0] != 0x10).Select(p => (byte[])[.. connect, .. p]));
            all.AddRange(packets.Where(p => p[0] == 0x10));
        }

        return all;
    }

    /// <summary>True when the server closed the connection in time and still runs.</summary>
    private bool Send(byte[] input)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, _server.MqttPort);
        socket.Blocking = false;
        try
        {
            Converse(socket, input);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted)
        {
            // Closed while there was more to read: refused.
        }

        if (++_connections % LookEvery == 0 && _server.Process.Memory.ResidentBytes > MaxResidentBytes)
        {
            throw new HarnessException($"the server takes {_server.Process.Memory.ResidentBytes / 1_000_000} MB");
        }

        return _server.Process.HasExited ? throw new HarnessException($"the server ended:\n{_server.Output}") : true;
    }

    /// <summary>
    /// Says everything, then that this was all, and listens until the server closes. It reads while it writes: a large input is full of
    /// packets that are answered, and a client that does not take the answers is rightly not read from.
    /// </summary>
    private static void Converse(Socket socket, ReadOnlySpan<byte> input)
    {
        Span<byte> answer = stackalloc byte[4096];
        long begin = TimeProvider.System.GetTimestamp();
        for (bool open = true; TimeProvider.System.GetElapsedTime(begin) <= FuzzRun.HangLimit;)
        {
            if (open && input.IsEmpty)
            {
                socket.Shutdown(SocketShutdown.Send);
                open = false;
            }

            bool mayRead = socket.Poll(open ? TimeSpan.Zero : Look, SelectMode.SelectRead);
            if (mayRead && Done(socket.Receive(answer, SocketFlags.None, out SocketError read), read) == 0)
            {
                return;
            }

            if (open && (mayRead || socket.Poll(Look, SelectMode.SelectWrite)))
            {
                input = input[Math.Max(Done(socket.Send(input, SocketFlags.None, out SocketError written), written), 0)..];
            }
        }

        throw new HarnessException($"after {FuzzRun.HangLimit.TotalSeconds:0} s the server has not closed; {input.Length:#,0} bytes are not sent");
    }

    /// <summary>How many bytes went; -1 when none can go now.</summary>
    private static int Done(int count, SocketError error) => error switch
    {
        SocketError.Success => count,
        SocketError.WouldBlock or SocketError.TryAgain => -1,
        _ => throw new SocketException((int)error),
    };
}
