using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Field.Mqtt;
using Field.Mqtt.Codec;
using Field.Mqtt.Transport;
using Field.Tests.Broker;

namespace Field.Tests.Mqtt;

/// <summary>A client whose handlers run at the same time, against a server that does exactly what the test says.</summary>
public sealed class ConcurrentHandlerTests
{
    [Fact]
    public async Task Handlers_run_at_the_same_time_and_acknowledgements_keep_the_order_of_receipt()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource third = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<string> begun = [];
        MqttClientOptions options = new()
        {
            Server = new($"mqtt://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"),
            MaxConcurrentHandlers = 3,
            Subscriptions =
            [
                new("t/+", 1, async (message, cancel) =>
                {
                    begun.Add(message.Topic);
                    if (message.Topic == "t/1")
                    {
                        await first.Task.WaitAsync(cancel);
                    }
                    else if (message.Topic == "t/3")
                    {
                        third.SetResult();
                    }
                }),
            ],
        };
        Task<MqttClient> connecting = MqttClient.ConnectAsync(options, TestBroker.Token);
        using TcpClient peer = await listener.AcceptTcpClientAsync(TestBroker.Token);
        PacketReader reader = new(PipeReader.Create(peer.GetStream()), 1 << 20) { Version = MqttProtocolVersion.V500 };
        PipeWriter writer = PipeWriter.Create(peer.GetStream());
        Assert.IsType<ConnectPacket>(await reader.ReadAsync(TestBroker.Token));
        PropertyList properties = [];
        properties.AddUser("field-durable", "1");
        await SendAsync(writer, new ConnAckPacket(false, MqttReasonCode.Success) { Properties = properties });
        SubscribePacket subscribe = Assert.IsType<SubscribePacket>(await reader.ReadAsync(TestBroker.Token));
        await SendAsync(writer, new SubAckPacket(subscribe.PacketId, [MqttReasonCode.GrantedQos1]));
        await using MqttClient client = await connecting;
        Assert.Equal([new("field-durable", "1")], client.ServerProperties);

        for (ushort id = 1; id <= 3; id++)
        {
            await SendAsync(writer, new PublishPacket(new MqttMessage($"t/{id}", default, 1), 1, false) { PacketId = id });
        }

        await third.Task.WaitAsync(TimeSpan.FromSeconds(20), TestBroker.Token);
        Assert.Equal(["t/1", "t/2", "t/3"], begun);
        first.SetResult();
        for (ushort id = 1; id <= 3; id++)
        {
            Assert.Equal(id, Assert.IsType<AckPacket>(await reader.ReadAsync(TestBroker.Token)).PacketId);
        }
    }

    private static async Task SendAsync(PipeWriter writer, Packet packet)
    {
        PacketEncoder.Write(writer, packet, MqttProtocolVersion.V500);
        await writer.FlushAsync(TestBroker.Token);
    }
}
