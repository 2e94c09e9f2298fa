using Field.Contracts;

namespace Field.Tests.Contracts;

public sealed class PhotoThumbnailTests
{
    private static byte[] Jpeg(int width, int height, byte marker = 0xC0, int padding = 0) =>
    [
        0xFF, 0xD8,
        .. padding > 0 ? (byte[])[0xFF, 0xFE, (byte)((padding + 2) >> 8), (byte)(padding + 2), .. new byte[padding]] : [],
        0xFF, 0xFF, marker, 0, 11, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0,
        0xFF, 0xDA, 0, 8,
    ];

    [Theory]
    [InlineData(0xC0, false)]
    [InlineData(0xC1, false)]
    [InlineData(0xC2, true)]
    [InlineData(0xC6, true)]
    [InlineData(0xC9, false)]
    public void Frame_is_found_behind_other_segments(byte marker, bool progressive) =>
        Assert.Equal(new JpegFrame(4000, 2250, progressive), JpegFrame.Find(Jpeg(4000, 2250, marker, padding: 3000)));

    [Theory]
    [InlineData(0xC4)]
    [InlineData(0xC8)]
    [InlineData(0xCC)]
    [InlineData(0xE1)]
    public void Other_segments_are_no_frame(byte marker) => Assert.Null(JpegFrame.Find(Jpeg(10, 10, marker)));

    [Fact]
    public void Every_beginning_of_a_jpeg_is_no_jpeg_yet_and_harms_nothing()
    {
        byte[] whole = Jpeg(100, 50, padding: 20);
        int frameEnd = whole.Length - 4 - 3; // the sides are said before the components and the scan
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Equal(length >= frameEnd, JpegFrame.Find(whole.AsSpan(0, length)) is not null);
        }
    }

    [Fact]
    public void Segments_of_no_length_end()
    {
        byte[] zeros = [0xFF, 0xD8, .. Enumerable.Repeat((byte[])[0xFF, 0xE0, 0, 0], 1000).SelectMany(b => b)];
        Assert.Null(JpegFrame.Find(zeros));
    }

    [Theory]
    [InlineData(1024, 768, null)]
    [InlineData(1025, 10, ErrorCodes.ThumbnailFormat)]
    [InlineData(10, 1025, ErrorCodes.ThumbnailFormat)]
    [InlineData(0, 10, ErrorCodes.ThumbnailFormat)]
    public void Sides_are_limited(int width, int height, string? code) =>
        Assert.Equal(code, PhotoThumbnail.Check(Jpeg(width, height)).Select(e => e.Code).SingleOrDefault());

    [Fact]
    public void Bytes_are_limited()
    {
        Assert.Equal(ErrorCodes.TooLarge, Assert.Single(PhotoThumbnail.Check(new byte[PhotoThumbnail.MaxBytes + 1])).Code);
        Assert.Equal(ErrorCodes.ThumbnailFormat, Assert.Single(PhotoThumbnail.Check("<svg onload=alert(1)>"u8)).Code);
        Assert.Equal((8192, 8192, 31_250, 65_536), (
            PhotoThumbnail.BudgetBytes(1), PhotoThumbnail.BudgetBytes(1_000_000), PhotoThumbnail.BudgetBytes(4_000_000), PhotoThumbnail.BudgetBytes(20_000_000)));
    }
}
