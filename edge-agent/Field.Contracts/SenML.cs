using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Field.Contracts;

/// <summary>One resolved SenML record (RFC 8428 section 4.6): exactly one of the values is set, or only <see cref="Sum"/>.</summary>
/// <param name="Name">Base name and name.</param>
/// <param name="Time">Absolute time.</param>
/// <param name="Unit">Unit of the SenML registry, or null.</param>
/// <param name="Value">Numeric value.</param>
/// <param name="Text">String value.</param>
/// <param name="Flag">Boolean value.</param>
/// <param name="DataBase64">Data value, base64url as on the wire.</param>
/// <param name="Sum">Integrated sum.</param>
public sealed record Measurement(
    string Name,
    DateTimeOffset Time,
    string? Unit = null,
    double? Value = null,
    string? Text = null,
    bool? Flag = null,
    string? DataBase64 = null,
    double? Sum = null)
{
    /// <summary>Seconds that the server took off the device's time because its clock was wrong (SPEC.md section 3, "Clocks"); 0 for none.</summary>
    public long ClockOffsetS { get; init; }
}

/// <summary>A SenML pack (RFC 8428; SPEC.md section 3).</summary>
/// <param name="Measurements">The resolved records, in the order of the pack.</param>
/// <param name="Sequence">The device sequence, or null from a bare sensor.</param>
public sealed record SenMLPack(IReadOnlyList<Measurement> Measurements, long? Sequence)
{
    /// <summary>Largest pack, bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Most records in a pack.</summary>
    public const int MaxRecords = 10_000;

