using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Security.Principal;
using Field.Broker;
using Field.Contracts;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Field.Ingest.Identity;

/// <summary>A mark on a connection: it came from outside, over TLS.</summary>
internal sealed class PublicConnection
{
    /// <summary>The handshake ended well.</summary>
    public bool IsSecured { get; set; }

    /// <summary>Why the client's certificate was refused, or null.</summary>
    public string? Refusal { get; set; }

    /// <summary>Who the certificate proves, or null.</summary>
    public DeviceIdentity? Device { get; set; }

    /// <summary>Not null: people come here for the map, not devices.</summary>
    public MapListener? Map { get; init; }
}

/// <summary>The map's certificate from another authority (PEM); the site's own CA when null.</summary>
/// <param name="CertificatePath">The certificate, followed by those between it and its root.</param>
/// <param name="KeyPath">Its private key, not encrypted.</param>
public sealed record MapCertificate(string CertificatePath, string KeyPath);

/// <summary>The listeners that other machines reach: gate -> TLS -> identity -> MQTT or HTTP.</summary>
internal sealed class PublicListeners(
    IdentityOptions options, SiteCa ca, ServerCertificate certificate, DeviceDirectory devices, ConnectionGate gate, SecurityAudit audit, TimeProvider time)
{
    /// <summary>MQTT: no connection without a device's certificate.</summary>
    public void UseMqtt(ListenOptions listen)
    {
        UseTls(listen, "mqtts.handshake", null, context => AuthenticationAsync(context, certificateRequired: true));
        listen.UseMqttBroker();
    }

    /// <summary>HTTP: a certificate is looked at when one is shown (renewal).</summary>
    public void UseHttp(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        UseTls(listen, "https.handshake", null, context => AuthenticationAsync(context, certificateRequired: false));
    }

    /// <summary>The map for people: no client certificate; who they are is asked by the map.</summary>
    public void UseMap(ListenOptions listen, MapListener map, MapCertificate? own)
    {
        listen.Protocols = HttpProtocols.Http1;
        PemCertificate? pem = own is null ? null : new(own);
        UseTls(listen, "map.handshake", map, _ => new(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = pem?.Current ?? certificate.Current,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
        }));
    }

    private void UseTls(ListenOptions listen, string what, MapListener? map, Func<TlsHandshakeCallbackContext, ValueTask<SslServerAuthenticationOptions>> authentication)
    {
        listen.Use(next => connection => EnterAsync(connection, next, what, map));
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = options.HandshakeTimeout,
            OnConnection = authentication,
        });
        listen.Use(next => connection =>
        {
            PublicConnection mark = connection.Features.Get<PublicConnection>()!;
            mark.IsSecured = true;
            if (map is not null)
            {
                connection.Features.Set(map);
            }

            if (mark.Device is { } device)
            {
                connection.Features.Set<IIdentity>(device);
            }

            return next(connection);
        });
    }

    private async Task EnterAsync(ConnectionContext connection, ConnectionDelegate next, string what, MapListener? map)
    {
        IPAddress? remote = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        if (gate.Enter(remote) is { } refusal)
        {
            audit.Refused("connection.rate", "anonymous", remote?.ToString(), what, refusal);
            connection.Abort();
            return;
        }

        PublicConnection mark = new() { Map = map };
        connection.Features.Set(mark);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            gate.Leave(remote);
            if (!mark.IsSecured)
            {
                audit.Refused(what, mark.Device?.Name ?? "anonymous", remote?.ToString(), "connection", mark.Refusal ?? "no TLS handshake, or not in time");
            }
        }
    }

    private async ValueTask<SslServerAuthenticationOptions> AuthenticationAsync(TlsHandshakeCallbackContext context, bool certificateRequired)
    {
        await devices.RefreshAsync(context.CancellationToken).ConfigureAwait(false);
        PublicConnection mark = context.Connection.Features.Get<PublicConnection>()!;
        return new()
        {
            ServerCertificateContext = certificate.Current,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateRequired = true, // asks for one; the callback says whether it can do without
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = Policy(),
            AllowRenegotiation = false,
            AllowTlsResume = false, // a resumed session would not be asked for its certificate, which may be revoked by now
            RemoteCertificateValidationCallback = (_, shown, chain, errors) => Judge(mark, shown as X509Certificate2, chain, errors, certificateRequired),
        };
    }

    private X509ChainPolicy Policy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { ca.Certificate },
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
        VerificationTime = time.GetUtcNow().UtcDateTime,
        VerificationTimeIgnored = false,
    };

    private bool Judge(PublicConnection mark, X509Certificate2? shown, X509Chain? chain, SslPolicyErrors errors, bool certificateRequired)
    {
        if (shown is null)
        {
            mark.Refusal = certificateRequired ? "no certificate" : null;
            return !certificateRequired;
        }

        DeviceIdentity? device = DeviceUri.Read(shown) is { } name ? new(name.Site, name.Device, shown.SerialNumber, shown.NotAfter.ToUniversalTime()) : null;
        X509ChainStatusFlags status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status) ?? X509ChainStatusFlags.NoError;
        mark.Refusal = errors != SslPolicyErrors.None && status != X509ChainStatusFlags.NotTimeValid ? "a certificate of another CA, or not of a device"
            : errors != SslPolicyErrors.None ? "certificate expired or not yet valid"
            : device is null || device.Site != options.Site ? "a certificate of another site"
            : !devices.IsValid(device.Serial) ? "certificate revoked" : null;
        mark.Device = errors == SslPolicyErrors.None || status == X509ChainStatusFlags.NotTimeValid ? device : null; // only our CA's word names anybody
        return mark.Refusal is null;
    }
}

/// <summary>For the host's <c>ConfigureKestrel</c>.</summary>
public static class PublicListenerHosting
{
    /// <summary>MQTT over TLS for enrolled devices.</summary>
    public static void UseDeviceMqtt(this ListenOptions listen)
    {
        ArgumentNullException.ThrowIfNull(listen);
        listen.ApplicationServices.GetRequiredService<PublicListeners>().UseMqtt(listen);
    }

    /// <summary>HTTPS for enrolment and renewal.</summary>
    public static void UseDeviceHttps(this ListenOptions listen)
    {
        ArgumentNullException.ThrowIfNull(listen);
        listen.ApplicationServices.GetRequiredService<PublicListeners>().UseHttp(listen);
    }

    /// <summary>The map over HTTPS, for people on other machines.</summary>
    /// <param name="listen">The endpoint.</param>
    /// <param name="map">What may be served there.</param>
    /// <param name="certificate">The map's certificate; null for one of the site's own CA.</param>
    public static void UseMapHttps(this ListenOptions listen, MapListener map, MapCertificate? certificate)
    {
        ArgumentNullException.ThrowIfNull(listen);
        listen.ApplicationServices.GetRequiredService<PublicListeners>().UseMap(listen, map, certificate);
    }
}
