using System.Text;
using System.Text.Json.Nodes;
using Field.Contracts;
using Field.Contracts.Locks;

namespace Field.Tests.Contracts;

/// <summary>Whoever has to correct a message hears everything that is wrong with it at once: n faults give n errors, each at its member.</summary>
public sealed class AllErrorsTests
{
    private const string Topic = "field/v1/aoba/lock-07/up/event";

    [Fact]
    public void Telemetry()
    {
        AssertErrors(
            [
                "senml-version /0/bver", "senml-must-understand /0/x_", "wrong-type /0/t", "senml-name /0/n", "out-of-range /0/seq",
                "wrong-type /1", "senml-value /2", "bad-format /3/vd", "senml-name /3/n", "out-of-range /4/t", "wrong-type /4/v",
            ],
            SenMLPack.Parse(
                """[{"bver":11,"x_":1,"n":"?","t":"now","v":1,"seq":0},7,{"n":"a","v":1,"vs":"b"},{"n":"-","vd":"=","t":1},{"n":"b","t":-5e10,"v":"x"}]"""u8.ToArray(),
                Golden.ReceivedAt).Errors);
    }

    [Fact]
    public void Event_of_any_kind()
    {
        byte[] payload = Changed("event-lock-unlocked.json", root =>
        {
            Envelope(root);
            root["data"]!["geometry"] = new JsonObject { ["type"] = "Point", ["coordinates"] = new JsonArray(200, 35) };
            root["data"]!["properties"]!["kind"] = "Not a kind";
        });
        AssertErrors(
            [.. EnvelopeErrors, "out-of-range /data/geometry/coordinates", "bad-format /data/properties/kind"],
            FieldEvent.Parse(payload, Up(Topic)).Errors);
    }

    [Fact]
    public void Report_with_hints()
    {
        JsonObject good = new()
        {
            ["photoId"] = new string('a', 64),
            ["model"] = "crack-v1",
            ["class"] = "crack",
            ["score"] = 0.91,
            ["found"] = 1,
            ["places"] = new JsonArray(new JsonArray(0.1, 0, 0.5, 1)),
            ["suggested"] = new JsonObject { ["category"] = "road", ["severity"] = "info" },
            ["taken"] = true,
        };
        JsonObject bad = new()
        {
            ["photoId"] = "a",
            ["model"] = "No model",
            ["class"] = "<b>",
            ["score"] = 1.5,
            ["found"] = -1,
            ["places"] = new JsonArray(new JsonArray(0.1, 0, 0.5, 2)),
            ["suggested"] = new JsonObject { ["category"] = "A road", ["severity"] = "soon" },
            ["taken"] = "yes",
        };
        byte[] payload = Changed("event.json", root => root["data"]!["properties"] = new JsonObject
        {
            ["kind"] = "report",
            ["hints"] = new JsonArray(good, bad, 7),
        });
        AssertErrors(
            [
                "bad-format /data/properties/hints/1/photoId", "bad-format /data/properties/hints/1/model", "bad-format /data/properties/hints/1/class",
                "out-of-range /data/properties/hints/1/score", "out-of-range /data/properties/hints/1/found", "bad-format /data/properties/hints/1/places",
                "bad-format /data/properties/hints/1/suggested/category", "bad-format /data/properties/hints/1/suggested/severity",
                "wrong-type /data/properties/hints/1/taken", "wrong-type /data/properties/hints/2",
            ],
            FieldEvent.Parse(payload, Up(Topic)).Errors);
    }

    [Fact]
    public void Report_with_the_words_of_its_form()
    {
        JsonObject Labels(JsonNode form, JsonNode answer) => new() { ["form"] = form, ["answers"] = new JsonObject { ["深さ"] = answer } };
        byte[] Payload(JsonNode labels) => Changed("event.json", root => root["data"]!["properties"] = new JsonObject { ["kind"] = "report", ["labels"] = labels });
        byte[] good = Payload(Labels(new JsonObject { ["ja"] = "道路パトロール", ["en"] = "Road patrol" }, new JsonObject { ["ja"] = "深さ", ["value"] = new JsonObject { ["ja"] = "深い" } }));
        Assert.Empty(FieldEvent.Parse(good, Up(Topic)).Errors);
        byte[] bad = Payload(Labels(new JsonObject { ["en"] = new string('x', 81) }, new JsonObject { ["ja"] = 7, ["value"] = "深い" }));
        AssertErrors(
            ["missing /data/properties/labels/form/ja", "too-large /data/properties/labels/form/en", "wrong-type /data/properties/labels/answers/深さ/ja", "wrong-type /data/properties/labels/answers/深さ/value"],
            FieldEvent.Parse(bad, Up(Topic)).Errors);
        AssertErrors(["wrong-type /data/properties/labels"], FieldEvent.Parse(Payload("道路"), Up(Topic)).Errors);
    }

