using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Field.Mqtt;

namespace Field.Ingest.External;

/// <summary>A broker that is not ours, through which the devices speak.</summary>
public sealed record ExternalBrokerOptions
{
    /// <summary><c>mqtt://host[:1883]</c> or another scheme that <see cref="Mqtt.MqttClientOptions.Server"/> knows; without user or password.</summary>
    public required Uri Server { get; init; }

    /// <summary>
    /// The client identifier, under which the broker keeps the session over restarts of ingest: each worker needs its own. Default
    /// <c>field-ingest-</c> and the site.
    /// </summary>
    public string? ClientId { get; init; }

    /// <summary>File (PEM) of the only authority that may have signed the broker's certificate; null trusts those of this machine.</summary>
    public string? AuthorityPath { get; init; }

    /// <summary>File (PEM) with this client's certificate and its private key, or null.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>The user name, or null.</summary>
    public string? UserName { get; init; }

    /// <summary>The password, or null.</summary>
    public string? Password { get; init; }

    /// <summary>How long the broker keeps the session while ingest is away; 7 days by default, 0 to 365 days.</summary>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Messages being stored at the same time, at most; 1,000 by default, 1 to 65,535. They share group commits.</summary>
    public int MaxInFlight { get; init; } = 1000;

    /// <summary>Shortest time between two receipts for messages to one device; 100 ms by default, 1 ms to 10 s.</summary>
    public TimeSpan ReceiptInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest pause before connecting again; 30 s by default, 1 s to 10 min. The first is 0.5 s, each further one twice as long.</summary>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The server only: a record would print the password.</summary>
    public override string ToString() => Server.ToString();

    /// <summary>Everything that is wrong with the options.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [];
        if (!Server.IsAbsoluteUri || Server.Host.Length == 0)
        {
            return [$"ExternalBroker.Server: '{Server}' is no address; use mqtt://host[:1883] or mqtts://host[:8883]"];
        }

        if (Server.UserInfo.Length > 0)
        {
            errors.Add("ExternalBroker.Server: no user or password in the URL; give them as options");
        }

        if (Server.Scheme is not ("mqtt" or "mqtts" or "ws" or "wss"))
        {
            errors.Add($"ExternalBroker.Server: '{Server.Scheme}' is not a scheme of MQTT; use mqtt, mqtts, ws or wss");
        }

        if ((AuthorityPath ?? CertificatePath) is not null && Server.Scheme is not ("mqtts" or "wss"))
        {
            errors.Add("ExternalBroker.Server: certificates need mqtts or wss");
        }

        foreach (string path in new[] { AuthorityPath, CertificatePath }.OfType<string>().Where(p => !File.Exists(p)))
        {
            errors.Add($"ExternalBroker: there is no certificate file {path}");
        }

        if (SessionExpiry < TimeSpan.Zero || SessionExpiry > TimeSpan.FromDays(365))
        {
            errors.Add($"ExternalBroker.SessionExpiry: {SessionExpiry} lies outside 0 to 365 days");
        }

        if (MaxInFlight is < 1 or > 65_535)
        {
            errors.Add($"ExternalBroker.MaxInFlight: {MaxInFlight} lies outside 1 to 65,535");
        }

        if (ReceiptInterval < TimeSpan.FromMilliseconds(1) || ReceiptInterval > TimeSpan.FromSeconds(10))
        {
            errors.Add($"ExternalBroker.ReceiptInterval: {ReceiptInterval} lies outside 1 ms to 10 s");
        }

        if (MaxReconnectDelay < TimeSpan.FromSeconds(1) || MaxReconnectDelay > TimeSpan.FromMinutes(10))
        {
            errors.Add($"ExternalBroker.MaxReconnectDelay: {MaxReconnectDelay} lies outside 1 s to 10 min");
        }

        return errors;
    }

    /// <summary>Reads the certificates.</summary>
    /// <exception cref="FieldException">A file holds none; the text tells the file and never its content.</exception>
    internal MqttTlsOptions Tls() => new()
    {
        TrustedRoot = Read(AuthorityPath, X509CertificateLoader.LoadCertificateFromFile, "certificate"),
        ClientCertificate = Read(CertificatePath, path => X509Certificate2.CreateFromPemFile(path), "certificate with its private key"),
    };

    private static X509Certificate2? Read(string? path, Func<string, X509Certificate2> read, string what)
    {
        try
        {
            return path is null ? null : read(path);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new FieldException($"{path}: no {what} in PEM can be read there");
        }
    }
}
