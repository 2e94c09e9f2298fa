using Field.Ingest.Layers;

namespace Field.MapApp.Layers;

/// <summary>Counted values of the last few fields that somebody writes a class table for: a table is checked again with every change. Thread-safe.</summary>
internal sealed class LayerValueCache
{
    private const int MostHeld = 4;
    private readonly Lock _lock = new();
    private readonly List<(string Key, Task<LayerValues> Values)> _held = [];

    /// <summary>The values of a key, counted once for all who ask meanwhile.</summary>
    /// <param name="key">Names what is counted; of one edition or upload, so that it is never stale.</param>
    /// <param name="count">Counts.</param>
    /// <param name="cancel">Stops waiting.</param>
    public Task<LayerValues> FindAsync(string key, Func<Task<LayerValues>> count, CancellationToken cancel)
    {
        lock (_lock)
        {
            Task<LayerValues>? known = _held.Find(h => h.Key == key && !h.Values.IsFaulted).Values;
            if (known is null)
            {
                _held.RemoveAll(h => h.Key == key);
                _held.Add((key, known = Task.Run(count)));
                if (_held.Count > MostHeld)
                {
                    _held.RemoveAt(0);
                }
            }

            return known.WaitAsync(cancel);
        }
    }
}
