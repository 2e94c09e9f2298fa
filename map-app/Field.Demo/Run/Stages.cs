using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Field.Demo.Run;

/// <summary>Says what is being done and how long it took.</summary>
internal sealed class Stages
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly JsonObject _seconds = [];

    public async Task<T> RunAsync<T>(string name, string text, Func<Task<T>> stage)
    {
        long start = Stopwatch.GetTimestamp();
        await Console.Error.WriteLineAsync(text).ConfigureAwait(false);
        T result = await stage().ConfigureAwait(false);
        _seconds[name] = Seconds(start);
        return result;
    }

    /// <summary>Seconds per stage and in total.</summary>
    public JsonObject ToJson()
    {
        JsonObject all = (JsonObject)_seconds.DeepClone();
        all["total"] = Seconds(_start);
        return all;
    }

    private static double Seconds(long since) => Math.Round(Stopwatch.GetElapsedTime(since).TotalSeconds, 2);
}
