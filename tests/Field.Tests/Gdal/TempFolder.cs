namespace Field.Tests.Gdal;

/// <summary>A folder of its own for one test class instance.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("field-gdal-").FullName;

    public string Write(string name, byte[] content)
    {
        var path = Path.Combine(root, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string Root => root;

    public string[] FileNames() => [.. Directory.GetFiles(root).Select(f => Path.GetFileName(f)).Order()];

    public void Dispose() => Directory.Delete(root, recursive: true);
}
