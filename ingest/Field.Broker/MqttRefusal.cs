using System.Net;
using System.Security.Principal;
using Field.Mqtt;

namespace Field.Broker;

/// <summary>What a client was refused.</summary>
public enum MqttRefusalKind
{
    /// <summary>The connection itself: CONNECT was malformed, late, or not allowed.</summary>
    Connect,

    /// <summary>The will in CONNECT; with it the connection.</summary>
    Will,

    /// <summary>A message, by its topic.</summary>
    Publish,

    /// <summary>A subscription, by its filter.</summary>
    Subscribe,

    /// <summary>The rest of the connection: a packet was malformed, too large, or never finished.</summary>
    Protocol,

    /// <summary>More packets or bytes per second than allowed: the client is read more slowly.</summary>
    Rate,
}

/// <summary>Something a client was refused, for the audit.</summary>
/// <param name="Kind">What.</param>
/// <param name="ClientId">The client identifier; null before CONNECT was understood. Chosen by the client.</param>
/// <param name="Authenticated">Who the transport says it is, or null.</param>
/// <param name="Remote">The remote address, or null inside the process.</param>
/// <param name="Code">The reason code; success for <see cref="MqttRefusalKind.Rate"/>, which only slows down.</param>
/// <param name="Topic">The topic or filter, or null. Chosen by the client.</param>
/// <param name="Reason">One line. Never holds a password or payload.</param>
public sealed record MqttRefusal(
    MqttRefusalKind Kind, string? ClientId, IIdentity? Authenticated, IPAddress? Remote, MqttReasonCode Code, string? Topic, string Reason);
