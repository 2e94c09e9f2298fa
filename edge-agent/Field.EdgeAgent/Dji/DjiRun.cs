using Field.Contracts;
using Field.EdgeAgent.Adapters;
using Field.EdgeAgent.Commands;
using Field.EdgeAgent.Drone;
using Field.EdgeAgent.Uplink;
using Field.EdgeAgent.View;

namespace Field.EdgeAgent.Dji;

/// <summary>One run of <c>dji</c>: DJI's broker -> adapter -> one outbox and uplink for each aircraft, until stopped.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="links">The way to the server, for each device.</param>
/// <param name="output">What a person sees.</param>
/// <param name="texts">The language.</param>
/// <param name="time">The clock.</param>
internal sealed class DjiRun(DjiOptions options, Func<ServerOptions, ILinkFactory> links, TextWriter output, Texts texts, TimeProvider time)
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(10);

    private readonly TextWriter _output = TextWriter.Synchronized(output);

    /// <summary>Runs and returns an exit code of <see cref="ExitCodes"/>.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        List<IDisposable> opened = [];
        try
        {
            AircraftUplink own = Open(options.Device, opened);
            Dictionary<string, AircraftUplink> uplinks = options.Table.ToDictionary(a => a.Key, a => Open(a.Value, opened), StringComparer.Ordinal);
            await own.SetOnlineAsync(online: true, firmware: null, cancellationToken);
            AdapterFaults faults = new("dji", (e, cancel) => own.Outgoing.EventAsync(e, time.GetUtcNow(), isReport: false, cancel), time);
            RejectedMessages rejected = new(Path.Combine(options.OutboxFolder(options.Device), "rejected"), time);
            LocalBroker broker = new(options.DjiClient(), time, Said);
            using DjiMetrics metrics = new();
            DjiFleet fleet = new(uplinks.ToDictionary(u => u.Key, u => (IAircraft)u.Value, StringComparer.Ordinal), faults, time);
            DjiServices services = new(fleet, broker.PublishAsync, time);
            DjiParts parts = new(fleet, new DjiEvents(fleet, own.Outgoing, metrics, time), new DjiRequests(options.Cloud(), options.Table, metrics), services);
            using DjiAdapter adapter = new(parts, broker.PublishAsync, faults, rejected, time);
            List<Func<CancellationToken, Task>> running = [s => broker.RunAsync(DjiTopic.Filters, adapter.HearAsync, s), s => TickAsync(adapter, s)];
            foreach ((string? sn, string device, AircraftUplink uplink) in uplinks.Select(u => ((string?)u.Key, options.Table[u.Key], u.Value)).Prepend((null, options.Device, own)))
            {
                CommandMemory memory = CommandMemory.Open(options.OutboxFolder(device));
                opened.Add(memory);
                DjiCommands commands = new(new DjiCommanded(options.Site, device, sn), memory.Begun, services, uplink.Outgoing, (c, r) => Answered(device, uplink, metrics, c, r), time);
                running.AddRange([s => uplink.RunAsync(commands.TakeAsync, s), commands.RunAsync]);
            }

            await RunAsync(running, cancellationToken);
            return ExitCodes.Ok;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Ok;
        }
        catch (Exception e) when (e is FieldException or IOException or UnauthorizedAccessException)
        {
            _output.WriteLine(e.Message);
            return ExitCodes.CannotStart;
        }
        finally
        {
            opened.ForEach(o => o.Dispose());
        }
    }

    private static async Task RunAsync(IReadOnlyList<Func<CancellationToken, Task>> parts, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] running = [.. parts.Select(p => p(stop.Token))];
        Task first = await Task.WhenAny(running);
        await stop.CancelAsync();
        await Task.WhenAll(running).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await first;
    }

    private async Task TickAsync(DjiAdapter adapter, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(TickInterval, time, cancellationToken);
            await adapter.TickAsync(cancellationToken);
        }
    }

    private AircraftUplink Open(string device, List<IDisposable> opened)
    {
        ServerOptions server = new("dji")
        {
            Broker = options.Broker,
            Site = options.Site,
            Device = device,
            Identity = device == options.Device ? options.Identity : null,
            KeepAliveSeconds = options.KeepAliveSeconds,
        };
        AircraftUplink uplink = new(server, links(server), options.OutboxFolder(device), new Observer(device, _output, texts), reason => _output.WriteLine($"{device}: {reason}"), time);
        opened.Add(uplink);
        return uplink;
    }

    /// <summary>Who asked and why is in the server's audit log; here whoever stands beside the dock sees it.</summary>
    private void Answered(string device, AircraftUplink uplink, DjiMetrics metrics, DeviceCommand? command, CommandResult result)
    {
        metrics.Answer(result.Outcome.ToString());
        uplink.Wake();
        string what = command is null ? result.CommandId : $"{command.Name} ({command.Reason})";
        _output.WriteLine($"{device}: {what}: {result.Outcome} {result.Detail}".TrimEnd());
    }

    private void Said(string? problem) => _output.WriteLine(problem is null
        ? texts.Pick("DJI のブローカーにつながりました。", "Connected to DJI's broker.")
        : texts.Pick($"DJI のブローカーにつながりません。（{problem}）", $"DJI's broker cannot be reached. ({problem})"));

    private sealed class Observer(string device, TextWriter output, Texts texts) : IUploadObserver
    {
        public void On(UploadEvent e)
        {
            if (e is UploadEvent.Connected)
            {
                output.WriteLine($"{device}: {texts.Connected}");
            }
            else if (e is UploadEvent.Disconnected lost)
            {
                output.WriteLine($"{device}: {texts.Disconnected(lost.Reason, lost.RetryIn)}");
            }
        }
    }
}
