using System.Buffers.Binary;

namespace Field.Contracts;

/// <summary>What the frame header of a JPEG says (ITU-T T.81, B.2.2).</summary>
/// <param name="WidthPx">Columns, 1 to 65,535.</param>
/// <param name="HeightPx">Rows, 1 to 65,535.</param>
/// <param name="IsProgressive">True when a decoder has to hold all coefficients at once.</param>
public readonly record struct JpegFrame(int WidthPx, int HeightPx, bool IsProgressive)
{
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte Temporary = 0x01;

    /// <summary>Finds the frame header by walking over the segments before it; null when there is none.</summary>
    public static JpegFrame? Find(ReadOnlySpan<byte> jpeg)
    {
        if (jpeg.Length < 4 || jpeg[0] != 0xFF || jpeg[1] != StartOfImage)
        {
            return null;
        }

        int at = 2;
        while (at + 4 <= jpeg.Length && jpeg[at] == 0xFF)
        {
            byte marker = jpeg[at + 1];
            if (marker == 0xFF)
            {
                at++; // fill byte
                continue;
            }

            if (marker is StartOfScan or EndOfImage or 0)
            {
                return null;
            }

            if (marker is Temporary or (>= 0xD0 and <= 0xD7))
            {
                at += 2; // stands alone
                continue;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
            if (IsFrame(marker))
            {
                return Read(jpeg[(at + 4)..], length, marker);
            }

            at += 2 + Math.Max(length, 2);
        }

        return null;
    }

    private static JpegFrame? Read(ReadOnlySpan<byte> segment, int length, byte marker)
    {
        if (length < 8 || segment.Length < 6)
        {
            return null;
        }

        int height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        int width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        return width == 0 || height == 0 ? null : new JpegFrame(width, height, (marker & 0x3) == 2);
    }

    /// <summary>SOF0 to SOF15, without DHT (C4), JPG (C8) and DAC (CC).</summary>
    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
}
