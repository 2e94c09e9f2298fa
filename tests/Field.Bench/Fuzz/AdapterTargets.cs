using System.Text;
using Field.Contracts;
using Field.EdgeAgent.Dji;
using Field.EdgeAgent.Zigbee;
using Field.Harness;
using Field.Ingest.Alarms;

namespace Field.Bench.Fuzz;

/// <summary>What other makers' devices say on the local network, and the rule file that a person writes.</summary>
internal static class AdapterTargets
{
    private static readonly string[] Zigbee =
    [
        """{"action":"unlock","action_source":0,"action_source_name":"keypad","action_user":11,"auto_relock_time":10,"battery":76,"battery_low":false,"lock_state":"locked","pin_code":null,"state":"LOCK","users":{"1":{"pin_code":"482913","status":"enabled"}}}""",
        """{"battery":85.5,"last_unlock_source":"keypad","last_unlock_user":3,"last_used_pincode":"482913","lock_state":"not_fully_locked","state":"UNLOCK","auto_relock":true}""",
        """{"action":"disarm","action_code":"482913","action_transaction":12,"action_zone":0,"battery":100,"tamper":false,"presence":true}""",
        """{"battery":100,"contact":false,"linkquality":98,"tamper":true,"voltage":3005}""",
    ];

    private static readonly string[] Dji =
    [
        """{"tid":"t-1","bid":"b-1","method":"update_topo","timestamp":1778457600000,"data":{"domain":3,"type":1,"sub_type":0,"device_secret":"s","nonce":"n","sub_devices":[{"sn":"1581F5BKD225D00BP891","domain":0,"type":67,"sub_type":0,"index":"A","device_secret":"s","nonce":"n"}]}}""",
        """{"tid":"t-3","bid":"b-3","timestamp":1778457601000,"gateway":"4TADL210010014","data":{"67-0-0":{"gimbal_pitch":-90,"gimbal_yaw":12.5},"attitude_head":41.5,"attitude_pitch":-3.2,"attitude_roll":0.4,"battery":{"batteries":[{"capacity_percent":83,"index":0}],"capacity_percent":83,"remain_flight_time":1260},"elevation":58.2,"firmware_version":"07.01.2201","height":102.7,"horizontal_speed":7.4,"latitude":34.8668123,"longitude":138.3234567,"mode_code":5,"position_state":{"gps_number":19,"is_fixed":2},"vertical_speed":-0.6}}""",
    ];

    private static readonly DjiRequests Requests = new(
        new DjiCloud("aoba", "dji-01") { NtpHost = "ntp.nict.jp" }, new Dictionary<string, string> { ["1581F5BKD225D00BP891"] = "drone-01" }, new DjiMetrics());

    public static IEnumerable<FuzzTarget> All() =>
    [
        new("zigbee2mqtt", Bytes(Zigbee), ReadZigbee),
        new("dji-cloud", [.. Bytes(Dji), .. DjiGoldens()], ReadDji),
        new("alarm-rules", [File.ReadAllBytes(Path.Combine(Checkout.Root, "ingest", "alarms.example.json"))], b => AlarmRuleFile.Parse(b).Errors.Count == 0)
        {
            // Polygons are checked for crossing themselves.
            AllocatedBytes = 1024 * 1024,
            AllocatedPerByte = 512,
        },
    ];

    private static bool ReadZigbee(byte[] message)
    {
        _ = Z2mState.ParseAvailability(message);
        (Z2mState? state, string? error) = Z2mState.Parse(message);
        state?.Pin?.Dispose();
        return error is null;
    }

    /// <summary>The content is read in every way, whichever topic it would have come by.</summary>
    private static bool ReadDji(byte[] message)
    {
        JsonChecker json = new();
        if (DjiMessage.Parse(message, json) is not { } dji)
        {
            return false;
        }

        bool isFrame = json.Errors.Count == 0;
        if (dji.Data(new JsonChecker()) is { } data)
        {
            DjiOsd.Read(new JsonChecker(), data);
            DjiTopology.ReadSubDevices(new JsonChecker(), data);
        }

        bool isEvent = new DjiEventReader(new JsonChecker(), "4TADL210010014").Read(dji) is not null;
        DjiAnswer? answer = Requests.Answer("4TADL210010014", dji, new JsonChecker());
        DjiCallResult? called = DjiServices.Read(dji, new JsonChecker());
        dji.Reply(isEvent || called is not null ? DjiAnswer.Of(DjiAnswer.Ok) : answer ?? DjiAnswer.Of(DjiAnswer.Malformed), DateTimeOffset.UnixEpoch);
        return isFrame;
    }

    /// <summary>What gateways send: events, requests and replies, of tests/golden/dji.</summary>
    private static IEnumerable<byte[]> DjiGoldens() => Directory.EnumerateFiles(Path.Combine(Checkout.Root, "tests", "golden", "dji"))
        .Where(f => Path.GetFileName(f) is var name && (name.StartsWith("events-", StringComparison.Ordinal) || name.StartsWith("requests-", StringComparison.Ordinal)
            || name.StartsWith("services_reply-", StringComparison.Ordinal)) && name.Count(c => c == '.') == 1)
        .Order(StringComparer.Ordinal)
        .Select(File.ReadAllBytes);

    private static List<byte[]> Bytes(string[] samples) => [.. samples.Select(Encoding.UTF8.GetBytes)];
}
