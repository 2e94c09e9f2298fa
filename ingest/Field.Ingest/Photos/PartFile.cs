using Field.Contracts;
using Microsoft.Win32.SafeHandles;

namespace Field.Ingest.Photos;

/// <summary>
/// The chunks of a photo on their way. The file has one slot for each chunk, as long as header and full chunk; a slot holds the chunk
/// as it came. The header's CRC says by itself whether a slot is whole, so after a crash the file is scanned and nothing else needs
/// to agree with it: a torn or empty slot is a missing chunk. A chunk counts as received only after the flush that followed its
/// write. Thread-safe; content is read only when complete.
/// </summary>
internal sealed class PartFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly GroupFlush _flush;
    private readonly Lock _lock = new();
    private readonly bool[] _received;
    private int _missing;

    public PartFile(string path, PhotoManifest manifest)
    {
        Manifest = manifest;
        _received = new bool[manifest.ChunkCount];
        _missing = _received.Length;
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, FileOptions.Asynchronous);
        _flush = new GroupFlush(() => RandomAccess.FlushToDisk(_file));
        try
        {
            Scan();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The newest manifest; another one may only replace it when its slots are the same.</summary>
    public PhotoManifest Manifest { get; set; }

    public bool IsComplete
    {
        get
        {
            lock (_lock)
            {
                return _missing == 0;
            }
        }
    }

    /// <summary>What the chunks that came take on disk.</summary>
    public long ReceivedBytes
    {
        get
        {
            lock (_lock)
            {
                return (long)(_received.Length - _missing) * SlotBytes;
            }
        }
    }

    /// <summary>Flushes so far.</summary>
    public int FlushCount => _flush.Count;

    private int SlotBytes => PhotoChunk.HeaderBytes + Manifest.ChunkBytes;

    /// <summary>Writes a chunk that was checked; it is durable when this returns.</summary>
    /// <returns>False when it had been received before.</returns>
    public async Task<bool> WriteAsync(int index, ReadOnlyMemory<byte> chunk, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_received[index])
            {
                return false;
            }
        }

        await RandomAccess.WriteAsync(_file, chunk, (long)index * SlotBytes, cancellationToken).ConfigureAwait(false);
        await _flush.FlushAsync().ConfigureAwait(false);
        return Mark(index);
    }

    /// <summary>What has not been received.</summary>
    public IReadOnlyList<ChunkRange> Missing()
    {
        List<ChunkRange> ranges = [];
        lock (_lock)
        {
            for (int i = 0; i < _received.Length; i++)
            {
                if (_received[i])
                {
                    continue;
                }

                if (ranges.Count > 0 && ranges[^1].Last == i - 1)
                {
                    ranges[^1] = ranges[^1] with { Last = i };
                }
                else
                {
                    ranges.Add(new ChunkRange(i, i));
                }
            }
        }

        return ranges;
    }

    /// <summary>Reads the photo's bytes in order. The stream does not own the file.</summary>
    public Stream OpenContent() => new PartContentStream(_file, Manifest);

    public void Dispose() => _file.Dispose();

    private bool Mark(int index)
    {
        lock (_lock)
        {
            if (_received[index])
            {
                return false;
            }

            _received[index] = true;
            _missing--;
            return true;
        }
    }

    private void Scan()
    {
        long length = RandomAccess.GetLength(_file);
        byte[] slot = new byte[SlotBytes];
        for (int i = 0; i < _received.Length && (long)i * SlotBytes < length; i++)
        {
            int expected = Manifest.ChunkLength(i);
            Span<byte> chunk = slot.AsSpan(0, PhotoChunk.HeaderBytes + expected);
            int read = RandomAccess.Read(_file, chunk, (long)i * SlotBytes);
            if (PhotoChunk.Check(chunk[..read], i, expected) is null)
            {
                Mark(i);
            }
        }
    }
}
