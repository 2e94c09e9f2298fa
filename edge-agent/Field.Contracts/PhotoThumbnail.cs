namespace Field.Contracts;

/// <summary>The small copy of a photo that goes ahead of its bytes (SPEC.md section 5).</summary>
public static class PhotoThumbnail
{
    /// <summary>Most bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Longest side, pixels.</summary>
    public const int MaxSidePx = 1024;

    private const int LeastBytes = 8 * 1024;
    private const int ShareOfPhoto = 128;

    /// <summary>What a device should spend on a photo of a size: under 1 % of it, so that a flight takes no longer for its thumbnails.</summary>
    public static int BudgetBytes(long photoBytes) => (int)Math.Clamp(photoBytes / ShareOfPhoto, LeastBytes, MaxBytes);

    /// <summary>Everything that is wrong with a thumbnail; empty when it may be shown.</summary>
    public static IReadOnlyList<WireError> Check(ReadOnlySpan<byte> thumbnail)
    {
        if (thumbnail.Length > MaxBytes)
        {
            return [new WireError("", ErrorCodes.TooLarge, $"a thumbnail has at most {MaxBytes} bytes, this one {thumbnail.Length}")];
        }

        return JpegFrame.Find(thumbnail) switch
        {
            null => [new WireError("", ErrorCodes.ThumbnailFormat, "not a JPEG with a frame header")],
            { } frame when frame.WidthPx > MaxSidePx || frame.HeightPx > MaxSidePx =>
                [new WireError("", ErrorCodes.ThumbnailFormat, $"{frame.WidthPx} x {frame.HeightPx} px; the longest side may have {MaxSidePx}")],
            _ => [],
        };
    }
}
