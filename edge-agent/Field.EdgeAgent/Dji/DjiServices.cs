using System.Collections.Concurrent;
using Field.Contracts;
using Field.EdgeAgent.Commands;
using Field.Mqtt;

namespace Field.EdgeAgent.Dji;

/// <summary>What came of a call.</summary>
/// <param name="Outcome">As a command is answered.</param>
/// <param name="Detail">A word for the person who asked, or null.</param>
internal sealed record DjiCallResult(CommandOutcome Outcome, string? Detail = null);

/// <summary>
/// Calls services of a gateway and waits for the answers. A call moves an aircraft, so none may lie about: it is sent at most once (QoS 0: no
/// broker keeps it for a gateway that is away, no line repeats it), with an expiry besides, and never after its command's.
/// </summary>
/// <param name="fleet">Which gateway an aircraft hangs on.</param>
/// <param name="publish">Publishes on DJI's broker.</param>
/// <param name="time">The clock.</param>
internal sealed class DjiServices(DjiFleet fleet, Func<MqttMessage, CancellationToken, Task> publish, TimeProvider time)
{
    /// <summary>A gateway that has not answered in this time has not heard it.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    /// <summary>Most calls that wait for an answer.</summary>
    public const int MaxWaiting = 16;

    private readonly ConcurrentDictionary<string, Call> _waiting = new(StringComparer.Ordinal);

    /// <summary>Calls a service for a command.</summary>
    /// <param name="sn">The aircraft.</param>
    /// <param name="method">The service.</param>
    /// <param name="command">Why; its id is the call's <c>bid</c>.</param>
    /// <param name="clock">The clock that decides whether it has expired.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<DjiCallResult> CallAsync(string sn, string method, DeviceCommand command, DeviceClock clock, CancellationToken cancellationToken)
    {
        if (fleet.GatewayOf(sn) is not { } gateway)
        {
            return new(CommandOutcome.Refused, "not-connected");
        }

        TimeSpan left = command.ExpiresAt - clock.Now;
        if (left <= TimeSpan.Zero)
        {
            return new(CommandOutcome.Expired);
        }

        if (_waiting.Count >= MaxWaiting)
        {
            return new(CommandOutcome.Refused, "busy");
        }

        string tid = Guid.NewGuid().ToString();
        Call call = new(gateway, command.Id, method);
        _waiting[tid] = call;
        try
        {
            if (!await SendAsync(gateway, DjiMessage.Write(tid, command.Id, method, gateway, _ => { }, time.GetUtcNow()), left, cancellationToken))
            {
                return new(CommandOutcome.Failed, "not-sent");
            }

            return await call.Answer.Task.WaitAsync(AnswerWithin, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return new(CommandOutcome.Failed, "no-answer");
        }
        finally
        {
            _waiting.TryRemove(tid, out _);
        }
    }

    /// <summary>Takes a reply. One to a call that nobody waits for, or of another gateway than was called, changes nothing.</summary>
    public void Take(string gateway, DjiMessage message, JsonChecker json)
    {
        if (Read(message, json) is { } result && json.Errors.Count == 0 && message.Tid is { } tid && _waiting.TryGetValue(tid, out Call? call)
            && call.Gateway == gateway && call.Bid == message.Bid && call.Method == message.Method)
        {
            call.Answer.TrySetResult(result);
        }
    }

    /// <summary>DJI's result: 0 and a status that is no failure say that the device took the call.</summary>
    public static DjiCallResult? Read(DjiMessage message, JsonChecker json)
    {
        if (message.Data(json) is not { } data || json.Integer(data, "/data", "result", int.MinValue, int.MaxValue, required: true) is not { } result)
        {
            return null;
        }

        string? status = json.Object(data, "/data", "output", required: false) is { } output
            ? json.Line(output, "/data/output", "status", required: false, maxLength: 32)
            : null;
        return (result, status) switch
        {
            (not 0, _) => new(CommandOutcome.Failed, FormattableString.Invariant($"dji-result-{result}")),
            (_, null or "ok" or "sent" or "in_progress") => new(CommandOutcome.Done),
            _ => new(CommandOutcome.Failed, $"dji-status-{status}"),
        };
    }

    /// <summary>False when it could not be sent while the command counted; then it is not sent later either.</summary>
    private async Task<bool> SendAsync(string gateway, byte[] payload, TimeSpan left, CancellationToken cancellationToken)
    {
        TimeSpan atMost = left < AnswerWithin ? left : AnswerWithin;
        MqttMessage message = new(DjiTopic.Services(gateway), payload)
        {
            Properties = new MqttMessageProperties { ExpirySeconds = (uint)Math.Max(1, atMost.TotalSeconds) },
        };
        using CancellationTokenSource tooLate = new(atMost, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(tooLate.Token, cancellationToken);
        try
        {
            await publish(message, either.Token);
            return true;
        }
        catch (Exception e) when (e is FieldException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private sealed record Call(string Gateway, string Bid, string Method)
    {
        public TaskCompletionSource<DjiCallResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
