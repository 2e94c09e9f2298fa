using Field.Contracts;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Uplink;

namespace Field.EdgeAgent.Photos;

/// <summary>Brings the photos of a folder into the outbox and the queue, each once for each state of its file.</summary>
internal sealed class PhotoIntake(
    string folder, bool deleteAfterReceipt, PhotoOutbox outbox, SendQueue queue, IUploadObserver observer, TimeProvider time) : IPhotoKeeper, IDisposable
{
    /// <summary>A file written to more recently than this must stay the same between two looks.</summary>
    public static readonly TimeSpan StillGrowing = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _one = new(1);
    private readonly Dictionary<string, SourceFile> _handled = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (SourceFile File, long SeenAt)> _fresh = new(StringComparer.Ordinal);
    private readonly HashSet<string> _photosSeen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _problemsSeen = new(StringComparer.Ordinal);
    private int _otherFiles = -1;

    /// <summary>What the crew says of the surface that the photos show, or null.</summary>
    public SurfaceStatement? Surface { get; init; }

    /// <summary>Looks through the folder once.</summary>
    /// <returns>False when files are still being written, so that another look is needed.</returns>
    public async Task<bool> ScanAsync(CancellationToken cancellationToken)
    {
        CardContents card = PhotoSource.List(folder);
        Report(card);
        bool settled = true;
        foreach (SourceFile file in card.Photos)
        {
            await _one.WaitAsync(cancellationToken);
            try
            {
                if (_handled.GetValueOrDefault(file.Path) != file)
                {
                    settled &= !IsGrowing(file) && await HandleAsync(file, cancellationToken);
                }
            }
            finally
            {
                _one.Release();
            }
        }

        return settled;
    }

    /// <summary>Queues what earlier runs left of other folders, and reports what has disappeared from this one.</summary>
    public void TakeUpEarlierPhotos()
    {
        foreach (OutboxPhoto photo in outbox.Waiting.Where(p => !_photosSeen.Contains(p.PhotoId) && p.Sources.Count > 0))
        {
            if (photo.Sources.FirstOrDefault(s => File.Exists(s.Path)) is { } source)
            {
                _photosSeen.Add(photo.PhotoId);
                observer.On(new UploadEvent.Found(source.Path, photo, Repeats: false));
                queue.Add(photo); // whether the file is still the same is looked at when its turn comes
            }
            else
            {
                ReportMissing(photo, photo.Sources[0].Path);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<OutboxPhoto?> ReexamineAsync(OutboxPhoto photo, string path, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (SourceFile.Stat(path) is not { } file)
            {
                ReportMissing(photo, path);
                return null;
            }

            _handled[path] = file;
            PhotoManifest manifest = await DescribeAsync(file, cancellationToken);
            OutboxPhoto now = outbox.Add(file, manifest, out OutboxPhoto? lost);
            if (lost is not null)
            {
                observer.On(new UploadEvent.Lost(lost, path));
            }

            observer.On(new UploadEvent.Changed(now, path));
            return now.State == PhotoState.Waiting ? now : null;
        }
        catch (Exception e) when (e is PhotoFaultException or UnauthorizedAccessException || (e is IOException && SourceFile.Stat(path) is not null))
        {
            observer.On(new UploadEvent.Unreadable(path, e));
            return null;
        }
        catch (FileNotFoundException)
        {
            ReportMissing(photo, path);
            return null;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    /// <remarks>Deletes only a file whose bytes have, now, the SHA-256 that the server confirmed.</remarks>
    public async Task OnStoredAsync(OutboxPhoto photo, CancellationToken cancellationToken)
    {
        if (!deleteAfterReceipt || photo.State != PhotoState.Stored)
        {
            return;
        }

        foreach (SourceFile source in photo.Sources.Where(s => IsInFolder(s.Path) && File.Exists(s.Path)))
        {
            Exception? reason = null;
            try
            {
                if (await PhotoReader.HashAsync(source.Path, cancellationToken) == photo.PhotoId)
                {
                    File.Delete(source.Path);
                    observer.On(new UploadEvent.Deleted(source.Path));
                    continue;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                reason = e;
            }

            observer.On(new UploadEvent.NotDeleted(source.Path, reason));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private async Task<bool> HandleAsync(SourceFile file, CancellationToken cancellationToken)
    {
        try
        {
            OutboxPhoto photo = await IdentifyAsync(file, cancellationToken);
            _handled[file.Path] = file;
            bool repeats = !_photosSeen.Add(photo.PhotoId);
            if (photo.State == PhotoState.Stored)
            {
                observer.On(new UploadEvent.FoundStored(file.Path, photo));
                await OnStoredAsync(photo, cancellationToken);
            }
            else
            {
                observer.On(new UploadEvent.Found(file.Path, photo, repeats));
                queue.Add(photo);
            }
        }
        catch (PhotoFaultException e) when (e.Fault == PhotoFault.Changing)
        {
            return false;
        }
        catch (Exception e) when (e is PhotoFaultException or IOException or UnauthorizedAccessException)
        {
            if (SourceFile.Stat(file.Path) is not null)
            {
                _handled[file.Path] = file;
                observer.On(new UploadEvent.Unreadable(file.Path, e));
            }
        }

        return true;
    }

    private async Task<OutboxPhoto> IdentifyAsync(SourceFile file, CancellationToken cancellationToken)
    {
        if (outbox.Find(file) is { } known)
        {
            return known.State == PhotoState.Gone ? outbox.Add(file, known.Manifest, out _) : known;
        }

        observer.On(new UploadEvent.Reading(file.Path));
        PhotoManifest manifest = await DescribeAsync(file, cancellationToken);
        OutboxPhoto photo = outbox.Add(file, manifest, out OutboxPhoto? lost);
        if (lost is not null)
        {
            observer.On(new UploadEvent.Lost(lost, file.Path));
        }

        return photo;
    }

    private async Task<PhotoManifest> DescribeAsync(SourceFile file, CancellationToken cancellationToken)
    {
        PhotoManifest manifest = await PhotoReader.DescribeAsync(file, time.LocalTimeZone, cancellationToken);
        return Surface is null ? manifest : manifest with { Camera = Surface.Over(manifest.Camera) };
    }

    /// <summary>True while a recently written file has not yet been seen twice, a second apart, without a change.</summary>
    private bool IsGrowing(SourceFile file)
    {
        TimeSpan age = time.GetUtcNow().UtcDateTime - new DateTime(file.ModifiedTicks, DateTimeKind.Utc);
        if (age.Duration() > StillGrowing)
        {
            return false; // written long ago, or by a camera whose clock is elsewhere
        }

        long now = time.GetTimestamp();
        if (!_fresh.TryGetValue(file.Path, out (SourceFile File, long SeenAt) seen) || seen.File != file)
        {
            _fresh[file.Path] = (file, now);
            return true;
        }

        return time.GetElapsedTime(seen.SeenAt, now) < TimeSpan.FromSeconds(1);
    }

    private void Report(CardContents card)
    {
        int others = card.OtherFiles.Values.Sum();
        if (others != _otherFiles)
        {
            _otherFiles = others;
            observer.On(new UploadEvent.OtherFiles(card.OtherFiles));
        }

        foreach ((string path, Exception reason) in card.Problems.Where(p => _problemsSeen.Add(p.Path)))
        {
            observer.On(new UploadEvent.Unreadable(path, reason));
        }
    }

    /// <summary>In this folder the photo is lost; elsewhere its card is not in.</summary>
    private void ReportMissing(OutboxPhoto photo, string path)
    {
        if (IsInFolder(path) && Directory.Exists(folder))
        {
            outbox.MarkGone(photo);
            observer.On(new UploadEvent.Lost(photo, path));
        }
        else
        {
            observer.On(new UploadEvent.Absent(photo));
        }
    }

    private bool IsInFolder(string path) => path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
