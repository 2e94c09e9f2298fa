using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Field.Contracts;

/// <summary>The forms of identifiers (SPEC.md section 1).</summary>
public static class Ids
{
    /// <summary>Longest site or device id, in characters.</summary>
    public const int MaxNameLength = 32;

    /// <summary>Length of a photo id: SHA-256 in lower-case hex.</summary>
    public const int PhotoIdLength = 64;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>True for a well-formed site id.</summary>
    public static bool IsSite([NotNullWhen(true)] string? text) => IsName(text);

    /// <summary>True for a well-formed device id; <c>live</c> is reserved for the server.</summary>
    public static bool IsDevice([NotNullWhen(true)] string? text) => IsName(text) && text != "live";

    /// <summary>True for 64 lower-case hex digits.</summary>
    public static bool IsPhoto([NotNullWhen(true)] string? text) =>
        text?.Length == PhotoIdLength && !text.AsSpan().ContainsAnyExcept(LowerHex);

    /// <summary>The photo id of a file's SHA-256.</summary>
    /// <param name="sha256">32 bytes.</param>
    public static string Photo(ReadOnlySpan<byte> sha256) => Convert.ToHexStringLower(sha256);

    /// <summary>The id of a finding: the same finding of the same model on the same photo always has the same id.</summary>
    /// <param name="photoId">The photo's id.</param>
    /// <param name="model">Name of the model that found it.</param>
    /// <param name="damageClass">The model's class, such as <c>crack</c>.</param>
    /// <param name="ordinal">Position in the model's result, from 0.</param>
    public static string Finding(string photoId, string model, string damageClass, int ordinal) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{photoId}/{model}/{damageClass}/{ordinal}")))[..32];

    private static bool IsName([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= MaxNameLength } && text[0] != '-' && HasOnlyNameCharacters(text);

    internal static bool HasOnlyNameCharacters(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(NameCharacters);
}
