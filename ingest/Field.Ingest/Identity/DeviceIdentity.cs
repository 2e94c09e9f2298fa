using System.Security.Principal;
using Field.Contracts;

namespace Field.Ingest.Identity;

/// <summary>A device that proved itself with a certificate of the site's CA.</summary>
/// <param name="Site">Site id.</param>
/// <param name="Device">Device id.</param>
/// <param name="Serial">The certificate's serial number, hex.</param>
/// <param name="NotAfter">When the certificate ends.</param>
internal sealed record DeviceIdentity(string Site, string Device, string Serial, DateTimeOffset NotAfter) : IIdentity
{
    public string AuthenticationType => "X.509";

    public bool IsAuthenticated => true;

    /// <summary>As in the audit log: <c>device:SITE/DEVICE</c>.</summary>
    public string Name { get; } = $"device:{Site}/{Device}";

    /// <summary>Topics that it may publish to begin so.</summary>
    public string UpPrefix { get; } = $"{Topics.Prefix}{Site}/{Device}/up/";

    /// <summary>Filters that it may subscribe to begin so; no wildcard can stand in the prefix, so none reaches further.</summary>
    public string DownPrefix { get; } = $"{Topics.Prefix}{Site}/{Device}/down/";
}
