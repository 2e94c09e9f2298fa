using System.Security.Cryptography;
using System.Text;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Photos;

namespace Field.EdgeAgent.Tablet;

/// <summary>What happened to a dropped file, in this order for a good one.</summary>
internal enum DropStep
{
    /// <summary>Its sequences are reserved and remembered.</summary>
    Intended,

    /// <summary>One of its messages is durable in the outbox.</summary>
    Enqueued,

    /// <summary>It is remembered that all are.</summary>
    Remembered,

    /// <summary>The file is out of the way.</summary>
    Moved,

    /// <summary>It was bad and is in <c>rejected</c>, beside a text with all its errors.</summary>
    Rejected,

    /// <summary>It could not be read, handed over or moved now; told once for each reason.</summary>
    Failed,
}

/// <summary>
/// Hands files of a folder over to the outbox, each content once, also when it crashes between any two steps: the intent with the
/// sequences is durable before the first message, so whatever is repeated has the identity it had. Not safe for concurrent use.
/// </summary>
/// <param name="folder">Where files are dropped; its <c>sent</c> and <c>rejected</c> are made.</param>
/// <param name="delete">Delete what was handed over instead of keeping it in <c>sent</c>.</param>
/// <param name="outbox">Takes the messages.</param>
/// <param name="journal">Remembers the files.</param>
/// <param name="said">Hears of each step, with the file's name and, for the last two kinds, why.</param>
/// <param name="time">The clock.</param>
internal sealed class DropFolder(string folder, bool delete, DeviceOutbox outbox, DropJournal journal, Action<DropStep, string, string> said, TimeProvider time)
{
    /// <summary>A file must be the same in two looks so far apart.</summary>
    public static readonly TimeSpan Settles = TimeSpan.FromSeconds(1);

    /// <summary>A file that ends in the middle may still be copied; after so long without a change it is bad.</summary>
    public static readonly TimeSpan TornPatience = TimeSpan.FromSeconds(10);

    /// <summary>A report waits so long for photos that it names; then it is sent and says which are missing.</summary>
    public static readonly TimeSpan PhotoPatience = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, (SourceFile File, long Since)> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    /// <summary>Looks through the folder once.</summary>
    /// <returns>False when a file needs another look.</returns>
    public async Task<bool> ScanAsync(CancellationToken cancellationToken)
    {
        bool settled = true;
        FileInfo[] drops = [.. new DirectoryInfo(folder).EnumerateFiles().Where(IsDrop).OrderBy(f => f.Name, StringComparer.Ordinal)];
        foreach (string gone in _seen.Keys.Where(k => !File.Exists(k)).ToList())
        {
            _seen.Remove(gone);
        }

        foreach (FileInfo drop in drops)
        {
            try
            {
                settled &= await HandleAsync(drop.FullName, drop.Name, cancellationToken);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or FieldException)
            {
                settled &= e is not FieldException; // a full outbox or disk: again later
                if (_told.Add($"{drop.Name}: {e.Message}"))
                {
                    said(DropStep.Failed, drop.Name, e.Message);
                }
            }
        }

        return settled;
    }

    /// <summary>By name; links are left alone, because they could lead to any file of this machine.</summary>
    private static bool IsDrop(FileInfo file) => DropParsed.IsDrop(file.Name) && file.Name[0] is not ('.' or '~') && file.LinkTarget is null;

    private async Task<bool> HandleAsync(string path, string name, CancellationToken cancellationToken)
    {
        if (Settled(path) is not var (file, since))
        {
            return false;
        }

        if (file.SizeBytes > DropParsed.MaxBytes)
        {
            return Reject(file, name, "", [new DropError("", $"ファイルが大きすぎます（最大 {DropParsed.MaxBytes >> 20} MiB）", $"{file.SizeBytes} bytes, at most {DropParsed.MaxBytes}")]);
        }

        byte[] bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (!journal.IsDone(sha256))
        {
            DropParsed parsed = DropParsed.Parse(name, bytes);
            if (parsed.IsTorn && since < TornPatience)
            {
                return false;
            }

            if (parsed.Content is not { } content)
            {
                return Reject(file, name, sha256, parsed.Errors);
            }

            if (journal.Find(sha256) is null && !await IntendAsync(file, name, sha256, content, since, cancellationToken))
            {
                return false;
            }

            await HandOverAsync(name, journal.Find(sha256)!, content, cancellationToken);
        }

        string target = FreeName("sent", name, sha256);
        if (!TryMove(file, target))
        {
            return false;
        }

        if (delete)
        {
            File.Delete(target);
        }

        said(DropStep.Moved, name, "");
        return true;
    }

