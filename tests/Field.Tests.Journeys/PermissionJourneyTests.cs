using Field.Harness;

namespace Field.Tests.Journeys;

/// <summary>Folders that may not be read or written: one sentence that names the folder, exit code 2, and no stack trace.</summary>
public sealed class PermissionJourneyTests
{
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.UserExecute;
    private const UnixFileMode Normal = ReadOnly | UnixFileMode.UserWrite;

    private static readonly TimeSpan Finish = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Server_that_may_not_write_its_data_folder_says_so()
    {
        using TemporaryFolder folder = new();
        using Denied data = new(folder["data"], ReadOnly);
        await using FieldProcess server = Server.StartProcess(folder["data"], Launch.Unprivileged);
        await AssertSaysAsync(server, folder["data"], "may not write");
    }

    [Fact]
    public async Task Server_that_may_not_write_its_database_says_so()
    {
        using TemporaryFolder folder = new();
        await using (Server first = await Server.StartAsync(folder["data"]))
        {
            await first.KillAsync();
        }

        string database = Path.Combine(folder["data"], "telemetry.sqlite");
        File.SetUnixFileMode(database, UnixFileMode.UserRead);
        await using FieldProcess server = Server.StartProcess(folder["data"], Launch.Unprivileged);
        await AssertSaysAsync(server, database, "");
    }

    [Fact]
    public async Task Agent_that_may_not_read_the_card_says_so()
    {
        using TemporaryFolder folder = new();
        TestPhotos.Write(folder["flight"], count: 1, sizeBytes: 1000, seed: 61);
        using Denied card = new(folder["flight"], UnixFileMode.None);
        await using FieldProcess agent = Agent.Start(folder["flight"], new Uri("mqtt://127.0.0.1:1"), folder["outbox"], Launch.Unprivileged);
        await AssertSaysAsync(agent, folder["flight"], "permission");
    }

    [Fact]
    public async Task Agent_that_may_not_write_its_outbox_says_so()
    {
        using TemporaryFolder folder = new();
        TestPhotos.Write(folder["flight"], count: 1, sizeBytes: 1000, seed: 62);
        using Denied outbox = new(folder["outbox"], ReadOnly);
        await using FieldProcess agent = Agent.Start(folder["flight"], new Uri("mqtt://127.0.0.1:1"), folder["outbox"], Launch.Unprivileged);
        await AssertSaysAsync(agent, folder["outbox"], "--outbox");
    }

    [Fact]
    public async Task Agent_sends_what_it_may_read_and_names_the_photo_that_it_may_not()
    {
        using TemporaryFolder folder = new();
        TestPhotos.Write(folder["flight"], count: 3, sizeBytes: 1000, seed: 63);
        string denied = Directory.GetFiles(folder["flight"]).Order().First();
        File.SetUnixFileMode(denied, UnixFileMode.None);
        await using Server server = await Server.StartAsync(folder["data"]);
        await using FieldProcess agent = Agent.Start(folder["flight"], server.Mqtt, folder["outbox"], Launch.Unprivileged);
        Assert.True(await agent.ExitAsync(Finish) == 3, agent.Output);
        Assert.Contains(Path.GetFileName(denied), agent.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await server.ScoredPhotosAsync(Finish)).Count);
    }

    private static async Task AssertSaysAsync(FieldProcess process, string path, string what)
    {
        Assert.True(await process.ExitAsync(Finish) == 2, process.Output);
        Assert.Contains(path, process.Output, StringComparison.Ordinal);
        Assert.Contains(what, process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", process.Output, StringComparison.Ordinal);
    }

    /// <summary>A folder with other permissions, until the test ends and must delete it.</summary>
    private sealed class Denied : IDisposable
    {
        private readonly string _path;

        public Denied(string path, UnixFileMode mode)
        {
            _path = path;
            Directory.CreateDirectory(path);
            File.SetUnixFileMode(path, mode);
        }

        public void Dispose() => File.SetUnixFileMode(_path, Normal);
    }
}
