using System.IO.Compression;
using System.Text;
using Field.Gdal;

namespace Field.Ingest.Layers;

/// <summary>Files that a browser sent, waiting to be imported; each in a folder of its own that goes away after an hour. Thread-safe.</summary>
/// <param name="folder">Holds nothing else.</param>
/// <param name="time">Tells what is old.</param>
public sealed class LayerUploads(string folder, TimeProvider time)
{
    /// <summary>Largest file that is taken.</summary>
    public const long MostBytes = 256L << 20;
    private const long MostUnpackedBytes = 512L << 20;
    private const int MostEntries = 100;
    private const int MostName = 150;
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);
    private static readonly string[] Sidecars = [".dbf", ".shx", ".prj", ".cpg"];

    /// <summary>Keeps a file, or what a ZIP holds of layers.</summary>
    /// <param name="name">As the browser says it; only its last part counts.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="cancel">Gives up; nothing is kept.</param>
    /// <returns>Id of the upload and the file to import.</returns>
    /// <exception cref="FieldException">Nothing that can be imported, or too much; nothing is kept.</exception>
    public async Task<(string Id, string Path)> KeepAsync(string name, Stream content, CancellationToken cancel)
    {
        Sweep();
        string id = Guid.NewGuid().ToString("N");
        string own = System.IO.Path.Combine(folder, id);
        Directory.CreateDirectory(own);
        try
        {
            string safe = SafeName(name);
            string path = System.IO.Path.Combine(own, safe);
            FileStream file = new(path, FileMode.CreateNew);
            await using (file.ConfigureAwait(false))
            {
                await content.CopyToAsync(file, cancel).ConfigureAwait(false);
            }

            if (System.IO.Path.GetExtension(safe).Equals(".zip", StringComparison.OrdinalIgnoreCase))
            {
                await UnpackAsync(path, own, cancel).ConfigureAwait(false);
                File.Delete(path);
            }

            return (id, Main(own));
        }
        catch
        {
            Directory.Delete(own, recursive: true);
            throw;
        }
    }

    /// <summary>The file of an upload, or null when there is none (any more).</summary>
    public string? Find(string id) =>
        Guid.TryParseExact(id, "N", out _) && Directory.Exists(System.IO.Path.Combine(folder, id)) ? Main(System.IO.Path.Combine(folder, id)) : null;

    /// <summary>Forgets an upload.</summary>
    public void Forget(string id)
    {
        if (Guid.TryParseExact(id, "N", out _) && Directory.Exists(System.IO.Path.Combine(folder, id)))
        {
            Directory.Delete(System.IO.Path.Combine(folder, id), recursive: true);
        }
    }

    /// <summary>The name without any folder: a name of a foreign machine must not lead out of ours.</summary>
    private static string SafeName(string name)
    {
        string last = name.Replace('\\', '/').Split('/')[^1].Trim();
        string extension = System.IO.Path.GetExtension(last).ToLowerInvariant();
        bool isKnown = VectorFiles.Extensions.Contains(extension) || Sidecars.Contains(extension) || extension == ".zip";
        return isKnown && last.Length is > 4 and <= MostName && last[0] != '.' && last.IndexOfAny(System.IO.Path.GetInvalidFileNameChars()) < 0
            ? System.IO.Path.GetFileNameWithoutExtension(last) + extension
            : throw new FieldException(LayerFault.FileKind(last.Length > 60 ? last[..60] : last).Both);
    }

    private static async Task UnpackAsync(string zip, string own, CancellationToken cancel)
    {
        try
        {
            // Names without the UTF-8 flag were written by Japanese Windows.
            Encoding names = CodePagesEncodingProvider.Instance.GetEncoding(932)!;
            using ZipArchive archive = new(File.OpenRead(zip), ZipArchiveMode.Read, leaveOpen: false, names);
            if (archive.Entries.Count > MostEntries)
            {
                throw new FieldException(LayerFault.TooManyFiles(MostEntries).Both);
            }

            long left = MostUnpackedBytes;
            foreach (ZipArchiveEntry entry in archive.Entries.Where(e => IsWanted(e.FullName)))
            {
                left = await UnpackAsync(entry, System.IO.Path.Combine(own, SafeName(entry.FullName)), left, cancel).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not FileNotFoundException)
        {
            throw new FieldException(LayerFault.BadZip(e.Message).Both, false, e);
        }
    }

    private static bool IsWanted(string name)
    {
        string extension = System.IO.Path.GetExtension(name).ToLowerInvariant();
        return VectorFiles.Extensions.Contains(extension) || Sidecars.Contains(extension);
    }

    /// <summary>Counts what really comes out: what a ZIP says of itself may be a lie.</summary>
    private static async Task<long> UnpackAsync(ZipArchiveEntry entry, string path, long left, CancellationToken cancel)
    {
        byte[] buffer = new byte[81920];
        Stream from = entry.Open();
        await using (from.ConfigureAwait(false))
        {
            FileStream to = new(path, FileMode.CreateNew);
            await using (to.ConfigureAwait(false))
            {
                int read;
                while ((read = await from.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
                {
                    left -= read;
                    if (left < 0)
                    {
                        throw new FieldException(LayerFault.TooLarge("ZIP", MostUnpackedBytes >> 20).Both);
                    }

                    await to.WriteAsync(buffer.AsMemory(0, read), cancel).ConfigureAwait(false);
                }
            }
        }

        return left;
    }

    private static string Main(string own)
    {
        string[] files = [.. Directory.EnumerateFiles(own).Where(f => VectorFiles.Extensions.Contains(System.IO.Path.GetExtension(f)))];
        string[] shapes = [.. files.Where(f => System.IO.Path.GetExtension(f) == ".shp")];
        string[] candidates = shapes.Length > 0 ? shapes : files; // beside a Shapefile a CSV describes its fields
        return candidates switch
        {
            [var only] => only,
            [] => throw new FieldException(LayerFault.NoFile.Both),
            _ => throw new FieldException(LayerFault.FileMixed(string.Join(", ", candidates.Select(System.IO.Path.GetFileName))).Both),
        };
    }

    private void Sweep()
    {
        Directory.CreateDirectory(folder);
        foreach (string old in Directory.EnumerateDirectories(folder).Where(d => Directory.GetCreationTimeUtc(d) < time.GetUtcNow().UtcDateTime - KeptFor))
        {
            Directory.Delete(old, recursive: true);
        }
    }
}
