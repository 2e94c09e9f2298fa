using Field.EdgeAgent.Drone;
using Field.EdgeAgent.Uplink;

namespace Field.EdgeAgent.View;

/// <summary>Shows a run to a person.</summary>
internal interface IUploadView : IUploadObserver
{
    /// <summary>Runs the work with the view on the screen.</summary>
    Task<int> ShowAsync(Func<Task<int>> work);

    /// <summary>Says why the run ended before it began.</summary>
    void Error(string message);

    /// <summary>Says how it ended.</summary>
    /// <param name="summary">The figures.</param>
    /// <param name="waiting">Photos that wait for the next time.</param>
    /// <param name="reason">Why it ended early, or null.</param>
    void Finish(UploadSummary summary, int waiting, string? reason);
}

/// <summary>One line per event, for terminals without cursor control, files and pipes.</summary>
/// <param name="folder">Paths are shown relative to it.</param>
/// <param name="texts">The language.</param>
/// <param name="output">Progress and summary.</param>
/// <param name="errors">What a person has to look at.</param>
internal sealed class PlainView(string folder, Texts texts, TextWriter output, TextWriter errors) : IUploadView
{
    private readonly TextWriter _output = TextWriter.Synchronized(output);
    private readonly TextWriter _errors = TextWriter.Synchronized(errors);

    /// <inheritdoc/>
    public void On(UploadEvent e)
    {
        if (EventLine.Of(e, folder, texts) is { } line)
        {
            (line.IsProblem ? _errors : _output).WriteLine(line.Text);
        }
    }

    /// <inheritdoc/>
    public Task<int> ShowAsync(Func<Task<int>> work) => work();

    /// <inheritdoc/>
    public void Error(string message) => _errors.WriteLine(message);

    /// <inheritdoc/>
    public void Finish(UploadSummary summary, int waiting, string? reason)
    {
        if (reason is not null)
        {
            _errors.WriteLine(reason);
        }

        if (waiting > 0)
        {
            _errors.WriteLine(texts.Kept(waiting));
        }

        _output.WriteLine(texts.Summary(summary));
    }
}

/// <summary>The line that tells of an event.</summary>
/// <param name="Text">The line.</param>
/// <param name="IsProblem">True when a person has to look at it.</param>
internal sealed record EventLine(string Text, bool IsProblem = false)
{
    /// <summary>The line of an event, or null for one that only moves a bar.</summary>
    public static EventLine? Of(UploadEvent e, string folder, Texts texts)
    {
        string Name(string path) => Path.GetRelativePath(folder, path);
        EventLine Failed(string path, string why) => new($"{texts.Failed} {Name(path)}: {why}", true);
        return e switch
        {
            UploadEvent.OtherFiles { ByExtension.Count: > 0 } others => new(texts.OtherFiles(others.ByExtension)),
            UploadEvent.Reading reading => new($"{texts.Reading} {Name(reading.Path)}"),
            UploadEvent.Found { Repeats: true } found => new($"{texts.Reading} {Name(found.Path)} {texts.Repeats}"),
            UploadEvent.FoundStored found => new($"{texts.Stored} {Name(found.Path)} {texts.AlreadyStored}"),
            UploadEvent.Unreadable unreadable => Failed(unreadable.Path, texts.Unreadable(unreadable.Reason)),
            UploadEvent.Lost lost => Failed(lost.Path, texts.LostFile),
            UploadEvent.Changed changed => new($"{texts.Reading} {Name(changed.Path)} {texts.ChangedFile}"),
            UploadEvent.Absent absent => new($"{texts.Failed} {absent.Photo.Manifest.Name}: {texts.OtherCard}"),
            UploadEvent.Triaged triaged => new($"{texts.Scored} {Name(PathOf(triaged.Photo))} ({texts.Score(triaged.Score)})"),
            UploadEvent.TriageEnded ended => new(texts.TriageEnded(ended.Reason), true),
            UploadEvent.ThumbnailsEnded ended => new(texts.ThumbnailsEnded(ended.Reason), true),
            UploadEvent.ThumbnailSent sent => new($"{texts.Small} {Name(PathOf(sent.Photo))} ({Texts.Size(sent.Bytes)})"),
            UploadEvent.Sending sending => new($"{texts.Sending} {Name(PathOf(sending.Photo))} ({Texts.Size(sending.Photo.Manifest.SizeBytes)})"),
            UploadEvent.Stored stored => new(
                $"{texts.Stored} {Name(PathOf(stored.Photo))} ({Texts.Size(stored.Photo.Manifest.SizeBytes)}){(stored.Duplicate ? " " + texts.WasThere : "")}"),
            UploadEvent.Rejected rejected => Failed(PathOf(rejected.Photo), texts.Rejected(rejected.Reason)),
            UploadEvent.Deleted deleted => new($"{Name(deleted.Path)}: {texts.DeletedFile}"),
            UploadEvent.NotDeleted kept => new(
                $"{Name(kept.Path)}: {(kept.Reason is null ? texts.KeptOther : $"{texts.KeptFile} ({kept.Reason.Message})")}", true),
            UploadEvent.Connected => new(texts.Connected),
            UploadEvent.Disconnected lost => new(texts.Disconnected(lost.Reason, lost.RetryIn), true),
            UploadEvent.JournalTorn torn => new(texts.JournalTorn(torn.Bytes), true),
            _ => null,
        };
    }

    private static string PathOf(Outbox.OutboxPhoto photo) => photo.Sources.Count > 0 ? photo.Sources[0].Path : photo.Manifest.Name;
}
