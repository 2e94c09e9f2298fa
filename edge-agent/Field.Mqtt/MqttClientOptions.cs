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

    /// <summary>Received messages not handled yet, at most. Above it QoS 0 is dropped and counted, and QoS 1 and 2 wait at the server (5.0; ignored by 3.1.1). Default 1024.</summary>
    [Range(1, 65_535)]
    public int ReceiveMaximum { get; init; } = 1024;

    /// <summary>
    /// Messages beyond the receive maximum that are taken all the same: Mosquitto 2.0 loses count when it resumes a session, and a client that
    /// ends the connection for it gets the same messages again, for ever. Default 0.
    /// </summary>
    [Range(0, 65_535)]
    public int ReceiveTolerance { get; init; }

    /// <summary>
    /// Messages being handled at the same time, at most. Handlers begin in the order of receipt and acknowledgements leave in it too,
    /// whichever handler ends first: so many stores share one group commit. Default 1.
    /// </summary>
    [Range(1, 65_535)]
    public int MaxConcurrentHandlers { get; init; } = 1;

    /// <summary>
    /// Topics that may be abbreviated to a number in each direction of a connection, at most; the server may lower it for what is
    /// published. 5.0 only; zero switches it off. Default 16.
    /// </summary>
    [Range(0, 65_535)]
    public int TopicAliasMaximum { get; init; } = 16;

    /// <summary>The largest packet accepted, in bytes. Default 1,114,112 (a 1 MiB payload and 64 KiB of topic and properties).</summary>
    [Range(128, 268_435_460)]
    public int MaxPacketBytes { get; init; } = DefaultMaxPacketBytes;

    /// <summary>What outlives the connection, or null: then it is lost with the connection, and publishes still waiting fail as transient.</summary>
    public MqttClientSession? Session { get; init; }

    /// <summary>Subscriptions made while connecting. With a kept session the handlers must be here: its messages come at once.</summary>
    public IReadOnlyList<MqttSubscription> Subscriptions { get; init; } = [];

    /// <summary>The clock. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        List<ValidationResult> errors = [];
        Validator.TryValidateObject(this, new ValidationContext(this), errors, validateAllProperties: true);
        bool isWillValid = Will is null || (MqttTopic.IsValidName(Will.Topic) && Will.Payload.Length <= ushort.MaxValue && Will.Qos is >= 0 and <= 2
            && (Will.Properties is null || Codec.MessageProperties.IsSendable(Will.Properties)));
        if (!isWillValid)
        {
            errors.Add(new("Will needs a topic name without wildcards, a payload of at most 65,535 bytes, QoS 0 to 2 and valid properties."));
        }

        if (((string?[])[ClientId, UserName, Password]).Any(text => text is not null && !MqttTopic.IsSendableText(text)))
        {
            errors.Add(new("ClientId, UserName and Password are text of at most 65,535 bytes of UTF-8 without U+0000."));
        }

        if (ProtocolVersion == MqttProtocolVersion.V311 && Password is not null && UserName is null)
        {
            errors.Add(new("Password needs a UserName in MQTT 3.1.1 [MQTT-3.1.2-22]."));
        }

        if (ProtocolVersion == MqttProtocolVersion.V311 && ClientId is "" && !CleanStart)
        {
            errors.Add(new("ClientId is needed in MQTT 3.1.1 when CleanStart is false [MQTT-3.1.3-7]."));
        }

        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors.Select(e => e.ErrorMessage)));
        }
    }
}
