using System.Buffers;
using Field.Mqtt;
using Field.Mqtt.Codec;

namespace Field.Tests.Mqtt;

public sealed class CodecTests
{
    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public void RoundTrip_every_packet_type_gives_an_equal_packet_and_equal_bytes(MqttProtocolVersion version)
    {
        Random random = new(20_260_101);
        HashSet<PacketType> seen = [];
        HashSet<PropertyId> properties = [];
        for (int i = 0; i < 4000; i++)
        {
            Packet packet = PacketSamples.Random(random, version);
            byte[] bytes = PacketSamples.Encode(packet, version);
            Packet decoded = PacketSamples.Decode(bytes, version);
            Assert.Equal(PacketSamples.Describe(packet), PacketSamples.Describe(decoded));
            Assert.Equal(bytes, PacketSamples.Encode(decoded, version));
            seen.Add(packet.Type);
            properties.UnionWith(packet.Properties?.Select(p => p.Id) ?? []);
        }

        Assert.Equal(version == MqttProtocolVersion.V500 ? 15 : 14, seen.Count);
        if (version == MqttProtocolVersion.V500)
        {
            PropertyId[] ofMessages =
            [
                PropertyId.PayloadFormatIndicator, PropertyId.MessageExpiryInterval, PropertyId.ContentType, PropertyId.ResponseTopic,
                PropertyId.CorrelationData, PropertyId.WillDelayInterval, PropertyId.TopicAlias,
            ];
            Assert.Equal(Enum.GetValues<PropertyId>().Except(ofMessages).Order(), properties.Except(ofMessages).Order());
        }
    }

    [Fact]
    public void Publish_with_alias_and_subscription_identifiers_round_trips()
    {
        PublishPacket packet = new(new("t", new byte[] { 1 }, 1), 1, false) { PacketId = 7, TopicAlias = 3, SubscriptionIdentifiers = [1, 268_435_455] };
        PublishPacket decoded = Assert.IsType<PublishPacket>(PacketSamples.Decode(PacketSamples.Encode(packet, MqttProtocolVersion.V500), MqttProtocolVersion.V500));
        Assert.Equal((ushort)3, decoded.TopicAlias);
        Assert.Equal([1u, 268_435_455u], decoded.Message.Properties!.SubscriptionIdentifiers);
    }

    [Theory]
    [InlineData(0, 2)] // §1.5.5 table 1-1: the ends of each length class
    [InlineData(127, 2)]
    [InlineData(128, 3)]
    [InlineData(16_383, 3)]
    [InlineData(16_384, 4)]
    [InlineData(2_097_151, 4)]
    [InlineData(2_097_152, 5)]
    public void RemainingLength_at_the_ends_of_its_classes_has_the_size_of_the_standard(int remaining, int headerBytes)
    {
        Packet packet = remaining == 0 ? PingReqPacket.Instance : new PublishPacket(new("t", new byte[remaining - 3]), 0, false);
        byte[] bytes = PacketSamples.Encode(packet, MqttProtocolVersion.V311);
        Assert.Equal(headerBytes + remaining, bytes.Length);
        Assert.Equal(packet.Type, PacketSamples.Decode(bytes, MqttProtocolVersion.V311, int.MaxValue).Type);
    }

    [Fact]
    public void Encoder_with_a_limit_below_the_packet_writes_nothing()
    {
        ArrayBufferWriter<byte> output = new();
        PublishPacket packet = new(new("topic", new byte[100]), 0, false);
        Assert.Equal(0, PacketEncoder.Write(output, packet, MqttProtocolVersion.V500, 109));
        Assert.Equal(0, output.WrittenCount);
        Assert.Equal(110, PacketEncoder.Write(output, packet, MqttProtocolVersion.V500, 110));
    }

