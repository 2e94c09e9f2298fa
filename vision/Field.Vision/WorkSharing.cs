namespace Field.Vision;

/// <summary>Shares work among a few threads. With one, all of it stays on the caller's thread and keeps its priority.</summary>
internal static class WorkSharing
{
    /// <summary>Cuts 0 to <paramref name="length"/> into one band per thread; <paramref name="work"/> gets its first number and the one after its last.</summary>
    internal static void Bands(int length, int threads, Action<int, int> work)
    {
        if (threads == 1)
        {
            work(0, length);
            return;
        }

        Parallel.For(0, threads, i => work((int)((long)length * i / threads), (int)((long)length * (i + 1) / threads)));
    }

    /// <summary>The results in the order of the items, which may take very different times.</summary>
    internal static TResult[] Each<TItem, TResult>(IReadOnlyList<TItem> items, int threads, Func<TItem, TResult> work, CancellationToken ct)
    {
        var results = new TResult[items.Count];
        if (threads == 1)
        {
            for (var i = 0; i < results.Length; i++)
            {
                ct.ThrowIfCancellationRequested();
                results[i] = work(items[i]);
            }

            return results;
        }

        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = ct }, i => results[i] = work(items[i]));
        return results;
    }
}
