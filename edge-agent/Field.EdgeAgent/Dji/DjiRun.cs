using System.CommandLine;
using Field.EdgeAgent.Adapters;
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
        List<AircraftUplink> opened = [];
        try
        {
            AircraftUplink own = Open(options.Device, opened);
            Dictionary<string, IAircraft> aircraft = options.Table.ToDictionary(a => a.Key, a => (IAircraft)Open(a.Value, opened), StringComparer.Ordinal);
            await own.SetOnlineAsync(online: true, firmware: null, cancellationToken);
            AdapterFaults faults = new("dji", (e, cancel) => own.Outgoing.EventAsync(e, time.GetUtcNow(), isReport: false, cancel), time);
            RejectedMessages rejected = new(Path.Combine(options.OutboxFolder(options.Device), "rejected"), time);
            LocalBroker broker = new(options.DjiClient(), time, Said);
            using DjiAdapter adapter = new(aircraft, broker.PublishAsync, faults, rejected, time);
            await RunAsync([.. opened.Select(a => (Func<CancellationToken, Task>)a.RunAsync), s => broker.RunAsync(DjiTopic.Filters, adapter.HearAsync, s), s => TickAsync(adapter, s)], cancellationToken);
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

    private AircraftUplink Open(string device, List<AircraftUplink> opened)
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

/// <summary>The command line of <c>dji</c>.</summary>
internal static class DjiCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        ServerArguments server = new("dji");
        Option<string> broker = new("--dji-broker") { Required = true, HelpName = "URL", Description = "Broker where the dock or DJI Pilot 2 publishes, such as mqtt://localhost:1884. Environment: FIELD_DJI_USER, FIELD_DJI_PASSWORD." };
        Option<string[]> aircraft = new("--aircraft") { Required = true, HelpName = "SERIAL=DEVICE", Description = "An aircraft and its device id in Field; may be repeated. Others are answered and go no further." };
        Option<string?> outbox = new("--outbox") { HelpName = "DIR", Description = "Folder of the outboxes, one below it for each device. Default: the user's data folder." };
        Command command = new("dji", "Brings the aircraft of a DJI dock or DJI Pilot 2 (Cloud API) to the headquarters: place, battery, alarms.") { broker, aircraft, outbox };
        server.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            DjiOptions options = new(server.Read(result))
            {
                DjiBroker = result.GetRequiredValue(broker),
                Aircraft = result.GetRequiredValue(aircraft),
                Outbox = result.GetValue(outbox),
            };
            Texts texts = server.Texts(result);
            IReadOnlyList<string> errors = options.Errors(texts);
            foreach (string error in errors)
            {
                await Console.Error.WriteLineAsync(error);
            }

            return errors.Count > 0
                ? ExitCodes.CannotStart
                : await new DjiRun(options, device => device.Links(), Console.Out, texts, TimeProvider.System).RunAsync(cancellationToken);
        });
        return command;
    }
}
