using System.Text.Json;

namespace Field.Contracts.Locks;

/// <summary>The kinds of lock events (SPEC.md, Locks).</summary>
public static class LockEventKinds
{
    /// <summary>The bolt is out.</summary>
    public const string Locked = "lock-locked";

    /// <summary>The bolt is in; <c>by</c> says who did it.</summary>
    public const string Unlocked = "lock-unlocked";

    /// <summary>Somebody tried and was refused; <c>reason</c> says why.</summary>
    public const string Denied = "lock-denied";

    /// <summary>Somebody works on the lock, or guesses; <c>cause</c> says which.</summary>
    public const string Tamper = "lock-tamper";

    /// <summary>The door opened.</summary>
    public const string DoorOpened = "door-opened";

    /// <summary>The door closed.</summary>
    public const string DoorClosed = "door-closed";

    /// <summary>The battery must be changed.</summary>
    public const string BatteryLow = "lock-battery-low";

    /// <summary>Open outside every slot for too long.</summary>
    public const string LeftOpen = "lock-left-open";

    /// <summary>The hardware did not do what it was told.</summary>
    public const string Failed = "lock-failed";

    /// <summary>The hardware cannot be reached.</summary>
    public const string Unreachable = "lock-unreachable";

    /// <summary>The hardware can be reached again.</summary>
    public const string Reachable = "lock-reachable";

    /// <summary>A list of grants was taken.</summary>
    public const string GrantsTaken = "lock-grants-taken";

    /// <summary>A list of grants was refused; <c>reason</c> says why.</summary>
    public const string GrantsRefused = "lock-grants-refused";
}

/// <summary>An event of a lock. No property can hold a PIN.</summary>
/// <param name="Kind">A kind of <see cref="LockEventKinds"/>.</param>
public sealed record LockEvent(string Kind)
{
    private static readonly string[] Causers = ["grant", "key-box", "command", "manual", "key", "user", "auto", "unknown"];

    /// <summary>Who moved the bolt: <c>grant key-box command manual key user auto unknown</c>.</summary>
    public string? By { get; init; }

    /// <summary>The grant.</summary>
    public string? GrantId { get; init; }

    /// <summary>The command.</summary>
    public string? CommandId { get; init; }

    /// <summary>The lock's own user slot.</summary>
    public long? User { get; init; }

    /// <summary>Why it was refused: a word.</summary>
    public string? Reason { get; init; }

    /// <summary>What it is: a word.</summary>
    public string? Cause { get; init; }

    /// <summary>Wrong attempts in a row.</summary>
    public long? Failures { get; init; }

    /// <summary>Attempts that this event stands for, 1 when absent.</summary>
    public long? Attempts { get; init; }

    /// <summary>How long no attempt is taken.</summary>
    public double? DelaySeconds { get; init; }

    /// <summary>The battery, 0 to 100.</summary>
    public double? BatteryPercent { get; init; }

    /// <summary>How long it has been open.</summary>
    public double? Minutes { get; init; }

    /// <summary>The version of a list of grants.</summary>
    public long? Version { get; init; }

    /// <summary>The event as it travels.</summary>
    public FieldEvent ToEvent() => new(Kind, null, WireJson.WriteObject(writer =>
    {
        writer.WriteString("kind", Kind);
        writer.WriteOptional("by", By);
        writer.WriteOptional("grantId", GrantId);
        writer.WriteOptional("commandId", CommandId);
        writer.WriteOptional("user", User);
        writer.WriteOptional("reason", Reason);
        writer.WriteOptional("cause", Cause);
        writer.WriteOptional("failures", Failures);
        writer.WriteOptional("attempts", Attempts);
        writer.WriteOptional("delaySeconds", DelaySeconds);
        writer.WriteOptional("batteryPercent", BatteryPercent);
        writer.WriteOptional("minutes", Minutes);
        writer.WriteOptional("version", Version);
    }));

    /// <summary>Checks the properties of an event whose kind begins with <c>lock-</c>; a kind of a later version passes.</summary>
    internal static void Check(JsonChecker json, string kind, JsonElement properties, string at)
    {
        string? by = json.Text(properties, at, "by", required: kind == LockEventKinds.Unlocked, maxLength: 16);
        if (by is not null && !Causers.Contains(by))
        {
            json.Add($"{at}/by", ErrorCodes.BadFormat, $"must be one of {string.Join(", ", Causers)}");
        }

        Word(json, properties, at, "grantId", by == "grant");
        json.Text(properties, at, "commandId", required: by == "command", maxLength: 128);
        json.Integer(properties, at, "user", 0, int.MaxValue, required: by == "user");
        Word(json, properties, at, "reason", kind is LockEventKinds.Denied or LockEventKinds.GrantsRefused);
        Word(json, properties, at, "cause", kind == LockEventKinds.Tamper);
        json.Integer(properties, at, "failures", 0, int.MaxValue);
        json.Integer(properties, at, "attempts", 1, int.MaxValue);
        json.Number(properties, at, "delaySeconds", 0, 86_400);
        json.Number(properties, at, "batteryPercent", 0, 100);
        json.Number(properties, at, "minutes", 0, 1e6);
        json.Integer(properties, at, "version", 1, long.MaxValue, required: kind == LockEventKinds.GrantsTaken);
    }

    private static void Word(JsonChecker json, JsonElement properties, string at, string name, bool required)
    {
        if (required || properties.TryGetProperty(name, out _))
        {
            json.Name(properties, at, name);
        }
    }
}
