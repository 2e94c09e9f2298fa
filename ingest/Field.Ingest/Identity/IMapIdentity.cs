using System.Security.Principal;

namespace Field.Ingest.Identity;

/// <summary>Somebody of the map who speaks MQTT; the map's server says what they may.</summary>
public interface IMapIdentity : IIdentity
{
    /// <summary>May they connect under this client id? It must be no device's.</summary>
    bool MayConnect(string clientId, bool isAssigned);

    /// <summary>May they publish to this topic?</summary>
    bool MayPublish(string topic);

    /// <summary>May they subscribe to this filter?</summary>
    bool MaySubscribe(string site, string filter);
}

/// <summary>A connection feature: the request came over the listener that serves the map to other machines, over TLS.</summary>
/// <param name="IsInternetFacing">True when data of single residents and of the tax office is never served there.</param>
/// <param name="IsPublic">True where anybody is served the public map, and nothing else; nobody is known there.</param>
public sealed record MapListener(bool IsInternetFacing, bool IsPublic = false);
