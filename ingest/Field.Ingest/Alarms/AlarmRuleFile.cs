using System.Text.Json;
using Field.Contracts;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Valid;

namespace Field.Ingest.Alarms;

/// <summary>
/// Reads the rule file: <c>{"rules": [{ id, severity, devices, ja, en, and one of threshold, absence, geofence, event }]}</c>. It is refused
/// with all its errors at once, members that nobody knows among them: a rule that was misspelt would never raise.
/// </summary>
internal sealed class AlarmRuleFile
{
    private const int MaxBytes = 4 << 20;
    private const int MaxRules = 1000;
    private const int MaxClearKinds = 8;
    private const double MaxSeconds = 366 * 86_400.0;
    private static readonly string[] Severities = ["info", "warning", "critical"];
    private static readonly string[] Kinds = ["threshold", "absence", "geofence", "event"];
    private static readonly string[] Properties = ["batteryPercent", "queueDepth"];

    private readonly JsonChecker _json = new();

    private AlarmRuleFile()
    {
    }

    /// <summary>Reads a file; the rules are empty when there are errors.</summary>
    public static (IReadOnlyList<AlarmRule> Rules, IReadOnlyList<string> Errors) Load(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ([], [e.Message]);
        }
    }

    /// <summary>Reads the content of a file.</summary>
    public static (IReadOnlyList<AlarmRule> Rules, IReadOnlyList<string> Errors) Parse(ReadOnlyMemory<byte> utf8)
    {
        AlarmRuleFile file = new();
        List<AlarmRule> rules = file.Read(utf8);
        return file._json.Errors.Count == 0 ? (rules, []) : ([], [.. file._json.Errors.Select(e => e.ToString())]);
    }

    private List<AlarmRule> Read(ReadOnlyMemory<byte> utf8)
    {
        List<AlarmRule> rules = [];
        if (_json.Root(utf8, MaxBytes, JsonValueKind.Object) is not { } root)
        {
            return rules;
        }

        OnlyKnown(root, "", ["rules"]);
        if (!root.TryGetProperty("rules", out JsonElement list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MaxRules)
        {
            _json.Add("/rules", ErrorCodes.WrongType, $"must be an array of at most {MaxRules} rules");
            return rules;
        }

        int index = 0;
        foreach (JsonElement element in list.EnumerateArray())
        {
            string at = $"/rules/{index++}";
            if (element.ValueKind != JsonValueKind.Object)
            {
                _json.Add(at, ErrorCodes.WrongType, "a rule is an object");
            }
            else if (Rule(element, at) is { } rule)
            {
                if (rules.Any(r => r.Id == rule.Id))
                {
                    _json.Add($"{at}/id", ErrorCodes.Mismatch, $"another rule is named {rule.Id}");
                }

                rules.Add(rule);
            }
        }

        return rules;
    }

    private AlarmRule? Rule(JsonElement rule, string at)
    {
        OnlyKnown(rule, at, ["id", "severity", "devices", "ja", "en", .. Kinds]);
        string id = Name(rule, at, "id") ?? "";
        if (BuiltInRules.All.Any(r => r.Id == id))
        {
            _json.Add($"{at}/id", ErrorCodes.Mismatch, $"{id} is a rule that is always there");
        }

        string severity = OneOf(rule, at, "severity", Severities) ?? "";
        string devices = _json.Text(rule, at, "devices", required: false, maxLength: 64) ?? "*";
        string ja = Message(rule, at, "ja");
        string en = Message(rule, at, "en");
        string[] kinds = [.. Kinds.Where(k => rule.TryGetProperty(k, out _))];
        if (kinds.Length != 1)
        {
            _json.Add(at, kinds.Length == 0 ? ErrorCodes.Missing : ErrorCodes.Mismatch, $"a rule has exactly one of {string.Join(", ", Kinds)}");
            return null;
        }

        if (_json.Object(rule, at, kinds[0]) is not { } body)
        {
            return null;
        }

        at = $"{at}/{kinds[0]}";
        return kinds[0] switch
        {
            "threshold" => Threshold(body, at, new ThresholdRule(id, severity, devices, ja, en)),
            "absence" => Absence(body, at, new AbsenceRule(id, severity, devices, ja, en)),
            "geofence" => Geofence(body, at, id, severity, devices, ja, en),
            _ => Event(body, at, id, severity, devices, ja, en),
        };
    }

    private ThresholdRule? Threshold(JsonElement body, string at, ThresholdRule rule)
    {
        OnlyKnown(body, at, ["measurement", "property", "above", "below", "clear", "forSeconds"]);
        string? measurement = _json.Text(body, at, "measurement", required: false, maxLength: 255);
        string? property = body.TryGetProperty("property", out _) ? OneOf(body, at, "property", Properties) : null;
        double? above = _json.Number(body, at, "above", double.MinValue, double.MaxValue);
        double? below = _json.Number(body, at, "below", double.MinValue, double.MaxValue);
        double? clear = _json.Number(body, at, "clear", double.MinValue, double.MaxValue);
        TimeSpan duration = Seconds(body, at, "forSeconds", required: false);
        if (measurement is null == !body.TryGetProperty("property", out _))
        {
            _json.Add(at, ErrorCodes.Mismatch, "exactly one of measurement and property");
        }

        if (above is null == below is null)
        {
            _json.Add(at, ErrorCodes.Mismatch, "exactly one of above and below");
            return null;
        }

        double limit = above ?? below!.Value;
        if (above is not null ? clear > limit : clear < limit)
        {
            _json.Add($"{at}/clear", ErrorCodes.OutOfRange, "must not lie beyond the limit");
        }

        return rule with { Measurement = measurement, Property = property, IsAbove = above is not null, Limit = limit, Clear = clear ?? limit, For = duration };
    }

    private AbsenceRule Absence(JsonElement body, string at, AbsenceRule rule)
    {
        OnlyKnown(body, at, ["afterSeconds", "measurement"]);
        string? measurement = _json.Text(body, at, "measurement", required: false, maxLength: 255);
        return rule with { For = Seconds(body, at, "afterSeconds", required: true), Measurement = measurement };
    }

    private GeofenceRule? Geofence(JsonElement body, string at, string id, string severity, string devices, string ja, string en)
    {
        OnlyKnown(body, at, ["when", "area", "forSeconds"]);
        string? when = OneOf(body, at, "when", ["enter", "leave"]);
        TimeSpan duration = Seconds(body, at, "forSeconds", required: false);
        return Area(body, at) is { } area
            ? new GeofenceRule(id, severity, devices, ja, en, area, when == "enter") { For = duration }
            : null;
    }

    private EventRule Event(JsonElement body, string at, string id, string severity, string devices, string ja, string en)
    {
        OnlyKnown(body, at, ["kind", "clearKind"]);
        return new EventRule(id, severity, devices, ja, en, Name(body, at, "kind") ?? "", ClearKinds(body, at));
    }

    /// <summary>A kind, or several of which each clears.</summary>
    private IReadOnlyList<string> ClearKinds(JsonElement body, string at)
    {
        if (!body.TryGetProperty("clearKind", out JsonElement clear))
        {
            return [];
        }

        if (clear.ValueKind != JsonValueKind.Array)
        {
            return Name(body, at, "clearKind") is { } one ? [one] : [];
        }

        string?[] kinds = [.. clear.EnumerateArray().Select(k => k.ValueKind == JsonValueKind.String ? k.GetString() : null)];
        if (kinds.Length is 0 or > MaxClearKinds || kinds.Any(k => k is not { Length: > 0 and <= 64 } || !Ids.HasOnlyNameCharacters(k)))
        {
            _json.Add($"{at}/clearKind", ErrorCodes.BadFormat, $"must be a kind, or 1 to {MaxClearKinds} kinds, of a-z, 0-9 and -");
        }

        return [.. kinds.OfType<string>()];
    }

    /// <summary>A GeoJSON Polygon, lon before lat.</summary>
    private Polygon? Area(JsonElement body, string at)
    {
        if (_json.Object(body, at, "area") is not { } area)
        {
            return null;
        }

        at += "/area";
        if (_json.Text(area, at, "type") != "Polygon" || !area.TryGetProperty("coordinates", out JsonElement rings) || rings.ValueKind != JsonValueKind.Array || rings.GetArrayLength() == 0)
        {
            _json.Add(at, ErrorCodes.BadFormat, "must be a GeoJSON Polygon");
            return null;
        }

        List<LinearRing> read = [];
        foreach (JsonElement ring in rings.EnumerateArray())
        {
            Coordinate[] corners = ring.ValueKind == JsonValueKind.Array ? [.. ring.EnumerateArray().Select(Corner).OfType<Coordinate>()] : [];
            if (corners.Length < 4 || corners.Length != ring.GetArrayLength() || !corners[0].Equals2D(corners[^1]))
            {
                _json.Add($"{at}/coordinates", ErrorCodes.BadFormat, "a ring has at least 4 positions [lon, lat], the last as the first");
                return null;
            }

            read.Add(new LinearRing(corners));
        }

        Polygon polygon = new(read[0], [.. read.Skip(1)]);
        IsValidOp check = new(polygon);
        if (!check.IsValid)
        {
            _json.Add($"{at}/coordinates", ErrorCodes.BadFormat, $"is not a valid polygon: {check.ValidationError.Message}");
        }

        return polygon;
    }

    private static Coordinate? Corner(JsonElement position) =>
        position.ValueKind == JsonValueKind.Array && position.GetArrayLength() >= 2
            && position[0].ValueKind == JsonValueKind.Number && position[1].ValueKind == JsonValueKind.Number
            && GeoPoint.IsValid(position[0].GetDouble(), position[1].GetDouble())
            ? new Coordinate(position[0].GetDouble(), position[1].GetDouble())
            : null;

    private string Message(JsonElement rule, string at, string name)
    {
        string text = _json.Text(rule, at, name, maxLength: 500) ?? "";
        foreach (string unknown in AlarmText.Unknown(text))
        {
            _json.Add($"{at}/{name}", ErrorCodes.BadFormat, $"there is no {{{unknown}}}; there is {string.Join(", ", AlarmText.Names.Select(n => $"{{{n}}}"))}");
        }

        return text;
    }

    private TimeSpan Seconds(JsonElement parent, string at, string name, bool required) =>
        TimeSpan.FromSeconds(_json.Number(parent, at, name, required ? 1 : 0, MaxSeconds, required) ?? 0);

    private string? Name(JsonElement parent, string at, string name)
    {
        string? text = _json.Text(parent, at, name, maxLength: 64);
        if (text is not null && (text.Length == 0 || !Ids.HasOnlyNameCharacters(text)))
        {
            _json.Add($"{at}/{name}", ErrorCodes.BadFormat, "must be 1 to 64 of a-z, 0-9 and -");
        }

        return text;
    }

    private string? OneOf(JsonElement parent, string at, string name, string[] allowed)
    {
        string? text = _json.Text(parent, at, name);
        if (text is not null && !allowed.Contains(text))
        {
            _json.Add($"{at}/{name}", ErrorCodes.BadFormat, $"must be one of {string.Join(", ", allowed)}");
        }

        return text;
    }

    private void OnlyKnown(JsonElement parent, string at, string[] known)
    {
        foreach (JsonProperty member in parent.EnumerateObject().Where(m => !known.Contains(m.Name)))
        {
            _json.Add($"{at}/{member.Name}", ErrorCodes.Mismatch, $"there is no such member; there is {string.Join(", ", known)}");
        }
    }
}

