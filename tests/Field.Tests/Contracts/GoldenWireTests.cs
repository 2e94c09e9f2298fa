using System.Text;
using System.Text.Json;
using Field.Contracts;

namespace Field.Tests.Contracts;

/// <summary>SPEC.md against its fixtures: what the writer makes, what the parsers accept and what they refuse.</summary>
public sealed class GoldenWireTests
{
    private static readonly DateTimeOffset SentAt = new(2026, 5, 11, 9, 30, 0, TimeSpan.FromHours(9));
    private static readonly DateTimeOffset AnsweredAt = new(2026, 5, 11, 0, 30, 1, 250, TimeSpan.Zero);

    private static readonly PhotoManifest Phantom = new(
        Golden.PhotoId,
        "DJI_0018.JPG",
        4_024_770,
        262_144,
        new GeoPoint(-91.99455988888889, 46.84260708333333, 198.309),
        new DateTimeOffset(2016, 6, 23, 16, 31, 59, TimeSpan.FromHours(9)),
        CapturedAtAssumed: true,
        new CameraMetadata
        {
            Make = "DJI",
            Model = "FC300S",
            WidthPx = 4000,
            HeightPx = 2250,
            ExifWidthPx = 4000,
            FocalMm = 3.61,
            Focal35Mm = 20,
            GpsAltitudeM = 198.309,
            RelativeAltitudeM = 39.8,
            GimbalYawDeg = 45,
            GimbalPitchDeg = -89.9,
            GimbalRollDeg = 0,
            FlightYawDeg = 46,
            FlightPitchDeg = 1.8,
            FlightRollDeg = 3,
        });

    [Fact]
    public void Manifest_with_everything_equals_the_golden_both_ways() => AssertManifest(Phantom, "manifest.json");

    [Fact]
    public void Manifest_with_nothing_but_bytes_equals_the_golden_both_ways() => AssertManifest(
        new PhotoManifest(Golden.PhotoId, "欄干 01.jpg", 1, 262_144, null, null, false, new CameraMetadata()), "manifest-bare.json");

    [Fact]
    public void Event_equals_the_golden_both_ways()
    {
        FieldEvent expected = new(
            "door-opened", new GeoPoint(138.3234, 34.8668), """{"kind":"door-opened","grant":"予約 2026-0511","seconds":12.5}""");
        byte[] golden = Golden.Read("event.json");
        AssertBytes(golden, expected.Write("aoba", "lock-07", 9, SentAt));
        DeviceMessage<FieldEvent> parsed = Valid(FieldEvent.Parse(golden, new UpTopic("aoba", "lock-07", UpChannel.Event)));
        Assert.Equal(expected, parsed.Body);
        Assert.Equal(("lock-07:9", 9L, SentAt), (parsed.Envelope.Id, parsed.Envelope.Sequence!.Value, parsed.Envelope.Time));
    }

    [Fact]
    public void Status_online_equals_the_golden_both_ways() => AssertStatus(
        new DeviceStatus(true, "drone", new GeoPoint(138.3234, 34.8668, 12.5), "1.0.0", 87.5, 12), 42, "status-online.json");

    [Fact]
    public void Status_offline_equals_the_golden_both_ways() =>
        AssertStatus(new DeviceStatus(false, "drone"), 43, "status-offline.json");

    [Fact]
    public void Receipt_stored_equals_the_golden_both_ways() =>
        AssertReceipt(new Receipt(Golden.PhotoId, ReceiptOutcome.Stored, 4_024_770), "r-1", "receipt-stored.json");

    [Fact]
    public void Receipt_incomplete_equals_the_golden_both_ways() => AssertReceipt(
        new Receipt(
            Golden.PhotoId,
            ReceiptOutcome.Incomplete,
            Missing: [new ChunkRange(0, 3), new ChunkRange(7, 7)],
            Reason: ErrorCodes.ChunkCrc,
            Detail: "CRC-32C of chunk 7 differs"),
        "r-2",
        "receipt-incomplete.json");

    [Fact]
    public void Receipt_rejected_equals_the_golden_both_ways() => AssertReceipt(
        new Receipt(
            Golden.PhotoId,
            ReceiptOutcome.Rejected,
            Reason: ErrorCodes.HashMismatch,
            Detail: "the SHA-256 of the assembled bytes differs"),
        "r-3",
        "receipt-rejected.json");

    [Fact]
    public void Chunk_equals_the_golden_both_ways()
    {
        byte[] golden = Golden.Read("chunk.bin");
        byte[] written = new byte[golden.Length];
        int length = PhotoChunk.Write(3, golden.AsSpan(PhotoChunk.HeaderBytes), written);
        Assert.Equal(golden.Length, length);
        Assert.Equal(golden, written);
        Assert.Null(PhotoChunk.Check(golden, 3, golden.Length - PhotoChunk.HeaderBytes));
        Assert.Null(PhotoChunk.Check(golden, 3, null));
    }

    [Theory]
    [InlineData("5.1.1", 1)]
    [InlineData("5.1.2a", 2)]
    [InlineData("5.1.2b", 7)]
    [InlineData("5.1.3", 13)]
    [InlineData("5.1.5", 4)]
    [InlineData("5.1.6", 4)]
    public void SenML_examples_of_RFC_8428_resolve_and_stay_the_same_when_resolved_again(string section, int records)
    {
        SenMLPack pack = Valid(SenMLPack.Parse(Golden.Read($"senml-rfc8428-{section}.json"), Golden.ReceivedAt));
        Assert.Equal(records, pack.Measurements.Count);
        SenMLPack again = Valid(SenMLPack.Parse(pack.Write(), Golden.ReceivedAt.AddDays(1)));
        Assert.Equal(pack.Measurements, again.Measurements);
    }

