using System.Globalization;
using Field.Contracts;

namespace Field.Tests.Contracts;

/// <summary>Topics, ids, times and CRC-32C.</summary>
public sealed class PrimitiveTests
{
    private const string Photo = Golden.PhotoId;

    public static TheoryData<byte[], uint> Rfc3720Vectors => new()
    {
        // RFC 3720 appendix B.4, CRC values as integers (the RFC prints them byte by byte, least significant first).
        { new byte[32], 0x8A9136AA },
        { [.. Enumerable.Repeat((byte)0xFF, 32)], 0x62A8AB43 },
        { [.. Enumerable.Range(0, 32).Select(i => (byte)i)], 0x46DD794E },
        { [.. Enumerable.Range(0, 32).Select(i => (byte)(31 - i))], 0x113FDB5C },
        {
            Convert.FromHexString(
                "01C000000000000000000000000000001400000000000400"
                + "000000140000001828000000000000000200000000000000"), 0xD9963A56
        },
    };

    [Theory]
    [MemberData(nameof(Rfc3720Vectors))]
    public void Crc32C_of_RFC_3720_vectors_agrees(byte[] data, uint expected) => Assert.Equal(expected, Crc32C.Compute(data));

    [Fact]
    public void Crc32C_of_nothing_is_zero() => Assert.Equal(0u, Crc32C.Compute([]));

    [Theory]
    [InlineData("field/v1/aoba/drone-01/up/telemetry", UpChannel.Telemetry, null, 0)]
    [InlineData("field/v1/aoba/drone-01/up/event", UpChannel.Event, null, 0)]
    [InlineData("field/v1/aoba/drone-01/up/status", UpChannel.Status, null, 0)]
    [InlineData($"field/v1/aoba/drone-01/up/photo/{Photo}/manifest", UpChannel.PhotoManifest, Photo, 0)]
    [InlineData($"field/v1/aoba/drone-01/up/photo/{Photo}/thumbnail", UpChannel.PhotoThumbnail, Photo, 0)]
    [InlineData($"field/v1/aoba/drone-01/up/photo/{Photo}/chunk/0", UpChannel.PhotoChunk, Photo, 0)]
    [InlineData($"field/v1/aoba/drone-01/up/photo/{Photo}/chunk/4095", UpChannel.PhotoChunk, Photo, 4095)]
    public void Topic_of_the_table_is_parsed(string topic, UpChannel channel, string? photo, int index)
    {
        Assert.Null(Topics.TryParseUp(topic, out UpTopic? parsed));
        Assert.Equal(new UpTopic("aoba", "drone-01", channel, photo, index), parsed);
    }

    [Fact]
    public void Topic_built_is_topic_of_the_table()
    {
        Assert.Equal("field/v1/aoba/drone-01/up/telemetry", Topics.Telemetry("aoba", "drone-01"));
        Assert.Equal("field/v1/aoba/drone-01/up/event", Topics.Event("aoba", "drone-01"));
        Assert.Equal("field/v1/aoba/drone-01/up/status", Topics.Status("aoba", "drone-01"));
        Assert.Equal("field/v1/aoba/drone-01/up/photo/ab/manifest", Topics.Manifest("aoba", "drone-01", "ab"));
        Assert.Equal("field/v1/aoba/drone-01/up/photo/ab/chunk/17", Topics.Chunk("aoba", "drone-01", "ab", 17));
        Assert.Equal("field/v1/aoba/drone-01/down/receipt", Topics.Receipt("aoba", "drone-01"));
        Assert.Equal("field/v1/aoba/live/photo/ab", Topics.Live("aoba", "photo", "ab"));
    }

