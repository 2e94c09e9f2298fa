namespace Field.Tests;

/// <summary>Finds the real data that lies beside the repository (never inside it).</summary>
internal static class SharedData
{
    /// <summary>Absolute path of a file or folder of the shared data; skips the test where the data is absent outside CI.</summary>
    public static string Path(string relative)
    {
        string path = System.IO.Path.Combine(Root(), "data", relative);
        if (File.Exists(path) || Directory.Exists(path))
        {
            return path;
        }

        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail($"shared data missing in CI: {relative}");
        }

        Assert.Skip($"shared data absent: {relative} (set FIELD_SHARED to the folder that holds data/)");
        return path;
    }

    /// <summary>The root of the checkout, found upwards from the test binary.</summary>
    public static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Field.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Field.sln not found above the test binary");
    }

    private static string Root() =>
        Environment.GetEnvironmentVariable("FIELD_SHARED")
        ?? System.IO.Path.GetFullPath(System.IO.Path.Combine(RepositoryRoot(), "..", "shared"));
}
