using System.ComponentModel.DataAnnotations;

namespace Field.Mqtt;

/// <summary>How a client connects.</summary>
public sealed record MqttClientOptions
{
    /// <summary>The largest packet taken by default: a payload of 1 MiB and 64 KiB for topic and properties.</summary>
    public const int DefaultMaxPacketBytes = (1024 + 64) * 1024;

    /// <summary>
    /// The server: <c>mqtt://host[:1883]</c> (TCP), <c>mqtts://host[:8883]</c> (TLS), <c>ws://host[:80]/mqtt</c> (WebSocket) or
    /// <c>wss://host[:443]/mqtt</c>.
    /// </summary>
    [Required]
    public required Uri Server { get; init; }

    /// <summary>Certificates for <c>mqtts</c> and <c>wss</c>. Default: no client certificate, and this machine's trusted roots.</summary>
    public MqttTlsOptions Tls { get; init; } = new();

    /// <summary>The client identifier; empty lets the server choose one, which then is in <see cref="MqttClient.ClientId"/>. Default empty.</summary>
    [MaxLength(65_535)]
    public string ClientId { get; init; } = "";

    /// <summary>The protocol version. Default 5.0.</summary>
    public MqttProtocolVersion ProtocolVersion { get; init; } = MqttProtocolVersion.V500;

    /// <summary>True forgets what the server kept for this client identifier. Default true.</summary>
    public bool CleanStart { get; init; } = true;

    /// <summary>How long the server keeps the session after the connection ended (5.0; 3.1.1: for ever unless clean). Default none.</summary>
    public TimeSpan SessionExpiry { get; init; }

    /// <summary>
    /// The longest silence, 1 s to 18 h; zero switches it off. PINGREQ is sent every half of it, and no answer for the whole
    /// of it ends the connection. Default 30 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "18:00:00")]
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What the server publishes when this connection breaks, or null.</summary>
    public MqttMessage? Will { get; init; }

    /// <summary>How long the server waits before it publishes the will (5.0). Default none.</summary>
    public TimeSpan WillDelay { get; init; }

    /// <summary>The user name, or null.</summary>
    public string? UserName { get; init; }

    /// <summary>The password, or null.</summary>
    public string? Password { get; init; }

    /// <summary>The longest time to connect, CONNACK included. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Published messages awaiting their acknowledgement, at most; the server may lower it (5.0). Default 256.</summary>
    [Range(1, 65_535)]
    public int MaxInFlight { get; init; } = 256;

    /// <summary>Messages waiting for a place in flight, at most; above it <see cref="MqttClient.PublishAsync"/> fails, transient. Default 65,536.</summary>
    [Range(1, 10_000_000)]
    public int MaxWaiting { get; init; } = 65_536;

    /// <summary>Received messages not handled yet, at most. Above it QoS 0 is dropped and counted, and QoS 1 and 2 wait at the server. Default 1024.</summary>
    [Range(1, 65_535)]
    public int ReceiveMaximum { get; init; } = 1024;

    /// <summary>
    /// Messages being handled at the same time, at most. Handlers begin in the order of receipt and acknowledgements leave in it too,
    /// whichever handler ends first: so many stores share one group commit. Default 1.
    /// </summary>
    [Range(1, 65_535)]
    public int MaxConcurrentHandlers { get; init; } = 1;

    /// <summary>The largest packet accepted, in bytes. Default 1,114,112 (a 1 MiB payload and 64 KiB of topic and properties).</summary>
    [Range(128, 268_435_460)]
    public int MaxPacketBytes { get; init; } = DefaultMaxPacketBytes;

    /// <summary>Subscriptions made while connecting. With a kept session the handlers must be here: its messages come at once.</summary>
    public IReadOnlyList<MqttSubscription> Subscriptions { get; init; } = [];

    /// <summary>The clock. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        List<ValidationResult> errors = [];
        Validator.TryValidateObject(this, new ValidationContext(this), errors, validateAllProperties: true);
        if (Will is not null && (!MqttTopic.IsValidName(Will.Topic) || Will.Payload.Length > ushort.MaxValue))
        {
            errors.Add(new("Will needs a topic name without wildcards and a payload of at most 65,535 bytes."));
        }

        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors.Select(e => e.ErrorMessage)));
        }
    }
}

/// <summary>A topic filter and what to do with its messages.</summary>
/// <param name="Filter">The topic filter; <c>$share/group/filter</c> shares it with others.</param>
/// <param name="Qos">The highest quality of service wanted: 0, 1 or 2.</param>
/// <param name="Handler">
/// Called for one message at a time (see <see cref="MqttClientOptions.MaxConcurrentHandlers"/>), in order of receipt. QoS 1 and 2 are acknowledged after it completed; when it throws, the message
/// is not acknowledged and the connection is closed, so that the server sends it again.
/// </param>
public sealed record MqttSubscription(string Filter, int Qos, Func<MqttMessage, CancellationToken, ValueTask> Handler);
