using Field.Mqtt;
using Field.Mqtt.Codec;

namespace Field.Tests.Broker.State;

/// <summary>Wills across a kill -9 (MQTT 5.0 §3.1.2.5: a server's failure may defer them until its restart).</summary>
public sealed class DurableWillTests : IDisposable
{
    private readonly StateFolder _folder = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Will_that_waits_for_its_delay_is_published_after_the_crash_when_it_is_due()
    {
        await using TestBroker first = await _folder.StartAsync(_time);
        (await first.RawAsync(WithWill("c", delaySeconds: 30))).Break();
        await BrokerSessionTests.Eventually(() => first.Broker.ConnectionCount == 0);
        await StateFolder.PublishAsync(first, "x", "x", retain: true);

        ManualTime after = new(_time.GetUtcNow() + TimeSpan.FromSeconds(20));
        await using TestBroker second = await _folder.Image().StartAsync(after);
        await second.Broker.SweepAsync();
        await using RawClient watcher = await second.RawAsync(new(MqttProtocolVersion.V500, "w"));
        await watcher.SubscribeAsync("will", 1);
        await watcher.ExpectNothingAsync();
        after.Advance(TimeSpan.FromSeconds(11));
        await second.Broker.SweepAsync();
        Assert.Equal("gone c", StateFolder.Text(await watcher.ReadAsync<PublishPacket>()));
        await second.Broker.SweepAsync();
        await watcher.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Will_of_a_client_connected_at_the_crash_waits_its_delay_and_is_called_off_by_the_clients_return(bool returns)
    {
        await using TestBroker first = await _folder.StartAsync(_time);
        await using RawClient client = await first.RawAsync(WithWill("c", delaySeconds: 30));
        ManualTime after = new(_time.GetUtcNow() + TimeSpan.FromSeconds(500));
        await using TestBroker second = await _folder.Image().StartAsync(after);
        await using RawClient watcher = await second.RawAsync(new(MqttProtocolVersion.V500, "w"));
        await watcher.SubscribeAsync("will", 1);
        await second.Broker.SweepAsync();
        await watcher.ExpectNothingAsync();
        await using RawClient? again = returns ? await second.RawAsync(StateFolder.Keeping("c")) : null;
        after.Advance(TimeSpan.FromSeconds(31));
        await second.Broker.SweepAsync();
        if (!returns)
        {
            Assert.Equal("gone c", StateFolder.Text(await watcher.ReadAsync<PublishPacket>()));
        }

        await watcher.ExpectNothingAsync();
    }

    [Fact]
    public async Task Will_of_a_clean_session_connected_at_the_crash_is_published_once_at_the_start()
    {
        await using TestBroker first = await _folder.StartAsync(_time);
        await using RawClient client = await first.RawAsync(new(MqttProtocolVersion.V311, "c") { Will = new("will", "gone c"u8.ToArray(), 1) });
        StateFolder image = _folder.Image();
        await using TestBroker second = await image.StartAsync(_time);
        await using RawClient watcher = await second.RawAsync(StateFolder.Keeping("w"));
        await watcher.SubscribeAsync("will", 1);
        await second.Broker.SweepAsync();
        PublishPacket will = await watcher.ReadAsync<PublishPacket>();
        Assert.Equal("gone c", StateFolder.Text(will));
        await watcher.SendAsync(new AckPacket(PacketType.PubAck, will.PacketId));
        await watcher.SubscribeAsync("x", 1); // on the disk: the will is done, and delivered

        await using TestBroker third = await image.Image().StartAsync(_time);
        await third.Broker.SweepAsync();
        await using RawClient again = await third.RawAsync(StateFolder.Keeping("w"));
        await again.ExpectNothingAsync();
    }

    [Fact] // [MQTT-3.1.2-10]
    public async Task Will_called_off_by_disconnect_is_not_published_after_a_crash()
    {
        await using TestBroker first = await _folder.StartAsync(_time);
        await using (RawClient client = await first.RawAsync(WithWill("c", delaySeconds: 30)))
        {
            await client.SendAsync(new DisconnectPacket());
            await client.ExpectEndAsync();
        }

        await BrokerSessionTests.Eventually(() => first.Broker.ConnectionCount == 0);
        await StateFolder.PublishAsync(first, "x", "x", retain: true);
        ManualTime after = new(_time.GetUtcNow() + TimeSpan.FromSeconds(31));
        await using TestBroker second = await _folder.Image().StartAsync(after);
        await using RawClient watcher = await second.RawAsync(new(MqttProtocolVersion.V500, "w"));
        await watcher.SubscribeAsync("will", 1);
        await second.Broker.SweepAsync();
        await watcher.ExpectNothingAsync();
    }

    private static ConnectPacket WithWill(string clientId, uint delaySeconds) => StateFolder.Keeping(clientId) with
    {
        Will = new("will", System.Text.Encoding.UTF8.GetBytes($"gone {clientId}"), 1),
        WillDelaySeconds = delaySeconds,
    };
}
