using System.Security.Cryptography;
using Field.Store.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Field.MapApp.Access;

/// <summary>What the hash of a password says about a password.</summary>
internal enum PasswordMatch
{
    Wrong,
    Right,

    /// <summary>Right, and to be hashed anew: it was hashed with less work than today's.</summary>
    RightButOld,
}

/// <summary>The framework's hash: PBKDF2 with HMAC-SHA512, 128 bits of salt for each, compared in constant time.</summary>
internal static class PasswordHashes
{
    // OWASP Password Storage Cheat Sheet, 2023, for PBKDF2-HMAC-SHA512.
    private const int Iterations = 210_000;
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's: no I, L, O, U
    private const int FirstLength = 20;
    private const int Group = 5;

    private static readonly PasswordHasher<Account> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));
    private static readonly Account Nobody = new("", "", [], "", default);

    // For names that nobody has: the same work, and never right.
    private static readonly Lazy<string> NobodysHash = new(() => Hash(RandomNumberGenerator.GetString(Alphabet, FirstLength)));

    public static string Hash(string password) => Hasher.HashPassword(Nobody, password);

    /// <summary>Does the same work whether there is such an account or not.</summary>
    public static PasswordMatch Verify(Account? account, string password) =>
        (Hasher.VerifyHashedPassword(Nobody, account?.PasswordHash ?? NobodysHash.Value, password), account) switch
        {
            (PasswordVerificationResult.Success, not null) => PasswordMatch.Right,
            (PasswordVerificationResult.SuccessRehashNeeded, not null) => PasswordMatch.RightButOld,
            _ => PasswordMatch.Wrong,
        };

    /// <summary>A first password: 100 random bits, in groups that can be read out.</summary>
    public static string NewFirst() => Random(FirstLength);

    /// <summary>So many random symbols, in groups of five.</summary>
    public static string Random(int symbols) => string.Join('-', RandomNumberGenerator.GetString(Alphabet, symbols).Chunk(Group).Select(g => new string(g)));
}
