namespace Field.Demo.Run;

/// <summary>Where the checkout and its built programs are.</summary>
/// <param name="Root">Folder that holds Field.sln.</param>
/// <param name="Server">The server's program.</param>
/// <param name="Agent">The edge agent's program.</param>
internal sealed record Installation(string Root, string Server, string Agent)
{
    /// <summary>Folder for what the demo keeps between runs.</summary>
    public string State => Path.Combine(Root, ".field", "demo");

    public static Installation Find()
    {
        string root = Environment.GetEnvironmentVariable("FIELD_ROOT") ?? Upwards(AppContext.BaseDirectory);
        DirectoryInfo framework = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string configuration = framework.Parent!.Name;
        string Program(string folder, string name) => Path.Combine(root, folder, name, "bin", configuration, framework.Name, name + ".dll");
        Installation found = new(root, Program("map-app", "Field.MapApp"), Program("edge-agent", "Field.EdgeAgent"));
        foreach (string program in new[] { found.Server, found.Agent })
        {
            if (!File.Exists(program))
            {
                throw new FieldException($"{program} is not built; start the demo with ./field demo, which builds it");
            }
        }

        return found;
    }

    private static string Upwards(string start)
    {
        DirectoryInfo? folder = new(start);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Field.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new FieldException("Field.sln not found above the program; start the demo with ./field demo");
    }
}
