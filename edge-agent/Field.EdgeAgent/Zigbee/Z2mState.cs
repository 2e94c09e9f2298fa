using System.Text.Json;
using Field.Contracts;
using Field.Contracts.Locks;
using Field.EdgeAgent.Locks;

namespace Field.EdgeAgent.Zigbee;

/// <summary>
/// What Zigbee2MQTT says of a lock, keypad or contact (<c>zigbee2mqtt/NAME</c>), reduced to what Field uses. Everything else stays behind,
/// above all <c>last_used_pincode</c>, <c>last_used_pin_code</c>, <c>pin_code</c> and <c>users</c>, in which the bridge publishes PINs in clear:
/// they are never read. <c>action_code</c>, the digits typed at a keypad, becomes a <see cref="PinEntry"/> at once.
/// </summary>
/// <param name="Report">The state.</param>
/// <param name="Typed">True when digits were typed.</param>
/// <param name="Pin">The digits; null when they are no PIN. The receiver disposes it.</param>
internal sealed record Z2mState(HardwareInput.Report Report, bool Typed, PinEntry? Pin)
{
    /// <summary>Largest message taken, bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int MaxDepth = 16;

    /// <summary>Reads a message.</summary>
    /// <returns>The state; null when the message is not usable, with its code.</returns>
    /// <remarks>Errors carry a code and never a text: the parser's own would quote the message.</remarks>
    public static (Z2mState? State, string? Error) Parse(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length > MaxBytes)
        {
            return (null, ErrorCodes.TooLarge);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? (Read(document.RootElement), null)
                : (null, ErrorCodes.WrongType);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (null, ErrorCodes.NotJson);
        }
    }

    /// <summary>Reads <c>NAME/availability</c> or <c>bridge/state</c>: <c>{"state":"online"}</c>, or the bare word of older bridges.</summary>
    /// <returns>Online or not; null when it is neither.</returns>
    public static bool? ParseAvailability(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Length is 0 or > 1024)
        {
            return null;
        }

        ReadOnlySpan<byte> word = utf8.Span;
        if (word[0] != (byte)'{')
        {
            return Online(word);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return document.RootElement.TryGetProperty("state", out JsonElement state) && state.ValueKind == JsonValueKind.String
                ? state.ValueEquals("online"u8) ? true : state.ValueEquals("offline"u8) ? false : null
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool? Online(ReadOnlySpan<byte> word) => word.SequenceEqual("online"u8) ? true : word.SequenceEqual("offline"u8) ? false : null;

    private static Z2mState Read(JsonElement json)
    {
        string? action = Word(json, "action");
        (bool? moved, string? by, bool denied) = Action(action, Word(json, "action_source_name"));
        long? user = moved is not null || denied ? Whole(json, "action_user") : null;
        by = by == "user" && user is null ? "unknown" : by;
        HardwareInput.Report report = new()
        {
            Locked = moved ?? Locked(json),
            By = by,
            User = by == "user" || denied ? user : null,
            Denied = denied,
            DoorOpen = Flag(json, "contact") is { } contact ? !contact : DoorState(json),
            Tamper = Flag(json, "tamper"),
            BatteryPercent = Percent(json, "battery"),
            BatteryLow = Flag(json, "battery_low"),
        };

        // Keypads announce what was typed with an action such as disarm; an empty one is a key press without digits.
        bool typed = action is not null && json.TryGetProperty("action_code", out JsonElement code) && code.ValueKind is JsonValueKind.String or JsonValueKind.Number
            && code.GetRawText() is not ("\"\"" or "null");
        return new Z2mState(report, typed, typed ? Digits(json.GetProperty("action_code")) : null);
    }

    /// <summary>The ZCL door lock's operation events, as the bridge names them.</summary>
    private static (bool? Locked, string? By, bool Denied) Action(string? action, string? source) => action switch
    {
        "lock" => (true, By(source), false),
        "unlock" => (false, By(source), false),
        "key_lock" => (true, "key", false),
        "key_unlock" => (false, "key", false),
        "manual_lock" or "one_touch_lock" => (true, "manual", false),
        "manual_unlock" => (false, "manual", false),
        "auto_lock" or "schedule_lock" => (true, "auto", false),
        "schedule_unlock" => (false, "auto", false),
        "unlock_failure_invalid_pin_or_id" or "unlock_failure_invalid_schedule" => (null, null, true),
        _ => (null, null, false),
    };

    private static string By(string? source) => source switch
    {
        "rf" => "command", // our own order over the radio: the machine knows whose
        "manual" => "manual",
        _ => "user",
    };

    private static bool? Locked(JsonElement json) => Word(json, "lock_state") switch
    {
        "locked" => true,
        "unlocked" => false,
        _ => Word(json, "state") switch { "LOCK" => true, "UNLOCK" => false, _ => null },
    };

    private static bool? DoorState(JsonElement json) => Word(json, "door_state") switch { "open" => true, "closed" => false, _ => null };

    private static PinEntry? Digits(JsonElement code) => PinEntry.TryCreate(code.ValueKind == JsonValueKind.String ? code.GetString() : code.GetRawText());

    private static string? Word(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private static bool? Flag(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement member) && member.ValueKind is JsonValueKind.True or JsonValueKind.False ? member.GetBoolean() : null;

    private static long? Whole(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.Number && member.TryGetInt64(out long value) && value is >= 0 and <= int.MaxValue
            ? value
            : null;

    private static double? Percent(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.Number && member.TryGetDouble(out double value) && value is >= 0 and <= 100
            ? value
            : null;
}
