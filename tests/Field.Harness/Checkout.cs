namespace Field.Harness;

/// <summary>Where the checkout and its built programs lie.</summary>
public static class Checkout
{
    private static readonly DirectoryInfo Framework = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

    /// <summary>The root, found upwards from the running binary.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A built program of Field, in the configuration of the running one.</summary>
    public static string Program(string folder, string project) =>
        Path.Combine(Root, folder, project, "bin", Framework.Parent!.Name, Framework.Name, project + ".dll");

    private static string FindRoot()
    {
        DirectoryInfo? folder = Framework;
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Field.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new HarnessException("Field.sln not found above the running binary");
    }
}
