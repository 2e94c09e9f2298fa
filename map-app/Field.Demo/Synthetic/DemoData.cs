using System.Text;

namespace Field.Demo.Synthetic;

/// <summary>
/// The synthetic city and drone flight of the demo: a fictional town off the coast, 16 photos of its bridge and levee with the
/// metadata a drone writes, and the truth about the cracks planted in them. Everything in it is marked synthetic.
/// </summary>
public static class DemoData
{
    /// <summary>Raised whenever the bytes of any file change for the same options.</summary>
    public const int GeneratorVersion = 2;

    /// <summary>Folder of the photos inside the output folder.</summary>
    public const string FlightFolder = "flight";

    /// <summary>Makes the demo data, replacing what this generator wrote to the folder before; the folder appears complete or not at all.</summary>
    /// <param name="outDir">Output folder; it must not exist, be empty, or hold earlier demo data.</param>
    /// <param name="options">What to make.</param>
    /// <param name="progress">Told after every file, or null.</param>
    /// <param name="ct">Stops between two photos; nothing is left behind.</param>
    /// <exception cref="DemoDataException">Options that cannot be used, or a folder that holds something else.</exception>
    public static DemoDataSummary Generate(
        string outDir, DemoDataOptions options, IProgress<DemoDataProgress>? progress = null, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(outDir);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(outDir));
        RefuseForeign(target);
        string work = $"{target}.partial-{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(Path.Combine(work, FlightFolder));
            DemoManifest manifest = WriteFiles(work, options, progress, ct);
            Replace(target, work);
            return new DemoDataSummary(target, Reused: false, manifest.Photos, manifest.Cracks);
        }
        finally
        {
            if (Directory.Exists(work))
            {
                Directory.Delete(work, recursive: true);
            }
        }
    }

    /// <summary>Reuses the folder when generator version, options and every hash match; else generates, off the caller's thread.</summary>
    /// <param name="outDir">Output folder, as for <see cref="Generate"/>.</param>
    /// <param name="options">What the folder must hold.</param>
    /// <param name="progress">Told after every file when it generates, or null.</param>
    /// <param name="ct">Stops; nothing is left behind.</param>
    /// <exception cref="DemoDataException">As for <see cref="Generate"/>.</exception>
    public static Task<DemoDataSummary> EnsureAsync(
        string outDir, DemoDataOptions options, IProgress<DemoDataProgress>? progress = null, CancellationToken ct = default) =>
        Task.Run(() => TryReuse(outDir, options, ct) ?? Generate(outDir, options, progress, ct), ct);

    /// <summary>The folder as it is, or null when it must be generated.</summary>
    internal static DemoDataSummary? TryReuse(string outDir, DemoDataOptions options, CancellationToken ct)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(outDir));
        return DemoManifest.Read(target) is { } manifest && manifest.Version == GeneratorVersion && manifest.Options == options
            && manifest.Matches(target, ct)
            ? new DemoDataSummary(target, Reused: true, manifest.Photos, manifest.Cracks)
            : null;
    }

    private static DemoManifest WriteFiles(string work, DemoDataOptions options, IProgress<DemoDataProgress>? progress, CancellationToken ct)
    {
        var flight = new SyntheticFlight(options);
        List<(string Path, Func<byte[]> Content)> plan =
        [
            ("README.md", () => Encoding.UTF8.GetBytes(DemoReadme.Text(options, flight))),
            ("city.geojson", () => SyntheticCity.ToGeoJson(options.Seed)),
            ("base.json", SyntheticCity.BaseJson),
            ("truth.geojson", () => CrackTruth.ToGeoJson(flight.Cracks, flight.Photos)),
            .. flight.Photos.Select((p, i) => ($"{FlightFolder}/{p.Shot.FileName}", (Func<byte[]>)(() => flight.Jpeg(i, ct)))),
        ];
        List<DemoManifest.FileEntry> files = [];
        foreach ((string path, Func<byte[]> content) in plan)
        {
            ct.ThrowIfCancellationRequested();
            byte[] bytes = content();
            File.WriteAllBytes(Path.Combine(work, path), bytes);
            files.Add(DemoManifest.FileEntry.Of(path, bytes));
            progress?.Report(new DemoDataProgress(files.Count, plan.Count, path));
        }

        var manifest = new DemoManifest(
            Synthetic: true, DemoManifest.GeneratorName, GeneratorVersion, options, flight.Photos.Count, flight.Cracks.Count, files);
        manifest.Write(work);
        return manifest;
    }

    private static void RefuseForeign(string target)
    {
        bool foreign = File.Exists(target)
            || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any() && DemoManifest.Read(target) is null);
        if (foreign)
        {
            throw new DemoDataException($"{target} holds something that is not demo data: name another folder, or empty this one first.");
        }
    }

    private static void Replace(string target, string work)
    {
        string? old = null;
        if (Directory.Exists(target))
        {
            old = $"{target}.old-{Guid.NewGuid():N}";
            Directory.Move(target, old);
        }

        Directory.Move(work, target);
        if (old is not null)
        {
            Directory.Delete(old, recursive: true);
        }
    }
}
