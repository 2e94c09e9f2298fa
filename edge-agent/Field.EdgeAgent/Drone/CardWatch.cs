using System.Threading.Channels;
using Field.EdgeAgent.Photos;

namespace Field.EdgeAgent.Drone;

/// <summary>Looks through a folder when something in it changes, and now and then anyway: not every card reader tells.</summary>
internal sealed class CardWatch(string folder, TimeProvider time)
{
    private static readonly TimeSpan Anyway = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    /// <summary>Scans until stopped.</summary>
    public async Task RunAsync(PhotoIntake intake, CancellationToken cancellationToken)
    {
        Channel<bool> bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using FileSystemWatcher? watcher = Watch(bell.Writer);
        bool tookUp = false;
        while (true)
        {
            bool settled = await intake.ScanAsync(cancellationToken);
            if (settled && !tookUp)
            {
                intake.TakeUpEarlierPhotos();
                tookUp = true;
            }

            using CancellationTokenSource wait = new(settled ? Anyway : Again, time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(wait.Token, cancellationToken);
            try
            {
                // While a file grows every write rings: then only the second counts.
                await (settled ? bell.Reader.ReadAsync(either.Token).AsTask() : Task.Delay(Timeout.InfiniteTimeSpan, either.Token));
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Time to look anyway.
            }
        }
    }

    private FileSystemWatcher? Watch(ChannelWriter<bool> bell)
    {
        try
        {
            FileSystemWatcher watcher = new(folder) { IncludeSubdirectories = true };
            watcher.Created += (_, _) => bell.TryWrite(true);
            watcher.Changed += (_, _) => bell.TryWrite(true);
            watcher.Renamed += (_, _) => bell.TryWrite(true);
            watcher.Deleted += (_, _) => bell.TryWrite(true);
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            return null; // no watches left on this system: the regular look has to do
        }
    }
}
