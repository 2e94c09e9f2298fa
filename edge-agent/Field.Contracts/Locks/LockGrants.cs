using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Field.Contracts.Locks;

/// <summary>All grants of one lock (SPEC.md, Locks); a list takes the place of every earlier one.</summary>
/// <param name="Version">Grows with every list of the lock.</param>
/// <param name="IssuedAt">The server's time.</param>
/// <param name="Grants">At most <see cref="MaxGrants"/>.</param>
/// <param name="MacHex">The seal over everything, or null before it is sealed.</param>
public sealed record LockGrants(long Version, DateTimeOffset IssuedAt, IReadOnlyList<LockGrant> Grants, string? MacHex = null)
{
    /// <summary>Most grants of a list.</summary>
    public const int MaxGrants = 128;

    private const string Kdf = "pbkdf2-sha256";
    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    /// <summary>The same list with its seal.</summary>
    /// <param name="secret">The lock's secret.</param>
    /// <param name="lockId"><c>{site}/{device}</c>.</param>
    public LockGrants Sealed(LockSecret secret, string lockId)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return this with { MacHex = secret.Mac(MacText(lockId)) };
    }

    /// <summary>True when the headquarters wrote exactly this list for this lock.</summary>
    public bool IsSealedBy(LockSecret secret, string lockId)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return secret.Verifies(MacText(lockId), MacHex);
    }

    /// <summary>Writes the list's CloudEvent.</summary>
    public byte[] Write(string site, string device) => Envelope.FromServer(
        site, EventTypes.LockGrants, device, IssuedAt.ToUniversalTime(), string.Create(CultureInfo.InvariantCulture, $"grants:{device}:{Version}"))
        .Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", Version);
            writer.WriteStartArray("grants");
            foreach (LockGrant grant in Grants)
            {
                WriteGrant(writer, grant);
            }

            writer.WriteEndArray();
            writer.WriteOptional("mac", MacHex);
            writer.WriteEndObject();
        });

    /// <summary>Reads and checks the form of a list; the seal is the caller's to check.</summary>
    /// <param name="utf8">The payload.</param>
    /// <param name="site">Site id of the lock.</param>
    /// <param name="device">Device id of the lock.</param>
    public static Parsed<LockGrants> Parse(ReadOnlyMemory<byte> utf8, string site, string device)
    {
        JsonChecker json = new();
        LockGrants? list = null;
        if (Envelope.Read(json, utf8, EventTypes.LockGrants, Envelope.ServerSource(site), needsSequence: false, expectedSubject: device) is { } message)
        {
            long? version = json.Integer(message.Data, "/data", "version", 1, long.MaxValue, required: true);
            List<LockGrant> grants = ReadGrants(json, message.Data);
            string? mac = Hex(json, message.Data, "/data", "mac", PinHash.TagBytes);
            list = message.Envelope is { } envelope && json.Errors.Count == 0 ? new(version!.Value, envelope.Time, grants, mac) : null;
        }

        return new Parsed<LockGrants>(list, json.Errors);
    }

    private static List<LockGrant> ReadGrants(JsonChecker json, JsonElement data)
    {
        List<LockGrant> grants = [];
        HashSet<string> ids = new(StringComparer.Ordinal);
        foreach ((JsonElement item, string at) in json.Objects(data, "/data", "grants", MaxGrants))
        {
            if (ReadGrant(json, item, at) is { } grant)
            {
                grants.Add(grant);
                if (!ids.Add(grant.GrantId))
                {
                    json.Add($"{at}/grantId", ErrorCodes.Mismatch, "is twice in the list");
                }
            }
        }

        return grants;
    }

    private static LockGrant? ReadGrant(JsonChecker json, JsonElement item, string at)
    {
        string? id = json.Name(item, at, "grantId");
        DateTimeOffset? start = json.Time(item, at, "start");
        DateTimeOffset? end = json.Time(item, at, "end");
        bool oneTime = json.Flag(item, at, "oneTime") ?? false;
        string? label = json.Line(item, at, "label", required: false, maxLength: 64);
        int before = json.Errors.Count;
        PinHash? pin = json.Object(item, at, "pin", required: false) is { } member ? ReadPin(json, member, $"{at}/pin") : null;
        if (id is null || start is null || end is null)
        {
            return null;
        }

        Slot slot = new(start.Value.ToUniversalTime(), end.Value.ToUniversalTime());
        if (!slot.IsValid)
        {
            json.Add($"{at}/end", ErrorCodes.OutOfRange, "a slot ends after its start, both in whole seconds");
        }
        else if (pin is null && json.Errors.Count == before && !KeyBoxCode.IsOnGrid(slot))
        {
            json.Add($"{at}/start", ErrorCodes.OutOfRange, "without a pin the slot lies on the grid of the key box codes");
        }

        return new LockGrant(id, slot, pin, oneTime, label);
    }

    private static PinHash? ReadPin(JsonChecker json, JsonElement pin, string at)
    {
        if (json.Text(pin, at, "kdf") is { } kdf && kdf != Kdf)
        {
            json.Add($"{at}/kdf", ErrorCodes.Mismatch, $"must be {Kdf}");
        }

        long? iterations = json.Integer(pin, at, "iterations", PinHash.MinIterations, PinHash.MaxIterations, required: true);
        string? salt = Hex(json, pin, at, "salt", PinHash.SaltBytes);
        string? tag = Hex(json, pin, at, "tag", PinHash.TagBytes);
        return iterations is null || salt is null || tag is null ? null : new PinHash((int)iterations, salt, tag);
    }

    private static string? Hex(JsonChecker json, JsonElement parent, string at, string name, int bytes)
    {
        if (json.Text(parent, at, name) is not { } text)
        {
            return null;
        }

        if (text.Length == 2 * bytes && !text.AsSpan().ContainsAnyExcept(LowerHex))
        {
            return text;
        }

        json.Add($"{at}/{name}", ErrorCodes.BadFormat, $"must be {2 * bytes} lower-case hex digits");
        return null;
    }

    private static void WriteGrant(Utf8JsonWriter writer, LockGrant grant)
    {
        writer.WriteStartObject();
        writer.WriteString("grantId", grant.GrantId);
        writer.WriteString("start", WireTime.Format(grant.Slot.Start));
        writer.WriteString("end", WireTime.Format(grant.Slot.End));
        writer.WriteBoolean("oneTime", grant.OneTime);
        writer.WriteOptional("label", grant.Label);
        if (grant.Pin is { } pin)
        {
            writer.WriteStartObject("pin");
            writer.WriteString("kdf", Kdf);
            writer.WriteNumber("iterations", pin.Iterations);
            writer.WriteString("salt", pin.SaltHex);
            writer.WriteString("tag", pin.TagHex);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private string MacText(string lockId) => string.Create(
        CultureInfo.InvariantCulture,
        $"field.lock.grants.v1\n{lockId}\n{Version}\n{WireTime.Format(IssuedAt.ToUniversalTime())}\n{string.Concat(Grants.Select(g => g.MacLine() + "\n"))}");
}