    [Fact]
    public void Event_of_a_lock()
    {
        byte[] payload = Changed("event-lock-unlocked.json", root =>
        {
            Envelope(root);
            root["data"]!["properties"] = new JsonObject
            {
                ["kind"] = "lock-denied",
                ["by"] = "grant",
                ["commandId"] = 7,
                ["user"] = -1,
                ["cause"] = "No",
                ["failures"] = "many",
                ["attempts"] = 0,
                ["delaySeconds"] = -1,
                ["batteryPercent"] = 101,
                ["minutes"] = false,
                ["version"] = 0,
            };
        });
        AssertErrors(
            [
                .. EnvelopeErrors,
                .. new[]
                {
                    "missing grantId", "wrong-type commandId", "out-of-range user", "missing reason", "bad-format cause", "wrong-type failures", "out-of-range attempts",
                    "out-of-range delaySeconds", "out-of-range batteryPercent", "wrong-type minutes", "out-of-range version",
                }.Select(e => e.Replace(" ", " /data/properties/", StringComparison.Ordinal)),
            ],
            FieldEvent.Parse(payload, Up(Topic)).Errors);
    }

    [Fact]
    public void Event_that_answers_a_command()
    {
        byte[] payload = Changed("event-command-result.json", root =>
        {
            Envelope(root);
            root["data"]!["properties"] = new JsonObject { ["kind"] = "command-result", ["outcome"] = "maybe", ["detail"] = 7 };
        });
        AssertErrors(
            [.. EnvelopeErrors, "missing /data/properties/commandId", "bad-format /data/properties/outcome", "wrong-type /data/properties/detail"],
            FieldEvent.Parse(payload, Up(Topic)).Errors);
    }

    [Fact]
    public void Status()
    {
        byte[] payload = Changed("status-online.json", root =>
        {
            Envelope(root);
            root["data"]!["type"] = "Point";
            ((JsonObject)root["data"]!).Remove("geometry");
            root["data"]!["properties"] = new JsonObject { ["state"] = "gone", ["kind"] = "car", ["firmware"] = 1, ["batteryPercent"] = 101, ["queueDepth"] = -1 };
        });
        AssertErrors(
            [
                .. EnvelopeErrors, "mismatch /data/type", "missing /data/geometry", "bad-format /data/properties/state", "bad-format /data/properties/kind",
                "wrong-type /data/properties/firmware", "out-of-range /data/properties/batteryPercent", "out-of-range /data/properties/queueDepth",
            ],
            DeviceStatus.Parse(payload, Up("field/v1/aoba/lock-07/up/status")).Errors);
    }

    [Fact]
    public void Manifest()
    {
        byte[] payload = Changed("manifest.json", root =>
        {
            Envelope(root);
            root["subject"] = "other";
            root["data"]!["id"] = "other";
            root["data"]!["properties"] = new JsonObject
            {
                ["name"] = "../x",
                ["sha256"] = "other",
                ["mediaType"] = "image/png",
                ["sizeBytes"] = 0,
                ["chunkBytes"] = 1,
                ["chunkCount"] = "2",
                ["capturedAt"] = "yesterday",
                ["capturedAtAssumed"] = 1,
                ["camera"] = new JsonObject { ["make"] = 1, ["focalMm"] = -1, ["gimbalYawDeg"] = 1000 },
            };
        });
        AssertErrors(
            [
                .. EnvelopeErrors, "mismatch /subject", "mismatch /data/id",
                .. new[]
                {
                    "bad-format name", "mismatch sha256", "bad-format mediaType", "out-of-range sizeBytes", "out-of-range chunkBytes", "wrong-type chunkCount",
                    "bad-format capturedAt", "wrong-type capturedAtAssumed", "wrong-type camera/make", "out-of-range camera/focalMm", "out-of-range camera/gimbalYawDeg",
                }.Select(e => e.Replace(" ", " /data/properties/", StringComparison.Ordinal)),
            ],
            PhotoManifest.Parse(payload, Golden.ManifestTopic).Errors);
    }

    [Fact]
    public void Chunk()
    {
        byte[] chunk = new byte[PhotoChunk.HeaderBytes + 100];
        PhotoChunk.Write(4, new byte[100], chunk);
        chunk[^1] = 1;
        AssertErrors(["chunk-index", "chunk-size", "chunk-crc"], PhotoChunk.CheckAll(chunk, 3, 101));
    }

