using Field.Contracts;

namespace Field.Ingest.Identity;

/// <summary>Who may connect to this site's server from other machines, and how much one address may ask.</summary>
public sealed record IdentityOptions
{
    /// <summary>The site; certificates of other sites are refused.</summary>
    public required string Site { get; init; }

    /// <summary>The server's data folder; keys, devices and the audit log lie under <c>identity</c> and <c>audit</c> in it, for its user only.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Host names and addresses that devices use, in the server's certificate. Default: this machine's name and loopback.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Validity of a device's certificate. Default 365 days.</summary>
    public TimeSpan DeviceLifetime { get; init; } = TimeSpan.FromDays(365);

    /// <summary>Validity of the server's certificate, renewed when a third of it is left. Default 90 days.</summary>
    public TimeSpan ServerLifetime { get; init; } = TimeSpan.FromDays(90);

    /// <summary>The time for a TLS handshake. Default 10 s.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections of one address (IPv6: of one /64) at the same time; many devices can share a carrier's address. Default 1,000.</summary>
    public int MaxConnectionsPerAddress { get; init; } = 1000;

    /// <summary>New connections of one address per second, with a burst of ten seconds' worth. Default 20.</summary>
    public int ConnectionsPerSecondPerAddress { get; init; } = 20;

    /// <summary>Failed enrolments of one address that cost it nothing; then 1 s of silence, twice as long after each further one. Default 5.</summary>
    public int FreeFailures { get; init; } = 5;

    /// <summary>The longest silence. Default 15 min.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How often a change by the command line (a revocation) is looked for. Default 500 ms.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Folder of keys, certificates and devices.</summary>
    internal string Folder => Path.Combine(Path.GetFullPath(DataDirectory), "identity");

    /// <summary>Folder of the audit log.</summary>
    internal string AuditFolder => AuditFolderOf(DataDirectory);

    /// <summary>The names in the server's certificate.</summary>
    internal IReadOnlyList<string> EffectiveHosts => Hosts.Count > 0 ? Hosts : [Environment.MachineName.ToLowerInvariant(), "localhost", "127.0.0.1", "::1"];

    /// <summary>Where a data folder keeps its audit log.</summary>
    public static string AuditFolderOf(string dataDirectory) => Path.Combine(Path.GetFullPath(dataDirectory), "audit");

    /// <summary>Everything that is wrong with the options.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [];
        if (!Ids.IsSite(Site))
        {
            errors.Add($"Site: '{Site}' must be 1 to 32 of a-z, 0-9 and -, not starting with -");
        }

        errors.AddRange(Hosts.Where(h => Uri.CheckHostName(h) == UriHostNameType.Unknown).Select(h => $"--host {h}: neither a host name nor an address"));
        return errors;
    }
}
