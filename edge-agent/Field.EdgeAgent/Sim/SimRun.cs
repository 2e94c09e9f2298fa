using Field.EdgeAgent.Agents;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Photos;
using Field.EdgeAgent.Uplink;

namespace Field.EdgeAgent.Sim;

/// <summary>What the simulation was asked to do besides its script.</summary>
/// <param name="Root">Holds an outbox for each device.</param>
/// <param name="Fill">Fill each outbox first with what so long a time without a line leaves; zero for not at all.</param>
/// <param name="FillEvery">Time between two of those samples.</param>
/// <param name="Photos">Photos that each device finds at the start.</param>
/// <param name="PhotoBytes">Size of each.</param>
/// <param name="Offline">Never connect: fill only.</param>
internal sealed record SimOptions(string Root, TimeSpan Fill, TimeSpan FillEvery, int Photos, int PhotoBytes, bool Offline);

/// <summary>Many devices in one process, each with its own outbox and connection, the same as the real agents have.</summary>
internal sealed class SimRun(
    AgentOptions options, SimOptions sim, SimScript script, Func<string, ILinkFactory> links, AgentView view, TimeProvider time)
{
    private static readonly TimeSpan ShowEvery = TimeSpan.FromSeconds(1);

    /// <summary>Runs until the script's time is over and everything was sent, or stopped; an exit code of <see cref="ExitCodes"/>.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        List<(SimDevice Device, SimGroup Group)> devices = [];
        try
        {
            foreach (SimGroup group in script.Groups)
            {
                for (int i = 1; i <= group.Count; i++)
                {
                    string device = $"sim-{group.Kind}-{i}";
                    DeviceOutbox outbox = DeviceOutbox.Open(
                        Path.Combine(sim.Root, device), options.Site, device, OutboxLimits.For(sim.Root, options.OutboxMax), time);
                    devices.Add((new SimDevice(script, group, device, devices.Count, outbox, time), group));
                }
            }

            return await RunAsync(devices, cancellationToken);
        }
        catch (Exception e) when (e is FieldException or IOException or UnauthorizedAccessException)
        {
            view.Error(e.Message);
            return ExitCodes.CannotStart;
        }
        finally
        {
            view.Finish();
            devices.ForEach(d => d.Device.Outbox.Dispose());
        }
    }

    private async Task<int> RunAsync(IReadOnlyList<(SimDevice Device, SimGroup Group)> devices, CancellationToken cancellationToken)
    {
        using CancellationTokenSource shown = new();
        Task showing = ShowAsync(devices, shown.Token);
        try
        {
            await Task.WhenAll(devices.Select(d => RunAsync(d.Device, d.Group, cancellationToken)));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped; the rest waits for the next time.
        }
        finally
        {
            await shown.CancelAsync();
            await showing;
        }

        (OutboxFigures figures, int photos) = Sum(devices);
        AgentSummary summary = view.Summary(figures, photos);
        if (options.Summary is { } path)
        {
            await File.WriteAllBytesAsync(path, summary.ToJson(), CancellationToken.None);
        }

        return summary.Refused + summary.Faults > 0 ? ExitCodes.SomeFailed
            : summary.Waiting == 0 || sim.Offline ? ExitCodes.Ok
            : cancellationToken.IsCancellationRequested ? ExitCodes.Stopped : ExitCodes.NotSent;
    }

    private async Task RunAsync(SimDevice device, SimGroup group, CancellationToken cancellationToken)
    {
        await Task.Yield(); // so that all devices start
        if (sim.Fill > TimeSpan.Zero)
        {
            await device.FillAsync(sim.Fill, sim.FillEvery, cancellationToken);
        }

        SendQueue queue = new();
        string card = MakeCard(device);
        using PhotoIntake intake = new(card, deleteAfterReceipt: false, device.Outbox.Photos, queue, view, time);
        await intake.ScanAsync(cancellationToken);
        queue.Complete();
        Task working = device.RunAsync(cancellationToken);
        if (sim.Offline)
        {
            await working;
            return;
        }

        DeviceUplink uplink = new(
            new UplinkOptions(options.Site, device.Device, $"{device.Device}/sim")
            {
                Until = working,
                Status = device.Status,
                StatusEvery = TimeSpan.FromSeconds(options.StatusSeconds),
            },
            new SimLinks(links(device.Device), group.Outages, time),
            device.Outbox,
            new PhotoSender(device.Outbox.Photos, queue, intake, view, Thumbnail.Make),
            view,
            time,
            Backoff.Usual());
        await uplink.RunAsync(cancellationToken);
        await working;
    }

    /// <summary>The device's card with files of chance bytes, besides what lies there already; older than the time in which a file may still be growing; the same each time.</summary>
    private string MakeCard(SimDevice device)
    {
        string card = Directory.CreateDirectory(Path.Combine(sim.Root, device.Device, "card")).FullName;
        byte[] bytes = new byte[sim.PhotoBytes];
        for (int i = 0; i < sim.Photos; i++)
        {
            string path = Path.Combine(card, $"SIM_{i + 1:D4}.JPG");
            if (!File.Exists(path))
            {
                new Random((script.Seed * 397) ^ i).NextBytes(bytes);
                File.WriteAllBytes(path, bytes);
                File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime - TimeSpan.FromHours(1));
            }
        }

        return card;
    }

    private async Task ShowAsync(IReadOnlyList<(SimDevice Device, SimGroup Group)> devices, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            (OutboxFigures figures, int photos) = Sum(devices);
            view.Show(figures, photos);
            await Task.WhenAny(Task.Delay(ShowEvery, time, cancellationToken));
        }
    }

    private static (OutboxFigures Figures, int Photos) Sum(IReadOnlyList<(SimDevice Device, SimGroup Group)> devices)
    {
        OutboxFigures[] each = [.. devices.Select(d => d.Device.Outbox.Messages.Figures)];
        return (
            new OutboxFigures(each.Sum(f => f.Messages), each.Sum(f => f.Samples), each.Sum(f => f.SizeBytes), each.Sum(f => f.Dropped)),
            devices.Sum(d => d.Device.Outbox.Photos.Waiting.Count));
    }
}
