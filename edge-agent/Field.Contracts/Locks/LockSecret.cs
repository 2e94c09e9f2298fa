using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Field.Contracts.Locks;

/// <summary>
/// The 32 bytes that one lock and the headquarters share (SPEC.md, Locks). It is handed over at enrolment and lies in a file that only its
/// owner may read; it never travels on a topic. Nothing prints it.
/// </summary>
public sealed class LockSecret
{
    /// <summary>Its length.</summary>
    public const int Bytes = 32;

    private const int MaxFileBytes = 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = ~(OwnerOnly | UnixFileMode.UserExecute);

    private readonly byte[] _key;

    private LockSecret(byte[] key) => _key = key;

    /// <summary>A new secret.</summary>
    public static LockSecret Generate() => new(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Reads 64 hex digits.</summary>
    /// <exception cref="FieldException">They are not; the message does not repeat them.</exception>
    public static LockSecret FromHex(string hex)
    {
        ArgumentNullException.ThrowIfNull(hex);
        try
        {
            byte[] key = Convert.FromHexString(hex);
            return key.Length == Bytes ? new LockSecret(key) : throw Malformed();
        }
        catch (FormatException)
        {
            throw Malformed();
        }
    }

    /// <summary>Reads the file of <see cref="Save"/>.</summary>
    /// <exception cref="FieldException">It is not there, is no secret, or others than its owner may read it.</exception>
    public static LockSecret Load(string path)
    {
        FileInfo file = new(path);
        if (!file.Exists || file.Length > MaxFileBytes)
        {
            throw new FieldException($"there is no lock secret in {path}; enrol the lock first");
        }

        if (!OperatingSystem.IsWindows() && (file.UnixFileMode & Others) != 0)
        {
            throw new FieldException($"others may read the lock secret {path}; allow only its owner (chmod 600) and give the lock a new secret");
        }

        return FromHex(File.ReadAllText(path).Trim());
    }

    /// <summary>Writes the secret to a file that only its owner may read, in the place of an earlier one, in one step; durable when this returns.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Save(string path) => PrivateFiles.Replace(Path.GetFullPath(path), Encoding.ASCII.GetBytes(ToHex() + "\n"));

    /// <summary>HMAC-SHA-256 (RFC 2104) of a text, in lower-case hex. The text begins with what it is for, so that no tag serves two purposes.</summary>
    public string Mac(string text)
    {
        Span<byte> tag = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Mac(text, tag);
        return Convert.ToHexStringLower(tag);
    }

    /// <summary>True when the tag is the text's, in a time that does not depend on where they differ.</summary>
    public bool Verifies(string text, string? tag) =>
        tag is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Mac(text)), Encoding.UTF8.GetBytes(tag));

    /// <inheritdoc/>
    public override string ToString() => "LockSecret(***)";

    /// <summary>For its file, and for the answer to an enrolment.</summary>
    internal string ToHex() => Convert.ToHexStringLower(_key);

    internal void Mac(string text, Span<byte> tag) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text), tag);

    private static FieldException Malformed() => new($"a lock secret is {2 * Bytes} hex digits");
}

/// <summary>The secret in the answer to an enrolment: the only message that may carry it, inside TLS.</summary>
internal sealed class LockSecretJson : JsonConverter<LockSecret>
{
    public override LockSecret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return LockSecret.FromHex(reader.GetString() ?? "");
        }
        catch (Exception e) when (e is FieldException or InvalidOperationException)
        {
            throw new JsonException("no lock secret");
        }
    }

    public override void Write(Utf8JsonWriter writer, LockSecret value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToHex());
}
