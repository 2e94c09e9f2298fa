using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Field.Gdal;
using Field.Ingest.Decisions;
using Field.Store;
using Field.Tests.Ingest;
using Field.Tests.Store;

namespace Field.Tests.Decisions;

public sealed class FindingsExportTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly IngestHost _host;

    public FindingsExportTests() => _host = new IngestHost(_folder.Path("data"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("+81", "\"'+81\"")]
    [InlineData("-5", "\"'-5\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("\tx", "\"'\tx\"")]
    [InlineData("＝１", "\"'＝１\"")]
    [InlineData("a,\"b\"\r\nc", "\"a,\"\"b\"\"\r\nc\"")]
    [InlineData("Mg0101", "Mg0101")]
    [InlineData(-5.25, "-5.25")]
    [InlineData(null, "")]
    public void Cell_is_quoted_and_never_a_formula(object? value, string cell) => Assert.Equal(cell, FindingsCsv.Cell(value));

    [Fact]
    public async Task Csv_and_GeoJson_hold_what_stands_for_itself()
    {
        Feature finding = await Scene.StoreAsync(_host.Stores.Features, f => f.With(("decisionNote", "=HYPERLINK(\"http://x\")")));
        await _host.Stores.Features.WriteAsync([new(finding with { Id = "merged", Properties = finding.With(("mergedInto", finding.Id)).Properties })], Cancel);
        await using FindingsAdministration administration = FindingsAdministration.Open(_folder.Path("data"), TimeProvider.System);
        MemoryStream csv = new();
        Assert.Equal(1, await administration.WriteCsvAsync(csv, english: false, Cancel));
        Assert.Equal([0xEF, 0xBB, 0xBF], csv.ToArray()[..3]);
        string[] lines = Encoding.UTF8.GetString(csv.ToArray()).Split("\r\n");
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("\uFEFF所見番号,状態,種別", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"'=HYPERLINK(\"\"http://x\"\")\"", lines[1], StringComparison.Ordinal);
        MemoryStream json = new();
        Assert.Equal(1, await administration.WriteGeoJsonAsync(json, Cancel));
        Assert.Equal(finding.Id, JsonElement.Parse(json.ToArray()).GetProperty("features")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Training_data_teaches_what_people_decided_and_nothing_else()
    {
        // Four findings in one photo: right, wrong, another class, undecided beside the right one.
        (string photo, string[] ids) = await PhotoAsync(400, 300, Box(100, 100, 40, 10), Box(200, 100, 40, 10), Box(300, 100, 40, 10), Box(104, 112, 40, 10));
        await DecideAsync(ids[0], r => r with { Action = "confirm", Degree = "c", Who = "秘密 花子", Note = "secret note" });
        await DecideAsync(ids[1], r => r with { Action = "reject" });
        await DecideAsync(ids[2], r => r with { Action = "correct", Class = "spalling" });
        TrainingExportResult result = await ExportAsync("out");
        Assert.Equal(new TrainingExportResult(1, 2, 2, 0), result);

        string name = $"{photo[..16]}-0";
        (byte[] mask, byte[] weight) = (Plane($"masks/{name}_crack.png"), Plane($"weights/{name}_crack.png"));
        Assert.Equal(400, mask.Count(v => v == 255)); // the confirmed one, 40 x 10
        Assert.Equal((255, 255), (mask[At(110, 105)], weight[At(110, 105)]));
        Assert.Equal((0, 255), (mask[At(210, 105)], weight[At(210, 105)])); // rejected: no crack here
        Assert.Equal((0, 255), (mask[At(310, 105)], weight[At(310, 105)])); // spalling: no crack here
        Assert.Equal((0, 0), (mask[At(120, 118)], weight[At(120, 118)])); // undecided, although beside the confirmed one
        Assert.Equal((0, 0), (mask[At(20, 20)], weight[At(20, 20)])); // nobody looked
        Assert.Equal(255, weight[At(110, 90)]); // what was seen beside the outline
        Assert.Equal(400, Plane($"masks/{name}_spalling.png").Count(v => v == 255));
        Assert.Equal(0, Plane($"weights/{name}_spalling.png")[At(110, 105)]);

        string text = await File.ReadAllTextAsync(_folder.Path("out/dataset.json"), Cancel);
        Assert.All(["秘密", "secret note", "139.7", "drone-1"], s => Assert.DoesNotContain(s, text, StringComparison.Ordinal));
        JsonElement dataset = JsonElement.Parse(text);
        Assert.True(dataset.GetProperty("images")[0].GetProperty("isWhole").GetBoolean());
        Assert.NotEmpty(dataset.GetProperty("licence").GetString()!);
        Assert.All(dataset.GetProperty("sha256").EnumerateObject(), f =>
            Assert.Equal(f.Value.GetString(), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_folder.Path("out/" + f.Name))))));
        Assert.Equal(5, dataset.GetProperty("sha256").EnumerateObject().Count());
        await Assert.ThrowsAsync<FieldException>(() => ExportAsync("out"));

        byte[] Plane(string file)
        {
            RasterImage image = Images.Read(_folder.Path("out/" + file));
            return [.. image.Pixels.Where((_, i) => i % 3 == 0)];
        }

        static int At(int x, int y) => (y * 400) + x;
    }

    [Fact]
    public async Task Trainer_reads_the_export_and_learns_only_where_people_decided()
    {
        (_, string[] ids) = await PhotoAsync(400, 300, Box(100, 100, 40, 10), Box(200, 100, 40, 10), Box(104, 112, 40, 10));
        await DecideAsync(ids[0], r => r with { Action = "confirm", Degree = "c" });
        await DecideAsync(ids[1], r => r with { Action = "reject" });
        await ExportAsync("out");
        (int code, string said) = await TrainAsync(_folder.Path("out"));
        Assert.True(code == 0, said);
        Assert.Matches("^pictures 1 known [1-9][0-9]{3} cracked 400 steps 3\n$", said);

        string mask = Directory.EnumerateFiles(_folder.Path("out/masks")).Single();
        byte[] bytes = await File.ReadAllBytesAsync(mask, Cancel);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(mask, bytes, Cancel);
        (code, said) = await TrainAsync(_folder.Path("out"));
        Assert.NotEqual(0, code);
        Assert.Contains("not the file that dataset.json lists", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Large_photo_is_cut_around_what_was_decided_and_says_so()
    {
        (_, string[] ids) = await PhotoAsync(1800, 1200, Box(100, 100, 40, 10), Box(200, 150, 20, 20), Box(1700, 1100, 40, 40), Box(900, 600, 10, 10));
        foreach (string id in ids.Take(3))
        {
            await DecideAsync(id, r => r with { Action = "reject" });
        }

        Assert.Equal(2, (await ExportAsync("out")).Images); // the first two lie together, nobody decided on the last
        JsonElement[] images = [.. JsonElement.Parse(await File.ReadAllBytesAsync(_folder.Path("out/dataset.json"), Cancel)).GetProperty("images").EnumerateArray()];
        Assert.Equal([[0, 0, 349, 299], [1572, 972, 228, 228]], images.Select(i => i.GetProperty("window").EnumerateArray().Select(v => v.GetInt32()).ToArray()));
        Assert.All(images, i => Assert.False(i.GetProperty("isWhole").GetBoolean()));
        Assert.Equal((349, 299), Size(images[0]));

        (int, int) Size(JsonElement image)
        {
            RasterInfo info = Images.Probe(_folder.Path("out/" + image.GetProperty("image").GetString()));
            return (info.WidthPx, info.HeightPx);
        }
    }

    [Fact]
    public async Task Photo_whose_bytes_are_gone_is_counted()
    {
        Feature finding = await Scene.StoreAsync(_host.Stores.Features);
        await DecideAsync(finding.Id, r => r with { Action = "reject" });
        Assert.Equal(new TrainingExportResult(0, 0, 0, 1), await ExportAsync("out"));
    }

    private static async Task<(int Code, string Said)> TrainAsync(string folder)
    {
        const string Python = "/usr/bin/python3";
        (int code, string said) = File.Exists(Python) ? await RunAsync(Python, "-c", "import torch, onnx, PIL") : (1, "no python3");
        if (code != 0)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "python3-torch, python3-onnx or python3-pil is not installed");
            Assert.Fail(said);
        }

        return await RunAsync(Python, Path.Combine(SharedData.RepositoryRoot(), "models", "training", "check_decisions.py"), folder);
    }

    private static async Task<(int Code, string Said)> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PYTHONDONTWRITEBYTECODE"] = "1" },
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(Cancel);
        string errors = await process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, await output + errors);
    }

    private static string Box(int x, int y, int width, int height) => $"[[[{x},{y}],[{x + width},{y}],[{x + width},{y + height}],[{x},{y + height}]]]";

    private async Task<(string PhotoId, string[] Findings)> PhotoAsync(int width, int height, params string[] rings)
    {
        byte[] pixels = new byte[width * height * 3];
        new Random(5).NextBytes(pixels);
        byte[] bytes = Images.EncodePng(new RasterImage(width, height, 3, pixels));
        string id = Convert.ToHexStringLower(SHA256.HashData(bytes));
        await _host.Stores.Blobs.PutAsync(id, new MemoryStream(bytes), Cancel);
        Feature template = Scene.Crack(Scene.Photo()).With(("photoId", id));
        await _host.Stores.Features.WriteAsync([.. rings.Select((r, i) => new FeatureWrite(template.With(("pixelRings", r)) with { Id = $"f{i}" }))], Cancel);
        return (id, [.. rings.Select((_, i) => $"f{i}")]);
    }

    private async Task DecideAsync(string id, Func<DecisionRequest, DecisionRequest> how)
    {
        DecisionService service = _host.Get<DecisionService>();
        Feature finding = (await service.FindAsync(id, Cancel))!;
        DecisionResult result = await service.DecideAsync(id, how(Scene.Request("", finding)), [], Cancel);
        Assert.True(result.Outcome == DecisionOutcome.Done, string.Join('\n', result.Errors));
    }

    private async Task<TrainingExportResult> ExportAsync(string name)
    {
        await using FindingsAdministration administration = FindingsAdministration.Open(_folder.Path("data"), TimeProvider.System);
        return await administration.WriteTrainingAsync(_folder.Path(name), Cancel);
    }
}
