using System.Security.Cryptography;
using System.Text.Json;
using Field.Contracts;
using Field.Gdal;
using Field.Ingest.Photos;
using Field.Store;

namespace Field.Ingest.Decisions;

/// <summary>What an export of training data holds.</summary>
/// <param name="Images">Pictures.</param>
/// <param name="Positives">Findings that people confirmed or corrected.</param>
/// <param name="Negatives">Findings that people rejected, or gave another class.</param>
/// <param name="PhotosMissing">Photos with decisions whose bytes are not here or cannot be decoded.</param>
public sealed record TrainingExportResult(int Images, int Positives, int Negatives, int PhotosMissing);

/// <summary>
/// Decisions as training data (models/README.md, Decisions). Only what people decided on is taught: weight is 255 on the decided findings of the class
/// and a little around them, 0 on everything that nobody looked at, and on drafts that are undecided. Names, notes, places and the photos' metadata
/// are left out.
/// </summary>
internal sealed class TrainingExport(IFeatureStore features, IBlobStore blobs, string folder)
{
    private const int WholePx = 1024; // a photo up to this side is taken whole
    private const int MarginPx = 128;
    private const int AroundPx = 16; // what a person sees beside an outline they judge
    private const string Licence = "The photos belong to whoever took them and the decisions to whoever made them. They are not under Field's licence: "
        + "agree on their use before they, or a model trained on them, leave your organisation. / 写真と判断の権利は、撮影者と判断者の組織にあります。外部に渡す前に利用条件を確認してください。";

    private readonly List<(string Path, string Sha256)> _files = [];