    /// <summary>Writes the resolved form.</summary>
    public byte[] Write()
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WireJson.WriterOptions))
        {
            writer.WriteStartArray();
            bool first = true;
            foreach (Measurement m in Measurements)
            {
                writer.WriteStartObject();
                if (first && Sequence is { } sequence)
                {
                    writer.WriteNumber("seq", sequence);
                }

                first = false;
                writer.WriteString("n", m.Name);
                writer.WriteNumber("t", (m.Time - DateTimeOffset.UnixEpoch).Ticks / (double)TimeSpan.TicksPerSecond);
                writer.WriteOptional("u", m.Unit);
                writer.WriteOptional("v", m.Value);
                writer.WriteOptional("vs", m.Text);
                if (m.Flag is { } flag)
                {
                    writer.WriteBoolean("vb", flag);
                }

                writer.WriteOptional("vd", m.DataBase64);
                writer.WriteOptional("s", m.Sum);
                if (m.ClockOffsetS != 0)
                {
                    writer.WriteNumber("deviceTime", (m.Time - DateTimeOffset.UnixEpoch).Ticks / (double)TimeSpan.TicksPerSecond + m.ClockOffsetS);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return buffer.ToArray();
    }

    /// <summary>Reads, checks and resolves a pack.</summary>
    /// <param name="utf8">The payload.</param>
    /// <param name="receivedAt">What relative times are relative to.</param>
    public static Parsed<SenMLPack> Parse(ReadOnlyMemory<byte> utf8, DateTimeOffset receivedAt) =>
        SenMLFastReader.TryRead(utf8.Span, receivedAt) is { } pack ? new Parsed<SenMLPack>(pack, []) : Judge(utf8, receivedAt);

    /// <summary>Reads any pack, with every error that it has.</summary>
    internal static Parsed<SenMLPack> Judge(ReadOnlyMemory<byte> utf8, DateTimeOffset receivedAt)
    {
        JsonChecker json = new();
        if (json.Root(utf8, MaxBytes, JsonValueKind.Array) is not { } root)
        {
            return new Parsed<SenMLPack>(null, json.Errors);
        }

        int count = root.GetArrayLength();
        if (count is 0 or > MaxRecords)
        {
            json.Add("", count == 0 ? ErrorCodes.Missing : ErrorCodes.TooLarge, $"a pack has 1 to {MaxRecords} records, this one {count}");
            return new Parsed<SenMLPack>(null, json.Errors);
        }

        SenMLResolver resolver = new(json, receivedAt);
        List<Measurement> measurements = new(count);
        int index = 0;
        foreach (JsonElement record in root.EnumerateArray())
        {
            if (resolver.Resolve(record, index++) is { } measurement)
            {
                measurements.Add(measurement);
            }
        }

        long? sequence = root[0].ValueKind == JsonValueKind.Object ? json.Integer(root[0], "/0", "seq", 1, long.MaxValue) : null;
        if (measurements.Count == 0 && json.Errors.Count == 0)
        {
            json.Add("", ErrorCodes.SenMLValue, "no record of the pack has a value");
        }

        return new Parsed<SenMLPack>(new SenMLPack(measurements, sequence), json.Errors);
    }
}

/// <summary>Applies base fields record by record.</summary>
internal sealed class SenMLResolver(JsonChecker json, DateTimeOffset receivedAt)
{
    public const double RelativeBelow = 1 << 28;
    public const double MaxTime = 253_402_300_799;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-:./_");

    // Base64Url.IsValid lets padding and white space pass; RFC 8428 section 4.3 does not.
    private static readonly SearchValues<char> NotInData = SearchValues.Create("= \t\r\n");

    private static readonly HashSet<string> Known =
        ["bn", "bt", "bu", "bv", "bs", "bver", "n", "u", "v", "vs", "vb", "vd", "s", "t", "ut", "seq"];

    private string _baseName = "";
    private string? _baseUnit;
    private double _baseTime;
    private double? _baseValue;
    private double? _baseSum;

    public Measurement? Resolve(JsonElement record, int index)
    {
        string at = $"/{index}";
        if (record.ValueKind != JsonValueKind.Object)
        {
            json.Add(at, ErrorCodes.WrongType, "a record is an object");
            return null;
        }

        int before = json.Errors.Count;
        CheckMustUnderstand(record, at);
        ReadBase(record, at);
        string name = _baseName + (json.Text(record, at, "n", required: false) ?? "");
        string? unit = json.Text(record, at, "u", required: false, maxLength: 64) ?? _baseUnit;
        double? time = json.Number(record, at, "t", -MaxTime, MaxTime);
        double? value = json.Number(record, at, "v", double.MinValue, double.MaxValue);
        string? text = json.Text(record, at, "vs", required: false, maxLength: 65_536);
        bool? flag = json.Flag(record, at, "vb");
        string? data = json.Text(record, at, "vd", required: false, maxLength: 262_144);
        double? sum = json.Number(record, at, "s", double.MinValue, double.MaxValue);
        if (json.Errors.Count != before)
        {
            CheckRest(name, data, time, at);
            return null;
        }

        if (IsOnlyBase(record))
        {
            return null;
        }

        // RFC 8428 section 4.2: bv is added to v; a record without any value but with bv has that value.
        value = value is not null || (text is null && flag is null && data is null && _baseValue is not null)
            ? (value ?? 0) + (_baseValue ?? 0)
            : null;
        sum = sum is not null || _baseSum is not null ? (sum ?? 0) + (_baseSum ?? 0) : null;
        Check(name, value, text, flag, data, sum, at);
        DateTimeOffset? when = AbsoluteTime(_baseTime + (time ?? 0), at);
        return json.Errors.Count == before && when is not null
            ? new Measurement(name, when.Value, unit, value, text, flag, data, sum)
            : null;
    }

    /// <summary>RFC 8428 section 4.5.1.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= 255 && char.IsAsciiLetterOrDigit(name[0]) && !name.AsSpan().ContainsAnyExcept(NameCharacters);

    public static DateTimeOffset At(double seconds) => DateTimeOffset.UnixEpoch.AddTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));

    private static bool IsOnlyBase(JsonElement record) =>
        record.EnumerateObject().All(m => m.Name.StartsWith('b') || m.Name == "seq");

    private void ReadBase(JsonElement record, string at)
    {
        _baseName = json.Text(record, at, "bn", required: false) ?? _baseName;
        _baseUnit = json.Text(record, at, "bu", required: false, maxLength: 64) ?? _baseUnit;
        _baseTime = json.Number(record, at, "bt", -MaxTime, MaxTime) ?? _baseTime;
        _baseValue = json.Number(record, at, "bv", double.MinValue, double.MaxValue) ?? _baseValue;
        _baseSum = json.Number(record, at, "bs", double.MinValue, double.MaxValue) ?? _baseSum;
        _ = json.Number(record, at, "ut", 0, MaxTime);
        if (json.Integer(record, at, "bver", 1, int.MaxValue) is > 10 and var version)
        {
            json.Add($"{at}/bver", ErrorCodes.SenMLVersion, $"version {version} is newer than 10");
        }
    }

    private void CheckMustUnderstand(JsonElement record, string at)
    {
        foreach (JsonProperty member in record.EnumerateObject())
        {
            if (member.Name.EndsWith('_') && !Known.Contains(member.Name))
            {
                json.Add($"{at}/{member.Name}", ErrorCodes.SenMLMustUnderstand, $"{member.Name} must be understood and is not (RFC 8428 section 4.4)");
            }
        }
    }

    private void Check(string name, double? value, string? text, bool? flag, string? data, double? sum, string at)
    {
        CheckName(name, at);
        int values = (value is null ? 0 : 1) + (text is null ? 0 : 1) + (flag is null ? 0 : 1) + (data is null ? 0 : 1);
        if (values > 1 || (values == 0 && sum is null))
        {
            json.Add(at, ErrorCodes.SenMLValue, "a record has exactly one of v, vs, vb and vd, or s");
        }

        CheckData(data, at);
        if (value is { } v && !double.IsFinite(v))
        {
            json.Add($"{at}/v", ErrorCodes.OutOfRange, "the value and its base overflow");
        }
    }

    /// <summary>What can still be said of a record in which something else is wrong.</summary>
    private void CheckRest(string name, string? data, double? time, string at)
    {
        if (!json.HasErrorAt($"{at}/n") && !json.HasErrorAt($"{at}/bn"))
        {
            CheckName(name, at);
        }

        CheckData(data, at);
        if (!json.HasErrorAt($"{at}/t") && !json.HasErrorAt($"{at}/bt"))
        {
            AbsoluteTime(_baseTime + (time ?? 0), at);
        }
    }

    private void CheckName(string name, string at)
    {
        if (!IsName(name))
        {
            json.Add($"{at}/n", ErrorCodes.SenMLName, "a name has 1 to 255 of A-Z a-z 0-9 - : . / _ and starts with a letter or digit");
        }
    }

    private void CheckData(string? data, string at)
    {
        if (data is not null && (!Base64Url.IsValid(data) || data.AsSpan().ContainsAny(NotInData)))
        {
            json.Add($"{at}/vd", ErrorCodes.BadFormat, "must be base64url without padding");
        }
    }

    private DateTimeOffset? AbsoluteTime(double seconds, string at)
    {
        if (seconds < RelativeBelow)
        {
            seconds += (receivedAt - DateTimeOffset.UnixEpoch).Ticks / (double)TimeSpan.TicksPerSecond;
        }

        if (seconds is >= 0 and <= MaxTime)
        {
            return At(seconds);
        }

        json.Add($"{at}/t", ErrorCodes.OutOfRange, "the time lies outside 1970 to 9999");
        return null;
    }
}
