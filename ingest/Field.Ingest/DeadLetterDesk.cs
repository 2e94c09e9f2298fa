using System.Text;
using System.Text.Json;
using Field.Broker;
using Field.Contracts;
using Field.Mqtt;
using Field.Store;
using Field.Store.Audit;
using Microsoft.Extensions.Logging;

namespace Field.Ingest;

/// <summary>What became of a dead letter that was brought again.</summary>
/// <param name="IsFound">False when there is no such letter.</param>
/// <param name="IsStored">True: it is stored now, and the letter is gone.</param>
/// <param name="Reason">Why it was refused again, or null.</param>
public sealed record ReplayResult(bool IsFound, bool IsStored, string? Reason);

/// <summary>The refused messages, for the people who look through them. Thread-safe.</summary>
public sealed class DeadLetterDesk : IDisposable
{
    /// <summary>Of a longer payload only this much is shown; all of it can be fetched.</summary>
    public const int MaxShownBytes = 4096;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private readonly DeadLetterStore _letters;
    private readonly IPublishInterceptor _router;
    private readonly AuditLog? _audit;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _deciding = new(1, 1);

    internal DeadLetterDesk(DeadLetterStore letters, IPublishInterceptor router, AuditLog? audit, ILogger<DeadLetterDesk> log) =>
        (_letters, _router, _audit, _log) = (letters, router, audit, log);

    /// <summary>
    /// Writes letters, newest first: an array of <c>id topic client firstReceivedAt receivedAt count sizeBytes errors</c> and the first
    /// <see cref="MaxShownBytes"/> of the payload as <c>text</c> when they are UTF-8, else as <c>hex</c>; <c>blobSha256</c> for a file.
    /// </summary>
    public async Task WriteAsync(Stream output, DeadLetterQuery query, CancellationToken cancellationToken)
    {
        Utf8JsonWriter writer = new(output, WireJson.WriterOptions);
        await using (writer.ConfigureAwait(false))
        {
            writer.WriteStartArray();
            foreach (DeadLetter letter in await _letters.ListAsync(query, cancellationToken).ConfigureAwait(false))
            {
                Write(writer, letter, await ShownAsync(letter, cancellationToken).ConfigureAwait(false));
            }

            writer.WriteEndArray();
        }
    }

    /// <summary>Writes one letter; false, with nothing written, when there is none.</summary>
    public async Task<bool> WriteAsync(Stream output, long id, CancellationToken cancellationToken)
    {
        if (await _letters.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } letter)
        {
            return false;
        }

        Utf8JsonWriter writer = new(output, WireJson.WriterOptions);
        await using (writer.ConfigureAwait(false))
        {
            Write(writer, letter, await ShownAsync(letter, cancellationToken).ConfigureAwait(false));
        }

