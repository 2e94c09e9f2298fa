using System.Collections.Concurrent;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Uplink;
using Spectre.Console;

namespace Field.EdgeAgent.View;

/// <summary>Bars: one for each photo on its way and one for all, with rate and remaining time; a line for what is done.</summary>
internal sealed class ProgressView(string folder, Texts texts, IAnsiConsole console) : IUploadView
{
    private readonly ConcurrentDictionary<string, ProgressTask> _bars = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private ProgressContext? _context;
    private ProgressTask? _all;
    private double _total;

    /// <inheritdoc/>
    public Task<int> ShowAsync(Func<Task<int>> work) => console.Progress()
        .AutoClear(false)
        .HideCompleted(true)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
            new TransferSpeedColumn(), new RemainingTimeColumn())
        .StartAsync(context =>
        {
            _context = context;
            _all = context.AddTask(Markup.Escape(texts.Overall), maxValue: 1);
            return work();
        });

    /// <inheritdoc/>
    public void On(UploadEvent e)
    {
        switch (e)
        {
            case UploadEvent.Reading or UploadEvent.ThumbnailSent:
                break; // the bar that follows says enough
            case UploadEvent.Found { Repeats: false } found:
                Grow(found.Photo.Manifest.SizeBytes);
                break;
            case UploadEvent.Sending sending:
                Begin(sending.Photo, sending.MissingChunks);
                break;
            case UploadEvent.ChunkSent chunk:
                Advance(chunk.Photo, chunk.Bytes);
                break;
            case UploadEvent.Stored stored:
                End(stored.Photo);
                Line(e);
                break;
            case UploadEvent.Rejected rejected:
                End(rejected.Photo);
                Line(e);
                break;
            default:
                Line(e);
                break;
        }
    }

    /// <inheritdoc/>
    public void Error(string message) => console.MarkupLineInterpolated($"[red]{message}[/]");

    /// <inheritdoc/>
    public void Finish(UploadSummary summary, int waiting, string? reason)
    {
        foreach (ProgressTask bar in _bars.Values)
        {
            bar.StopTask();
        }

        _all?.StopTask();
        if (reason is not null)
        {
            console.MarkupLineInterpolated($"[yellow]{reason}[/]");
        }

        if (waiting > 0)
        {
            console.MarkupLineInterpolated($"[yellow]{texts.Kept(waiting)}[/]");
        }

        console.MarkupLineInterpolated($"[bold]{texts.Summary(summary)}[/]");
    }

    private void Line(UploadEvent e)
    {
        if (EventLine.Of(e, folder, texts) is not { } line)
        {
            return;
        }

        if (line.IsProblem)
        {
            console.MarkupLineInterpolated($"[yellow]{line.Text}[/]");
        }
        else
        {
            console.MarkupLineInterpolated($"{line.Text}");
        }
    }

    private void Grow(long bytes)
    {
        lock (_gate)
        {
            _total += bytes;
            if (_all is { } all)
            {
                all.MaxValue = _total;
            }
        }
    }

    private void Begin(OutboxPhoto photo, int missingChunks)
    {
        ProgressTask bar = _bars.GetOrAdd(photo.PhotoId, _ => _context!.AddTask(
            Markup.Escape($"{texts.Sending} {photo.Manifest.Name}"), maxValue: photo.Manifest.SizeBytes));
        long missing = Math.Min(photo.Manifest.SizeBytes, (long)missingChunks * photo.Manifest.ChunkBytes);
        Move(bar, photo.Manifest.SizeBytes - missing); // what the server kept from before, or lost since
    }

    private void Advance(OutboxPhoto photo, int bytes)
    {
        if (_bars.TryGetValue(photo.PhotoId, out ProgressTask? bar))
        {
            Move(bar, Math.Min(bar.MaxValue, bar.Value + bytes));
        }
    }

    private void End(OutboxPhoto photo)
    {
        double shown = 0;
        if (_bars.TryRemove(photo.PhotoId, out ProgressTask? bar))
        {
            shown = bar.Value;
            bar.Value = bar.MaxValue;
            bar.StopTask();
        }

        lock (_gate)
        {
            _all?.Increment(photo.Manifest.SizeBytes - shown);
        }
    }

    /// <summary>Moves a photo's bar and by as much the one for all.</summary>
    private void Move(ProgressTask bar, double value)
    {
        lock (_gate)
        {
            double by = value - bar.Value;
            bar.Value = value;
            if (_all is { } all)
            {
                all.Value = Math.Max(0, all.Value + by);
            }
        }
    }
}