/// <summary>The rules that need no file.</summary>
internal static class BuiltInRules
{
    /// <summary>A device counts its messages anew; see SPEC.md section 1.</summary>
    public static EventRule SequenceReset { get; } = new(
        "sequence-reset",
        "warning",
        "*",
        "{device} の連番が巻き戻りました（再インストールの可能性）。新しい機器 ID で登録し直してください",
        "{device} counts its messages from the start again (reinstalled?). Give it a new device id",
        "sequence-reset");

    /// <summary>A device's clock is wrong, and its times are corrected; see SPEC.md section 3. No event can have these kinds.</summary>
    public static EventRule ClockSkew { get; } = new(
        "clock-skew",
        "warning",
        "*",
        "{device} の時計が {value} 秒ずれています。時刻は補正して保存しています。時刻合わせを確認してください",
        "The clock of {device} is {value} s off. Its times are stored corrected; see to its time synchronisation",
        "server:clock-skew",
        "server:clock-right");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<EventRule> All { get; } = [SequenceReset, ClockSkew];

    /// <summary>What a lock must not do unnoticed, also where nobody wrote rules; a rule of the file with the same id takes its place.</summary>
    public static IReadOnlyList<AlarmRule> Defaults { get; } =
    [
        new EventRule("lock-tamper", "critical", "*", "{device} がこじ開け・暗証番号の総当たりを検知しました", "{device} reports tampering or PIN guessing", "lock-tamper"),
        new EventRule("lock-left-open", "warning", "*", "{device} が利用時間外に開いたままです", "{device} was left open outside every booking", "lock-left-open", "lock-locked", "door-closed"),
        new AbsenceRule("lock-battery-missing", "warning", "lock-*", "{device} から {minutes} 分間、電池残量の報告がありません", "{device} has not told of its battery for {minutes} minutes") { For = TimeSpan.FromDays(2), Measurement = "battery" },
    ];
}
