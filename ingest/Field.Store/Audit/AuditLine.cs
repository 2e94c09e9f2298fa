using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Field.Contracts;

namespace Field.Store.Audit;

/// <summary>
/// One line of the log: a JSON object that begins with its number and the hash of the line before, and ends with the SHA-256 of all its
/// bytes before <c>,"hash"</c>. So anybody can check it with <c>sha256sum</c>.
/// </summary>
internal sealed record AuditLine(long Number, string Previous, string Hash)
{
    public const string FirstPrevious = "0000000000000000000000000000000000000000000000000000000000000000";

    private const int MaxTextLength = 256;
    private const int HashLength = 64;
    private static readonly byte[] HashMember = ",\"hash\":\""u8.ToArray();

    /// <summary>Writes an entry behind the line before.</summary>
    public static (AuditLine Line, byte[] Bytes) Write(AuditEntry entry, long number, string previous, DateTimeOffset at)
    {
        using MemoryStream body = new();
        using (Utf8JsonWriter json = new(body))
        {
            json.WriteStartObject();
            json.WriteNumber("n", number);
            json.WriteString("prev", previous);
            json.WriteString("at", WireTime.Format(at));
            json.WriteString("what", Short(entry.What));
            json.WriteString("who", Short(entry.Who));
            json.WriteString("on", Short(entry.On));
            json.WriteString("outcome", Short(entry.Outcome));
            if (entry.From is { } from)
            {
                json.WriteString("from", Short(from));
            }

            if (entry.Code is { } code)
            {
                json.WriteString("code", Short(code));
            }

            if (entry.Detail is { } detail)
            {
                json.WriteString("detail", Short(detail));
            }

            if (entry.Count != 1)
            {
                json.WriteNumber("count", entry.Count);
            }

            json.WriteEndObject();
        }

        byte[] hashed = body.ToArray()[..^1]; // without the closing brace
        string hash = Convert.ToHexStringLower(SHA256.HashData(hashed));
        return (new(number, previous, hash), [.. hashed, .. HashMember, .. Encoding.ASCII.GetBytes(hash), .. "\"}\n"u8]);
    }

    /// <summary>Reads a line without its line break; null when it is not one, or its hash is wrong.</summary>
    public static AuditLine? Read(ReadOnlySpan<byte> line)
    {
        int tail = HashMember.Length + HashLength + 2;
        if (line.Length <= tail || !line[^tail..].StartsWith(HashMember) || !line.EndsWith("\"}"u8))
        {
            return null;
        }

        ReadOnlySpan<byte> hashed = line[..^tail];
        string hash = Encoding.ASCII.GetString(line.Slice(line.Length - HashLength - 2, HashLength));
        if (Convert.ToHexStringLower(SHA256.HashData(hashed)) != hash)
        {
            return null;
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(line.ToArray());
            return new(json.RootElement.GetProperty("n").GetInt64(), json.RootElement.GetProperty("prev").GetString() ?? "", hash);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static string Short(string text) => text.Length <= MaxTextLength ? text : text[..MaxTextLength] + "...";
}
