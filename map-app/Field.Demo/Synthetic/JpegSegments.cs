using System.Buffers.Binary;

namespace Field.Demo.Synthetic;

/// <summary>Puts metadata into a JPEG without touching its pixels.</summary>
internal static class JpegSegments
{
    private const byte App0 = 0xE0;
    private const byte App1 = 0xE1;

    /// <summary>
    /// The JPEG with one APP1 segment per payload right behind the start marker, where EXIF (CIPA DC-008, 4.5.4) wants
    /// them; a JFIF APP0 that stood there is left out.
    /// </summary>
    public static byte[] WithApp1(byte[] jpeg, params byte[][] payloads)
    {
        if (jpeg is not [0xFF, 0xD8, 0xFF, ..])
        {
            throw new ArgumentException("not a JPEG: the start marker is missing", nameof(jpeg));
        }

        int rest = jpeg[3] == App0 ? 4 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(4)) : 2;
        using var output = new MemoryStream(jpeg.Length + payloads.Sum(p => p.Length + 4));
        output.Write([0xFF, 0xD8]);
        foreach (byte[] payload in payloads)
        {
            byte[] head = [0xFF, App1, 0, 0];
            BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), checked((ushort)(payload.Length + 2)));
            output.Write(head);
            output.Write(payload);
        }

        output.Write(jpeg.AsSpan(rest));
        return output.ToArray();
    }
}
