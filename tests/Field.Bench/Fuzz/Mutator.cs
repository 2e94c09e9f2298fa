using System.Buffers.Binary;

namespace Field.Bench.Fuzz;

/// <summary>Makes inputs that are nearly right out of golden ones. All chance comes from the generator it is given.</summary>
internal static class Mutator
{
    /// <summary>No input is longer: the largest packet and more.</summary>
    public const int MaxBytes = 1_500_000;

    private const int SeldomLarge = 300;

    private static readonly uint[] Numbers = [0, 1, 2, 4, 7, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFF7F];

    /// <summary>The next input for a target.</summary>
    public static byte[] Next(FuzzTarget target, Random random)
    {
        byte[] sample = Pick(target.Samples, random);
        byte[] input = target.Form == InputForm.Json && random.Next(3) > 0
            ? JsonMutator.Mutate(sample, Pick(target.Samples, random), random)
            : Bytes(sample, target.Samples, random);
        if (target.Repair is { } repair && random.Next(4) > 0)
        {
            repair(input);
        }

        return input;
    }

    /// <summary>One to four edits that know nothing of what the bytes mean.</summary>
    private static byte[] Bytes(byte[] sample, IReadOnlyList<byte[]> samples, Random random)
    {
        List<byte> bytes = [.. sample];
        for (int edits = random.Next(1, 5); edits > 0 && bytes.Count > 0; edits--)
        {
            Edit(bytes, samples, random);
        }

        if (bytes.Count > MaxBytes)
        {
            bytes.RemoveRange(MaxBytes, bytes.Count - MaxBytes);
        }

        return [.. bytes];
    }

    private static void Edit(List<byte> bytes, IReadOnlyList<byte[]> samples, Random random)
    {
        int at = random.Next(bytes.Count);
        int length = Math.Min(random.Next(1, 24), bytes.Count - at);
        switch (random.Next(9))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes.RemoveRange(at, length);
                break;
            case 2:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 3:
                Number(bytes, at, random);
                break;
            case 4:
                Splice(bytes, at, Pick(samples, random), random);
                break;
            case 5:
                Repeat(bytes, at, length, random);
                break;
            case 6:
                bytes.InsertRange(at, RandomBytes(random, random.Next(1, 40)));
                break;
            case 7:
                bytes[at] = (byte)Numbers[random.Next(Numbers.Length)];
                break;
            default:
                bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length + 1), length));
                break;
        }
    }

    /// <summary>A number that parsers stumble over, where a length or a count may stand, in either byte order.</summary>
    private static void Number(List<byte> bytes, int at, Random random)
    {
        Span<byte> number = stackalloc byte[4];
        uint value = Numbers[random.Next(Numbers.Length)];
        int size = 1 << random.Next(3);
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(number, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(number, value);
            number = number[(4 - size)..];
        }

        for (int i = 0; i < size && at + i < bytes.Count; i++)
        {
            bytes[at + i] = number[i];
        }
    }

    /// <summary>From here on as another input goes on somewhere.</summary>
    private static void Splice(List<byte> bytes, int at, byte[] other, Random random)
    {
        bytes.RemoveRange(at, bytes.Count - at);
        bytes.AddRange(other.AsSpan(random.Next(other.Length)));
    }

    /// <summary>The same again and again: many properties, many records; now and then up to the largest input.</summary>
    private static void Repeat(List<byte> bytes, int at, int length, Random random)
    {
        byte[] piece = [.. bytes.GetRange(at, length)];
        int most = random.Next(SeldomLarge) == 0 ? MaxBytes : 2_000;
        int times = random.Next(2, Math.Max(3, most / piece.Length));
        byte[] all = new byte[Math.Min(times * piece.Length, MaxBytes)];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = piece[i % piece.Length];
        }

        bytes.InsertRange(at, all);
    }

    private static byte[] RandomBytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Pick(IReadOnlyList<byte[]> samples, Random random) => samples[random.Next(samples.Count)];
}
