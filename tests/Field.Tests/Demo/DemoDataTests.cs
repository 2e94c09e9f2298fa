using System.Collections.Concurrent;
using Field.Demo.Synthetic;

namespace Field.Tests.Demo;

public sealed class DemoDataTests(DemoFolder demo) : IClassFixture<DemoFolder>
{
    [Fact]
    public void Generate_writes_the_whole_set()
    {
        Assert.Equal(new DemoDataSummary(demo.Path, Reused: false, Photos: 16, Cracks: 14), demo.Summary);
        Assert.Equal(
            ["README.md", "base.json", "city.geojson", "flight", "manifest.json", "truth.geojson"],
            Directory.GetFileSystemEntries(demo.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(16, Directory.GetFiles(demo.Summary.FlightDirectory, "FLD_????.JPG").Length);
        Assert.Contains("架空", File.ReadAllText(Path.Combine(demo.Path, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_again_gives_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        DemoData.Generate(folder.Path, DemoFolder.Options, ct: TestContext.Current.CancellationToken);
        foreach (string file in Directory.GetFiles(demo.Path, "*", SearchOption.AllDirectories))
        {
            string other = Path.Combine(folder.Path, Path.GetRelativePath(demo.Path, file));
            Assert.True(File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(other)), file);
        }
    }

    [Fact]
    public async Task Ensure_with_everything_in_place_reuses_the_folder()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        Assert.True((await DemoData.EnsureAsync(demo.Path, DemoFolder.Options, ct: ct)).Reused);
    }

    [Theory]
    [InlineData("flight/FLD_0003.JPG", "changed")]
    [InlineData("truth.geojson", "changed")]
    [InlineData("flight/FLD_0003.JPG", "removed")]
    [InlineData("flight/EXTRA.JPG", "changed")]
    [InlineData("manifest.json", "other options")]
    [InlineData("manifest.json", "removed")]
    public void Reuse_of_a_damaged_folder_is_refused(string file, string damage)
    {
        using var folder = new TemporaryFolder();
        CopyTo(folder.Path);
        string path = Path.Combine(folder.Path, file);
        switch (damage)
        {
            case "removed":
                File.Delete(path);
                break;
            case "changed":
                File.AppendAllText(path, "x");
                break;
            default:
                File.WriteAllText(path, File.ReadAllText(path).Replace("\"seed\": 20", "\"seed\": 21", StringComparison.Ordinal));
                break;
        }

        Assert.Null(DemoData.TryReuse(folder.Path, DemoFolder.Options, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Ensure_over_a_damaged_folder_replaces_it_whole()
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        CopyTo(folder.Path);
        string extra = Path.Combine(folder.Path, "flight", "EXTRA.JPG");
        File.WriteAllText(extra, "x");

        DemoDataSummary summary = await DemoData.EnsureAsync(folder.Path, DemoFolder.Options, ct: ct);

        Assert.False(summary.Reused);
        Assert.False(File.Exists(extra));
        Assert.True((await DemoData.EnsureAsync(folder.Path, DemoFolder.Options, ct: ct)).Reused);
    }

    [Fact]
    public void Generate_into_a_folder_of_someone_else_refuses_and_leaves_it()
    {
        using var folder = new TemporaryFolder();
        string theirs = Path.Combine(folder.Path, "holiday.jpg");
        File.WriteAllText(theirs, "keep me");

        var error = Assert.Throws<DemoDataException>(() => DemoData.Generate(folder.Path, DemoFolder.Options, ct: TestContext.Current.CancellationToken));

        Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        Assert.Equal("keep me", File.ReadAllText(theirs));
    }

    [Fact]
    public void Generate_cancelled_half_way_leaves_nothing_behind()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        string target = Path.Combine(folder.Path, "demo");
        var progress = new Direct(p => Stop(p, stop));

        Assert.ThrowsAny<OperationCanceledException>(() => DemoData.Generate(target, DemoFolder.Options, progress, stop.Token));

        Assert.Equal(7, progress.Seen.Count);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));

        static void Stop(DemoDataProgress p, CancellationTokenSource stop)
        {
            if (p.Done == 7)
            {
                stop.Cancel();
            }
        }
    }

    [Fact]
    public void Generate_with_bad_options_names_all_of_them()
    {
        var error = Assert.Throws<DemoDataException>(
            () => DemoData.Generate("unused", new DemoDataOptions { PhotoWidthPx = 161, JpegQuality = 5, PositionSigmaM = double.NaN }, ct: TestContext.Current.CancellationToken));

        Assert.All(["PhotoWidthPx", "JpegQuality", "PositionSigmaM"], name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    private void CopyTo(string target)
    {
        Directory.CreateDirectory(Path.Combine(target, "flight"));
        foreach (string file in Directory.GetFiles(demo.Path, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(target, Path.GetRelativePath(demo.Path, file)));
        }
    }

    /// <summary>Reports on the generator's own thread, unlike Progress.</summary>
    private sealed class Direct(Action<DemoDataProgress> then) : IProgress<DemoDataProgress>
    {
        public ConcurrentQueue<DemoDataProgress> Seen { get; } = new();

        public void Report(DemoDataProgress value)
        {
            Seen.Enqueue(value);
            then(value);
        }
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("field-demo-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