    [Fact]
    public void Decoder_over_any_split_into_segments_reads_the_same_packet()
    {
        Random random = new(5);
        for (int i = 0; i < 300; i++)
        {
            Packet packet = PacketSamples.Random(random, MqttProtocolVersion.V500);
            byte[] bytes = PacketSamples.Encode(packet, MqttProtocolVersion.V500);
            ReadOnlySequence<byte> sequence = Segments(bytes, random);
            Assert.True(PacketDecoder.TryRead(ref sequence, MqttProtocolVersion.V500, 1 << 20, out Packet? decoded));
            Assert.Equal(PacketSamples.Describe(packet), PacketSamples.Describe(decoded));
        }
    }

    [Fact]
    public void Decoder_with_every_prefix_of_a_packet_asks_for_more()
    {
        Random random = new(6);
        for (int i = 0; i < 200; i++)
        {
            byte[] bytes = PacketSamples.Encode(PacketSamples.Random(random, MqttProtocolVersion.V500), MqttProtocolVersion.V500);
            for (int length = 0; length < bytes.Length; length++)
            {
                ReadOnlySequence<byte> prefix = new(bytes, 0, length);
                Assert.False(PacketDecoder.TryRead(ref prefix, MqttProtocolVersion.V500, 1 << 20, out _));
                Assert.Equal(length, prefix.Length);
            }
        }
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public void Decoder_fed_mutated_packets_throws_only_the_malformed_exception(MqttProtocolVersion version)
    {
        Random random = new(77);
        int refused = 0, read = 0;
        for (int i = 0; i < 30_000; i++)
        {
            byte[] bytes = PacketSamples.Encode(PacketSamples.Random(random, version), version);
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            _ = Feed(bytes, version) ? read++ : refused++;
        }

        Assert.True(refused > 1000 && read > 1000, $"the fuzz reaches both outcomes: {refused} refused, {read} read or incomplete");
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public void Decoder_fed_random_bytes_throws_only_the_malformed_exception(MqttProtocolVersion version)
    {
        Random random = new(78);
        for (int i = 0; i < 100_000; i++)
        {
            byte[] bytes = new byte[random.Next(2, 64)];
            random.NextBytes(bytes);
            bytes[1] = (byte)random.Next(bytes.Length); // most of them complete
            Feed(bytes, version);
        }
    }

    [Fact]
    public void Decoder_announced_a_huge_packet_allocates_nothing_for_it()
    {
        byte[] head = [0x30, 0xFF, 0xFF, 0xFF, 0x7F]; // 256 MiB, the standard's largest
        long before = GC.GetAllocatedBytesForCurrentThread();
        ReadOnlySequence<byte> sequence = new(head);
        Assert.False(PacketDecoder.TryRead(ref sequence, MqttProtocolVersion.V500, int.MaxValue, out _));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4096);
    }

    [Fact]
    public void Decoder_above_the_limit_says_packet_too_large_before_the_packet_arrives()
    {
        ReadOnlySequence<byte> sequence = new([0x30, 0x80, 0x80, 0x40]); // 1 MiB announced, none of it there
        MalformedPacketException e = Assert.Throws<MalformedPacketException>(
            () => PacketDecoder.TryRead(ref sequence, MqttProtocolVersion.V500, 1000, out _));
        Assert.Equal(MqttReasonCode.PacketTooLarge, e.ReasonCode);
    }

    private static bool Feed(byte[] bytes, MqttProtocolVersion version)
    {
        ReadOnlySequence<byte> sequence = new(bytes);
        try
        {
            while (PacketDecoder.TryRead(ref sequence, version, 100_000, out _))
            {
            }

            return true;
        }
        catch (MalformedPacketException)
        {
            return false;
        }
    }

    private static ReadOnlySequence<byte> Segments(byte[] bytes, Random random)
    {
        Segment first = new(ReadOnlyMemory<byte>.Empty, null);
        Segment last = first;
        for (int at = 0; at < bytes.Length;)
        {
            int count = Math.Min(random.Next(1, 8), bytes.Length - at);
            last = new Segment(bytes.AsMemory(at, count), last);
            at += count;
        }

        return new(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            RunningIndex = previous is null ? 0 : previous.RunningIndex + previous.Memory.Length;
            if (previous is not null)
            {
                previous.Next = this;
            }
        }
    }
}
