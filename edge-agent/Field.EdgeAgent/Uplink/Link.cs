namespace Field.EdgeAgent.Uplink;

/// <summary>One connection to the server, as the uplink needs it.</summary>
internal interface ILink : IAsyncDisposable
{
    /// <summary>Completes, without failing, when the connection ended; the reason or null.</summary>
    Task<string?> Closed { get; }

    /// <summary>
    /// True when the server said that its acknowledgement means stored (SPEC.md section 2). When false, a broker between acknowledges from
    /// memory, and only a receipt counts.
    /// </summary>
    bool AcknowledgesStored { get; }

    /// <summary>Publishes with QoS 1; completes when the server acknowledged.</summary>
    /// <exception cref="FieldException">Lost (then <see cref="Closed"/> completes) or refused.</exception>
    Task PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken cancellationToken);
}

/// <summary>What the device wants to hear.</summary>
/// <param name="Topic">The topic under <c>down</c>.</param>
/// <param name="Handle">
/// Takes one payload at a time, in order. It is acknowledged after this; when this throws, the connection ends and the server sends it again.
/// </param>
internal sealed record LinkSubscription(string Topic, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> Handle);

/// <summary>How a connection is to be.</summary>
/// <param name="ClientId">MQTT client id.</param>
/// <param name="WillTopic">Where the server publishes the will, retained, when the connection breaks.</param>
/// <param name="Will">The will.</param>
/// <param name="Subscriptions">In place when the connection is open.</param>
/// <param name="SessionExpiry">How long the server keeps what it has for the device while that is away; zero for nothing.</param>
internal sealed record LinkRequest(
    string ClientId, string WillTopic, ReadOnlyMemory<byte> Will, IReadOnlyList<LinkSubscription> Subscriptions, TimeSpan SessionExpiry = default);

/// <summary>Opens connections.</summary>
internal interface ILinkFactory
{
    /// <summary>Connects.</summary>
    /// <exception cref="FieldException">Not reachable (transient) or refused.</exception>
    Task<ILink> OpenAsync(LinkRequest request, CancellationToken cancellationToken);
}
