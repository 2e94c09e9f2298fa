namespace Field.EdgeAgent.Uplink;

/// <summary>One connection to the server, as the uplink needs it.</summary>
internal interface ILink : IAsyncDisposable
{
    /// <summary>Completes, without failing, when the connection ended; the reason or null.</summary>
    Task<string?> Closed { get; }

    /// <summary>Publishes with QoS 1; completes when the server acknowledged, which on <c>field/#</c> means stored.</summary>
    /// <exception cref="FieldException">Lost (then <see cref="Closed"/> completes) or refused.</exception>
    Task PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken cancellationToken);
}

/// <summary>Opens connections.</summary>
internal interface ILinkFactory
{
    /// <summary>Connects with a will and the subscription of the device's receipts in place.</summary>
    /// <param name="clientId">MQTT client id.</param>
    /// <param name="will">Topic and payload the server publishes, retained, when the connection breaks.</param>
    /// <param name="receiptTopic">Where the receipts come.</param>
    /// <param name="onReceipt">Hears each receipt's payload.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FieldException">Not reachable (transient) or refused.</exception>
    Task<ILink> OpenAsync(
        string clientId,
        (string Topic, byte[] Payload) will,
        string receiptTopic,
        Action<ReadOnlyMemory<byte>> onReceipt,
        CancellationToken cancellationToken);
}
