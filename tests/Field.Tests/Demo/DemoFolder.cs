using System.Text.Json;
using Field.Demo.Synthetic;

namespace Field.Tests.Demo;

/// <summary>The demo data with small photos, made once for the tests that read it.</summary>
public sealed class DemoFolder : IDisposable
{
    public DemoFolder()
    {
        Path = Directory.CreateTempSubdirectory("field-demo-").FullName;
        Summary = DemoData.Generate(Path, Options);
    }

    public static DemoDataOptions Options { get; } = new() { PhotoWidthPx = 320 };

    public string Path { get; }

    public DemoDataSummary Summary { get; }

    public JsonElement Json(string file) => JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(Path, file))).RootElement;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
