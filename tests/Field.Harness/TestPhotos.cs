using System.Buffers.Binary;
using System.Globalization;

namespace Field.Harness;

/// <summary>
/// Flight photos that are quick to score and slow to send: a whole 16 x 16 JPEG (baseline, grey) followed by comment segments of
/// seeded noise, so that every file is different, of the size asked for, and still opens.
/// </summary>
public static class TestPhotos
{
    private const int MaxCommentBytes = 65_533;

    /// <summary>Writes photos into a folder, each with bytes of its own.</summary>
    /// <param name="folder">Created when absent.</param>
    /// <param name="count">How many.</param>
    /// <param name="sizeBytes">Of each, about.</param>
    /// <param name="seed">Of the bytes, and part of the names: other seeds, other photos.</param>
    public static void Write(string folder, int count, int sizeBytes, int seed)
    {
        Directory.CreateDirectory(folder);
        Random random = new(seed);
        for (int i = 0; i < count; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"T{seed:000}_{i:0000}.JPG");
            File.WriteAllBytes(Path.Combine(folder, name), Create(sizeBytes, random));
        }
    }

    private static byte[] Create(int sizeBytes, Random random)
    {
        using MemoryStream file = new();
        Span<byte> size = stackalloc byte[2];
        file.Write([0xFF, 0xD8]);
        while (file.Length < sizeBytes)
        {
            int length = (int)Math.Min(MaxCommentBytes, sizeBytes - file.Length);
            byte[] comment = new byte[Math.Max(length, 16)];
            random.NextBytes(comment);
            file.Write([0xFF, 0xFE]);
            BinaryPrimitives.WriteUInt16BigEndian(size, (ushort)(comment.Length + 2));
            file.Write(size);
            file.Write(comment);
        }

        file.Write(GreyImageAfterSoi());
        return file.ToArray();
    }

    /// <summary>DQT (all ones), SOF0 16 x 16 one component, DHT with one DC and one AC code, four blocks of zero difference, EOI.</summary>
    private static byte[] GreyImageAfterSoi()
    {
        List<byte> b = [0xFF, 0xDB, 0x00, 0x43, 0x00];
        b.AddRange(Enumerable.Repeat((byte)1, 64));
        b.AddRange([0xFF, 0xC0, 0x00, 0x0B, 0x08, 0x00, 0x10, 0x00, 0x10, 0x01, 0x01, 0x11, 0x00]);

        // One code of length 1 each: DC category 0 and AC end-of-block; both are the single bit 0 (T.81 annex C).
        b.AddRange([0xFF, 0xC4, 0x00, 0x14, 0x00, 0x01, .. new byte[15], 0x00]);
        b.AddRange([0xFF, 0xC4, 0x00, 0x14, 0x10, 0x01, .. new byte[15], 0x00]);
        b.AddRange([0xFF, 0xDA, 0x00, 0x08, 0x01, 0x01, 0x00, 0x00, 0x3F, 0x00]);

        // Four blocks of two zero bits, and no padding.
        b.AddRange([0x00, 0xFF, 0xD9]);
        return [.. b];
    }
}
