using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Field.EdgeAgent.Identity;
using Field.Mqtt;

namespace Field.Tests.Security;

/// <summary>Peers that are slow, many, or too large, on the listeners that other machines reach.</summary>
public sealed class PublicListenerTests
{
    private static CancellationToken Token => SecurityHost.Token;

    [Fact]
    public async Task Tls_handshake_that_is_never_finished_ends_the_connection()
    {
        await using SecurityHost host = await SecurityHost.StartAsync(o => o with { HandshakeTimeout = TimeSpan.FromMilliseconds(200) });
        using TcpClient loris = new();
        await loris.ConnectAsync(IPAddress.Loopback, host.MqttsPort, Token);
        await loris.GetStream().WriteAsync(new byte[] { 0x16, 0x03, 0x01, 0x02, 0x00, 0x01 }, Token); // the beginning of a ClientHello
        await ExpectEndAsync(loris.GetStream());
        await host.WasRefusedAsync("mqtts.handshake", "anonymous", "not in time");
    }

    [Fact]
    public async Task Connect_that_is_never_finished_ends_the_secured_connection()
    {
        await using SecurityHost host = await SecurityHost.StartAsync(broker: o => o.ConnectTimeout = TimeSpan.FromMilliseconds(200));
        using AgentIdentity drone = await host.EnrolAsync("drone-01");
        await using SslStream loris = await SecuredAsync(host, drone);
        await loris.WriteAsync(new byte[] { 0x10, 0x20, 0x00 }, Token);
        await ExpectEndAsync(loris);
        Assert.Equal(1, host.Count("field.broker.connections.ended:KeepAliveTimeout"));
        await host.WasRefusedAsync("mqtt.connect", "device:aoba/drone-01", "0x8D");
    }

    [Fact]
    public async Task Packet_larger_than_allowed_ends_the_connection()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        using AgentIdentity drone = await host.EnrolAsync("drone-01");
        await using SslStream stream = await SecuredAsync(host, drone);
        await stream.WriteAsync(new byte[] { 0x10, 0xFF, 0xFF, 0xFF, 0x7F }, Token); // CONNECT of 256 MiB
        await ExpectEndAsync(stream);
        Assert.Equal(1, host.Count("field.broker.connections.ended:PacketTooLarge"));
        await host.WasRefusedAsync("mqtt.connect", "device:aoba/drone-01", "PacketTooLarge");
    }

    [Fact]
    public async Task Address_with_too_many_connections_gets_no_more_until_one_ends()
    {
        await using SecurityHost host = await SecurityHost.StartAsync(o => o with { MaxConnectionsPerAddress = 2 });
        using AgentIdentity drone = await host.EnrolAsync("drone-01"); // its connection for HTTPS has ended, or ends soon
        MqttClient first = await ConnectPatientlyAsync(host, drone, "drone-01/1");
        await using MqttClient second = await ConnectPatientlyAsync(host, drone, "drone-01/2");
        await Assert.ThrowsAsync<MqttException>(() => host.ConnectAsync(drone, "drone-01/3"));
        await host.WasRefusedAsync("connection.rate", "too many connections from this address");
        await first.DisposeAsync();
        await using MqttClient third = await ConnectPatientlyAsync(host, drone, "drone-01/3");
    }

    [Fact]
    public async Task Address_that_connects_too_often_gets_no_more_for_a_while()
    {
        await using SecurityHost host = await SecurityHost.StartAsync(o => o with { ConnectionsPerSecondPerAddress = 1 });
        for (int i = 0; host.Count("field.security.refused:connection.rate") == 0; i++)
        {
            Assert.True(i < 1000);
            using TcpClient client = new();
            await client.ConnectAsync(IPAddress.Loopback, host.MqttsPort, Token);
            await Task.Delay(1, Token);
        }

        await host.WasRefusedAsync("connection.rate", "too many new connections per second");
    }

    private static async Task<MqttClient> ConnectPatientlyAsync(SecurityHost host, AgentIdentity identity, string clientId)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                return await host.ConnectAsync(identity, clientId);
            }
            catch (MqttException e) when (e.IsTransient && !limit.IsCancellationRequested)
            {
                await Task.Delay(10, Token); // the connection before is still being taken down
            }
        }
    }

    private static async Task<SslStream> SecuredAsync(SecurityHost host, AgentIdentity identity)
    {
        TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, host.MqttsPort, Token);
        SslStream stream = new(client.GetStream());
        await stream.AuthenticateAsClientAsync(identity.Tls.Authentication(new("127.0.0.1")), Token);
        return stream;
    }

    private static async Task ExpectEndAsync(Stream stream)
    {
        byte[] buffer = new byte[1024];
        try
        {
            while (await stream.ReadAsync(buffer, Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Token) > 0)
            {
                // A TLS alert or a goodbye may come first.
            }
        }
        catch (IOException)
        {
            // A reset is an end too.
        }
    }
}
