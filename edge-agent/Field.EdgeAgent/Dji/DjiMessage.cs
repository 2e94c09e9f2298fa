using System.Text.Json;
using Field.Contracts;

namespace Field.EdgeAgent.Dji;

/// <summary>The frame around every message of the DJI Cloud API.</summary>
/// <param name="Tid">Transaction: connects a reply with its request; null where none is needed.</param>
/// <param name="Bid">Business: connects what belongs together.</param>
/// <param name="Method">What is asked or told; null on <c>osd</c> and <c>state</c>.</param>
/// <param name="Time">When it was sent, or null.</param>
/// <param name="NeedsReply">True when the sender waits.</param>
/// <param name="Gateway">Serial number of the gateway that the device hangs on, or null when it does not say.</param>
/// <param name="Content">The member <c>data</c> as it is; undefined when absent.</param>
internal sealed record DjiMessage(
    string? Tid, string? Bid, string? Method, DateTimeOffset? Time, bool NeedsReply, string? Gateway, JsonElement Content)
{
    /// <summary>Largest message taken, bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    private const long MaxUnixMs = 253_402_300_799_999;
    private static readonly TimeSpan ClockMayDiffer = TimeSpan.FromMinutes(10);

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
        string? gateway = json.Text(root, "", "gateway", required: false, maxLength: 64);
        return new DjiMessage(
            tid,
            bid,
            method,
            sentAt is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null,
            needsReply == 1,
            gateway is not null && DjiTopic.IsSn(gateway) ? gateway : null,
            root.TryGetProperty("data", out JsonElement data) ? data : default);
    }

    /// <summary>The content where it has to be an object.</summary>
    public JsonElement? Data(JsonChecker json)
    {
        if (Content.ValueKind == JsonValueKind.Object)
        {
            return Content;
        }

        bool isMissing = Content.ValueKind == JsonValueKind.Undefined;
        json.Add("/data", isMissing ? ErrorCodes.Missing : ErrorCodes.WrongType, isMissing ? "data is required" : "must be an object");
        return null;
    }

    /// <summary>The sender's time, unless its clock is plainly wrong.</summary>
    public DateTimeOffset SentAt(DateTimeOffset now) => Time is { } sent && (sent - now).Duration() <= ClockMayDiffer ? sent : now;

    /// <summary>The reply to a message: its tid, bid and method, and the answer.</summary>
    public byte[] Reply(DjiAnswer answer, DateTimeOffset now) => Write(Tid, Bid, Method, gateway: null, answer.WriteData, now);

    /// <summary>Writes a message.</summary>
    /// <param name="tid">Transaction.</param>
    /// <param name="bid">Business.</param>
    /// <param name="method">What is asked or answered.</param>
    /// <param name="gateway">The gateway's serial number, or null to leave it out.</param>
    /// <param name="writeData">Writes the members of <c>data</c>.</param>
    /// <param name="now">The time.</param>
    public static byte[] Write(string? tid, string? bid, string? method, string? gateway, Action<Utf8JsonWriter> writeData, DateTimeOffset now)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WireJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteOptional("tid", tid);
            writer.WriteOptional("bid", bid);
            writer.WriteNumber("timestamp", now.ToUnixTimeMilliseconds());
            writer.WriteOptional("gateway", gateway);
            writer.WriteOptional("method", method);
            writer.WriteStartObject("data");
            writeData(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}

/// <summary>What a reply says.</summary>
/// <param name="WriteData">Writes the members of its <c>data</c>.</param>
internal sealed record DjiAnswer(Action<Utf8JsonWriter> WriteData)
{
    /// <summary>Result of what was done.</summary>
    public const int Ok = 0;

    /// <summary>Result of what Field does not offer. DJI says only that another result than 0 is an error.</summary>
    public const int NotOffered = 1;

    /// <summary>Result of what cannot be understood.</summary>
    public const int Malformed = 2;

    /// <summary>A result and nothing else.</summary>
    public static DjiAnswer Of(int result) => new(writer => writer.WriteNumber("result", result));

    /// <summary>Done, with what was asked for.</summary>
    /// <param name="writeOutput">Writes the members of <c>output</c>.</param>
    public static DjiAnswer With(Action<Utf8JsonWriter> writeOutput) => new(writer =>
    {
        writer.WriteNumber("result", Ok);
        writer.WriteStartObject("output");
        writeOutput(writer);
        writer.WriteEndObject();
    });
}