    [Theory]
    [InlineData("", ErrorCodes.UnknownTopic)]
    [InlineData("field", ErrorCodes.UnknownTopic)]
    [InlineData("field/v2/aoba/drone-01/up/event", ErrorCodes.UnknownTopic)]
    [InlineData("field/v1/aoba/drone-01/up", ErrorCodes.UnknownTopic)]
    [InlineData("field/v1/aoba/drone-01/up/", ErrorCodes.UnknownTopic)]
    [InlineData("field/v1/aoba/drone-01/up/event/", ErrorCodes.UnknownTopic)]
    [InlineData("field/v1/aoba/drone-01/up/video", ErrorCodes.UnknownTopic)]
    [InlineData("field/v1/aoba/drone-01/down/receipt", ErrorCodes.UnknownTopic)]
    [InlineData("field/v1/aoba/live/photo/x", ErrorCodes.UnknownTopic)]
    [InlineData("/field/v1/aoba/drone-01/up/event", ErrorCodes.UnknownTopic)]
    [InlineData($"field/v1/aoba/drone-01/up/photo/{Photo}/chunk/4096", ErrorCodes.UnknownTopic)]
    [InlineData($"field/v1/aoba/drone-01/up/photo/{Photo}/chunk/-1", ErrorCodes.UnknownTopic)]
    [InlineData($"field/v1/aoba/drone-01/up/photo/{Photo}/chunk/1x", ErrorCodes.UnknownTopic)]
    [InlineData($"field/v1/aoba/drone-01/up/photo/{Photo}/chunk/00", ErrorCodes.UnknownTopic)]
    [InlineData($"field/v1/aoba/drone-01/up/photo/{Photo}/chunk/", ErrorCodes.UnknownTopic)]
    [InlineData("field/v1/aoba/drone-01/up/photo/abc/manifest", ErrorCodes.BadId)]
    [InlineData("field/v1/Aoba/drone-01/up/event", ErrorCodes.BadId)]
    [InlineData("field/v1/aoba/live/up/event", ErrorCodes.BadId)]
    [InlineData("field/v1/-aoba/drone-01/up/event", ErrorCodes.BadId)]
    [InlineData("field/v1/aoba//up/event", ErrorCodes.BadId)]
    [InlineData("field/v1/aoba/drone_01/up/event", ErrorCodes.BadId)]
    [InlineData("field/v1/aoba/a23456789012345678901234567890123/up/event", ErrorCodes.BadId)]
    public void Topic_outside_the_table_is_refused(string topic, string code)
    {
        Assert.Equal(code, Topics.TryParseUp(topic, out UpTopic? parsed));
        Assert.Null(parsed);
    }

    [Theory]
    [InlineData("2026-05-11T09:30:00+09:00", "2026-05-11T09:30:00+09:00")]
    [InlineData("2026-05-11T00:30:00Z", "2026-05-11T00:30:00Z")]
    [InlineData("2026-05-11T00:30:00+00:00", "2026-05-11T00:30:00Z")]
    [InlineData("2026-05-11T00:30:00.1234567Z", "2026-05-11T00:30:00.1234567Z")]
    [InlineData("2026-05-11T00:30:00.123456789Z", "2026-05-11T00:30:00.1234567Z")]
    [InlineData("2026-05-11T00:30:00.123456789-03:30", "2026-05-11T00:30:00.1234567-03:30")]
    [InlineData("2026-05-11t00:30:00z", "2026-05-11T00:30:00Z")]
    public void Time_of_RFC_3339_is_read(string text, string written)
    {
        Assert.True(WireTime.TryParse(text, out DateTimeOffset time));
        Assert.Equal(written, WireTime.Format(time));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-05-11")]
    [InlineData("2026-05-11T09:30:00")]
    [InlineData("2026-05-11 09:30:00+09:00")]
    [InlineData("2026-05-11T09:30+09:00")]
    [InlineData("2026-05-11T09:30:00.+09:00")]
    [InlineData("2026-13-11T09:30:00Z")]
    [InlineData("2026-05-11T09:30:00+0900")]
    [InlineData("2026-05-11T09:30:00+25:00")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("２０２６-05-11T09:30:00Z")]
    public void Time_without_its_form_is_refused(string text) => Assert.False(WireTime.TryParse(text, out _));

    [Fact]
    public void Finding_id_is_stable_and_differs_by_every_part()
    {
        // printf 'p/m/crack/0' | sha256sum | cut -c1-32
        string[] ids =
        [
            Ids.Finding("p", "m", "crack", 0), Ids.Finding("q", "m", "crack", 0), Ids.Finding("p", "n", "crack", 0),
            Ids.Finding("p", "m", "rust", 0), Ids.Finding("p", "m", "crack", 1),
        ];
        Assert.Equal(5, ids.Distinct().Count());
        Assert.Equal(FindingOracle, ids[0]);
    }

    [Fact]
    public void Photo_of_many_sizes_has_chunks_that_add_up()
    {
        foreach (long size in (long[])[1, 1023, 1024, 1025, 262_144, 262_145, 4_024_770, PhotoManifest.MaxSizeBytes])
        {
            int chunkBytes = size > 4_000_000 ? 262_144 : 1024;
            PhotoManifest photo = new(Photo, "a.jpg", size, chunkBytes, null, null, false, new CameraMetadata());
            int[] lengths = [.. Enumerable.Range(0, photo.ChunkCount).Select(photo.ChunkLength)];
            Assert.Equal(size, lengths.Sum(l => (long)l));
            Assert.All(lengths, l => Assert.InRange(l, 1, chunkBytes));
            Assert.True(photo.ChunkCount <= Topics.MaxChunks, size.ToString(CultureInfo.InvariantCulture));
        }
    }

    private const string FindingOracle = "eefb20474152f6082cb3e629161a5373";
}
