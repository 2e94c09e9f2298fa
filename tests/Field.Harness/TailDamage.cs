namespace Field.Harness;

/// <summary>What a power cut or a bad disk does to the end of a file.</summary>
public enum TailDamage
{
    /// <summary>The last bytes were never written.</summary>
    Truncated,

    /// <summary>The length was written and the bytes were not.</summary>
    Zeroed,

    /// <summary>The last bytes are wrong.</summary>
    Flipped,

    /// <summary>Bytes of something else follow.</summary>
    GarbageAppended,
}

/// <summary>Damages the end of files.</summary>
public static class Tail
{
    /// <summary>Damages the last bytes of a file that no process has open.</summary>
    /// <param name="path">The file.</param>
    /// <param name="damage">How.</param>
    /// <param name="bytes">How many bytes at the end, at most the whole file.</param>
    public static void Damage(string path, TailDamage damage, int bytes)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        int count = (int)Math.Min(bytes, file.Length);
        byte[] tail = new byte[count];
        if (damage == TailDamage.GarbageAppended)
        {
            new Random(count).NextBytes(tail);
            file.Position = file.Length;
            file.Write(tail);
            return;
        }

        file.Position = file.Length - count;
        file.ReadExactly(tail);
        file.Position = file.Length - count;
        switch (damage)
        {
            case TailDamage.Truncated:
                file.SetLength(file.Length - count);
                break;
            case TailDamage.Zeroed:
                file.Write(new byte[count]);
                break;
            default:
                file.Write([.. tail.Select(b => (byte)~b)]);
                break;
        }
    }
}
