using System.Text.Json;

namespace Field.Contracts;

/// <summary>An inclusive range of device sequences.</summary>
/// <param name="First">First sequence, from 1.</param>
/// <param name="Last">Last sequence, not below <paramref name="First"/>.</param>
public readonly record struct SequenceRange(long First, long Last)
{
    /// <summary>The fewest ranges that hold exactly these sequences, ascending; the list is sorted in place.</summary>
    public static IReadOnlyList<SequenceRange> From(List<long> sequences)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        sequences.Sort();
        List<SequenceRange> ranges = [];
        foreach (long sequence in sequences)
        {
            if (ranges.Count > 0 && sequence - ranges[^1].Last is 0 or 1)
            {
                ranges[^1] = ranges[^1] with { Last = sequence };
            }
            else
            {
                ranges.Add(new SequenceRange(sequence, sequence));
            }
        }

        return ranges;
    }
}

/// <summary>
/// The server's word that messages are on durable storage, or durably in the dead letters, when a broker between acknowledges from
/// memory (SPEC.md section 7).
/// </summary>
/// <param name="Sequences">1 to <see cref="MaxRanges"/> ranges of the device's sequences.</param>
public sealed record MessageReceipt(IReadOnlyList<SequenceRange> Sequences)
{
    /// <summary>The subject of the CloudEvent, in place of a photo id.</summary>
    public const string Subject = "messages";

    /// <summary>Most ranges in one receipt: it stays below 64 KiB.</summary>
    public const int MaxRanges = 1000;

    /// <summary>Writes the receipt's CloudEvent.</summary>
    /// <param name="site">Site id.</param>
    /// <param name="time">Now.</param>
    /// <param name="id">Unique id of this message.</param>
    public byte[] Write(string site, DateTimeOffset time, string id) =>
        Envelope.FromServer(site, EventTypes.Receipt, Subject, time, id).Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("outcome", "stored");
            writer.WriteStartArray("sequences");
            foreach (SequenceRange range in Sequences)
            {
                writer.WriteStartArray();
                writer.WriteNumberValue(range.First);
                writer.WriteNumberValue(range.Last);
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });

    /// <summary>Reads and checks a receipt for messages; one for a photo has another subject and is an error here.</summary>
    public static Parsed<MessageReceipt> Parse(ReadOnlyMemory<byte> utf8)
    {
        JsonChecker json = new();
        MessageReceipt? receipt = null;
        if (Envelope.Read(json, utf8, EventTypes.Receipt, expectedSource: null, needsSequence: false, expectedSubject: Subject) is { } message)
        {
            if (json.Text(message.Data, "/data", "outcome") is { } outcome && outcome != "stored")
            {
                json.Add("/data/outcome", ErrorCodes.BadFormat, "must be stored");
            }

            receipt = Ranges(json, message.Data) is { } ranges ? new MessageReceipt(ranges) : null;
        }

        return new Parsed<MessageReceipt>(receipt, json.Errors);
    }

    private static List<SequenceRange>? Ranges(JsonChecker json, JsonElement data)
    {
        const string At = "/data/sequences";
        if (!data.TryGetProperty("sequences", out JsonElement ranges))
        {
            json.Add(At, ErrorCodes.Missing, "sequences is required");
            return null;
        }

        if (ranges.ValueKind != JsonValueKind.Array || ranges.GetArrayLength() is 0 or > MaxRanges)
        {
            json.Add(At, ErrorCodes.BadFormat, $"must be an array of 1 to {MaxRanges} ranges");
            return null;
        }

        List<SequenceRange> result = [];
        foreach (JsonElement range in ranges.EnumerateArray())
        {
            if (range.ValueKind != JsonValueKind.Array || range.GetArrayLength() != 2
                || range[0].ValueKind != JsonValueKind.Number || !range[0].TryGetInt64(out long first)
                || range[1].ValueKind != JsonValueKind.Number || !range[1].TryGetInt64(out long last)
                || first < 1 || last < first)
            {
                json.Add(At, ErrorCodes.BadFormat, "must be [[first, last], ...] with 1 <= first <= last");
                return null;
            }

            result.Add(new SequenceRange(first, last));
        }

        return result;
    }
}
