using System.Text.Json;
using Field.Gdal;
using Field.Store;
using Field.Tests.Store;
using Field.Vision;

namespace Field.Tests.Ingest;

/// <summary>Synthetic photos through the real decoder and model: what the photo's row says of the photo itself.</summary>
public sealed class PhotoQualityColumnTests : IDisposable
{
    private const int Side = 640;
    private readonly TempFolder _folder = new();
    private readonly PhotoScorer _scorer = PhotoScorer.Load(Path.Combine(SharedData.RepositoryRoot(), "models", "crack-v1.json"));

    public void Dispose()
    {
        _scorer.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("sound", 0, 1, null)]
    [InlineData("blurred", 4, 1, "blurred")]
    [InlineData("bright", 0, 2, "over-exposed")]
    [InlineData("dark", 0, 0.25, "under-exposed")]
    public async Task Photo_that_is_scored_says_how_sharp_it_is_and_what_is_wrong_with_it(string name, int blurPx, double brightness, string? code)
    {
        TestPhoto photo = new(Images.EncodeJpeg(Grain(blurPx, brightness), 95), $"{name}.JPG");
        await using IngestHost host = new(_folder.Root, score: _scorer.Score);
        await host.SendAllAsync(photo);
        Feature before = (await host.PhotoAsync(photo.Id))!;
        await host.Pipeline.RunReadyAsync(TestContext.Current.CancellationToken);
        Feature row = (await host.PhotoAsync(photo.Id))!;

        Assert.Equal((null, null), (before.Real("sharpness"), before.Text("quality")));
        Assert.Equal("scored", row.Text("state"));
        Assert.InRange(row.Real("sharpness")!.Value, 0, 1);
        Assert.Equal(code is null ? null : $"""["{code}"]""", row.Text("quality"));
        JsonElement told = (await host.FeaturesAsync("photos")).GetProperty("features")[0].GetProperty("properties");
        Assert.Equal(code is null ? JsonValueKind.Null : JsonValueKind.Array, told.GetProperty("quality").ValueKind);
    }

    /// <summary>Squares of random brightness, with edges sharp to the pixel unless they are blurred by a running mean in both directions.</summary>
    private static RasterImage Grain(int blurPx, double brightness)
    {
        Random random = new(4);
        double[] squares = [.. Enumerable.Range(0, 6400).Select(_ => 60 + (random.NextDouble() * 160))];
        double Level(int x, int y) => squares[(Math.Clamp(y, 0, Side - 1) / 8 * 80) + (Math.Clamp(x, 0, Side - 1) / 8)];
        byte[] pixels = new byte[Side * Side * 3];
        for (int i = 0; i < Side * Side; i++)
        {
            double sum = 0;
            for (int k = 0; k < (2 * blurPx + 1) * (2 * blurPx + 1); k++)
            {
                sum += Level((i % Side) + (k % (2 * blurPx + 1)) - blurPx, (i / Side) + (k / (2 * blurPx + 1)) - blurPx);
            }

            byte level = (byte)Math.Clamp(sum / ((2 * blurPx + 1) * (2 * blurPx + 1)) * brightness, 0, 255);
            pixels.AsSpan(i * 3, 3).Fill(level);
        }

        return new RasterImage(Side, Side, 3, pixels);
    }
}
