using System.Globalization;
using Field.EdgeAgent.Outbox;

namespace Field.EdgeAgent.Position;

/// <summary>File that grows -> positions -> time limit and dead band -> outbox. Lines that make no sense are counted, told and skipped.</summary>
/// <remarks>
/// It remembers beside the outbox how far it is, after the positions are durable: a run that was killed in between sends at most the last
/// few positions again, with the same times and values.
/// </remarks>
/// <param name="options">What is followed.</param>
/// <param name="outboxFolder">Where it remembers.</param>
/// <param name="outbox">Takes the positions.</param>
/// <param name="fault">Hears of each line that makes no sense.</param>
/// <param name="time">The clock.</param>
internal sealed class PositionFollower(PositionOptions options, string outboxFolder, MessageOutbox outbox, Action<string> fault, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly string _markPath = Path.Combine(outboxFolder, "position");
    private readonly FileTail _tail = new(options.File);
    private readonly PositionFilter _filter = new(TimeSpan.FromSeconds(options.EverySeconds), options.DeadBandM);
    private IPositionReader? _reader;
    private long _lines;

    /// <summary>Hears of the last position that is sent.</summary>
    public Action<PositionFix>? Moved { get; init; }

    /// <summary>Lines that made no sense.</summary>
    public long Malformed { get; private set; }

    /// <summary>Follows the file until stopped; with <paramref name="once"/> to its end.</summary>
    public async Task RunAsync(bool once, CancellationToken cancellationToken)
    {
        Resume();
        while (true)
        {
            while (await LookAsync(cancellationToken))
            {
                // There may be more.
            }

            if (once)
            {
                await EndAsync(cancellationToken);
                return;
            }

            await Task.Delay(LookEvery, time, cancellationToken);
        }
    }

    /// <summary>Reads what came; false when there was nothing.</summary>
    public async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<string>? lines = _tail.Read(out bool restarted);
            if (restarted)
            {
                (_reader, _lines) = (null, 0);
            }

            if (lines is null)
            {
                return false;
            }

            await KeepAsync([.. lines.Select(Read).OfType<PositionFix>()], cancellationToken);
            Remember();
            return lines.Count > 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault($"{options.File}: {e.Message}");
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _tail.Dispose();

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        List<PositionFix?> rest = [];
        if (_tail.TakeRest() is { Length: > 0 } line)
        {
            rest.Add(Read(line));
        }

        rest.Add(Try(() => _reader?.End()));
        await KeepAsync([.. rest.OfType<PositionFix>()], cancellationToken);
        Remember();
    }

    private PositionFix? Read(string line)
    {
        _lines++;
        _reader ??= PositionFormat.For(line, time);
        return Try(() => _reader?.Read(line));
    }

    private PositionFix? Try(Func<PositionFix?> read)
    {
        try
        {
            return read();
        }
        catch (FieldException e)
        {
            Malformed++;
            fault(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(options.File)}, line {_lines}: {e.Message}"));
            return null;
        }
    }

    /// <summary>Positions without a time are of now: of several that came at once only the last is.</summary>
    private async Task KeepAsync(IReadOnlyList<PositionFix> fixes, CancellationToken cancellationToken)
    {
        PositionFix? lastUntimed = fixes.LastOrDefault(f => f.Time is null);
        DateTimeOffset now = time.GetUtcNow();
        (PositionFix Fix, DateTimeOffset Time)[] passed = [.. fixes
            .Where(f => f.Time is not null || ReferenceEquals(f, lastUntimed))
            .Select(f => (Fix: f, Time: f.Time ?? now))
            .Where(f => _filter.Passes(f.Fix, f.Time))];
        if (passed.Length == 0)
        {
            return;
        }

        try
        {
            await outbox.AddSamplesAsync(passed.Select(p => p.Fix.ToMeasurements(p.Time)), cancellationToken);
            Moved?.Invoke(passed[^1].Fix);
        }
        catch (OutboxFullException e)
        {
            fault(e.Message);
        }
    }

    private void Remember()
    {
        if (_reader is { IsBetween: true })
        {
            File.WriteAllText($"{_markPath}.new", string.Create(CultureInfo.InvariantCulture, $"{_tail.Offset} {_tail.Head} {_lines}\n{options.File}"));
            File.Move($"{_markPath}.new", _markPath, overwrite: true);
        }
    }

    private void Resume()
    {
        try
        {
            string[] mark = File.ReadAllText(_markPath).Split('\n', 2);
            string[] number = mark[0].Split(' ');
            if (mark.Length == 2 && mark[1] == options.File && number.Length == 3
                && long.TryParse(number[0], CultureInfo.InvariantCulture, out long offset) && uint.TryParse(number[1], CultureInfo.InvariantCulture, out uint head)
                && long.TryParse(number[2], CultureInfo.InvariantCulture, out long lines))
            {
                _tail.Resume(offset, head);
                _lines = _tail.Offset > 0 ? lines : 0;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No mark, or none that can be read: from the beginning.
        }
    }
}
