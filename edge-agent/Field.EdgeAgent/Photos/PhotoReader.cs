using System.Security.Cryptography;
using Field.Contracts;
using Field.EdgeAgent.Outbox;

namespace Field.EdgeAgent.Photos;

/// <summary>Why a file cannot be sent.</summary>
internal enum PhotoFault
{
    /// <summary>It has no bytes.</summary>
    Empty,

    /// <summary>It is above the largest photo of SPEC.md section 2.</summary>
    TooLarge,

    /// <summary>It changed while it was read.</summary>
    Changing,

    /// <summary>It disappeared.</summary>
    Missing,
}

/// <summary>A file that cannot be sent as a photo.</summary>
internal sealed class PhotoFaultException(string path, PhotoFault fault)
    : FieldException($"{path}: {fault}", isTransient: fault is PhotoFault.Changing)
{
    /// <summary>Why.</summary>
    public PhotoFault Fault { get; } = fault;
}

/// <summary>Turns a file into a manifest: SHA-256 by streaming, EXIF and XMP. Memory does not grow with the photo.</summary>
internal static class PhotoReader
{
    private const int BufferBytes = 128 * 1024;

    /// <summary>Hashes and describes a file.</summary>
    /// <exception cref="PhotoFaultException">It is no photo that can be sent, or it changed meanwhile.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static async Task<PhotoManifest> DescribeAsync(SourceFile file, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        if (file.SizeBytes is 0 or > PhotoManifest.MaxSizeBytes)
        {
            throw new PhotoFaultException(file.Path, file.SizeBytes == 0 ? PhotoFault.Empty : PhotoFault.TooLarge);
        }

        await using FileStream stream = new(
            file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferBytes, FileOptions.Asynchronous);
        string photoId = Ids.Photo(await SHA256.HashDataAsync(stream, cancellationToken));
        stream.Position = 0;
        PhotoMetadata metadata = PhotoMetadataReader.Read(stream, zone);
        if (SourceFile.Stat(file.Path) is not { } now || now != file)
        {
            throw new PhotoFaultException(file.Path, PhotoFault.Changing);
        }

        return Manifest(file, photoId, metadata);
    }

    /// <summary>The SHA-256 of a file as it is now, as a photo id.</summary>
    public static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using FileStream stream = new(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferBytes, FileOptions.Asynchronous);
        return Ids.Photo(await SHA256.HashDataAsync(stream, cancellationToken));
    }

    /// <summary>A manifest that the server's own check accepts: what it would refuse is left out rather than the photo.</summary>
    internal static PhotoManifest Manifest(SourceFile file, string photoId, PhotoMetadata metadata)
    {
        string name = Path.GetFileName(file.Path).Replace('\\', '_');
        PhotoManifest manifest = new(
            photoId,
            name.Length <= 255 ? name : name[^255..],
            file.SizeBytes,
            PhotoChunk.DefaultDataBytes,
            metadata.Place,
            metadata.CapturedAt,
            metadata.CapturedAtAssumed,
            metadata.Camera);
        UpTopic topic = new("site", "device", UpChannel.PhotoManifest, photoId);
        bool acceptable = PhotoManifest.Parse(manifest.Write("site", "device", 1, DateTimeOffset.UnixEpoch), topic).Errors.Count == 0;
        return acceptable
            ? manifest
            : manifest with { Name = $"{photoId[..16]}.jpg", Place = null, CapturedAt = null, CapturedAtAssumed = false, Camera = new CameraMetadata() };
    }
}