    private async Task<bool> IntendAsync(SourceFile file, string name, string sha256, DropContent content, TimeSpan since, CancellationToken cancellationToken)
    {
        Dictionary<string, string?> photos = new(StringComparer.Ordinal);
        foreach (string photo in content.Photos)
        {
            photos[photo] = await PhotoIdAsync(Path.Combine(folder, photo), cancellationToken);
        }

        if (photos.ContainsValue(null) && since < PhotoPatience)
        {
            return false;
        }

        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset written = new(file.ModifiedTicks, TimeSpan.Zero);
        journal.Add(new DropIntent(sha256, [.. Enumerable.Range(0, content.Count).Select(_ => outbox.NextSequence())], written < now ? written : now, photos));
        said(DropStep.Intended, name, "");
        return true;
    }

    private async Task HandOverAsync(string name, DropIntent intent, DropContent content, CancellationToken cancellationToken)
    {
        for (int i = 0; i < intent.Sequences.Count; i++)
        {
            DropMessage message = content.Build(outbox.Site, outbox.Device, i, intent.Sequences[i], intent);
            await outbox.Messages.EnqueueAgainAsync(message.Channel, message.Priority, intent.Sequences[i], message.Payload, cancellationToken);
            said(DropStep.Enqueued, name, "");
        }

        journal.Done(intent.Sha256);
        said(DropStep.Remembered, name, "");
    }

    /// <summary>The photo in a file of the folder, or that was in it before the server had it and it was deleted; null when there is none yet.</summary>
    private async Task<string?> PhotoIdAsync(string path, CancellationToken cancellationToken)
    {
        FileInfo info = new(path);
        if (!info.Exists)
        {
            return outbox.Photos.LastAt(path)?.PhotoId;
        }

        return info.LinkTarget is null && info.Length > 0 && Settled(path) is not null ? await PhotoReader.HashAsync(path, cancellationToken) : null;
    }

    /// <summary>The file, and for how long it has been as it is; null while it changes.</summary>
    private (SourceFile File, TimeSpan Since)? Settled(string path)
    {
        if (SourceFile.Stat(path) is not { } file)
        {
            return null;
        }

        if (!_seen.TryGetValue(path, out (SourceFile File, long Since) seen) || seen.File != file)
        {
            _seen[path] = (file, time.GetTimestamp());
            return null;
        }

        TimeSpan since = time.GetElapsedTime(seen.Since);
        return since >= Settles ? (file, since) : null;
    }

    private bool Reject(SourceFile file, string name, string sha256, IReadOnlyList<DropError> errors)
    {
        string Line(DropError e, string text) => $"- {(e.At.Length > 0 ? e.At + ": " : "")}{text}";
        StringBuilder text = new();
        text.AppendLine($"このファイル「{name}」は送れませんでした。次の点を直して、もう一度フォルダーに入れてください。");
        text.AppendJoin('\n', errors.Select(e => Line(e, e.Ja))).AppendLine().AppendLine();
        text.AppendLine($"The file {name} was not sent. Correct this and put it into the folder again:");
        text.AppendJoin('\n', errors.Select(e => Line(e, e.En))).AppendLine();
        string target = FreeName("rejected", name, sha256);
        File.WriteAllText($"{target}.txt", text.ToString());
        if (!TryMove(file, target))
        {
            File.Delete($"{target}.txt");
            return false;
        }

        said(DropStep.Rejected, name, $"{errors[0].At} {errors[0].Ja} ({errors[0].En})".Trim());
        return true;
    }

    /// <summary>Moves the file; false when another came into its place since it was read: that one goes back and has its own turn.</summary>
    private static bool TryMove(SourceFile file, string target)
    {
        File.Move(file.Path, target, overwrite: true);
        if (SourceFile.Stat(target) is { } moved && (moved.SizeBytes, moved.ModifiedTicks) == (file.SizeBytes, file.ModifiedTicks))
        {
            return true;
        }

        File.Move(target, file.Path);
        return false;
    }

    private string FreeName(string below, string name, string sha256)
    {
        string into = Path.Combine(folder, below);
        Directory.CreateDirectory(into);
        string plain = Path.Combine(into, name);
        string other = $"{Path.GetFileNameWithoutExtension(name)}-{(sha256.Length > 0 ? sha256[..16] : "large")}{Path.GetExtension(name)}";
        return File.Exists(plain) ? Path.Combine(into, other) : plain;
    }
}
