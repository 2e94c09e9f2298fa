using System.Globalization;

namespace Field.Bench.Fuzz;

/// <summary>Why an input is a failure.</summary>
/// <param name="Target">The parser.</param>
/// <param name="Number">Which input of the seed; with the seed it gives the same bytes again.</param>
/// <param name="Reason">What happened.</param>
/// <param name="Input">The bytes.</param>
internal sealed record FuzzFailure(string Target, long Number, string Reason, byte[] Input);

/// <summary>Gives one parser mutated inputs for a while. The n-th input of a seed is always the same.</summary>
internal sealed class FuzzRun(FuzzTarget target, int seed)
{
    /// <summary>The longest time for one input; real ones take microseconds, so that a busy machine is no excuse.</summary>
    public static readonly TimeSpan HangLimit = TimeSpan.FromSeconds(10);

    private const int MaxFailures = 5;

    private readonly List<FuzzFailure> _failures = [];
    private readonly int _salt = target.Name.Aggregate(17, (hash, c) => unchecked((hash * 31) + c));
    private long _startedAt;
    private byte[] _current = [];

    public FuzzTarget Target => target;

    /// <summary>Inputs given.</summary>
    public long Inputs { get; private set; }

    /// <summary>Inputs that the parser took for good.</summary>
    public long Accepted { get; private set; }

    /// <summary>The longest time that one input took.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>The share of its declared limit that the greediest input allocated.</summary>
    public double WorstAllocation { get; private set; }

    public IReadOnlyList<FuzzFailure> Failures => _failures;

    /// <summary>The input that has been parsed for longer than it may, or null.</summary>
    public FuzzFailure? Hanging
    {
        get
        {
            long startedAt = Interlocked.Read(ref _startedAt);
            return startedAt != 0 && TimeProvider.System.GetElapsedTime(startedAt) > HangLimit
                ? new FuzzFailure(target.Name, Inputs, $"still parsing after {HangLimit.TotalSeconds:0} s", _current)
                : null;
        }
    }

    /// <summary>The n-th input of the seed.</summary>
    public byte[] Input(long number) => Mutator.Next(target, new Random(unchecked((int)((seed * 486_187_739L) + (number * 16_777_619L) + _salt))));

    /// <summary>Runs until the time is over or enough is broken.</summary>
    public void Run(TimeSpan time, CancellationToken cancel)
    {
        foreach (byte[] sample in target.Samples)
        {
            Try(sample);
            if (Accepted != Inputs)
            {
                _failures.Add(new FuzzFailure(target.Name, -Inputs, "a golden input was refused", sample));
                return;
            }
        }

        // A first round warms up what is allocated once: the type loader's and the pool's memory are not the input's.
        long begin = TimeProvider.System.GetTimestamp();
        for (long number = 0; TimeProvider.System.GetElapsedTime(begin) < time && _failures.Count < MaxFailures && !cancel.IsCancellationRequested; number++)
        {
            byte[] input = Input(number);
            if (Try(input) is { } reason)
            {
                _failures.Add(new FuzzFailure(target.Name, number, reason, input));
            }
        }
    }

    /// <summary>Null when the parser behaved, else what it did.</summary>
    public string? Try(byte[] input)
    {
        Inputs++;
        _current = input;
        long startedAt = TimeProvider.System.GetTimestamp();
        Interlocked.Exchange(ref _startedAt, startedAt);
        long before = GC.GetAllocatedBytesForCurrentThread();
        string? reason = null;
        try
        {
            Accepted += target.Parse(input) ? 1 : 0;
        }
#pragma warning disable CA1031 // any exception that is not declared is what this looks for
        catch (Exception e) when (!target.Refuses(e))
#pragma warning restore CA1031
        {
            reason = e.ToString();
        }
#pragma warning disable CA1031
        catch (Exception)
#pragma warning restore CA1031
        {
            // Refused, as declared.
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Interlocked.Exchange(ref _startedAt, 0);
        TimeSpan took = TimeProvider.System.GetElapsedTime(startedAt);
        Slowest = took > Slowest ? took : Slowest;
        return reason ?? CheckAllocation(allocated, input.Length);
    }

    private string? CheckAllocation(long allocated, int length)
    {
        if (target.AllocatedPerByte == 0)
        {
            return null;
        }

        long limit = target.AllocatedBytes + ((long)target.AllocatedPerByte * length);
        WorstAllocation = Math.Max(WorstAllocation, (double)allocated / limit);
        return allocated <= limit
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"allocated {allocated:#,0} bytes for {length:#,0} bytes of input; declared are at most {limit:#,0}");
    }
}
