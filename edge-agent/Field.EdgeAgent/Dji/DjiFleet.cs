using System.Collections.Concurrent;
using Field.Contracts;
using Field.EdgeAgent.Adapters;
using Field.EdgeAgent.Outbox;

namespace Field.EdgeAgent.Dji;

/// <summary>One aircraft as a device of Field.</summary>
internal interface IAircraft
{
    /// <summary>Where its news go.</summary>
    IOutgoing Outgoing { get; }

    /// <summary>DJI says that it is there, or is not.</summary>
    Task SetOnlineAsync(bool online, string? firmware, CancellationToken cancellationToken);
}

/// <summary>Which aircraft are there, on which gateway, and how they are. Calls come one at a time, but for <see cref="GatewayOf"/>.</summary>
/// <param name="aircraft">Serial number to device. Others are answered and counted, and go no further.</param>
/// <param name="faults">Counts the others.</param>
/// <param name="time">The clock.</param>
internal sealed class DjiFleet(IReadOnlyDictionary<string, IAircraft> aircraft, AdapterFaults faults, TimeProvider time)
{
    /// <summary>Code of an aircraft that is not in the table.</summary>
    public const string UnknownAircraft = "unknown-aircraft";

    /// <summary>Most gateways known at a time.</summary>
    public const int MaxGateways = 64;

    // 0.5 Hz, with room for the sender's jitter.
    private static readonly TimeSpan OsdInterval = TimeSpan.FromSeconds(1.8);

    /// <summary>An aircraft that said nothing for so long is offline: a dock whose power went says no goodbye.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, IReadOnlyList<string>> _gateways = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _lastOsd = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _firmware = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _heard = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _gatewayOf = new(StringComparer.Ordinal);

    /// <summary>Aircraft of the table that are there now.</summary>
    public IReadOnlyCollection<string> Online => _heard.Keys;

    /// <summary>The gateway through which an aircraft of the table is reached now; null when it is not there. From any thread.</summary>
    public string? GatewayOf(string sn) => _gatewayOf.GetValueOrDefault(sn);

    /// <summary>The devices that a gateway speaks for now: null when nothing hangs on it that is known, none when only others' aircraft do.</summary>
    public IReadOnlyList<IOutgoing>? Under(string gateway)
    {
        IOutgoing[] ours = [.. _gatewayOf.Where(g => g.Value == gateway).Select(g => aircraft[g.Key].Outgoing)];
        return ours.Length == 0 && !_gateways.ContainsKey(gateway) ? null : ours;
    }

    /// <summary>Takes a topology: who hangs on the gateway.</summary>
    public async Task<DjiAnswer?> StatusAsync(string gateway, DjiMessage message, JsonChecker json, CancellationToken cancellationToken)
    {
        if (message.Method != DjiTopology.Method)
        {
            json.Add("/method", ErrorCodes.Mismatch, $"must be {DjiTopology.Method}");
            return null;
        }

        IReadOnlyList<string> now = message.Data(json) is { } data ? DjiTopology.ReadSubDevices(json, data) : [];
        if (message.Tid is null)
        {
            json.Add("/tid", ErrorCodes.Missing, "a request has a tid");
        }

        if (!_gateways.ContainsKey(gateway) && _gateways.Count >= MaxGateways)
        {
            json.Add("", ErrorCodes.TooLarge, $"more than {MaxGateways} gateways");
        }

        if (json.Errors.Count > 0)
        {
            return null;
        }

        IReadOnlyList<string> before = _gateways.GetValueOrDefault(gateway) ?? [];
        _gateways[gateway] = now;
        if (now.Count == 0)
        {
            _gateways.Remove(gateway);
        }

        foreach (string sn in now)
        {
            await HeardAsync(sn, gateway, firmware: null, cancellationToken);
        }

        foreach (string sn in before.Except(now).Where(sn => _heard.ContainsKey(sn) && GatewayOf(sn) == gateway).ToArray())
        {
            await GoneAsync(sn, cancellationToken);
        }

        return DjiAnswer.Of(DjiAnswer.Ok);
    }

    /// <summary>Takes properties at their steady rate; they become telemetry.</summary>
    public async Task OsdAsync(string sn, DjiMessage message, JsonChecker json, CancellationToken cancellationToken)
    {
        if (!aircraft.TryGetValue(sn, out IAircraft? device))
        {
            return; // a gateway's own, or an aircraft that was counted when it came online
        }

        if (await ReadAsync(sn, message, json, cancellationToken) is not { } osd)
        {
            return;
        }

        IReadOnlyList<Measurement> measurements = osd.ToMeasurements(message.SentAt(time.GetUtcNow()));
        bool isTooSoon = _lastOsd.TryGetValue(sn, out long last) && time.GetElapsedTime(last) < OsdInterval;
        if (measurements.Count > 0 && !isTooSoon)
        {
            _lastOsd[sn] = time.GetTimestamp();
            await device.Outgoing.TelemetryAsync(measurements, cancellationToken);
        }
    }

    /// <summary>Takes properties that changed: a sign of life, and the firmware.</summary>
    public async Task StateAsync(string sn, DjiMessage message, JsonChecker json, CancellationToken cancellationToken)
    {
        if (aircraft.ContainsKey(sn))
        {
            await ReadAsync(sn, message, json, cancellationToken);
        }
    }

    /// <summary>Finds out who has fallen silent; to be called every few seconds.</summary>
    public async Task TickAsync(CancellationToken cancellationToken)
    {
        foreach (string sn in _heard.Where(h => time.GetElapsedTime(h.Value) >= SilentAfter).Select(h => h.Key).ToArray())
        {
            await GoneAsync(sn, cancellationToken);
        }
    }

    private async Task<DjiOsd?> ReadAsync(string sn, DjiMessage message, JsonChecker json, CancellationToken cancellationToken)
    {
        DjiOsd? osd = message.Data(json) is { } data ? DjiOsd.Read(json, data) : null;
        if (osd is null || json.Errors.Count > 0)
        {
            return null;
        }

        // A topology says it with more authority than a frame.
        bool isListed = GatewayOf(sn) is { } known && _gateways.GetValueOrDefault(known)?.Contains(sn) == true;
        await HeardAsync(sn, isListed ? null : message.Gateway, osd.Firmware, cancellationToken);
        return osd;
    }

    /// <summary>A sign of life. An agent that was started after the dock sees no topology: properties count as well.</summary>
    private async Task HeardAsync(string sn, string? gateway, string? firmware, CancellationToken cancellationToken)
    {
        if (!aircraft.TryGetValue(sn, out IAircraft? device))
        {
            await faults.AddAsync(UnknownAircraft, cancellationToken);
            return;
        }

        bool isNew = _heard.TryAdd(sn, 0);
        _heard[sn] = time.GetTimestamp();
        if (gateway is not null)
        {
            _gatewayOf[sn] = gateway;
        }

        bool isOtherFirmware = firmware is not null && _firmware.GetValueOrDefault(sn) != firmware;
        if (isOtherFirmware)
        {
            _firmware[sn] = firmware!;
        }

        if (isNew || isOtherFirmware)
        {
            await device.SetOnlineAsync(online: true, _firmware.GetValueOrDefault(sn), cancellationToken);
        }
    }

    private Task GoneAsync(string sn, CancellationToken cancellationToken)
    {
        _heard.Remove(sn);
        _gatewayOf.TryRemove(sn, out _);
        return aircraft[sn].SetOnlineAsync(online: false, null, cancellationToken);
    }
}
