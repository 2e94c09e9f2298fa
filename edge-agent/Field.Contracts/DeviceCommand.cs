using System.Text.Json;
using Field.Contracts.Locks;

namespace Field.Contracts;

/// <summary>What the headquarters asks a device to do (SPEC.md, Commands).</summary>
/// <param name="Id">Unique for ever; the device does no id twice.</param>
/// <param name="Name">What, such as <c>lock.open</c>.</param>
/// <param name="Reason">Why, from the person who asked; never empty.</param>
/// <param name="IssuedAt">The server's time.</param>
/// <param name="ExpiresAt">From here on it must not be done any more.</param>
/// <param name="ArgsJson">A JSON object.</param>
/// <param name="MacHex">The seal, or null; a lock does nothing without it.</param>
public sealed record DeviceCommand(
    string Id, string Name, string Reason, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, string ArgsJson = "{}", string? MacHex = null)
{
    /// <summary>Longest reason, in characters.</summary>
    public const int MaxReason = 200;

    /// <summary>The longest time from issue to expiry.</summary>
    public static TimeSpan MaxLifetime { get; } = TimeSpan.FromHours(24);

    /// <summary>The same command with its seal.</summary>
    /// <param name="secret">The lock's secret.</param>
    /// <param name="lockId"><c>{site}/{device}</c>.</param>
    public DeviceCommand Sealed(LockSecret secret, string lockId)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return this with { MacHex = secret.Mac(MacText(lockId)) };
    }

    /// <summary>True when the headquarters wrote exactly this command for this device.</summary>
    public bool IsSealedBy(LockSecret secret, string lockId)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return secret.Verifies(MacText(lockId), MacHex);
    }

    /// <summary>Writes the command's CloudEvent.</summary>
    public byte[] Write(string site, string device) =>
        Envelope.FromServer(site, EventTypes.Command, device, IssuedAt.ToUniversalTime(), Id).Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("name", Name);
            writer.WriteString("reason", Reason);
            writer.WriteString("expiresAt", WireTime.Format(ExpiresAt.ToUniversalTime()));
            writer.WritePropertyName("args");
            writer.WriteRawValue(ArgsJson);
            writer.WriteOptional("mac", MacHex);
            writer.WriteEndObject();
        });

    /// <summary>Reads and checks the form of a command; seal, time and identity are the device's to check.</summary>
    /// <param name="utf8">The payload.</param>
    /// <param name="site">Site id of the device.</param>
    /// <param name="device">Device id.</param>
    public static Parsed<DeviceCommand> Parse(ReadOnlyMemory<byte> utf8, string site, string device)
    {
        JsonChecker json = new();
        DeviceCommand? command = null;
        if (Envelope.Read(json, utf8, EventTypes.Command, Envelope.ServerSource(site), needsSequence: false, expectedSubject: device) is { } message)
        {
            command = ReadData(json, message.Envelope, message.Data);
        }

        return new Parsed<DeviceCommand>(command, json.Errors);
    }

    private static DeviceCommand? ReadData(JsonChecker json, Envelope? envelope, JsonElement data)
    {
        const string At = "/data";
        string? name = json.Text(data, At, "name", maxLength: 64);
        if (name is not null && !IsName(name))
        {
            json.Add($"{At}/name", ErrorCodes.BadFormat, "must be names of a-z, 0-9 and -, joined by dots");
        }

        string? reason = json.Line(data, At, "reason", required: true, MaxReason);
        if (reason is not null && string.IsNullOrWhiteSpace(reason))
        {
            json.Add($"{At}/reason", ErrorCodes.Missing, "a reason is required");
        }

        DateTimeOffset? expiresAt = json.Time(data, At, "expiresAt");
        if (envelope is { } e && expiresAt is { } end && (end <= e.Time || end - e.Time > MaxLifetime))
        {
            json.Add($"{At}/expiresAt", ErrorCodes.OutOfRange, $"must lie after the command's time, by at most {MaxLifetime.TotalHours:0} h");
        }

        string? args = json.Object(data, At, "args", required: false)?.GetRawText() ?? "{}";
        string? mac = json.Text(data, At, "mac", required: false, maxLength: 64);
        return envelope is null || name is null || reason is null || expiresAt is null
            ? null
            : new DeviceCommand(envelope.Id, name, reason, envelope.Time, expiresAt.Value, args, mac);
    }

    private static bool IsName(string text) => text.Split('.').All(part => part.Length > 0 && Ids.HasOnlyNameCharacters(part));

    private string MacText(string lockId) => string.Join(
        '\n',
        "field.command.v1",
        lockId,
        Id,
        Name,
        WireTime.Format(IssuedAt.ToUniversalTime()),
        WireTime.Format(ExpiresAt.ToUniversalTime()),
        Reason,
        ArgsJson);
}