    /// <summary>Writes <c>images/</c>, <c>masks/</c>, <c>weights/</c> and <c>dataset.json</c>.</summary>
    /// <exception cref="FieldException">The folder is not empty.</exception>
    public async Task<TrainingExportResult> WriteAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new FieldException($"{folder}: 空のフォルダを指定してください / name a folder that is empty");
        }

        List<Feature> findings = await FeaturePages.AllAsync(features, FieldTables.Findings, new FeatureQuery(), cancellationToken).ConfigureAwait(false);
        ILookup<string, Feature> history = (await FeaturePages.AllAsync(features, FieldTables.Decisions, new FeatureQuery(), cancellationToken).ConfigureAwait(false)).ToLookup(d => d.Text("findingId")!);
        List<TrainingImage> images = [];
        int missing = 0;
        foreach (IGrouping<string, Feature> photo in findings.GroupBy(f => f.Text("photoId")!).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            TrainingFinding[] taught = [.. photo.Where(f => f.Text("status") != FindingRow.StatusSuperseded).OrderBy(f => f.Id, StringComparer.Ordinal).Select(f => TrainingFinding.Of(f, history[f.Id]))];
            if (taught.All(t => !t.IsDecided))
            {
                continue;
            }

            using BlobFile? file = await blobs.OpenFileAsync(photo.Key, cancellationToken).ConfigureAwait(false);
            if (file is null || await WriteAsync(photo.Key, file.Path, taught, cancellationToken).ConfigureAwait(false) is not { } written)
            {
                missing++;
                continue;
            }

            images.AddRange(written);
        }

        await DescribeAsync(images, cancellationToken).ConfigureAwait(false);
        TrainingFinding[] decided = [.. images.SelectMany(i => i.Findings)];
        return new TrainingExportResult(images.Count, decided.Count(f => f.Positive is not null), decided.Count(f => f.Negatives.Count > 0), missing);
    }

    /// <summary>The pictures of one photo; null when it cannot be decoded.</summary>
    private async Task<List<TrainingImage>?> WriteAsync(string photoId, string path, TrainingFinding[] findings, CancellationToken cancellationToken)
    {
        try
        {
            RasterInfo info = Images.Probe(path);
            List<TrainingImage> images = [];
            foreach (PixelWindow window in Windows([.. findings.Where(f => f.IsDecided)], info))
            {
                TrainingFinding[] inside = [.. findings.Where(f => f.IsDecided && f.Meets(window))];
                string name = $"{photoId[..16]}-{images.Count}";
                bool isWhole = window == new PixelWindow(0, 0, info.WidthPx, info.HeightPx);
                TrainingImage image = new(name, photoId, window, isWhole, [.. inside.SelectMany(f => f.Taught).Distinct().Order(StringComparer.Ordinal)], inside);
                await SaveAsync($"images/{name}.png", Images.EncodePng(Images.Read(path, window)), cancellationToken).ConfigureAwait(false);
                foreach (string damage in image.Classes)
                {
                    (byte[] mask, byte[] weight) = TrainingPlanes.Of(damage, findings, window, AroundPx);
                    await SaveAsync($"masks/{name}_{damage}.png", Gray(mask, window), cancellationToken).ConfigureAwait(false);
                    await SaveAsync($"weights/{name}_{damage}.png", Gray(weight, window), cancellationToken).ConfigureAwait(false);
                }

                images.Add(image);
            }

            return images;
        }
        catch (GdalException)
        {
            return null;
        }
    }

    private static byte[] Gray(byte[] plane, PixelWindow window) => Images.EncodePng(new RasterImage(window.WidthPx, window.HeightPx, 1, plane));

    /// <summary>The whole photo when it is small, else a window around the findings that lie together.</summary>
    private static List<PixelWindow> Windows(TrainingFinding[] findings, RasterInfo info)
    {
        if (info.WidthPx <= WholePx && info.HeightPx <= WholePx)
        {
            return [new PixelWindow(0, 0, info.WidthPx, info.HeightPx)];
        }

        List<PixelWindow> windows = [];
        foreach (TrainingFinding finding in findings.Where(f => f.Box is not null))
        {
            PixelWindow window = Clip(finding.Box!.Value, info);
            while (windows.FindIndex(w => Meet(w, window)) is >= 0 and var at)
            {
                window = Union(windows[at], window);
                windows.RemoveAt(at);
            }

            windows.Add(window);
        }

        return windows;
    }

    private static PixelWindow Clip(PixelWindow box, RasterInfo info)
    {
        (int x, int y) = (Math.Clamp(box.X - MarginPx, 0, info.WidthPx - 1), Math.Clamp(box.Y - MarginPx, 0, info.HeightPx - 1));
        return new PixelWindow(x, y, Math.Clamp(box.X + box.WidthPx + MarginPx - x, 1, info.WidthPx - x), Math.Clamp(box.Y + box.HeightPx + MarginPx - y, 1, info.HeightPx - y));
    }

    internal static bool Meet(PixelWindow a, PixelWindow b) => a.X < b.X + b.WidthPx && b.X < a.X + a.WidthPx && a.Y < b.Y + b.HeightPx && b.Y < a.Y + a.HeightPx;

    private static PixelWindow Union(PixelWindow a, PixelWindow b)
    {
        (int x, int y) = (Math.Min(a.X, b.X), Math.Min(a.Y, b.Y));
        return new PixelWindow(x, y, Math.Max(a.X + a.WidthPx, b.X + b.WidthPx) - x, Math.Max(a.Y + a.HeightPx, b.Y + b.HeightPx) - y);
    }

    private async Task SaveAsync(string name, byte[] bytes, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, bytes, cancellationToken).ConfigureAwait(false);
        _files.Add((name, Convert.ToHexStringLower(SHA256.HashData(bytes))));
    }

    private async Task DescribeAsync(List<TrainingImage> images, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        FileStream stream = File.Create(Path.Combine(folder, "dataset.json"));
        await using (stream.ConfigureAwait(false))
        {
            Utf8JsonWriter writer = new(stream, WireJson.WriterOptions with { Indented = true });
            await using (writer.ConfigureAwait(false))
            {
                Describe(writer, images);
                await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void Describe(Utf8JsonWriter writer, List<TrainingImage> images)
    {
        writer.WriteStartObject();
        writer.WriteString("format", "field-decisions-1");
        writer.WriteString("licence", Licence);
        writer.WriteStartArray("images");
        foreach (TrainingImage image in images)
        {
            image.Write(writer);
        }

        writer.WriteEndArray();
        writer.WriteStartObject("sha256");
        foreach ((string path, string sha256) in _files)
        {
            writer.WriteString(path, sha256);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
