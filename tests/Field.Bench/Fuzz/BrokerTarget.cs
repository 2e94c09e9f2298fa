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
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = (int)FuzzRun.HangLimit.TotalMilliseconds, SendTimeout = (int)FuzzRun.HangLimit.TotalMilliseconds };
        socket.Connect(IPAddress.Loopback, _server.MqttPort);
        try
        {
            socket.Send(input);
            socket.Shutdown(SocketShutdown.Send);
            Span<byte> answer = stackalloc byte[4096];
            while (socket.Receive(answer) > 0)
            {
            }
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
}
