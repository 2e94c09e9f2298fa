using System.Text.Json;
using Field.Contracts;
using Field.EdgeAgent.Adapters;
using Field.EdgeAgent.Outbox;
using Field.Mqtt;

namespace Field.EdgeAgent.Dji;

/// <summary>One aircraft as a device of Field.</summary>
internal interface IAircraft
{
    /// <summary>Where its news go.</summary>
    IOutgoing Outgoing { get; }

    /// <summary>DJI says that it is there, or is not.</summary>
    Task SetOnlineAsync(bool online, string? firmware, CancellationToken cancellationToken);
}

/// <summary>
/// Speaks the cloud's side of the DJI Cloud API on a broker where a dock or DJI Pilot 2 publishes: answers <c>update_topo</c> and events,
/// and brings each aircraft of the table to Field as a device of its own.
/// </summary>
/// <param name="aircraft">Serial number to device. Others are answered and counted, and go no further.</param>
/// <param name="publish">Publishes on DJI's broker.</param>
/// <param name="faults">Counts and reports what cannot be used.</param>
/// <param name="rejected">Keeps what cannot be used.</param>
/// <param name="time">The clock.</param>
internal sealed class DjiAdapter(
    IReadOnlyDictionary<string, IAircraft> aircraft,
    Func<string, ReadOnlyMemory<byte>, CancellationToken, Task> publish,
    AdapterFaults faults,
    RejectedMessages rejected,
    TimeProvider time) : IDisposable
{
    /// <summary>Code of an aircraft that is not in the table.</summary>
    public const string UnknownAircraft = "unknown-aircraft";

    /// <summary>Most gateways known at a time.</summary>
    public const int MaxGateways = 64;

    // 0.5 Hz, with room for the sender's jitter.
    private static readonly TimeSpan OsdInterval = TimeSpan.FromSeconds(1.8);
    private static readonly TimeSpan ClockMayDiffer = TimeSpan.FromMinutes(10);

    /// <summary>An aircraft that said nothing for so long is offline: a dock whose power went says no goodbye.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, IReadOnlyList<string>> _gateways = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _lastOsd = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _firmware = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _heard = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Aircraft of the table that are there now.</summary>
    public IReadOnlyCollection<string> Online => _heard.Keys;

    /// <summary>Takes a message.</summary>
    public async ValueTask HearAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await TakeAsync(message, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Finds out who has fallen silent; to be called every few seconds.</summary>
    public async Task TickAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            foreach (string sn in _heard.Where(h => time.GetElapsedTime(h.Value) >= SilentAfter).Select(h => h.Key).ToArray())
            {
                _heard.Remove(sn);
                await aircraft[sn].SetOnlineAsync(online: false, null, cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task TakeAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        JsonChecker json = new();
        DjiTopic? topic = DjiTopic.Parse(message.Topic);
        if (topic is null)
        {
            json.Add("", ErrorCodes.UnknownTopic, "no topic of the DJI Cloud API");
        }
        else if (DjiMessage.Parse(message.Payload, json) is { } dji && json.Errors.Count == 0)
        {
            await (topic.Channel switch
            {
                DjiChannel.Status => StatusAsync(topic.Sn, dji, json, cancellationToken),
                DjiChannel.Osd => OsdAsync(topic.Sn, dji, json, cancellationToken),
                DjiChannel.State => StateAsync(topic.Sn, dji, json, cancellationToken),
                DjiChannel.Events => EventAsync(topic.Sn, dji, json, cancellationToken),
                _ => Task.CompletedTask,
            });
        }

        if (json.Errors.Count > 0)
        {
            // A status holds the device's secret: of it only the errors are kept, and they quote nothing.
            bool mayHoldSecrets = topic is null or { Channel: DjiChannel.Status };
            rejected.Add(mayHoldSecrets && topic is null ? "" : message.Topic, mayHoldSecrets ? default : message.Payload, json.Errors);
            await faults.AddAsync(json.Errors[0].Code, cancellationToken);
        }
    }

    private async Task StatusAsync(string gateway, DjiMessage message, JsonChecker json, CancellationToken cancellationToken)
    {
        if (message.Method != DjiTopology.Method)
        {
            json.Add("/method", ErrorCodes.Mismatch, $"must be {DjiTopology.Method}");
            return;
        }

        IReadOnlyList<string> now = DjiTopology.ReadSubDevices(json, message.Data);
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
            return;
        }

        IReadOnlyList<string> before = _gateways.GetValueOrDefault(gateway) ?? [];
        _gateways[gateway] = now;
        if (now.Count == 0)
        {
            _gateways.Remove(gateway);
        }

        await publish($"sys/product/{gateway}/status_reply", message.Reply(0, time.GetUtcNow()), cancellationToken);
        foreach (string sn in now)
        {
            await HeardAsync(sn, firmware: null, cancellationToken);
        }

        foreach (string sn in before.Except(now).Where(_heard.Remove))
        {
            await aircraft[sn].SetOnlineAsync(online: false, null, cancellationToken);
        }
    }

    /// <summary>A sign of life. An agent that was started after the dock sees no topology: properties count as well.</summary>
    private async Task HeardAsync(string sn, string? firmware, CancellationToken cancellationToken)
    {
        if (!aircraft.TryGetValue(sn, out IAircraft? device))
        {
            await faults.AddAsync(UnknownAircraft, cancellationToken);
            return;
        }

        bool isNew = _heard.TryAdd(sn, 0);
        _heard[sn] = time.GetTimestamp();
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

    private async Task OsdAsync(string sn, DjiMessage message, JsonChecker json, CancellationToken cancellationToken)
    {
        if (!aircraft.TryGetValue(sn, out IAircraft? device))
        {
            return; // a gateway's own, or an aircraft that was counted when it came online
        }

        DjiOsd osd = DjiOsd.Read(json, message.Data);
        IReadOnlyList<Measurement> measurements = osd.ToMeasurements(SentAt(message));
        if (json.Errors.Count > 0)
        {
            return;
        }

        await HeardAsync(sn, osd.Firmware, cancellationToken);
        bool isTooSoon = _lastOsd.TryGetValue(sn, out long last) && time.GetElapsedTime(last) < OsdInterval;
        if (measurements.Count > 0 && !isTooSoon)
        {
            _lastOsd[sn] = time.GetTimestamp();
            await device.Outgoing.TelemetryAsync(measurements, cancellationToken);
        }
    }

    private async Task StateAsync(string sn, DjiMessage message, JsonChecker json, CancellationToken cancellationToken)
    {
        if (aircraft.ContainsKey(sn))
        {
            DjiOsd state = DjiOsd.Read(json, message.Data);
            if (json.Errors.Count == 0)
            {
                await HeardAsync(sn, state.Firmware, cancellationToken);
            }
        }
    }

    /// <summary>Health alarms (<c>hms</c>) become events of the gateway's aircraft; every event that wants an answer gets one.</summary>
    private async Task EventAsync(string gateway, DjiMessage message, JsonChecker json, CancellationToken cancellationToken)
    {
        if (message.Method == "hms")
        {
            List<(string Code, long? Level)> alarms = [];
            foreach ((JsonElement item, string at) in json.Objects(message.Data, "/data", "list", 64))
            {
                if (json.Line(item, at, "code", required: true, maxLength: 64) is { } code)
                {
                    alarms.Add((code, json.Integer(item, at, "level", 0, 9)));
                }
            }

            if (json.Errors.Count > 0)
            {
                return;
            }

            foreach (string sn in _gateways.GetValueOrDefault(gateway) ?? [])
            {
                if (alarms.Count > 0 && aircraft.TryGetValue(sn, out IAircraft? device))
                {
                    await device.Outgoing.EventAsync(Health(alarms), SentAt(message), isReport: false, cancellationToken);
                }
            }
        }

        if (message is { NeedsReply: true, Tid: not null })
        {
            await publish($"thing/product/{gateway}/events_reply", message.Reply(0, time.GetUtcNow()), cancellationToken);
        }
    }

    private static FieldEvent Health(IReadOnlyList<(string Code, long? Level)> alarms) => new("drone-health", null, WireJson.WriteObject(writer =>
    {
        writer.WriteString("kind", "drone-health");
        writer.WriteStartArray("alarms");
        foreach ((string code, long? level) in alarms)
        {
            writer.WriteStartObject();
            writer.WriteString("code", code);
            writer.WriteOptional("level", (double?)level);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }));

    /// <summary>The sender's time, unless its clock is plainly wrong.</summary>
    private DateTimeOffset SentAt(DjiMessage message)
    {
        DateTimeOffset now = time.GetUtcNow();
        return message.Time is { } sent && (sent - now).Duration() <= ClockMayDiffer ? sent : now;
    }
}
