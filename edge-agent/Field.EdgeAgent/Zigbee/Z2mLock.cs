using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Field.Contracts;
using Field.Contracts.Locks;
using Field.EdgeAgent.Adapters;
using Field.EdgeAgent.Locks;
using Field.Mqtt;

namespace Field.EdgeAgent.Zigbee;

/// <summary>Which things behind a bridge make one lock.</summary>
/// <param name="BaseTopic">The bridge's base topic, <c>zigbee2mqtt</c> unless it was changed.</param>
/// <param name="Lock">Friendly name of the lock.</param>
/// <param name="Others">Friendly names of a keypad or door contact beside it.</param>
/// <param name="CodeUsers">The lock's user slots that Field may fill; empty for a lock without a keypad of its own.</param>
internal sealed record Z2mNames(string BaseTopic, string Lock, IReadOnlyList<string> Others, IReadOnlyList<int> CodeUsers);

/// <summary>
/// A lock behind Zigbee2MQTT: follows its state topics on the bridge's broker and drives <c>NAME/set</c>. PINs end here: see
/// <see cref="Z2mState"/> for what is read at all.
/// </summary>
internal sealed class Z2mLock : ILockHardware
{
    private const string Availability = "/availability";

    private readonly Z2mNames _names;
    private readonly LocalBroker _broker;
    private readonly AdapterFaults _faults;
    private readonly FrozenSet<string> _things;

    /// <summary>Creates the adapter.</summary>
    /// <param name="names">What to follow.</param>
    /// <param name="broker">The bridge's broker.</param>
    /// <param name="faults">Hears of messages that cannot be used.</param>
    public Z2mLock(Z2mNames names, LocalBroker broker, AdapterFaults faults)
    {
        (_names, _broker, _faults) = (names, broker, faults);
        _things = names.Others.Append(names.Lock).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> CodeUsers => _names.CodeUsers;

    /// <inheritdoc/>
    public Task RunAsync(Func<HardwareInput, CancellationToken, ValueTask> heard, CancellationToken cancellationToken)
    {
        List<(string, int)> filters = [($"{_names.BaseTopic}/bridge/state", 1)];
        foreach (string thing in _things)
        {
            filters.Add(($"{_names.BaseTopic}/{thing}", 1));
            filters.Add(($"{_names.BaseTopic}/{thing}{Availability}", 1));
        }

        return _broker.RunAsync(filters, (message, cancel) => HearAsync(message, heard, cancel), cancellationToken);
    }

    /// <inheritdoc/>
    public Task DriveAsync(bool unlock, CancellationToken cancellationToken) =>
        SetAsync(writer => writer.WriteString("state", unlock ? "UNLOCK" : "LOCK"), cancellationToken);

    /// <inheritdoc/>
    public Task SetCodeAsync(int user, PinEntry? code, CancellationToken cancellationToken) => SetAsync(
        writer =>
        {
            writer.WriteStartObject("pin_code");
            writer.WriteNumber("user", user);
            writer.WriteString("user_type", "unrestricted");
            writer.WriteBoolean("user_enabled", code is not null);
            writer.WritePropertyName("pin_code");
            if (code is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                writer.WriteStringValue(code.Digits);
            }

            writer.WriteEndObject();
        },
        cancellationToken);

    private async ValueTask HearAsync(MqttMessage message, Func<HardwareInput, CancellationToken, ValueTask> heard, CancellationToken cancellationToken)
    {
        string thing = message.Topic[(_names.BaseTopic.Length + 1)..];
        if (thing == "bridge/state" || thing.EndsWith(Availability, StringComparison.Ordinal))
        {
            // A keypad without battery is not a lock that cannot be reached.
            bool ofLock = thing == "bridge/state" || thing == _names.Lock + Availability;
            if (Z2mState.ParseAvailability(message.Payload) is not { } online)
            {
                await _faults.AddAsync(ErrorCodes.BadFormat, cancellationToken);
            }
            else if (ofLock)
            {
                await heard(new HardwareInput.Report { Reachable = online }, cancellationToken);
            }

            return;
        }

        (Z2mState? state, string? error) = Z2mState.Parse(message.Payload);
        if (state is null)
        {
            await _faults.AddAsync(error!, cancellationToken);
            return;
        }

        if (state.Typed && !message.Retain)
        {
            await heard(new HardwareInput.PinTyped(state.Pin), cancellationToken);
        }

        HardwareInput.Report report = thing == _names.Lock ? state.Report : OfAnother(state.Report);
        await heard(message.Retain ? StateOnly(report) : report, cancellationToken);
    }

    /// <summary>A keypad's battery and bolt are not the lock's; a contact's door and anybody's tamper are.</summary>
    private static HardwareInput.Report OfAnother(HardwareInput.Report report) => new() { DoorOpen = report.DoorOpen, Tamper = report.Tamper };

    /// <summary>A retained message tells how things are, not that something happened now.</summary>
    private static HardwareInput.Report StateOnly(HardwareInput.Report report) => report with { By = null, User = null, Denied = false };

    private Task SetAsync(Action<Utf8JsonWriter> members, CancellationToken cancellationToken) =>
        _broker.PublishAsync($"{_names.BaseTopic}/{_names.Lock}/set", Encoding.UTF8.GetBytes(WireJson.WriteObject(members)), cancellationToken);
}
