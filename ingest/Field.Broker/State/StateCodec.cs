using System.Buffers;
using Field.Mqtt;
using Field.Mqtt.Codec;

namespace Field.Broker.State;

/// <summary>State records as bytes: a kind, then the fields in MQTT's own data types; 64-bit numbers big-endian.</summary>
internal static class StateCodec
{
    /// <summary>What a message's record has beside an MQTT packet's bytes and its targets, at most.</summary>
    public const int OverheadBytes = 1024;

    /// <summary>Targets in one record at most; a target takes some 22 bytes and 5 more for each identifier.</summary>
    public const int MaxTargets = 8192;

    private enum Kind
    {
        Head = 1, Session, Ended, Subscribed, Unsubscribed, Message, Advanced, Incoming, Released, Cleared, Will, WillDone,
    }

    /// <summary>Appends the record; returns its size in bytes.</summary>
    public static int Write(IBufferWriter<byte> output, StateRecord record)
    {
        PropertyList? properties = MessageProperties.ToWire(Content(record)?.Properties, topicAlias: null, []);
        WireWriter measure = default;
        Body(ref measure, record, properties);
        WireWriter writer = new(output.GetSpan(measure.Length)[..measure.Length]);
        Body(ref writer, record, properties);
        output.Advance(measure.Length);
        return measure.Length;
    }

    /// <exception cref="MalformedPacketException">The bytes are not a record; nothing else is thrown.</exception>
    public static StateRecord Read(ReadOnlySpan<byte> bytes)
    {
        WireReader reader = new(bytes);
        StateRecord record = (Kind)reader.Byte() switch
        {
            Kind.Head => new SegmentHead(Int64(ref reader)),
            Kind.Session => new SessionSaved(
                Int64(ref reader), reader.Text(), reader.Text(), Int64(ref reader), Int64(ref reader), Int64(ref reader), Int64(ref reader)),
            Kind.Ended => new SessionEnded(Int64(ref reader)),
            Kind.Subscribed => new Subscribed(Int64(ref reader), Subscriptions(ref reader)),
            Kind.Unsubscribed => new Unsubscribed(Int64(ref reader), List(ref reader, static (ref WireReader r) => r.Text())),
            Kind.Message => Message(ref reader),
            Kind.Advanced => new DeliveryAdvanced(Int64(ref reader), Int64(ref reader), reader.Byte() != 0),
            Kind.Incoming => new IncomingReceived(Int64(ref reader), List(ref reader, static (ref WireReader r) => r.PacketId())),
            Kind.Released => new IncomingReleased(Int64(ref reader), reader.PacketId()),
            Kind.Cleared => new RetainedCleared(reader.Text()),
            Kind.Will => new WillSaved(Int64(ref reader), reader.Text(), ReadContent(ref reader), Int64(ref reader), Int64(ref reader)),
            Kind.WillDone => new WillDone(Int64(ref reader)),
            Kind unknown => throw MalformedPacketException.Malformed($"state record of unknown kind {(int)unknown}"),
        };
        reader.End();
        return record;
    }

    private static MqttMessage? Content(StateRecord record) => record switch
    {
        MessageQueued r => r.Content,
        WillSaved r => r.Content,
        _ => null,
    };

    private static void Body(ref WireWriter w, StateRecord record, PropertyList? properties)
    {
        switch (record)
        {
            case SegmentHead r: Start(ref w, Kind.Head, r.NextNumber); break;
            case SessionSaved r: Session(ref w, r); break;
            case SessionEnded r: Start(ref w, Kind.Ended, r.Session); break;
            case Subscribed r: Subscribed(ref w, r); break;
            case Unsubscribed r: Unsubscribed(ref w, r); break;
            case MessageQueued r: Message(ref w, r, properties); break;
            case DeliveryAdvanced r: Start(ref w, Kind.Advanced, r.Session); Int64(ref w, r.Sequence); w.Byte(r.IsDone ? 1 : 0); break;
            case IncomingReceived r: Incoming(ref w, r); break;
            case IncomingReleased r: Start(ref w, Kind.Released, r.Session); w.UInt16(r.Id); break;
            case RetainedCleared r: w.Byte((int)Kind.Cleared); w.Text(r.Topic); break;
            case WillSaved r: Will(ref w, r, properties); break;
            case WillDone r: Start(ref w, Kind.WillDone, r.Will); break;
            default: throw new InvalidOperationException($"no encoding for {record.GetType()}");
        }
    }

    private static void Start(ref WireWriter w, Kind kind, long number)
    {
        w.Byte((int)kind);
        Int64(ref w, number);
    }

    private static void Session(ref WireWriter w, SessionSaved r)
    {
        Start(ref w, Kind.Session, r.Session);
        w.Text(r.ClientId);
        w.Text(r.Principal);
        Int64(ref w, r.ExpiryMs);
        Int64(ref w, r.ClosedAtMs);
        Int64(ref w, r.SentUpTo);
        Int64(ref w, r.LastSequence);
    }

