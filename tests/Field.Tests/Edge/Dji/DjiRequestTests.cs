using Field.EdgeAgent.Dji;
using Field.EdgeAgent.View;

namespace Field.Tests.Edge.Dji;

/// <summary>What a gateway asks at its start: answered, or refused; never left without a word.</summary>
public sealed class DjiRequestTests
{
    private const string Requests = $"thing/product/{DjiBench.Gateway}/requests";

    private static readonly DjiCloud Cloud = new("aoba", "dji-01") { NtpHost = "ntp.nict.jp", App = new DjiApp("123456", "key-secret", "license-secret") };

    [Theory]
    [InlineData("requests-config")]
    [InlineData("requests-airport_bind_status")]
    [InlineData("requests-airport_organization_get")]
    [InlineData("requests-airport_organization_bind")]
    [InlineData("requests-storage_config_get")]
    [InlineData("requests-flighttask_resource_get")]
    public async Task Request_is_answered_as_its_golden_says(string name)
    {
        using DjiBench bench = new(Cloud);
        await bench.HearAsync(Requests, DjiBench.Golden(name));
        Assert.Equal(($"{Requests}_reply", DjiBench.Golden($"{name}.reply"), 1), (bench.Published[0].Topic, DjiBench.Text(bench.Published[0]), bench.Published.Count));
        Assert.Equal(0, bench.Faults.Count);
    }

    [Fact]
    public async Task Configuration_that_nobody_gave_is_refused()
    {
        using DjiBench bench = new();
        await bench.HearAsync(Requests, DjiBench.Golden("requests-config"));
        Assert.EndsWith("\"data\":{\"result\":1}}", DjiBench.Text(Assert.Single(bench.Published)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_organisation_is_refused()
    {
        using DjiBench bench = new();
        await bench.HearAsync(Requests, DjiBench.Golden("requests-airport_organization_get").Replace("aoba", "other", StringComparison.Ordinal));
        await bench.HearAsync(Requests, DjiBench.Golden("requests-airport_organization_bind").Replace("aoba", "other", StringComparison.Ordinal));
        Assert.EndsWith("\"data\":{\"result\":1}}", DjiBench.Text(bench.Published[0]), StringComparison.Ordinal);
        Assert.DoesNotContain("\"err_code\":0", DjiBench.Text(bench.Published[1]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"tid":"t-1","method":"airport_bind_status","data":[]}""", "wrong-type at /data", true)]
    [InlineData("""{"tid":"t-1","method":"airport_bind_status"}""", "missing at /data", true)]
    [InlineData("""{"tid":"t-1","method":"airport_bind_status","data":{"devices":[{"sn":"a b"},7]}}""", "bad-format at /data/devices/0/sn", true)]
    [InlineData("""{"tid":"t-1","method":"airport_organization_bind","data":{"bind_devices":"all"}}""", "wrong-type at /data/bind_devices", true)]
    [InlineData("""{"tid":"t-1","method":"config","timestamp":"now","data":{}}""", "wrong-type at /timestamp", true)]
    [InlineData("""{"method":"config","data":{}}""", "missing at /tid", false)]
    [InlineData("""{"tid":"t-1","method":""", "not-json", false)]
    public async Task Request_that_cannot_be_read_is_counted_and_refused_where_it_can_be_answered(string message, string error, bool isAnswered)
    {
        using DjiBench bench = new(Cloud);
        await bench.HearAsync(Requests, message);
        Assert.Contains(error, Assert.Single(bench.Letters), StringComparison.Ordinal);
        Assert.Equal(1, bench.Faults.Count);
        Assert.Equal(isAnswered ? 1 : 0, bench.Published.Count(p => DjiBench.Text(p).EndsWith("\"data\":{\"result\":2}}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Binding_code_of_a_person_and_keys_of_the_cloud_are_in_no_letter_and_no_event()
    {
        using DjiBench bench = new(Cloud);
        await bench.HearAsync(Requests, DjiBench.Golden("requests-config"));
        await bench.HearAsync(Requests, DjiBench.Golden("requests-airport_organization_bind"));
        await bench.HearAsync(Requests, DjiBench.Golden("requests-airport_organization_bind").Replace("\"sn\"", "\"serial\"", StringComparison.Ordinal));
        await bench.HearAsync(Requests, DjiBench.Golden("requests-airport_organization_get").Replace("\"aoba\"", "7", StringComparison.Ordinal));
        Assert.Equal(2, bench.Letters.Length);
        Assert.DoesNotContain("binding-secret", string.Concat([.. bench.Published.Select(DjiBench.Text)]), StringComparison.Ordinal);
        Assert.All(bench.Letters, l => Assert.Contains("\"payload\":\"\"", l, StringComparison.Ordinal));
        Assert.DoesNotContain("secret", bench.Own.AllText + Cloud, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, null, 0)]
    [InlineData("ntp.nict.jp", "id", "key", 0)]
    [InlineData("ntp.nict.jp:1123", "id", "key", 0)]
    [InlineData("ntp.nict.jp/x", "id", "key", 1)]
    [InlineData("user@host", "id", "key", 1)]
    [InlineData("", "id", null, 2)]
    public void Options_of_the_configuration_are_checked(string? ntp, string? id, string? key, int errors)
    {
        DjiOptions options = new()
        {
            Site = "aoba",
            Device = "dji-01",
            DjiBroker = "mqtt://localhost:1884",
            Aircraft = [$"{DjiBench.Sn}=drone-01"],
            Ntp = ntp,
            AppId = id,
            AppKey = key,
            AppLicense = key,
        };
        Assert.Equal(errors, options.Errors(Texts.For("en", _ => null)).Count);
        if (errors == 0)
        {
            Assert.Equal((ntp?.Split(':')[0], ntp?.EndsWith("1123", StringComparison.Ordinal) == true ? 1123 : 123, id), (options.Cloud().NtpHost, options.Cloud().NtpPort, options.Cloud().App?.Id));
        }
    }
}
