using Field.Contracts;
using Field.EdgeAgent.Agents;

namespace Field.EdgeAgent.Sensor;

/// <summary>Source -> dead band -> outbox: reads lines as they come and the other readings at each interval.</summary>
/// <param name="config">What is read.</param>
/// <param name="once">Read everything there is once, instead of going on.</param>
/// <param name="standardInput">For the input <c>-</c>.</param>
/// <param name="time">The clock.</param>
internal sealed class SensorPart(SensorConfig config, bool once, TextReader standardInput, TimeProvider time) : IAgentPart
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly DeadBandFilter _filter = new(config.Readings.ToDictionary(r => r.Name, r => r.Rule, StringComparer.Ordinal));

    /// <inheritdoc/>
    public async Task RunAsync(AgentContext context, CancellationToken cancellationToken)
    {
        context.Place = config.Place;
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(WithOtherAsync(ReadLinesAsync(context, both.Token), both), WithOtherAsync(SampleAsync(context, both.Token), both));
    }

    /// <summary>When one part fails the other ends too.</summary>
    private static async Task WithOtherAsync(Task part, CancellationTokenSource both)
    {
        try
        {
            await part;
        }
        catch
        {
            await both.CancelAsync();
            throw;
        }
    }

    private async Task SampleAsync(AgentContext context, CancellationToken cancellationToken)
    {
        Reading[] readings = [.. config.Readings.Where(r => r.File is not null || r.Command is not null)];
        if (readings.Length == 0)
        {
            return;
        }

        using PeriodicTimer timer = new(config.Interval, time);
        do
        {
            List<Measurement> taken = [];
            foreach (Reading reading in readings)
            {
                try
                {
                    taken.Add(await ReadingProbe.ReadAsync(reading, time, cancellationToken));
                }
                catch (FieldException e)
                {
                    context.View.Fault(e.Message);
                }
            }

            await KeepAsync(context, taken, cancellationToken);
        }
        while (!once && await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task ReadLinesAsync(AgentContext context, CancellationToken cancellationToken)
    {
        if (config.Input is not { } input)
        {
            return;
        }

        if (input == "-")
        {
            await ReadLinesAsync(context, "stdin", standardInput, cancellationToken);
            return;
        }

        bool isPipe;
        do
        {
            // Opening a FIFO waits for its writer, and its end is only that of this writer.
            using FileStream stream = await Task.Run(
                () => new FileStream(input, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), cancellationToken).WaitAsync(cancellationToken);
            using StreamReader reader = new(stream);
            isPipe = !stream.CanSeek;
            await ReadLinesAsync(context, input, reader, cancellationToken);
        }
        while (isPipe && !once);
    }

    private async Task ReadLinesAsync(AgentContext context, string name, TextReader reader, CancellationToken cancellationToken)
    {
        for (long number = 1; await reader.ReadLineAsync(cancellationToken).AsTask().WaitAsync(cancellationToken) is { } line; number++)
        {
            try
            {
                await KeepAsync(context, ReadingLine.Parse(line, time.GetUtcNow()), cancellationToken);
            }
            catch (FieldException e) when (!e.IsTransient)
            {
                context.View.Fault($"{name}, line {number}: {e.Message}");
            }
        }
    }

    private async Task KeepAsync(AgentContext context, IReadOnlyList<Measurement> taken, CancellationToken cancellationToken)
    {
        Measurement[] passed;
        lock (_gate)
        {
            passed = [.. taken.Where(_filter.Passes)];
        }

        if (taken.LastOrDefault(m => m.Name.EndsWith("battery", StringComparison.Ordinal) && m.Value is >= 0 and <= 100) is { } battery)
        {
            context.BatteryPercent = battery.Unit == "/" ? battery.Value * 100 : battery.Value;
        }

        if (passed.Length == 0)
        {
            return;
        }

        await AddAsync(context, passed, cancellationToken);
    }

    /// <summary>While the disk has no room it waits, and who writes the lines waits with it: then nothing that was read is lost.</summary>
    private async Task AddAsync(AgentContext context, IReadOnlyList<Measurement> passed, CancellationToken cancellationToken)
    {
        for (bool said = false; ; said = true)
        {
            try
            {
                await context.Outbox.Messages.AddSampleAsync(passed, cancellationToken);
                return;
            }
            catch (ArgumentException e)
            {
                context.View.Fault(e.Message);
                return;
            }
            catch (FieldException e) when (e.IsTransient)
            {
                if (!said)
                {
                    context.View.Error(e.Message);
                }

                await Task.Delay(TryAgainAfter, time, cancellationToken);
            }
        }
    }
}
