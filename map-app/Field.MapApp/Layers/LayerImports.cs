using System.Collections.Concurrent;
using Field.Ingest.Layers;

namespace Field.MapApp.Layers;

/// <summary>An import that runs or ran.</summary>
internal sealed class LayerImportJob : IProgress<LayerProgress>, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public string Id { get; } = Guid.NewGuid().ToString("N");

    public LayerProgress Progress { get; private set; }

    public LayerImportResult? Result { get; private set; }

    public string? Error { get; private set; }

    public bool IsCancelled { get; private set; }

    /// <summary>running, done, refused, failed or cancelled.</summary>
    public string State => IsCancelled ? "cancelled" : Error is not null ? "failed" : Result is null ? "running" : Result.Layer is null ? "refused" : "done";

    public void Report(LayerProgress value) => Progress = value;

    public void Cancel() => _stop.Cancel();

    public async Task RunAsync(LayerDesk desk, LayerImportOptions options, string by)
    {
        try
        {
            Result = await desk.ImportAsync(options, by, this, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            IsCancelled = true;
        }
        catch (Exception e) when (e is FieldException or IOException)
        {
            Error = e.Message;
        }
        catch (Exception e)
        {
            Error = $"取り込みが失敗しました / the import failed: {e.GetType().Name}"; // whoever waits must not wait for ever
        }
    }

    public void Dispose() => _stop.Dispose();
}

/// <summary>Imports that browsers asked for: one at a time, the others refused; the last ones can be asked for how they went. Thread-safe.</summary>
internal sealed class LayerImports(LayerDesk desk) : IAsyncDisposable
{
    private const int MostKept = 50;
    private readonly ConcurrentDictionary<string, LayerImportJob> _jobs = new();
    private readonly ConcurrentQueue<string> _order = new();
    private readonly Lock _lock = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Starts an import; null while another one runs.</summary>
    public LayerImportJob? Start(LayerImportOptions options, string by, Action<LayerImportJob> then)
    {
        lock (_lock)
        {
            if (!_running.IsCompleted)
            {
                return null;
            }

            LayerImportJob job = new();
            _jobs[job.Id] = job;
            _order.Enqueue(job.Id);
            while (_order.Count > MostKept && _order.TryDequeue(out string? old))
            {
                _jobs.TryRemove(old, out _);
            }

            _running = Task.Run(async () =>
            {
                await job.RunAsync(desk, options, by).ConfigureAwait(false);
                then(job);
            });
            return job;
        }
    }

    public LayerImportJob? Find(string id) => _jobs.GetValueOrDefault(id);

    /// <summary>Stops what runs; the layer stays as it was.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (LayerImportJob job in _jobs.Values)
        {
            job.Cancel();
        }

        await _running.ConfigureAwait(false);
        foreach (LayerImportJob job in _jobs.Values)
        {
            job.Dispose();
        }
    }
}