    private static void Subscribed(ref WireWriter w, Subscribed r)
    {
        Start(ref w, Kind.Subscribed, r.Session);
        w.VarInt((uint)r.Subscriptions.Count);
        foreach (StoredSubscription s in r.Subscriptions)
        {
            w.Text(s.Filter);
            w.Byte(s.MaxQos | (s.NoLocal ? 4 : 0) | (s.RetainAsPublished ? 8 : 0));
            w.VarInt(s.Identifier);
        }
    }

    private static void Unsubscribed(ref WireWriter w, Unsubscribed r)
    {
        Start(ref w, Kind.Unsubscribed, r.Session);
        w.VarInt((uint)r.Filters.Count);
        foreach (string filter in r.Filters)
        {
            w.Text(filter);
        }
    }

    private static void Incoming(ref WireWriter w, IncomingReceived r)
    {
        Start(ref w, Kind.Incoming, r.Session);
        w.VarInt((uint)r.Ids.Count);
        foreach (ushort id in r.Ids)
        {
            w.UInt16(id);
        }
    }

    private static void Message(ref WireWriter w, MessageQueued r, PropertyList? properties)
    {
        Start(ref w, Kind.Message, r.Message);
        Int64(ref w, r.DeadlineMs);
        Int64(ref w, r.Publisher);
        w.UInt16(r.IncomingId);
        w.Byte(r.IsRetained ? 1 : 0);
        w.VarInt((uint)r.Targets.Count);
        foreach (QueueTarget t in r.Targets)
        {
            Int64(ref w, t.Session);
            Int64(ref w, t.Sequence);
            w.Byte(t.Qos | (t.Retain ? 4 : 0) | (t.Received ? 8 : 0));
            w.VarInt((uint)t.Identifiers.Count);
            foreach (uint identifier in t.Identifiers)
            {
                w.VarInt(identifier);
            }
        }

        WriteContent(ref w, r.Content, properties);
    }

    private static void Will(ref WireWriter w, WillSaved r, PropertyList? properties)
    {
        Start(ref w, Kind.Will, r.Will);
        w.Text(r.ClientId);
        WriteContent(ref w, r.Content, properties);
        Int64(ref w, r.DelayMs);
        Int64(ref w, r.DueMs);
    }

    private static void WriteContent(ref WireWriter w, MqttMessage message, PropertyList? properties)
    {
        w.Text(message.Topic);
        w.Byte(message.Qos | (message.Retain ? 4 : 0));
        w.Properties(properties);
        w.UInt32((uint)message.Payload.Length);
        w.Raw(message.Payload.Span);
    }

    private static MqttMessage ReadContent(ref WireReader reader)
    {
        string topic = reader.Text();
        byte flags = reader.Byte();
        MqttMessageProperties? properties = MessageProperties.FromWire(reader.Properties(PacketType.Publish));
        return new(topic, reader.Take(Length(ref reader)).ToArray(), Qos(flags), (flags & 4) != 0) { Properties = properties };
    }

    private static MessageQueued Message(ref WireReader reader)
    {
        long number = Int64(ref reader);
        long deadline = Int64(ref reader);
        long publisher = Int64(ref reader);
        ushort incoming = reader.UInt16();
        bool retained = reader.Byte() != 0;
        List<QueueTarget> targets = List(ref reader, static (ref WireReader r) =>
        {
            long session = Int64(ref r);
            long sequence = Int64(ref r);
            byte flags = r.Byte();
            return new QueueTarget(
                session, sequence, Qos(flags), (flags & 4) != 0, List(ref r, static (ref WireReader inner) => inner.VarInt()), (flags & 8) != 0);
        });
        return new(number, ReadContent(ref reader), deadline, retained, targets) { Publisher = publisher, IncomingId = incoming };
    }

    private static List<StoredSubscription> Subscriptions(ref WireReader reader) => List(ref reader, static (ref WireReader r) =>
    {
        string filter = r.Text();
        byte flags = r.Byte();
        return new StoredSubscription(filter, Qos(flags), (flags & 4) != 0, (flags & 8) != 0, r.VarInt());
    });

    private delegate T ReadItem<T>(ref WireReader reader);

    private static List<T> List<T>(ref WireReader reader, ReadItem<T> item)
    {
        uint count = reader.VarInt();
        List<T> list = [];
        for (uint i = 0; i < count; i++)
        {
            list.Add(item(ref reader));
        }

        return list;
    }

    private static int Qos(byte flags) =>
        (flags & 3) < 3 ? flags & 3 : throw MalformedPacketException.Malformed("QoS 3 in a state record");

    private static int Length(ref WireReader reader)
    {
        uint length = reader.UInt32();
        return length <= (uint)reader.Remaining ? (int)length : throw MalformedPacketException.Malformed("payload longer than its state record");
    }

    private static void Int64(ref WireWriter w, long value)
    {
        w.UInt32((uint)(value >> 32));
        w.UInt32((uint)value);
    }

    private static long Int64(ref WireReader reader) => ((long)reader.UInt32() << 32) | reader.UInt32();
}
