using Field.Harness;

namespace Field.Tests.Journeys;

/// <summary>The system's limit of open files, which is a limit of connections.</summary>
public sealed class OpenFilesJourneyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Server_whose_limit_of_open_files_is_low_starts_and_says_what_to_set()
    {
        Requirement.Program("prlimit");
        using TemporaryFolder folder = new();
        await using Server server = await Server.StartAsync(folder["data"], Launch.OpenFiles(soft: 700, hard: 900));
        await server.Process.SaysAsync("LimitNOFILE=10500", Limit);
        Assert.Contains("900 open files", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_whose_soft_limit_alone_is_low_takes_what_the_hard_limit_allows()
    {
        Requirement.Program("prlimit");
        using TemporaryFolder folder = new();
        await using Server server = await Server.StartAsync(folder["data"], Launch.OpenFiles(soft: 700, hard: 10_500));
        await using TelemetryLoad load = new(() => server.Mqtt, devices: 900, inFlight: 1, new AckLedger());
        await Wait.UntilAsync(() => load.Ledger.Devices.Count() == 900, Limit, () => $"not every device was served:\n{server.Output}");
        Assert.DoesNotContain("LimitNOFILE", server.Output, StringComparison.Ordinal);
    }
}
