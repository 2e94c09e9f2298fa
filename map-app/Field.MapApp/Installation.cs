namespace Field.MapApp;

/// <summary>Where the program's own files (map, models) are.</summary>
internal static class Installation
{
    /// <summary>The folder that holds <c>models/</c>: from <c>FIELD_ROOT</c>, else upwards from the program.</summary>
    public static string Root()
    {
        if (Environment.GetEnvironmentVariable("FIELD_ROOT") is { Length: > 0 } root)
        {
            return root;
        }

        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !Directory.Exists(Path.Combine(folder.FullName, "models")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? AppContext.BaseDirectory;
    }
}
