using System.Runtime.InteropServices;
using Field.Contracts;
using Field.EdgeAgent.Outbox;

namespace Field.EdgeAgent.Photos;

/// <summary>
/// Makes the small copy that goes ahead of a photo: as large as its bytes allow (<see cref="PhotoThumbnail.BudgetBytes"/>), usually 500 px wide.
/// Pixels are as stored; the EXIF orientation is not applied, as everywhere in Field.
/// </summary>
internal static class Thumbnail
{
    private const long MaxPhotoBytes = 48 * 1024 * 1024;
    private const long MaxProgressivePixels = 4_000_000;
    private const int EnoughPx = 360;
    private const int LeastPx = 64;

    private static readonly int[] Divisors = [1, 2, 4, 8];
    private static readonly int[] Qualities = [75, 55, 40];

    /// <summary>The thumbnail; null for a file that is no JPEG that can be made small within an agent's memory.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FieldException">libturbojpeg is not installed.</exception>
    public static unsafe byte[]? Make(SourceFile file)
    {
        if (file.SizeBytes > MaxPhotoBytes)
        {
            return null;
        }

        // Outside the managed heap, which would keep the room: freed at once, and a card that is pulled is an error and not a signal.
        byte* memory = (byte*)NativeMemory.Alloc((nuint)file.SizeBytes);
        try
        {
            Span<byte> bytes = new(memory, (int)file.SizeBytes);
            using FileStream stream = new(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return read == bytes.Length ? Make(bytes) : null;
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }

    /// <summary>The thumbnail of a JPEG; null when there can be none.</summary>
    public static byte[]? Make(ReadOnlySpan<byte> jpeg)
    {
        if (JpegFrame.Find(jpeg) is not { } frame || (frame.IsProgressive && (long)frame.WidthPx * frame.HeightPx > MaxProgressivePixels))
        {
            return null;
        }

        int longest = Math.Max(frame.WidthPx, frame.HeightPx);
        int divisor = Divisors.Last(d => d == 1 || longest / d >= EnoughPx);
        TurboJpeg.EnsureAvailable();
        if (longest / divisor > PhotoThumbnail.MaxSidePx || TurboJpeg.Decode(jpeg, divisor, out int width, out int height) is not { } pixels)
        {
            return null;
        }

        int budget = PhotoThumbnail.BudgetBytes(jpeg.Length);
        while (true)
        {
            foreach (int quality in Qualities)
            {
                byte[] thumbnail = TurboJpeg.Encode(pixels, width, height, quality);
                if (thumbnail.Length <= budget)
                {
                    return thumbnail;
                }
            }

            if (Math.Max(width, height) < LeastPx * 2)
            {
                return null;
            }

            (pixels, width, height) = Halve(pixels, width, height);
        }
    }

    /// <summary>Each pixel the mean of four; an odd last row or column is left out.</summary>
    private static (byte[] Pixels, int Width, int Height) Halve(byte[] rgb, int width, int height)
    {
        (int halfWidth, int halfHeight) = (Math.Max(width / 2, 1), Math.Max(height / 2, 1));
        byte[] half = new byte[halfWidth * halfHeight * 3];
        for (int y = 0; y < halfHeight; y++)
        {
            int top = Math.Min(y * 2, height - 1) * width;
            int bottom = Math.Min((y * 2) + 1, height - 1) * width;
            for (int x = 0; x < halfWidth; x++)
            {
                (int left, int right) = (Math.Min(x * 2, width - 1), Math.Min((x * 2) + 1, width - 1));
                for (int c = 0; c < 3; c++)
                {
                    int sum = rgb[((top + left) * 3) + c] + rgb[((top + right) * 3) + c] + rgb[((bottom + left) * 3) + c] + rgb[((bottom + right) * 3) + c];
                    half[(((y * halfWidth) + x) * 3) + c] = (byte)((sum + 2) / 4);
                }
            }
        }

        return (half, halfWidth, halfHeight);
    }
}
