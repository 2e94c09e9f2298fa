using System.Text.Json;
using Field.Contracts;

namespace Field.EdgeAgent.Dji;

/// <summary>The frame around every message of the DJI Cloud API.</summary>
/// <param name="Tid">Transaction: connects a reply with its request; null where none is needed.</param>
/// <param name="Bid">Business: connects what belongs together.</param>
/// <param name="Method">What is asked or told; null on <c>osd</c> and <c>state</c>.</param>
/// <param name="Time">When it was sent, or null.</param>
/// <param name="NeedsReply">True when the sender waits.</param>
/// <param name="Data">The content.</param>
internal sealed record DjiMessage(string? Tid, string? Bid, string? Method, DateTimeOffset? Time, bool NeedsReply, JsonElement Data)
{
    /// <summary>Largest message taken, bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    private const long MaxUnixMs = 253_402_300_799_999;

    /// <summary>Reads a frame; fields that are not known are ignored.</summary>
    /// <param name="utf8">The payload.</param>
    /// <param name="json">Collects the errors; the content is checked with it afterwards.</param>
    public static DjiMessage? Parse(ReadOnlyMemory<byte> utf8, JsonChecker json)
    {
        if (json.Root(utf8, MaxBytes, JsonValueKind.Object) is not { } root)
        {
            return null;
        }

        string? tid = json.Text(root, "", "tid", required: false, maxLength: 128);
        string? bid = json.Text(root, "", "bid", required: false, maxLength: 128);
        string? method = json.Text(root, "", "method", required: false, maxLength: 64);
        long? sentAt = json.Integer(root, "", "timestamp", 0, MaxUnixMs);
        long? needsReply = json.Integer(root, "", "need_reply", 0, 1);
        return json.Object(root, "", "data") is { } data
            ? new DjiMessage(tid, bid, method, sentAt is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null, needsReply == 1, data)
            : null;
    }

    /// <summary>The reply to a message: its tid and bid, and the result, 0 for good.</summary>
    public byte[] Reply(int result, DateTimeOffset now)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WireJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteOptional("tid", Tid);
            writer.WriteOptional("bid", Bid);
            writer.WriteNumber("timestamp", now.ToUnixTimeMilliseconds());
            writer.WriteOptional("method", Method);
            writer.WriteStartObject("data");
            writer.WriteNumber("result", result);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
