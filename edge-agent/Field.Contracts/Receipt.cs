using System.Text.Json;

namespace Field.Contracts;

/// <summary>What the server has of a photo.</summary>
public enum ReceiptOutcome
{
    /// <summary>The bytes are on durable storage.</summary>
    Stored,

    /// <summary>Chunks are missing.</summary>
    Incomplete,

    /// <summary>It will never be stored as it was sent.</summary>
    Rejected,
}

/// <summary>An inclusive range of chunk indices.</summary>
/// <param name="First">First index.</param>
/// <param name="Last">Last index, not below <paramref name="First"/>.</param>
public readonly record struct ChunkRange(int First, int Last);

/// <summary>The server's answer to a manifest and to the last chunk (SPEC.md section 7).</summary>
/// <param name="PhotoId">The photo.</param>
/// <param name="Outcome">What the server has.</param>
/// <param name="SizeBytes">For <see cref="ReceiptOutcome.Stored"/>: size of the stored bytes, whose SHA-256 is the photo id.</param>
/// <param name="Duplicate">True when it had been stored before.</param>
/// <param name="Missing">For <see cref="ReceiptOutcome.Incomplete"/>: what the server lacks.</param>
/// <param name="Reason">A code of <see cref="ErrorCodes"/>, or null.</param>
/// <param name="Detail">A sentence, or null.</param>
public sealed record Receipt(
    string PhotoId,
    ReceiptOutcome Outcome,
    long? SizeBytes = null,
    bool Duplicate = false,
    IReadOnlyList<ChunkRange>? Missing = null,
    string? Reason = null,
    string? Detail = null)
{
    /// <summary>Writes the receipt's CloudEvent.</summary>
    /// <param name="site">Site id.</param>
    /// <param name="time">Now.</param>
    /// <param name="id">Unique id of this message.</param>
    public byte[] Write(string site, DateTimeOffset time, string id) =>
        Envelope.FromServer(site, EventTypes.Receipt, PhotoId, time, id).Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("outcome", Outcome switch
            {
                ReceiptOutcome.Stored => "stored",
                ReceiptOutcome.Incomplete => "incomplete",
                _ => "rejected",
            });
            if (Outcome == ReceiptOutcome.Stored)
            {
                writer.WriteString("sha256", PhotoId);
                writer.WriteOptional("sizeBytes", SizeBytes);
                writer.WriteBoolean("duplicate", Duplicate);
            }

            WriteMissing(writer);
            writer.WriteOptional("reason", Reason);
            writer.WriteOptional("detail", Detail);
            writer.WriteEndObject();
        });

    /// <summary>Reads and checks a receipt.</summary>
    public static Parsed<Receipt> Parse(ReadOnlyMemory<byte> utf8)
    {
        JsonChecker json = new();
        Receipt? receipt = null;
        if (Envelope.Read(json, utf8, EventTypes.Receipt, expectedSource: null, needsSequence: false) is { } message)
        {
            receipt = ReadData(json, message.Envelope is not null, message.Envelope?.Subject, message.Data);
        }

        return new Parsed<Receipt>(receipt, json.Errors);
    }

    private static Receipt ReadData(JsonChecker json, bool hasEnvelope, string? photoId, JsonElement data)
    {
        const string At = "/data";
        if (hasEnvelope && !Ids.IsPhoto(photoId))
        {
            json.Add("/subject", ErrorCodes.BadFormat, "must be a photo id");
        }

        string? word = json.Text(data, At, "outcome");
        ReceiptOutcome? outcome = word switch
        {
            "stored" => ReceiptOutcome.Stored,
            "incomplete" => ReceiptOutcome.Incomplete,
            "rejected" => ReceiptOutcome.Rejected,
            _ => null,
        };
        if (word is not null && outcome is null)
        {
            json.Add($"{At}/outcome", ErrorCodes.BadFormat, "must be stored, incomplete or rejected");
        }

        bool stored = outcome == ReceiptOutcome.Stored;
        if (stored && json.Text(data, At, "sha256") is { } sha && photoId is not null && sha != photoId)
        {
            json.Add($"{At}/sha256", ErrorCodes.Mismatch, "must be the photo id");
        }

        return new Receipt(
            photoId ?? "",
            outcome ?? ReceiptOutcome.Incomplete,
            json.Integer(data, At, "sizeBytes", 1, PhotoManifest.MaxSizeBytes, required: stored),
            json.Flag(data, At, "duplicate") ?? false,
            ReadMissing(json, data),
            json.Text(data, At, "reason", required: outcome == ReceiptOutcome.Rejected, maxLength: 64),
            json.Text(data, At, "detail", required: false));
    }

    private static List<ChunkRange>? ReadMissing(JsonChecker json, JsonElement data)
    {
        if (!data.TryGetProperty("missing", out JsonElement ranges))
        {
            return null;
        }

        List<ChunkRange> result = [];
        if (ranges.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement range in ranges.EnumerateArray())
            {
                if (range.ValueKind == JsonValueKind.Array && range.GetArrayLength() == 2
                    && range[0].ValueKind == JsonValueKind.Number && range[0].TryGetInt32(out int first)
                    && range[1].ValueKind == JsonValueKind.Number && range[1].TryGetInt32(out int last)
                    && first >= 0 && last >= first && last < Topics.MaxChunks)
                {
                    result.Add(new ChunkRange(first, last));
                    continue;
                }

                json.Add("/data/missing", ErrorCodes.BadFormat, "must be [[first, last], ...]");
                return null;
            }

            return result;
        }

        json.Add("/data/missing", ErrorCodes.WrongType, "must be an array");
        return null;
    }

    private void WriteMissing(Utf8JsonWriter writer)
    {
        if (Missing is null)
        {
            return;
        }

        writer.WriteStartArray("missing");
        foreach (ChunkRange range in Missing)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(range.First);
            writer.WriteNumberValue(range.Last);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}