    [Fact]
    public void SenML_multiple_measurements_resolve_to_section_5_1_4()
    {
        SenMLPack pack = Valid(SenMLPack.Parse(Golden.Read("senml-rfc8428-5.1.3.json"), Golden.ReceivedAt));
        AssertBytes(Golden.Read("senml-rfc8428-5.1.4-resolved.json"), pack.Write());
    }

    [Fact]
    public void SenML_relative_times_count_from_the_receipt()
    {
        byte[] pack = """[{"n":"a","v":1},{"n":"a","t":-60,"v":2}]"""u8.ToArray();
        IReadOnlyList<Measurement> read = Valid(SenMLPack.Parse(pack, Golden.ReceivedAt)).Measurements;
        Assert.Equal([Golden.ReceivedAt, Golden.ReceivedAt.AddMinutes(-1)], read.Select(m => m.Time));
    }

    [Fact]
    public void SenML_base_value_and_sum_are_added()
    {
        byte[] pack = """[{"bn":"m/","bv":20,"bs":100,"n":"a","v":1.5},{"n":"b","s":7},{"n":"c","vs":"x"}]"""u8.ToArray();
        IReadOnlyList<Measurement> read = Valid(SenMLPack.Parse(pack, Golden.ReceivedAt)).Measurements;
        Assert.Equal([(21.5, 100), (20, 107), (null, 100)], read.Select(m => (m.Value, m.Sum)));
    }

    [Fact]
    public void Every_refused_fixture_is_refused_with_exactly_the_codes_of_the_sidecar()
    {
        using JsonDocument sidecar = JsonDocument.Parse(Golden.Read("refused/expected.json"));
        List<string> wrong = [];
        foreach (JsonProperty fixture in sidecar.RootElement.EnumerateObject())
        {
            string? topic = fixture.Value.TryGetProperty("topic", out JsonElement t) ? t.GetString() : null;
            string kind = fixture.Value.GetProperty("kind").GetString()!;
            string[] expected = [.. fixture.Value.GetProperty("errors").EnumerateArray().Select(e => e.GetString()!)];
            IReadOnlyList<string> actual = Golden.Errors(kind, Golden.Read($"refused/{fixture.Name}"), topic);
            if (!expected.Order(StringComparer.Ordinal).SequenceEqual(actual.Order(StringComparer.Ordinal)))
            {
                wrong.Add($"{fixture.Name}: expected [{string.Join("; ", expected)}], got [{string.Join("; ", actual)}]");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Every_refused_fixture_has_its_line_in_the_sidecar()
    {
        using JsonDocument sidecar = JsonDocument.Parse(Golden.Read("refused/expected.json"));
        string[] named = [.. sidecar.RootElement.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal)];
        string[] found =
        [
            .. Directory.EnumerateFiles(Path.Combine(Golden.Folder, "refused")).Select(f => Path.GetFileName(f)!)
                .Where(f => f != "expected.json").Order(StringComparer.Ordinal),
        ];
        Assert.Equal(named, found);
        Assert.True(found.Length >= 50);
    }

    [Theory]
    [InlineData("manifest", 65_537)]
    [InlineData("event", 65_537)]
    [InlineData("status", 65_537)]
    [InlineData("receipt", 65_537)]
    [InlineData("command", 65_537)]
    [InlineData("grants", 65_537)]
    [InlineData("senml", 262_145)]
    public void Message_above_its_limit_is_too_large(string kind, int bytes)
    {
        byte[] spaces = new byte[bytes];
        spaces.AsSpan().Fill((byte)' ');
        string? topic = kind is "receipt" or "senml" or "command" or "grants" ? null : Topics.Event("aoba", "drone-01");
        Assert.Equal([ErrorCodes.TooLarge], Golden.Errors(kind, spaces, topic));
    }

    private static void AssertManifest(PhotoManifest expected, string name)
    {
        byte[] golden = Golden.Read(name);
        AssertBytes(golden, expected.Write("aoba", "drone-01", 42, SentAt));
        Assert.Equal(expected, Valid(PhotoManifest.Parse(golden, Golden.ManifestTopic)));
    }

    private static void AssertStatus(DeviceStatus expected, long sequence, string name)
    {
        byte[] golden = Golden.Read(name);
        AssertBytes(golden, expected.Write("aoba", "drone-01", sequence, SentAt));
        Assert.Equal(expected, Valid(DeviceStatus.Parse(golden, new UpTopic("aoba", "drone-01", UpChannel.Status))).Body);
    }

    private static void AssertReceipt(Receipt expected, string id, string name)
    {
        byte[] golden = Golden.Read(name);
        AssertBytes(golden, expected.Write("aoba", AnsweredAt, id));
        Receipt parsed = Valid(Receipt.Parse(golden));
        Assert.Equal(expected with { Missing = null }, parsed with { Missing = null });
        Assert.Equal(expected.Missing, parsed.Missing);
    }

    private static T Valid<T>(Parsed<T> parsed)
        where T : class
    {
        Assert.Empty(parsed.Errors);
        return parsed.Value!;
    }

    private static void AssertBytes(byte[] golden, byte[] written) =>
        Assert.Equal(Encoding.UTF8.GetString(golden), Encoding.UTF8.GetString(written));
}
