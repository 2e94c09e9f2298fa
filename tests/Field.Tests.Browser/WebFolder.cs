namespace Field.Tests.Browser;

/// <summary>Where the built map app and its packages lie.</summary>
internal static class WebFolder
{
    private static readonly string Root = Find();

    /// <summary>The built pages; skips the test where they were not built, outside CI.</summary>
    public static string Dist() => Existing(Path.Combine(Root, "dist"));

    /// <summary>The accessibility checker.</summary>
    public static string Axe() => Existing(Path.Combine(Root, "node_modules", "axe-core", "axe.min.js"));

    private static string Existing(string path)
    {
        if (!Path.Exists(path))
        {
            const string Remedy = "build the map app first: cd map-app/web && npm ci --ignore-scripts && npm run build";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", Remedy);
            Assert.Fail(Remedy);
        }

        return path;
    }

    private static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Field.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("Field.sln not found above the test binary"), "map-app", "web");
    }
}
