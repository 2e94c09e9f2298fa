using Field.Contracts;
using Field.Contracts.Locks;
using Field.EdgeAgent.Identity;
using Field.Ingest.Commands;
using Field.Ingest.Identity;
using Field.Tests.Store;

namespace Field.Tests.Security;

/// <summary>A lock's secret: handed over with its certificate, once more with a renewal code, and never anywhere else.</summary>
public sealed class LockEnrolmentTests : IDisposable
{
    private readonly TempFolder _agent = new();

    private static CancellationToken Token => SecurityHost.Token;

    private string SecretFile => Path.Combine(_agent.Root, AgentIdentity.LockSecretFile);

    public void Dispose() => _agent.Dispose();

    [Fact]
    public async Task Lock_gets_its_secret_with_its_certificate_and_nothing_else_holds_it()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        await EnrolAsync(host, await LockCodeAsync(host));
        Assert.Equal(host.Get<LockSecrets>().Find("lock-07")!.Mac("x"), LockSecret.Load(SecretFile).Mac("x"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SecretFile));
        }

        string hex = (await File.ReadAllTextAsync(SecretFile, Token)).Trim();
        await host.Get<SecurityAudit>().FlushAsync(Token);
        string[] holders = [.. Directory.EnumerateFiles(host.Folder, "*", SearchOption.AllDirectories).Where(f => Holds(f, hex))];
        Assert.Equal(Path.Combine(host.Folder, "secrets", "lock-07.lock-secret"), Assert.Single(holders));
    }

    [Fact]
    public async Task Device_that_is_no_lock_gets_no_secret()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        await EnrolAsync(host, await host.CodeAsync("drone-01"));
        Assert.False(File.Exists(SecretFile));
        Assert.Null(host.Get<LockSecrets>().Find("drone-01"));
    }

    [Fact]
    public async Task Lost_answer_brings_the_same_secret_again()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        EnrolmentCode code = await LockCodeAsync(host);
        EnrolmentRequest request = new(EnrolmentTests.Csr(), code.Id, code.Secret);
        using HttpResponseMessage first = await host.PostAsync(EnrolmentRequest.EnrolPath, request);
        using HttpResponseMessage second = await host.PostAsync(EnrolmentRequest.EnrolPath, request);
        byte[] bytes = await first.Content.ReadAsByteArrayAsync(Token);
        EnrolmentAnswer answer = EnrolmentAnswer.Parse(bytes)!;
        Assert.Equal(host.Get<LockSecrets>().Find("lock-07")!.Mac("x"), answer.LockSecret!.Mac("x"));
        Assert.Equal(bytes, await second.Content.ReadAsByteArrayAsync(Token));
        Assert.Contains("LockSecret(***)", answer.ToString(), StringComparison.Ordinal); // a log that prints the answer tells nothing
    }

    [Fact]
    public async Task Renewal_keeps_the_secret_and_its_answer_does_not_repeat_it()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        await EnrolAsync(host, await LockCodeAsync(host));
        string before = LockSecret.Load(SecretFile).Mac("x");
        using (AgentIdentity identity = AgentIdentity.Load(_agent.Root))
        {
            using HttpResponseMessage renewed = await host.PostAsync(EnrolmentRequest.RenewPath, new(EnrolmentTests.Csr()), identity.Certificate);
            Assert.Null(EnrolmentAnswer.Parse(await renewed.Content.ReadAsByteArrayAsync(Token))!.LockSecret);
        }

        await using DeviceAdministration administration = host.Administration();
        await EnrolAsync(host, await administration.RenewAsync("lock-07", TimeSpan.FromHours(1), Token)); // a new board: its bookings go on
        Assert.Equal(before, LockSecret.Load(SecretFile).Mac("x"));
        Assert.Equal(before, host.Get<LockSecrets>().Find("lock-07")!.Mac("x"));
    }

    [Fact]
    public async Task Revocation_destroys_the_secret_and_enrolment_makes_another()
    {
        await using SecurityHost host = await SecurityHost.StartAsync();
        await EnrolAsync(host, await LockCodeAsync(host));
        string before = LockSecret.Load(SecretFile).Mac("x");
        await using (DeviceAdministration administration = host.Administration())
        {
            await administration.RevokeAsync("lock-07", "stolen", Token);
        }

        Assert.Null(host.Get<LockSecrets>().Find("lock-07"));
        await EnrolAsync(host, await LockCodeAsync(host));
        Assert.NotEqual(before, LockSecret.Load(SecretFile).Mac("x"));
        Assert.Equal(host.Get<LockSecrets>().Find("lock-07")!.Mac("x"), LockSecret.Load(SecretFile).Mac("x"));
    }

    private static async Task<EnrolmentCode> LockCodeAsync(SecurityHost host)
    {
        await using DeviceAdministration administration = host.Administration();
        return await administration.EnrolLockAsync("lock-07", TimeSpan.FromHours(1), Token);
    }

    private static bool Holds(string file, string hex)
    {
        byte[] bytes = File.ReadAllBytes(file);
        return bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(hex)) >= 0 || bytes.AsSpan().IndexOf(Convert.FromHexString(hex)) >= 0;
    }

    private Task<string> EnrolAsync(SecurityHost host, EnrolmentCode code) => EnrolmentClient.EnrolAsync(host.Https, code, _agent.Root, _agent.Root, Token);
}
