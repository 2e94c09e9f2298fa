using System.Globalization;
using Field.Contracts;
using Field.Contracts.Locks;
using Field.EdgeAgent.View;

namespace Field.EdgeAgent.Locks;

/// <summary>Shows a lock's run to a person.</summary>
internal interface ILockView
{
    /// <summary>An event.</summary>
    void On(LockEvent e);

    /// <summary>An answer to a command.</summary>
    void On(CommandResult result);

    /// <summary>An order did not reach the hardware.</summary>
    void HardwareFailed(string reason);

    /// <summary>The hardware's broker is connected (null), or not and why.</summary>
    void Hardware(string? problem);

    /// <summary>Says something of the line to the server.</summary>
    void Server(string message);

    /// <summary>Says what a person has to look at.</summary>
    void Error(string message);
}

/// <summary>One line per event.</summary>
/// <param name="texts">The language.</param>
/// <param name="output">Where to.</param>
/// <param name="errors">What a person has to look at.</param>
/// <param name="time">The clock.</param>
internal sealed class LockView(Texts texts, TextWriter output, TextWriter errors, TimeProvider time) : ILockView
{
    private readonly TextWriter _output = TextWriter.Synchronized(output);
    private readonly TextWriter _errors = TextWriter.Synchronized(errors);

    /// <inheritdoc/>
    public void On(LockEvent e) => _output.WriteLine($"{Clock()} {Name(e)} {Detail(e)}".TrimEnd());

    /// <inheritdoc/>
    public void On(CommandResult result) => _output.WriteLine(
        $"{Clock()} {texts.Pick("指令", "command")} {result.CommandId}: {Outcome(result.Outcome)} {result.Detail}".TrimEnd());

    /// <inheritdoc/>
    public void HardwareFailed(string reason) => _errors.WriteLine(texts.Pick($"錠に指示できませんでした（{reason}）。", $"The lock could not be told ({reason})."));

    /// <inheritdoc/>
    public void Hardware(string? problem) => (problem is null ? _output : _errors).WriteLine(problem is null
        ? texts.Pick("Zigbee2MQTT につながりました。", "Connected to Zigbee2MQTT.")
        : texts.Pick($"Zigbee2MQTT につながりません。ブローカーが動いているか確かめてください。（{problem}）", $"Zigbee2MQTT cannot be reached. Is its broker running? ({problem})"));

    /// <inheritdoc/>
    public void Server(string message) => _output.WriteLine(message);

    /// <inheritdoc/>
    public void Error(string message) => _errors.WriteLine(message);

    private static string Detail(LockEvent e) => string.Join(' ', new[]
    {
        e.GrantId ?? e.CommandId ?? (e.User is { } user ? $"#{user}" : null),
        e.Reason ?? e.Cause ?? (e.GrantId is null && e.CommandId is null ? e.By : null),
        e.Failures is { } failures ? string.Create(CultureInfo.InvariantCulture, $"({failures})") : null,
        e.DelaySeconds is { } delay ? string.Create(CultureInfo.InvariantCulture, $"{delay:0} s") : null,
        e.BatteryPercent is { } battery ? string.Create(CultureInfo.InvariantCulture, $"{battery:0} %") : null,
    }.Where(t => t is not null));

    private string Clock() => time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private string Outcome(CommandOutcome outcome) => outcome switch
    {
        CommandOutcome.Done => texts.Pick("実行しました", "done"),
        CommandOutcome.Refused => texts.Pick("拒否しました", "refused"),
        CommandOutcome.Failed => texts.Pick("失敗しました", "failed"),
        _ => texts.Pick("期限切れです", "expired"),
    };

    private string Name(LockEvent e) => e.Kind switch
    {
        LockEventKinds.Locked => texts.Pick("施錠", "locked"),
        LockEventKinds.Unlocked => texts.Pick("解錠", "unlocked"),
        LockEventKinds.Denied => texts.Pick("拒否", "denied"),
        LockEventKinds.Tamper => texts.Pick("警報：いたずら・番号の総当たり", "ALARM: tampering or guessing"),
        LockEventKinds.DoorOpened => texts.Pick("扉が開きました", "door opened"),
        LockEventKinds.DoorClosed => texts.Pick("扉が閉まりました", "door closed"),
        LockEventKinds.BatteryLow => texts.Pick("電池を交換してください", "change the battery"),
        LockEventKinds.LeftOpen => texts.Pick("開いたままです", "left open"),
        LockEventKinds.Failed => texts.Pick("錠が動きませんでした", "the lock did not move"),
        LockEventKinds.Unreachable => texts.Pick("錠につながりません", "the lock cannot be reached"),
        LockEventKinds.Reachable => texts.Pick("錠につながりました", "the lock can be reached again"),
        LockEventKinds.GrantsTaken => texts.Pick("予約を受け取りました", "bookings taken"),
        LockEventKinds.GrantsRefused => texts.Pick("予約を拒否しました", "bookings refused"),
        _ => e.Kind,
    };
}
