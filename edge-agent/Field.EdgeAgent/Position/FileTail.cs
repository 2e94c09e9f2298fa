using System.Text;
using Field.Contracts;

namespace Field.EdgeAgent.Position;

/// <summary>
/// The whole lines of a file that grows. A file that was cut or replaced by another is read from its beginning, after the rest of the
/// old one. Not safe for concurrent use.
/// </summary>
internal sealed class FileTail(string path) : IDisposable
{
    /// <summary>Longest line; of a longer one the first part is given, and the rest left out.</summary>
    public const int MaxLineBytes = 64 * 1024;

    private const int HeadBytes = 64;
    private const int BufferBytes = 256 * 1024;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly MemoryStream _line = new();
    private FileStream? _stream;

    /// <summary>Where the first line begins that was not given yet.</summary>
    public long Offset { get; private set; }

    /// <summary>A checksum of the file's first bytes before <see cref="Offset"/>.</summary>
    public uint Head => _stream is null ? 0 : HeadOf(_stream, Offset);

    /// <summary>Goes on where an earlier run was, if it is the same file.</summary>
    public void Resume(long offset, uint head)
    {
        if (Open() && _stream!.Length >= offset && HeadOf(_stream, offset) == head)
        {
            Offset = offset;
        }
    }

    /// <summary>The lines that came since the last call, at most about 256 KiB of them.</summary>
    /// <param name="restarted">True when the lines are the first of another file, or of the same one cut.</param>
    /// <returns>Null when there is no file, or nothing new.</returns>
    public IReadOnlyList<string>? Read(out bool restarted)
    {
        restarted = false;
        if (!Open())
        {
            return null;
        }

        int count = ReadOn();
        if (count == 0 && IsReplaced())
        {
            Close();
            restarted = true;
            count = Open() ? ReadOn() : 0;
        }

        return count > 0 ? Lines(count) : restarted ? [] : null;
    }

    /// <summary>The last line although it has no end yet; empty when there is none.</summary>
    public string TakeRest()
    {
        string rest = Encoding.UTF8.GetString(_line.ToArray());
        Offset += _line.Length;
        _line.SetLength(0);
        return rest;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _line.Dispose();
    }

    private bool Open()
    {
        try
        {
            _stream ??= new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private void Close()
    {
        _stream?.Dispose();
        _stream = null;
        _line.SetLength(0);
        Offset = _skipped = 0;
    }

    private long _skipped;

    private int ReadOn()
    {
        _stream!.Position = Offset + _line.Length + _skipped;
        return _stream.Length < _stream.Position ? 0 : _stream.Read(_buffer);
    }

    /// <summary>True when the path leads to another file now, or to one that is shorter than what was read of it.</summary>
    private bool IsReplaced()
    {
        long read = Offset + _line.Length + _skipped;
        try
        {
            using FileStream now = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return now.Length < read || HeadOf(now, read) != HeadOf(_stream!, read);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false; // between the old and the new one
        }
    }

    private List<string> Lines(int count)
    {
        List<string> lines = [];
        ReadOnlySpan<byte> rest = _buffer.AsSpan(0, count);
        while (rest.Length > 0)
        {
            int end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> part = end < 0 ? rest : rest[..end];
            int fits = (int)Math.Min(part.Length, MaxLineBytes - _line.Length);
            _line.Write(part[..fits]);
            _skipped += part.Length - fits;
            rest = rest[(end < 0 ? rest.Length : end + 1)..];
            if (end >= 0)
            {
                Offset += _skipped + 1;
                _skipped = 0;
                lines.Add(TakeRest().TrimEnd('\r'));
            }
        }

        return lines;
    }

    private static uint HeadOf(FileStream stream, long upTo)
    {
        Span<byte> head = stackalloc byte[(int)Math.Min(HeadBytes, upTo)];
        stream.Position = 0;
        int read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return Crc32C.Compute(head[..read]);
    }
}