        return true;
    }

    /// <summary>Opens the whole payload; null when there is no such letter. The caller disposes.</summary>
    public Task<Stream?> OpenPayloadAsync(long id, CancellationToken cancellationToken) => _letters.OpenPayloadAsync(id, cancellationToken);

    /// <summary>Writes all letters of a query, a JSON line each, with the whole payload as <c>base64</c> unless it is a file.</summary>
    public async Task ExportAsync(Stream output, DeadLetterQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        while (await _letters.ListAsync(query, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (DeadLetter letter in page)
            {
                byte[]? payload = letter.BlobSha256 is null ? await _letters.PayloadAsync(letter.Id, cancellationToken).ConfigureAwait(false) : null;
                Utf8JsonWriter writer = new(output, WireJson.WriterOptions);
                await using (writer.ConfigureAwait(false))
                {
                    Write(writer, letter, w => w.WriteOptional("base64", payload is null ? null : Convert.ToBase64String(payload)));
                }

                await output.WriteAsync("\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
            }

            query = query with { BeforeId = page[^1].Id };
        }
    }

    /// <summary>
    /// Brings a message again, as if it came now on its topic (relative times count from when it came first): after an upgrade, or when
    /// what it needed has come. Stored, the letter is removed; refused again, the letter counts one more and has the errors of
    /// today. A message with a sequence is stored once however often it is brought; one without, once for each time.
    /// </summary>
    /// <param name="id">The letter.</param>
    /// <param name="who">Who does it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<ReplayResult> ReplayAsync(long id, string who, CancellationToken cancellationToken)
    {
        await _deciding.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            DeadLetter? letter = await _letters.FindAsync(id, cancellationToken).ConfigureAwait(false);
            byte[]? payload = await _letters.PayloadAsync(id, cancellationToken).ConfigureAwait(false);
            if (letter is null || payload is null)
            {
                return new ReplayResult(false, false, null);
            }

            if (letter.BlobSha256 is not null)
            {
                return new ReplayResult(true, false, "these bytes are not the photo that was announced; the device sends it again by itself");
            }

            InboundPublish message = new(letter.Client, new MqttMessage(letter.Topic, payload, 1), IsWill: false) { ReceivedAt = letter.FirstReceivedAt };
            PublishVerdict verdict = await _router.StoreAsync(message, cancellationToken).ConfigureAwait(false);
            if (!verdict.IsAccepted)
            {
                return new ReplayResult(true, false, verdict.Reason);
            }

            await AuditAsync("dead-letter.replay", who, letter, null, cancellationToken).ConfigureAwait(false);
            await _letters.RemoveAsync(id, cancellationToken).ConfigureAwait(false);
            _log.LetterReplayed(id, letter.Topic, who);
            return new ReplayResult(true, true, null);
        }
        finally
        {
            _deciding.Release();
        }
    }

    /// <summary>Removes a letter for good; false when there is none.</summary>
    /// <param name="id">The letter.</param>
    /// <param name="who">Who does it.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<bool> DiscardAsync(long id, string who, string reason, CancellationToken cancellationToken)
    {
        await _deciding.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            DeadLetter? letter = await _letters.FindAsync(id, cancellationToken).ConfigureAwait(false);
            if (letter is null)
            {
                return false;
            }

            await AuditAsync("dead-letter.discard", who, letter, reason, cancellationToken).ConfigureAwait(false); // first: nothing goes unrecorded
            await _letters.RemoveAsync(id, cancellationToken).ConfigureAwait(false);
            _log.LetterDiscarded(id, letter.Topic, who, reason);
            return true;
        }
        finally
        {
            _deciding.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _deciding.Dispose();

    private async Task AuditAsync(string what, string who, DeadLetter letter, string? reason, CancellationToken cancellationToken)
    {
        if (_audit is { } audit)
        {
            await audit.AppendAsync([new AuditEntry(what, $"user:{who}", letter.Topic, "done") { Detail = reason }], cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<Action<Utf8JsonWriter>> ShownAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        byte[] shown = letter.BlobSha256 is null ? await _letters.PayloadAsync(letter.Id, cancellationToken).ConfigureAwait(false) ?? [] : [];
        bool isCut = shown.Length > MaxShownBytes;
        shown = isCut ? shown[..MaxShownBytes] : shown;
        string? text = letter.BlobSha256 is null ? Text(shown, isCut) : null;
        return writer =>
        {
            writer.WriteOptional("text", text);
            writer.WriteOptional("hex", text is null && letter.BlobSha256 is null ? Convert.ToHexStringLower(shown) : null);
            if (isCut)
            {
                writer.WriteBoolean("isCut", true);
            }
        };
    }

    private static void Write(Utf8JsonWriter writer, DeadLetter letter, Action<Utf8JsonWriter> payload)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", letter.Id);
        writer.WriteString("topic", letter.Topic);
        writer.WriteString("client", letter.Client);
        writer.WriteString("firstReceivedAt", WireTime.Format(letter.FirstReceivedAt));
        writer.WriteString("receivedAt", WireTime.Format(letter.ReceivedAt));
        writer.WriteNumber("count", letter.Count);
        writer.WriteNumber("sizeBytes", letter.SizeBytes);
        writer.WriteStartArray("errors");
        foreach (WireError error in letter.Errors)
        {
            writer.WriteStartObject();
            writer.WriteString("at", error.At);
            writer.WriteString("code", error.Code);
            writer.WriteString("detail", error.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteOptional("blobSha256", letter.BlobSha256);
        payload(writer);
        writer.WriteEndObject();
    }

    /// <summary>The bytes as text, or null when they are not UTF-8; a character that the cut has split is left out.</summary>
    private static string? Text(ReadOnlySpan<byte> bytes, bool isCut)
    {
        for (int drop = 0; drop <= (isCut ? 3 : 0) && drop <= bytes.Length; drop++)
        {
            try
            {
                return Strict.GetString(bytes[..^drop]);
            }
            catch (DecoderFallbackException)
            {
                // Not at this length.
            }
        }

        return null;
    }
}
