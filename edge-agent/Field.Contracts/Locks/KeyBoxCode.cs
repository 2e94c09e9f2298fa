using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Field.Contracts.Locks;

/// <summary>
/// The code of a key box that has no network (SPEC.md, Locks). Both sides stand here: the headquarters computes the code of a booking,
/// and the box finds, from its secret and its clock alone, whether a typed code belongs to a slot that is now.
/// </summary>
/// <remarks>
/// HMAC-SHA-256 over the slot, then the dynamic truncation of RFC 4226 section 5.3 to eight digits, as RFC 6238 does with SHA-256. The
/// box knows no bookings, so slots lie on a grid: of all slots on it at most 350 contain one moment, and a guess is right with at
/// most 350 in 10^8.
/// </remarks>
public static class KeyBoxCode
{
    /// <summary>Digits of a code.</summary>
    public const int Digits = 8;

    private const int Modulus = 100_000_000;
    private const long GridSeconds = 1800;

    /// <summary>Slots begin and end on multiples of this, counted from 1970 in UTC.</summary>
    public static TimeSpan Grid { get; } = TimeSpan.FromSeconds(GridSeconds);

    /// <summary>The longest slot.</summary>
    public static TimeSpan MaxLength { get; } = TimeSpan.FromHours(12);

    /// <summary>True for a slot that a key box can find.</summary>
    public static bool IsOnGrid(Slot slot) => slot.IsValid && slot.End - slot.Start <= MaxLength
        && slot.Start.ToUnixTimeSeconds() % GridSeconds == 0 && slot.End.ToUnixTimeSeconds() % GridSeconds == 0;

    /// <summary>The code of a slot.</summary>
    /// <param name="secret">The box's secret.</param>
    /// <param name="lockId"><c>{site}/{device}</c>.</param>
    /// <param name="slot">A slot on the grid.</param>
    /// <returns>Eight digits.</returns>
    public static string Compute(LockSecret secret, string lockId, Slot slot)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (!IsOnGrid(slot))
        {
            throw new ArgumentException($"a key box slot lies on {Grid.TotalMinutes:0} minutes and is at most {MaxLength.TotalHours:0} h long", nameof(slot));
        }

        Span<byte> code = stackalloc byte[Digits];
        Write(secret, lockId, slot.Start.ToUnixTimeSeconds(), slot.End.ToUnixTimeSeconds(), code);
        return Encoding.ASCII.GetString(code);
    }

    /// <summary>The slot whose code was typed, of all that contain the moment; null when there is none.</summary>
    /// <param name="secret">The box's secret.</param>
    /// <param name="lockId"><c>{site}/{device}</c>.</param>
    /// <param name="typed">What was typed.</param>
    /// <param name="now">The box's clock.</param>
    /// <param name="tolerance">How far the clocks may differ, up to one grid step.</param>
    /// <remarks>It always computes every candidate: how long it takes says nothing about the code.</remarks>
    public static Slot? Find(LockSecret secret, string lockId, PinEntry typed, DateTimeOffset now, TimeSpan tolerance)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(typed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tolerance, Grid);
        if (typed.Digits.Length != Digits)
        {
            return null;
        }

        long longest = (long)MaxLength.TotalSeconds;
        long latestStart = FloorToGrid((now + tolerance).ToUnixTimeSeconds());
        long mustEndAfter = (now - tolerance).ToUnixTimeSeconds();
        Span<byte> code = stackalloc byte[Digits];
        Slot? found = null;
        for (long start = latestStart; start + longest > mustEndAfter; start -= GridSeconds)
        {
            long firstEnd = Math.Max(start, FloorToGrid(mustEndAfter)) + GridSeconds;
            for (long end = firstEnd; end <= start + longest; end += GridSeconds)
            {
                Write(secret, lockId, start, end, code);
                if (CryptographicOperations.FixedTimeEquals(code, typed.Digits))
                {
                    found = new Slot(DateTimeOffset.FromUnixTimeSeconds(start), DateTimeOffset.FromUnixTimeSeconds(end));
                }
            }
        }

        return found;
    }

    /// <summary>Dynamic truncation (RFC 4226 section 5.3): 31 bits from where the last four bits of the HMAC say.</summary>
    internal static int Truncate(ReadOnlySpan<byte> hmac) =>
        BinaryPrimitives.ReadInt32BigEndian(hmac[(hmac[^1] & 0x0F)..]) & int.MaxValue;

    /// <summary>A truncated HMAC as decimal digits, leading zeros kept.</summary>
    internal static void WriteDigits(int truncated, Span<byte> digits)
    {
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = (byte)('0' + (truncated % 10));
            truncated /= 10;
        }
    }

    private static void Write(LockSecret secret, string lockId, long start, long end, Span<byte> code)
    {
        Span<byte> hmac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        secret.Mac(string.Create(CultureInfo.InvariantCulture, $"field.keybox.v1|{lockId}|{start}|{end}"), hmac);
        WriteDigits(Truncate(hmac) % Modulus, code);
    }

    private static long FloorToGrid(long seconds) => seconds - (((seconds % GridSeconds) + GridSeconds) % GridSeconds);
}
