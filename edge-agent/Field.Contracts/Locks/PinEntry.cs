using System.Security.Cryptography;

namespace Field.Contracts.Locks;

/// <summary>A PIN or code as it was typed: 4 to 12 digits that no log, message or exception can show, wiped when disposed.</summary>
public sealed class PinEntry : IDisposable
{
    /// <summary>Fewest digits.</summary>
    public const int MinDigits = 4;

    /// <summary>Most digits.</summary>
    public const int MaxDigits = 12;

    private readonly byte[] _digits;

    private PinEntry(byte[] digits) => _digits = digits;

    /// <summary>The digits in ASCII. They must not be copied to anything that is kept.</summary>
    public ReadOnlySpan<byte> Digits => _digits;

    /// <summary>Takes what was typed; null when it is not 4 to 12 digits.</summary>
    public static PinEntry? TryCreate(ReadOnlySpan<char> typed)
    {
        if (typed.Length is < MinDigits or > MaxDigits || typed.ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        byte[] digits = new byte[typed.Length];
        for (int i = 0; i < digits.Length; i++)
        {
            digits[i] = (byte)typed[i];
        }

        return new PinEntry(digits);
    }

    /// <inheritdoc/>
    public override string ToString() => "PIN(***)";

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(_digits);
}
