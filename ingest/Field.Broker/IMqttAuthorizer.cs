using System.Net;
using System.Security.Principal;
using Field.Mqtt;

namespace Field.Broker;

/// <summary>Who a client says it is, and from where.</summary>
/// <param name="ClientId">The client identifier (chosen by the broker when the client sent none).</param>
/// <param name="UserName">The user name, or null.</param>
/// <param name="Password">The password, or null.</param>
/// <param name="Remote">The remote address, or null for a connection inside the process.</param>
public sealed record MqttClientIdentity(string ClientId, string? UserName, ReadOnlyMemory<byte>? Password, IPAddress? Remote)
{
    /// <summary>
    /// Who the transport proved it to be (TLS client certificate), or null. A listener that authenticates leaves it as the connection
    /// feature <see cref="IIdentity"/>.
    /// </summary>
    public IIdentity? Authenticated { get; init; }

    /// <summary>True when the broker chose the client identifier.</summary>
    public bool IsAssigned { get; init; }
}

/// <summary>Decides what a client may do. Deny by default.</summary>
public interface IMqttAuthorizer
{
    /// <summary>Success, or the reason to refuse the connection with.</summary>
    ValueTask<MqttReasonCode> ConnectAsync(MqttClientIdentity client, CancellationToken cancellationToken);

    /// <summary>May the client publish to this topic name? Called for each message and for the will: must be fast.</summary>
    bool MayPublish(MqttClientIdentity client, string topic);

    /// <summary>May the client subscribe to this topic filter? A shared one is asked without its <c>$share/group/</c>.</summary>
    bool MaySubscribe(MqttClientIdentity client, string filter);

    /// <summary>Hears of everything that a client was refused, after the fact, on the connection's own loop: must not block.</summary>
    void Refused(MqttRefusal refusal)
    {
    }
}

/// <summary>The default until devices are enrolled: this machine may do everything (but not write <c>$</c>-topics), nobody else may connect.</summary>
public sealed class LoopbackAuthorizer : IMqttAuthorizer
{
    /// <inheritdoc/>
    public ValueTask<MqttReasonCode> ConnectAsync(MqttClientIdentity client, CancellationToken cancellationToken) =>
        new(client.Remote is null || IPAddress.IsLoopback(client.Remote.IsIPv4MappedToIPv6 ? client.Remote.MapToIPv4() : client.Remote)
            ? MqttReasonCode.Success
            : MqttReasonCode.NotAuthorized);

    /// <inheritdoc/>
    public bool MayPublish(MqttClientIdentity client, string topic) => topic[0] != '$';

    /// <inheritdoc/>
    public bool MaySubscribe(MqttClientIdentity client, string filter) => true;
}