    [Fact]
    public void Receipt_of_a_photo()
    {
        byte[] payload = Changed("receipt-incomplete.json", root =>
        {
            ServerEnvelope(root);
            root["data"] = new JsonObject { ["outcome"] = "perhaps", ["sizeBytes"] = 0, ["duplicate"] = 1, ["missing"] = 7, ["reason"] = 7, ["detail"] = 7 };
        });
        AssertErrors(
            [
                .. ServerEnvelopeErrors, "bad-format /data/outcome", "out-of-range /data/sizeBytes", "wrong-type /data/duplicate", "wrong-type /data/missing",
                "wrong-type /data/reason", "wrong-type /data/detail",
            ],
            Receipt.Parse(payload).Errors);
    }

    [Fact]
    public void Receipt_for_messages()
    {
        byte[] payload = Changed("receipt-messages.json", root =>
        {
            ServerEnvelope(root);
            root["subject"] = "photos";
            root["data"] = new JsonObject { ["outcome"] = "lost", ["sequences"] = new JsonArray(1) };
        });
        AssertErrors([.. ServerEnvelopeErrors, "mismatch /subject", "bad-format /data/outcome", "bad-format /data/sequences"], MessageReceipt.Parse(payload).Errors);
    }

    [Fact]
    public void Command()
    {
        byte[] payload = Changed("command.json", root =>
        {
            ServerEnvelope(root);
            root["subject"] = "lock-08";
            root["data"] = new JsonObject { ["name"] = "Open!", ["reason"] = " ", ["expiresAt"] = "soon", ["args"] = 1, ["mac"] = 1 };
        });
        AssertErrors(
            [
                .. ServerEnvelopeErrors, "mismatch /subject", "bad-format /data/name", "missing /data/reason", "bad-format /data/expiresAt", "wrong-type /data/args", "wrong-type /data/mac",
            ],
            DeviceCommand.Parse(payload, "aoba", "lock-07").Errors);
    }

    [Fact]
    public void Grants()
    {
        byte[] payload = Changed("lock-grants.json", root =>
        {
            ServerEnvelope(root);
            root["subject"] = "lock-08";
            JsonObject pin = new() { ["kdf"] = "md5", ["iterations"] = 1, ["salt"] = "x", ["tag"] = 1 };
            JsonObject first = new() { ["grantId"] = "?", ["start"] = "now", ["oneTime"] = 1, ["label"] = "a\nb", ["pin"] = pin };
            JsonObject second = new() { ["grantId"] = "b", ["start"] = "2026-05-11T02:00:00Z", ["end"] = "2026-05-11T01:00:00Z" };
            root["data"] = new JsonObject { ["version"] = 0, ["grants"] = new JsonArray(first, second, 3), ["mac"] = "zz" };
        });
        AssertErrors(
            [
                .. ServerEnvelopeErrors, "mismatch /subject", "out-of-range /data/version", "bad-format /data/grants/0/grantId", "bad-format /data/grants/0/start",
                "missing /data/grants/0/end", "wrong-type /data/grants/0/oneTime", "bad-format /data/grants/0/label", "mismatch /data/grants/0/pin/kdf",
                "out-of-range /data/grants/0/pin/iterations", "bad-format /data/grants/0/pin/salt", "wrong-type /data/grants/0/pin/tag",
                "out-of-range /data/grants/1/end", "wrong-type /data/grants/2", "bad-format /data/mac",
            ],
            LockGrants.Parse(payload, "aoba", "lock-07").Errors);
    }

    private static string[] ServerEnvelopeErrors { get; } = ["mismatch /specversion", "mismatch /type", "missing /id", "bad-format /time"];

    private static string[] EnvelopeErrors { get; } = [.. ServerEnvelopeErrors, "mismatch /source", "bad-format /sequence"];

    private static void ServerEnvelope(JsonNode root)
    {
        root["specversion"] = "2.0";
        root["type"] = "field.other.v1";
        ((JsonObject)root).Remove("id");
        root["time"] = "2026-05-11";
    }

    private static void Envelope(JsonNode root)
    {
        ServerEnvelope(root);
        root["source"] = "/field/aoba/somebody-else";
        root["sequence"] = "minus one";
    }

    private static byte[] Changed(string golden, Action<JsonNode> change)
    {
        JsonNode root = JsonNode.Parse(Golden.Read(golden))!;
        change(root);
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    private static UpTopic Up(string topic)
    {
        Assert.Null(Topics.TryParseUp(topic, out UpTopic? parsed));
        return parsed!;
    }

    /// <summary>In no particular order.</summary>
    private static void AssertErrors(IEnumerable<string> expected, IReadOnlyList<WireError> errors) =>
        Assert.Equal(expected.Order(StringComparer.Ordinal), errors.Select(e => $"{e.Code} {e.At}".TrimEnd()).Order(StringComparer.Ordinal));
}
