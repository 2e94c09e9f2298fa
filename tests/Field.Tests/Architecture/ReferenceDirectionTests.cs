using System.Xml.Linq;

namespace Field.Tests.Architecture;

/// <summary>DESIGN: who may reference whom. Any other edge fails, and so does a project that the table does not know.</summary>
public sealed class ReferenceDirectionTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Field.Contracts"] = [],
        ["Field.Geo"] = [],
        ["Field.Gdal"] = [],
        ["Field.Vision"] = ["Field.Gdal"],
        ["Field.Mqtt"] = ["Field.Contracts"],
        ["Field.Store"] = ["Field.Contracts", "Field.Geo"],
        ["Field.Broker"] = ["Field.Mqtt"],
        ["Field.EdgeAgent"] = ["Field.Contracts", "Field.Mqtt", "Field.Vision"],
        ["Field.Ingest"] = ["Field.Contracts", "Field.Mqtt", "Field.Broker", "Field.Store", "Field.Geo", "Field.Gdal", "Field.Vision"],
        ["Field.MapApp"] = ["Field.Ingest", "Field.EdgeAgent"],
        ["Field.Demo"] = ["Field.Contracts", "Field.Gdal"],
    };

    [Fact]
    public void Projects_reference_only_downwards()
    {
        List<string> wrong = [];
        foreach (string file in ProductProjects())
        {
            string project = Path.GetFileNameWithoutExtension(file);
            if (!Allowed.TryGetValue(project, out string[]? allowed))
            {
                wrong.Add($"{project} is not in the table of DESIGN");
                continue;
            }

            wrong.AddRange(References(file).Except(allowed).Select(r => $"{project} -> {r}"));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_project_of_the_table_exists() =>
        Assert.Equal(Allowed.Keys.Order(), ProductProjects().Select(f => Path.GetFileNameWithoutExtension(f)!).Order());

    /// <summary>Such a digit may be one of any script, which no number parser takes: [0-9] is what is meant.</summary>
    [Fact]
    public void Regular_expressions_name_digits_as_0_to_9() =>
        Assert.Empty(
            ProductProjects()
                .SelectMany(p => Directory.EnumerateFiles(Path.GetDirectoryName(p)!, "*.cs", SearchOption.AllDirectories))
                .Where(f => !f.Contains("/obj/", StringComparison.Ordinal))
                .SelectMany(f => File.ReadLines(f).Where(l => l.Contains("Regex", StringComparison.Ordinal) && l.Contains(@"\d", StringComparison.Ordinal)).Select(l => $"{f}: {l.Trim()}")));

    [Theory]
    [InlineData("libgdal", "Field.Gdal")]
    [InlineData("libsqlite3", "Field.Store")]
    [InlineData("onnxruntime", "Field.Vision")]
    public void Native_library_has_one_door(string library, string door)
    {
        string[] users =
        [
            .. ProductProjects()
                .Where(p => Directory.EnumerateFiles(Path.GetDirectoryName(p)!, "*.cs", SearchOption.AllDirectories)
                    .Where(f => !f.Contains("/obj/", StringComparison.Ordinal))
                    .SelectMany(File.ReadLines)
                    .Any(l => l.Contains('"' + library, StringComparison.Ordinal)))
                .Select(p => Path.GetFileNameWithoutExtension(p)!),
        ];
        Assert.Equal([door], users);
    }

    private static IEnumerable<string> ProductProjects() =>
        Directory.EnumerateFiles(SharedData.RepositoryRoot(), "*.csproj", SearchOption.AllDirectories)
            .Where(f => !Path.GetRelativePath(SharedData.RepositoryRoot(), f).StartsWith("tests", StringComparison.Ordinal)
                && !f.Contains("node_modules", StringComparison.Ordinal));

    private static IEnumerable<string> References(string project) =>
        XDocument.Load(project).Descendants("ProjectReference")
            .Where(r => r.Attribute("ReferenceOutputAssembly")?.Value != "false")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
}
