using System.Globalization;
using System.Text;
using System.Text.Json;
using Field.Contracts;

namespace Field.Store.Audit;

/// <summary>
/// The audit log: append-only files <c>audit-000001.jsonl</c> and on, each line bound to the one before by its hash, across files too.
/// Server and command line append at the same time; a lock file keeps them apart, and goes with the process that held it.
/// <para>
/// What it can prove: a line changed, removed, added or moved breaks the chain; lines cut off at the end miss what <c>head.json</c>
/// says. A crash between line and head leaves lines that the head does not know yet, which is in order; a line that a crash tore is cut
/// off by the next append, which says so in its own line. What it cannot prove alone: somebody who may write both files can
/// rewrite both. Against that the head is to be noted elsewhere (<c>field audit verify</c> prints it, the server logs it).
/// </para>
/// </summary>
/// <param name="folder">The folder; created, for its user only.</param>
/// <param name="time">The clock.</param>
/// <param name="maxFileBytes">From here on a new file is begun.</param>
public sealed class AuditLog(string folder, TimeProvider time, long maxFileBytes = 16 << 20) : IDisposable
{
    private const string Pattern = "audit-*.jsonl";
    private const int MaxLineBytes = 16 * 1024;
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Appends; on durable storage when this returns.</summary>
    /// <returns>The hash of the last line.</returns>
    /// <exception cref="StoreException">It cannot be written; transient when another process holds it or the disk is full.</exception>
    public async Task<string> AppendAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entries);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            PrivateFiles.CreateFolder(folder);
            using FileStream held = await LockAsync(cancellationToken).ConfigureAwait(false);
            return Append(entries);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"the audit log in {folder} cannot be written: {e.Message}", e is IOException, e);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>All lines, oldest first, as they stand.</summary>
    public static IEnumerable<string> Read(string folder) => Files(folder).SelectMany(f => File.ReadLines(f));

    /// <summary>All lines, newest first, while others append. A line that is just being written may be torn.</summary>
    public static IEnumerable<string> ReadNewest(string folder)
    {
        foreach (string file in Files(folder).Reverse())
        {
            List<string> lines = [];
            using (StreamReader reader = new(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)))
            {
                while (reader.ReadLine() is { } line)
                {
                    lines.Add(line);
                }
            }

            lines.Reverse();
            foreach (string line in lines)
            {
                yield return line;
            }
        }
    }

    /// <summary>Checks every line and the head.</summary>
    public static AuditReport Verify(string folder)
    {
        AuditLine last = new(0, "", AuditLine.FirstPrevious);
        AuditLine? head = ReadHead(folder);
        bool sawHead = head is null or { Number: 0 };
        foreach (string file in Files(folder))
        {
            int number = 0;
            foreach (byte[] bytes in Lines(file))
            {
                number++;
                string? problem = AuditLine.Read(bytes) is not { } line ? "its hash does not fit its content"
                    : line.Number != last.Number + 1 ? $"entry {last.Number + 1} was expected, this is {line.Number}"
                    : line.Previous != last.Hash ? "it does not follow from the line before" : null;
                if (problem is not null)
                {
                    return new(last.Number, last.Hash, $"{Path.GetFileName(file)} line {number}: {problem}");
                }

                last = AuditLine.Read(bytes)!;
                sawHead |= last.Number == head?.Number && last.Hash == head.Hash;
            }
        }

        return new(last.Number, last.Hash, HeadProblem(head, last, sawHead));
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private static string? HeadProblem(AuditLine? head, AuditLine last, bool sawHead) => head switch
    {
        null => last.Number == 0 ? null : "head.json is missing or unreadable: nobody can say whether the end was cut off",
        _ when head.Number > last.Number => $"the end is missing: head.json knows entry {head.Number}, the last one here is {last.Number}",
        _ => sawHead ? null : $"entry {head.Number} is not the one that head.json knows",
    };

    private string Append(IReadOnlyList<AuditEntry> entries)
    {
        string file = Files(folder).LastOrDefault() ?? FileName(1);
        (AuditLine last, IReadOnlyList<AuditEntry> found, bool isDamaged) = Recover(file);
        if (isDamaged || (File.Exists(file) && new FileInfo(file).Length >= maxFileBytes))
        {
            file = FileName(Files(folder).Count() + 1);
        }

        using (FileStream log = PrivateFiles.Open(file, FileMode.OpenOrCreate))
        {
            bool isNew = log.Length == 0;
            log.Seek(0, SeekOrigin.End);
            foreach (AuditEntry entry in found.Concat(entries))
            {
                (last, byte[] bytes) = AuditLine.Write(entry, last.Number + 1, last.Hash, time.GetUtcNow());
                log.Write(bytes);
            }

            log.Flush(flushToDisk: true);
            if (isNew)
            {
                DirectorySync.Flush(folder);
            }
        }

        PrivateFiles.Replace(HeadFile(folder), JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
        {
            ["n"] = last.Number.ToString(CultureInfo.InvariantCulture),
            ["hash"] = last.Hash,
        }));
        return last.Hash;
    }

    /// <summary>
    /// The last whole line, cutting off what a crash tore. A last line that is whole and wrong is left as evidence: the log goes on in a new
    /// file, from what the head knows.
    /// </summary>
    private (AuditLine Last, IReadOnlyList<AuditEntry> Found, bool IsDamaged) Recover(string file)
    {
        AuditLine? head = ReadHead(folder);
        AuditLine start = new(0, "", AuditLine.FirstPrevious);
        if (!File.Exists(file))
        {
            return (head ?? start, head is null ? [] : [Finding("the files of the log are gone")], false);
        }

        using FileStream log = PrivateFiles.Open(file, FileMode.Open);
        byte[] tail = new byte[Math.Min(log.Length, 2 * MaxLineBytes)];
        log.Seek(-tail.Length, SeekOrigin.End);
        log.ReadExactly(tail);
        int end = tail.AsSpan().LastIndexOf((byte)'\n') + 1;
        int torn = tail.Length - end;
        if (torn > 0)
        {
            log.SetLength(log.Length - torn);
            log.Flush(flushToDisk: true);
        }

        if (end == 0)
        {
            // Nothing whole in the youngest file: a crash while it was begun. The chain goes on from the file before.
            string? before = Files(folder).TakeWhile(f => f != file).LastOrDefault();
            (AuditLine Last, IReadOnlyList<AuditEntry> Found, bool IsDamaged) earlier = before is null ? (start, [], false) : Recover(before);
            return torn == 0 ? earlier : (earlier.Last, [.. earlier.Found, Torn(torn)], earlier.IsDamaged);
        }

        int begin = tail.AsSpan(0, end - 1).LastIndexOf((byte)'\n') + 1;
        if (AuditLine.Read(tail.AsSpan(begin, end - 1 - begin)) is { } last && !(head?.Number > last.Number))
        {
            return (last, torn == 0 ? [] : [Torn(torn)], false);
        }

        return (head ?? start, [Finding("the end of the log before this entry is damaged or missing; it is left as it was found")], true);
    }

    private static AuditEntry Torn(int bytes) => Finding($"{bytes} bytes of a line that a crash tore were cut off");

    private static AuditEntry Finding(string detail) => new("audit.recover", "system", "audit log", "done") { Detail = detail };

    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return PrivateFiles.Open(Path.Combine(folder, "audit.lock"), FileMode.OpenOrCreate, FileShare.None);
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(start) < LockPatience)
            {
                await Task.Delay(LockRetry, cancellationToken).ConfigureAwait(false); // another process is writing, for milliseconds
            }
        }
    }

    private string FileName(int number) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"audit-{number:000000}.jsonl"));

    private static string HeadFile(string folder) => Path.Combine(folder, "head.json");

    private static IEnumerable<string> Files(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, Pattern).Order(StringComparer.Ordinal) : [];

    private static IEnumerable<byte[]> Lines(string file)
    {
        // Latin-1 keeps every byte, so that a damaged one is not repaired by decoding; lines are ASCII when they are whole.
        using StreamReader reader = new(file, Encoding.Latin1);
        while (reader.ReadLine() is { } line)
        {
            yield return Encoding.Latin1.GetBytes(line);
        }
    }

    private static AuditLine? ReadHead(string folder)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(HeadFile(folder)));
            string number = json.RootElement.GetProperty("n").GetString()!;
            return new(long.Parse(number, CultureInfo.InvariantCulture), "", json.RootElement.GetProperty("hash").GetString()!);
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
