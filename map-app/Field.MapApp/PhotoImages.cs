using Field.Gdal;

namespace Field.MapApp;

/// <summary>Smaller pictures of stored photos, made once and kept under the data folder.</summary>
internal sealed class PhotoImages(string cacheDirectory) : IDisposable
{
    private const int Quality = 82;

    /// <summary>The widths that are made, px: a request is served the next larger one, so that nobody can fill the disk with sizes.</summary>
    private static readonly int[] Widths = [320, 840, 1680, 3360];

    // Decoding takes a core and some 50 MB a photo; scoring runs beside it.
    private readonly SemaphoreSlim _decoding = new(2);

    /// <summary>The path of the picture.</summary>
    /// <param name="photoId">A photo id, already checked.</param>
    /// <param name="original">Path of the stored bytes.</param>
    /// <param name="maxWidthPx">Width asked for, px.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="GdalException">The photo cannot be decoded.</exception>
    public async Task<string> SmallerAsync(string photoId, string original, int maxWidthPx, CancellationToken cancel)
    {
        int width = Widths.FirstOrDefault(w => w >= maxWidthPx, Widths[^1]);
        string path = Path.Combine(cacheDirectory, photoId[..2], $"{photoId}-{width}.jpg");
        if (File.Exists(path))
        {
            return path;
        }

        await _decoding.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Make(original, path, width), cancel).ConfigureAwait(false);
        }
        finally
        {
            _decoding.Release();
        }
    }

    public void Dispose() => _decoding.Dispose();

    private static string Make(string original, string path, int width)
    {
        RasterInfo info = Images.Probe(original);
        int outWidth = Math.Min(width, info.WidthPx);
        int outHeight = Math.Max(1, (int)Math.Round(info.HeightPx * (double)outWidth / info.WidthPx));
        byte[] jpeg = Images.EncodeJpeg(Images.Read(original, null, outWidth, outHeight), Quality);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = $"{path}.{Guid.NewGuid():N}";
        File.WriteAllBytes(temporary, jpeg);
        File.Move(temporary, path, overwrite: true);
        return path;
    }
}
