using Field.Contracts;
using Microsoft.Win32.SafeHandles;

namespace Field.Ingest.Photos;

/// <summary>The data of all slots of a complete part file, one after the other.</summary>
internal sealed class PartContentStream(SafeFileHandle file, PhotoManifest manifest) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => manifest.SizeBytes;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        (long offset, int count) = Next(buffer.Length);
        int read = count == 0 ? 0 : RandomAccess.Read(file, buffer[..count], offset);
        _position += read;
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        (long offset, int count) = Next(buffer.Length);
        int read = count == 0 ? 0 : await RandomAccess.ReadAsync(file, buffer[..count], offset, cancellationToken).ConfigureAwait(false);
        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private (long Offset, int Count) Next(int wanted)
    {
        int chunk = (int)(_position / manifest.ChunkBytes);
        int within = (int)(_position % manifest.ChunkBytes);
        int left = chunk < manifest.ChunkCount ? manifest.ChunkLength(chunk) - within : 0;
        long slot = (long)chunk * (PhotoChunk.HeaderBytes + manifest.ChunkBytes);
        return (slot + PhotoChunk.HeaderBytes + within, Math.Min(wanted, left));
    }
}
