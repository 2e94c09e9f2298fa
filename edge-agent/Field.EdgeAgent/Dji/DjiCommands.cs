using System.Threading.Channels;
using Field.Contracts;
using Field.EdgeAgent.Commands;
using Field.EdgeAgent.Outbox;

namespace Field.EdgeAgent.Dji;

/// <summary>Whose commands are taken.</summary>
/// <param name="Site">Site id.</param>
/// <param name="Device">Device id.</param>
/// <param name="Sn">The aircraft's serial number; null for the agent's own device, which does none.</param>
internal sealed record DjiCommanded(string Site, string Device, string? Sn);

/// <summary>
/// Does what the headquarters asks of one device: home, and no further home. Whatever else a cloud could ask of an aircraft is refused.
/// </summary>
/// <remarks>
/// Why none is done twice: a command is in the memory, durably, before its message is acknowledged to the server and before the
/// service is called; one that a crash cut off is answered as failed at the next start and not called again.
/// </remarks>
internal sealed class DjiCommands
{
    /// <summary>Flies home and lands.</summary>
    public const string ReturnHome = "drone.return-home";

    /// <summary>Stops flying home and hovers.</summary>
    public const string ReturnHomeCancel = "drone.return-home-cancel";

    private readonly DjiCommanded _who;
    private readonly DjiServices _services;
    private readonly IOutgoing _outgoing;
    private readonly Action<DeviceCommand?, CommandResult> _told;
    private readonly DeviceClock _clock;
    private readonly CommandDesk _desk;
    private readonly IReadOnlyList<string> _interrupted;
    private readonly Channel<DeviceCommand> _accepted = Channel.CreateBounded<DeviceCommand>(DjiServices.MaxWaiting);
    private readonly Lock _gate = new();

    /// <summary>Creates it.</summary>
    /// <param name="who">The device.</param>
    /// <param name="begun">What it has begun before; the caller disposes the memory.</param>
    /// <param name="services">Calls the gateway.</param>
    /// <param name="outgoing">Takes the answers.</param>
    /// <param name="told">Hears of every answer that was kept, with its command unless that was refused unread. Must not block.</param>
    /// <param name="time">The clock.</param>
    public DjiCommands(
        DjiCommanded who, BegunCommands begun, DjiServices services, IOutgoing outgoing, Action<DeviceCommand?, CommandResult> told, TimeProvider time)
    {
        (_who, _services, _outgoing, _told) = (who, services, outgoing, told);
        _clock = new DeviceClock(time);
        _clock.Learn(begun.ServerTime);
        _desk = new CommandDesk(new CommandRules(who.Site, who.Device, who.Sn is null ? [] : [ReturnHome, ReturnHomeCancel], _ => true), begun, _clock);
        _interrupted = begun.Interrupted;
    }

    /// <summary>Takes a message from <c>down/command</c>; completes when what came of it is durable, so that it may be acknowledged.</summary>
    public async ValueTask TakeAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        CommandResult? answer;
        DeviceCommand? accepted;
        lock (_gate)
        {
            (answer, accepted) = _desk.Take(payload);
        }

        if (accepted is not null && !_accepted.Writer.TryWrite(accepted))
        {
            answer = new CommandResult(accepted.Id, CommandOutcome.Refused, "busy");
        }

        if (answer is not null)
        {
            await AnswerAsync(accepted, answer, cancellationToken);
        }
    }

    /// <summary>Carries out what was taken until stopped; one command waits for no other.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (string commandId in _interrupted)
        {
            await AnswerAsync(null, new CommandResult(commandId, CommandOutcome.Failed, "interrupted"), cancellationToken);
        }

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> running = [];
        try
        {
            await foreach (DeviceCommand command in _accepted.Reader.ReadAllAsync(cancellationToken))
            {
                running.RemoveAll(t => t.IsCompletedSuccessfully);
                running.Add(CarryOutAsync(command, stop.Token));
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(running).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task CarryOutAsync(DeviceCommand command, CancellationToken cancellationToken)
    {
        string method = command.Name == ReturnHome ? "return_home" : "return_home_cancel";
        DjiCallResult result = await _services.CallAsync(_who.Sn!, method, command, _clock, cancellationToken);
        await AnswerAsync(command, new CommandResult(command.Id, result.Outcome, result.Detail), cancellationToken);
    }

    private async Task AnswerAsync(DeviceCommand? command, CommandResult result, CancellationToken cancellationToken)
    {
        if (!await _outgoing.EventAsync(result.ToEvent(), _clock.Now, isReport: true, cancellationToken))
        {
            return; // the next start answers it
        }

        lock (_gate)
        {
            _desk.SetAnswered(result.CommandId);
        }

        _told(command, result);
    }
}
