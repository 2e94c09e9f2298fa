using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Field.Contracts;
using Field.EdgeAgent.Identity;
using Field.Ingest.Identity;
using Field.Mqtt;
using Field.Store.Audit;

namespace Field.Tests.Security;

/// <summary>Codes: used once, by whom they are for, and not guessed.</summary>
public sealed class EnrolmentTests
{
    private static CancellationToken Token => SecurityHost.Token;

    [Theory]
    [InlineData("2A8648CE3D030107")] // the curve
    [InlineData("2A8648CE3D0201")] // the kind of key
    [InlineData("2A8648CE3D040302")] // the signature
    public void Signing_request_with_an_algorithm_that_nobody_knows_is_none(string oid)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSigningRequest();
        Assert.NotNull(EnrolmentService.KeyOf(PemEncoding.WriteString("CERTIFICATE REQUEST", request)));
        byte[] known = Convert.FromHexString(oid);
        int at = request.AsSpan().IndexOf(known);
        request[at + known.Length - 1] ^= 0x40;
        Assert.Null(EnrolmentService.KeyOf(PemEncoding.WriteString("CERTIFICATE REQUEST", request)));
    }

    [Fact]
    public async Task Code_that_was_used_is_refused()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        EnrolmentCode code = await host.CodeAsync("drone-01");
        using AgentIdentity drone = await host.EnrolAsync("drone-01", code);
        FieldException e = await Assert.ThrowsAsync<FieldException>(() => host.EnrolAsync("drone-01", code));
        Assert.False(e.IsTransient);
        await host.WasRefusedAsync("device.enrol", code.Id, "used before");
        await using MqttClient still = await host.ConnectAsync(drone); // the thief's attempt has not put the device out
    }

    [Fact]
    public async Task Lost_answer_can_be_asked_for_again_with_the_same_key()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        EnrolmentCode code = await host.CodeAsync("drone-01");
        EnrolmentRequest request = new(Csr(), code.Id, code.Secret);
        using HttpResponseMessage first = await host.PostAsync(EnrolmentRequest.EnrolPath, request);
        using HttpResponseMessage second = await host.PostAsync(EnrolmentRequest.EnrolPath, request);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal(await first.Content.ReadAsByteArrayAsync(Token), await second.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    public async Task Wrong_codes_are_refused_then_silenced_and_end_the_code()
    {
        await using SecurityHost host = await SecurityHost.StartAsync(o => o with { FreeFailures = 3 });
        EnrolmentCode code = await host.CodeAsync("drone-01");
        EnrolmentRequest wrong = new(Csr(), code.Id, new string('0', EnrolmentCode.SecretLength));
        for (int i = 0; i < 4; i++)
        {
            using HttpResponseMessage refused = await host.PostAsync(EnrolmentRequest.EnrolPath, wrong);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        using HttpResponseMessage silenced = await host.PostAsync(EnrolmentRequest.EnrolPath, wrong);
        Assert.Equal(HttpStatusCode.TooManyRequests, silenced.StatusCode);
        Assert.NotNull(silenced.Headers.RetryAfter);
        using HttpResponseMessage right = await host.PostAsync(EnrolmentRequest.EnrolPath, new(Csr(), code.Id, code.Secret));
        Assert.Equal(HttpStatusCode.TooManyRequests, right.StatusCode); // silence is silence, also for the right one
        await host.WasRefusedAsync("device.enrol", code.Id, "wrong secret");
        await host.WasRefusedAsync("device.enrol", "still silenced");
        Assert.Equal(6, host.Count("field.security.refused:device.enrol"));
    }

    [Fact]
    public async Task Code_ends_after_ten_wrong_secrets_wherever_they_came_from()
    {
        await using SecurityHost host = await SecurityHost.StartAsync(o => o with { FreeFailures = 100 });
        EnrolmentCode code = await host.CodeAsync("drone-01");
        for (int i = 0; i < 10; i++)
        {
            using HttpResponseMessage refused = await host.PostAsync(EnrolmentRequest.EnrolPath, new(Csr(), code.Id, new string('0', EnrolmentCode.SecretLength)));
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        await Assert.ThrowsAsync<FieldException>(() => host.EnrolAsync("drone-01", code));
        await host.WasRefusedAsync("device.enrol", code.Id, "too many wrong attempts");
    }

    [Fact]
    public async Task Code_that_expired_and_code_that_never_was_are_refused_alike()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        await using DeviceAdministration administration = host.Administration();
        EnrolmentCode expired = await administration.EnrolAsync("drone-01", TimeSpan.FromTicks(1), Token);
        EnrolmentCode never = EnrolmentCode.Create(host.Authority.RawData);
        string first = (await Assert.ThrowsAsync<FieldException>(() => host.EnrolAsync("drone-01", expired))).Message;
        string second = (await Assert.ThrowsAsync<FieldException>(() => host.EnrolAsync("drone-01", never))).Message;
        Assert.Equal(first, second);
        await host.WasRefusedAsync("device.enrol", expired.Id, "expired");
        await host.WasRefusedAsync("device.enrol", "unknown code");
    }

    [Fact]
    public async Task Server_that_the_code_does_not_pin_is_told_nothing()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        using TestPki other = new();
        EnrolmentCode elsewhere = EnrolmentCode.Create(other.Root.RawData);
        FieldException e = await Assert.ThrowsAsync<FieldException>(() => host.EnrolAsync("drone-01", elsewhere));
        Assert.Contains("not the server that the code is for", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, host.Count("field.security.refused:device.enrol"));
    }

    [Fact]
    public async Task Signing_request_decides_nothing_but_the_key()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        EnrolmentCode code = await host.CodeAsync("drone-01");
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest greedy = new("CN=hq", key, HashAlgorithmName.SHA256);
        greedy.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        SubjectAlternativeNameBuilder names = new();
        names.AddUri(new Uri("field:aoba/drone-99"));
        greedy.CertificateExtensions.Add(names.Build());
        using HttpResponseMessage response = await host.PostAsync(EnrolmentRequest.EnrolPath, new(greedy.CreateSigningRequestPem(), code.Id, code.Secret));
        EnrolmentAnswer answer = EnrolmentAnswer.Parse(await response.Content.ReadAsByteArrayAsync(Token))!;
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(answer.Certificate);
        Assert.Equal(("aoba", "drone-01"), DeviceUri.Read(certificate));
        Assert.False(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
    }

    [Theory]
    [InlineData("rsa")]
    [InlineData("p384")]
    [InlineData("nonsense")]
    public async Task Signing_request_of_another_kind_of_key_is_refused(string kind)
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        EnrolmentCode code = await host.CodeAsync("drone-01");
        using RSA rsa = RSA.Create(2048);
        using ECDsa p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        string csr = kind switch
        {
            "rsa" => new CertificateRequest("CN=x", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem(),
            "p384" => new CertificateRequest("CN=x", p384, HashAlgorithmName.SHA256).CreateSigningRequestPem(),
            _ => "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----",
        };
        using HttpResponseMessage response = await host.PostAsync(EnrolmentRequest.EnrolPath, new(csr, code.Id, code.Secret));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Device_renews_by_itself_and_the_renewed_certificate_counts()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        string folder = Path.Combine(host.Folder, "agent");
        await EnrolmentClient.EnrolAsync(host.Https, await host.CodeAsync("drone-01"), folder, folder, Token);
        using AgentIdentity before = AgentIdentity.Load(folder);
        Assert.False(await EnrolmentClient.RenewIfDueAsync(host.Https, folder, TimeProvider.System, Token));
        MqttTlsOptions renewed = await new IdentityKeeper(folder, new Later(TimeSpan.FromDays(250))).TlsAsync(Token);
        using AgentIdentity after = AgentIdentity.Load(folder);
        Assert.Equal(after.Certificate.SerialNumber, renewed.ClientCertificate!.SerialNumber);
        Assert.NotEqual(before.Certificate.SerialNumber, after.Certificate.SerialNumber);
        Assert.NotEqual(before.Certificate.GetPublicKeyString(), after.Certificate.GetPublicKeyString());
        await using MqttClient client = await host.ConnectAsync(after);
        Assert.Contains(AuditLog.Read(host.AuditFolder), l => l.Contains("\"what\":\"device.renew\"", StringComparison.Ordinal) && l.Contains(after.Certificate.SerialNumber, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Renewal_without_a_certificate_is_refused()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        using HttpResponseMessage response = await host.PostAsync(EnrolmentRequest.RenewPath, new(Csr()));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        await host.WasRefusedAsync("device.renew", "no certificate shown");
    }

    [Fact]
    public async Task Renewal_by_a_code_ends_the_certificate_before()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        using AgentIdentity old = await host.EnrolAsync("drone-01");
        await Assert.ThrowsAsync<FieldException>(() => host.CodeAsync("drone-01")); // enrolled already
        await using DeviceAdministration administration = host.Administration();
        using AgentIdentity renewed = await host.EnrolAsync("drone-01", await administration.RenewAsync("drone-01", TimeSpan.FromHours(1), Token));
        await using MqttClient client = await host.ConnectAsync(renewed);
        await Assert.ThrowsAsync<MqttException>(() => host.ConnectAsync(old));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/v1/config")]
    [InlineData("/api/v1/enrol/../config")]
    [InlineData("/mqtt")]
    public async Task Other_machines_are_offered_nothing_but_enrolment(string path)
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        using HttpClient http = host.Http();
        using HttpResponseMessage response = await http.GetAsync(path, Token);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        await host.WasRefusedAsync("https.request", "127.0.0.1");
    }

    [Fact]
    public async Task Authority_survives_a_restart_and_is_the_one_that_older_codes_pin()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        EnrolmentCode code = await host.CodeAsync("drone-01");
        using SiteCa again = SiteCa.Open(Path.Combine(host.Folder, "identity"), SecurityHost.Site, TimeProvider.System);
        Assert.True(code.Pins(again.Certificate.RawData));
    }

    internal static string Csr()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
    }

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
