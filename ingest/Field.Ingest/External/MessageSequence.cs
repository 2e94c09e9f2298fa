using System.Globalization;
using System.Text.Json;
using Field.Contracts;

namespace Field.Ingest.External;

/// <summary>
/// The sequence of a message, also of one that is refused: it reads only as far as the sequence stands, so that a fault further
/// on does not hide it.
/// </summary>
internal static class MessageSequence
{
    /// <summary>The sequence, or null when the message has none or it cannot be read.</summary>
    public static long? Find(ReadOnlySpan<byte> payload, UpChannel channel)
    {
        if (channel is UpChannel.PhotoChunk or UpChannel.PhotoThumbnail)
        {
            return null;
        }

        try
        {
            Utf8JsonReader reader = new(payload);
            return channel == UpChannel.Telemetry ? InPack(ref reader) : InEnvelope(ref reader);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static long? InPack(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.StartArray && FindMember(ref reader, "seq"u8)
            && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long sequence) && sequence >= 1
            ? sequence
            : null;

    private static long? InEnvelope(ref Utf8JsonReader reader) =>
        FindMember(ref reader, "sequence"u8)
            && reader.TokenType == JsonTokenType.String
            && long.TryParse(reader.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out long sequence) && sequence >= 1
            ? sequence
            : null;

    /// <summary>Reads an object up to the value of a member; false when it has none.</summary>
    private static bool FindMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool found = reader.ValueTextEquals(name);
            reader.Read();
            if (found)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }
}
