using System.ComponentModel.DataAnnotations;
using Field.Broker.State;
using Field.Mqtt;

namespace Field.Broker;

/// <summary>Limits of the broker. Every one protects the other clients and the disk from one that misbehaves.</summary>
public sealed record MqttBrokerOptions
{
    /// <summary>Connections at the same time, at most; one more is refused with "server busy". Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>The largest packet accepted, in bytes. Default 1,114,112 (a 1 MiB payload and 64 KiB of topic and properties).</summary>
    [Range(1024, 268_435_460)]
    public int MaxPacketBytes { get; set; } = MqttClientOptions.DefaultMaxPacketBytes;

    /// <summary>The time from the connection to a complete CONNECT, at most. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The longest keep-alive: a 5.0 client that asks for more is told to use this one, so that a device that was switched off or carried
    /// away is noticed after 1.5 times of it. Ignored for 3.1.1, for clients that switch the keep-alive off, and when zero. Default 60 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "18:00:00")]
    public TimeSpan MaxKeepAlive { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The time from the first to the last byte of a packet, at most: a chunk of 256 KiB takes a minute on a thin line. Default 2 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan PacketTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Packets of one client per second, at most, with a burst of as many; above it the client is read more slowly (nothing is lost), and
    /// counted. Default 200,000.
    /// </summary>
    [Range(1, 1_000_000_000)]
    public int MaxPacketsPerSecond { get; set; } = 200_000;

    /// <summary>Bytes of one client per second, at most; as <see cref="MaxPacketsPerSecond"/>. Default 256 MiB.</summary>
    [Range(1024, 1L << 40)]
    public long MaxBytesPerSecond { get; set; } = 256L << 20;

    /// <summary>Refused publishes and subscriptions of one connection; at this number it is closed as not authorized. Default 100.</summary>
    [Range(1, 1_000_000)]
    public int MaxRefusalsPerConnection { get; set; } = 100;

    /// <summary>QoS 1 and 2 messages of one client that are being stored at the same time or were not released (QoS 2), at most: its receive maximum. Default 256.</summary>
    [Range(1, 65_535)]
    public int ReceiveMaximum { get; set; } = 256;

    /// <summary>Messages sent to one client and not acknowledged, at most; a 5.0 client may lower it. Default 1000.</summary>
    [Range(1, 65_000)]
    public int MaxInFlightPerClient { get; set; } = 1000;

    /// <summary>
    /// Messages waiting for one client, at most. Above it QoS 0 is dropped, and for QoS 1 and 2 the client is disconnected as too slow
    /// (while it is away: the message is dropped). Both are counted. Default 100,000.
    /// </summary>
    [Range(1, 10_000_000)]
    public int MaxQueuedMessagesPerClient { get; set; } = 100_000;

    /// <summary>Bytes waiting for one client, at most; as <see cref="MaxQueuedMessagesPerClient"/>. Default 64 MiB.</summary>
    [Range(1024, 1L << 40)]
    public long MaxQueuedBytesPerClient { get; set; } = 64L << 20;

    /// <summary>Subscriptions of one client, at most. Default 1000.</summary>
    [Range(1, 1_000_000)]
    public int MaxSubscriptionsPerClient { get; set; } = 1000;

    /// <summary>Retained messages, at most; above it a message is delivered but not retained, and counted. Default 100,000.</summary>
    [Range(0, 10_000_000)]
    public int MaxRetainedMessages { get; set; } = 100_000;

    /// <summary>Bytes of retained messages, at most; as <see cref="MaxRetainedMessages"/>. Default 256 MiB.</summary>
    [Range(0, 1L << 40)]
    public long MaxRetainedBytes { get; set; } = 256L << 20;

    /// <summary>How long the session of an absent client is kept, at most; also for 3.1.1 clients, whose sessions know no end. Default 30 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan MaxSessionExpiry { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// True tells 5.0 clients in CONNACK (user property <c>field-durable</c> = <c>1</c>) that PUBACK and PUBCOMP on <c>field/#</c> mean
    /// stored, so that they wait for no receipts. Set it only with an <see cref="IPublishInterceptor"/> that stores. Default false.
    /// </summary>
    public bool AcknowledgesDurably { get; set; }

    /// <summary>Sessions kept, of connected and absent clients, at most. Default 100,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxSessions { get; set; } = 100_000;

    /// <summary>
    /// The folder in which sessions that outlive their connection, their queued messages, wills and retained messages survive a crash; this
    /// broker's own, on a file system whose fsync is true. It holds at most about twice what is alive, and 48 MiB. Null (default): in memory.
    /// Then <see cref="MaxPacketBytes"/> may be 1.5 MiB at most.
    /// </summary>
    public string? StateDirectory { get; set; }

    /// <summary>Size at which the state's journal begins a new file, in bytes; compaction begins with two files of it. Default 16 MiB.</summary>
    internal long StateSegmentBytes { get; set; } = StateLog.DefaultSegmentBytes;

    /// <summary>Stands between the broker and the disk, where a test lets the disk fail; null for nothing.</summary>
    internal Func<IStateLog, IStateLog>? WrapStateLog { get; set; }
}
