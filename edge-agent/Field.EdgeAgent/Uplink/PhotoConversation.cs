using System.Buffers;
using System.Threading.Channels;
using Field.Contracts;
using Field.EdgeAgent.Outbox;
using Microsoft.Win32.SafeHandles;

namespace Field.EdgeAgent.Uplink;

/// <summary>How a conversation about a photo ended.</summary>
internal abstract record PhotoResult
{
    /// <summary>The server has it.</summary>
    public sealed record Stored(bool Duplicate) : PhotoResult;

    /// <summary>The server will not take it.</summary>
    public sealed record Rejected(string Reason) : PhotoResult;

    /// <summary>The file is not what was hashed, or cannot be read any more.</summary>
    public sealed record SourceChanged(string Path) : PhotoResult;
}

/// <summary>What a conversation needs of its connection.</summary>
/// <param name="Link">The connection.</param>
/// <param name="Site">Site id.</param>
/// <param name="Device">Device id.</param>
/// <param name="NextSequence">The device sequence.</param>
/// <param name="Window">Places for chunks in flight, shared by all photos: bounds memory and the time one acknowledgement takes.</param>
/// <param name="Time">The clock.</param>
/// <param name="Observer">Hears of progress.</param>
/// <param name="GiveWay">Waits while what goes first waits to be given to the line.</param>
internal sealed record ConversationContext(
    ILink Link,
    string Site,
    string Device,
    Func<long> NextSequence,
    SemaphoreSlim Window,
    TimeProvider Time,
    IUploadObserver Observer,
    Func<CancellationToken, Task> GiveWay)
{
    // The link's own keep-alive finds a dead peer; this ends the wait for one that lives but does not acknowledge.
    private static readonly TimeSpan AcknowledgeLimit = TimeSpan.FromMinutes(5);

    /// <summary>Publishes at QoS 1; completes with the acknowledgement.</summary>
    /// <exception cref="FieldException">Refused, or the connection was lost (transient).</exception>
    public async Task PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        try
        {
            await Link.PublishAsync(topic, payload, retain: false, cancellationToken).WaitAsync(AcknowledgeLimit, Time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            await Link.DisposeAsync();
            throw new FieldException($"no acknowledgement within {AcknowledgeLimit.TotalMinutes:0} min", isTransient: true, e);
        }
    }
}

/// <summary>Brings one photo to the server over one connection (SPEC.md section 7): manifest, missing chunks, receipt.</summary>
internal sealed class PhotoConversation(ConversationContext context, OutboxPhoto photo, SourceFile source, ChannelReader<Receipt> receipts)
{
    /// <summary>The longest wait for a receipt before the manifest is sent again.</summary>
    public static readonly TimeSpan ProgressLimit = TimeSpan.FromSeconds(30);

    private const int MaxRoundsWithoutProgress = 5;

    private readonly PhotoManifest _manifest = photo.Manifest;
    private bool _hashWasRight;

    /// <summary>Talks until the photo's fate is known.</summary>
    /// <exception cref="FieldException">The connection was lost; the photo goes on with the next one.</exception>
    public async Task<PhotoResult> RunAsync(CancellationToken cancellationToken)
    {
        int rounds = 0;
        int fewestMissing = int.MaxValue;
        while (true)
        {
            if (SourceFile.Stat(source.Path) != source)
            {
                return new PhotoResult.SourceChanged(source.Path);
            }

            if (await SendManifestAsync(cancellationToken) is { } refused)
            {
                return new PhotoResult.Rejected(refused);
            }

            Receipt? receipt = await NextReceiptAsync(cancellationToken);
            if (receipt is { Outcome: ReceiptOutcome.Incomplete })
            {
                int missing = (receipt.Missing ?? []).Sum(r => Math.Max(0, Math.Min(r.Last, _manifest.ChunkCount - 1) - r.First + 1));
                rounds = missing < fewestMissing ? 0 : rounds + 1;
                fewestMissing = Math.Min(fewestMissing, missing);
                if (rounds > MaxRoundsWithoutProgress)
                {
                    return new PhotoResult.Rejected(receipt.Reason ?? ErrorCodes.ChunkSize);
                }

                if (!await SendMissingAsync(receipt.Missing ?? [], missing, cancellationToken))
                {
                    return new PhotoResult.SourceChanged(source.Path);
                }

                receipt = await NextReceiptAsync(cancellationToken);
            }

            if (await EndAsync(receipt, cancellationToken) is { } result)
            {
                return result;
            }
        }
    }

    /// <summary>The result that a receipt means, or null to ask again.</summary>
    private async Task<PhotoResult?> EndAsync(Receipt? receipt, CancellationToken cancellationToken)
    {
        switch (receipt)
        {
            case { Outcome: ReceiptOutcome.Stored } when receipt.SizeBytes == _manifest.SizeBytes:
                return new PhotoResult.Stored(receipt.Duplicate);
            case { Outcome: ReceiptOutcome.Rejected }:
                if (await SourceHashAsync(cancellationToken) != photo.PhotoId)
                {
                    return new PhotoResult.SourceChanged(source.Path);
                }

                if (_hashWasRight || receipt.Reason != ErrorCodes.HashMismatch)
                {
                    return new PhotoResult.Rejected(receipt.Reason!);
                }

                _hashWasRight = true; // the card is right, so the bytes were damaged on the way: once more
                return null;
            default:
                return null;
        }
    }

    private async Task<string?> SendManifestAsync(CancellationToken cancellationToken)
    {
        while (receipts.TryRead(out _))
        {
            // Answers to an earlier question; the manifest asks anew.
        }

        byte[] payload = _manifest.Write(context.Site, context.Device, context.NextSequence(), context.Time.GetUtcNow());
        try
        {
            await context.PublishAsync(Topics.Manifest(context.Site, context.Device, photo.PhotoId), payload, cancellationToken);
            return null;
        }
        catch (FieldException e) when (!e.IsTransient && !context.Link.Closed.IsCompleted)
        {
            return e.Message;
        }
    }

    /// <summary>Sends what is missing, several chunks at a time; false when the file no longer gives the bytes.</summary>
    private async Task<bool> SendMissingAsync(IReadOnlyList<ChunkRange> missing, int count, CancellationToken cancellationToken)
    {
        context.Observer.On(new UploadEvent.Sending(photo, count));
        using SafeFileHandle file = OpenSource();
        List<Task<bool>> inFlight = [];
        bool whole = true;
        try
        {
            foreach (int index in missing.SelectMany(r => Enumerable.Range(r.First, r.Last - r.First + 1)).Where(i => i < _manifest.ChunkCount))
            {
                await context.GiveWay(cancellationToken);
                await context.Window.WaitAsync(cancellationToken);
                inFlight.Add(SendChunkAsync(file, index, cancellationToken));
                if (inFlight.Any(t => t.IsFaulted || (t.IsCompletedSuccessfully && !t.Result)) || IsDecided())
                {
                    break;
                }

                inFlight.RemoveAll(t => t.IsCompletedSuccessfully && t.Result);
            }
        }
        finally
        {
            // The file stays open until the last read ended, also when one failed.
            bool[] results = await Task.WhenAll(inFlight);
            whole = results.All(r => r);
        }

        return whole;
    }

    private SafeFileHandle OpenSource()
    {
        try
        {
            return File.OpenHandle(
                source.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
        }
        catch (FileNotFoundException)
        {
            return new SafeFileHandle();
        }
    }

    private bool IsDecided() => receipts.TryPeek(out Receipt? receipt) && receipt.Outcome != ReceiptOutcome.Incomplete;

    private async Task<bool> SendChunkAsync(SafeFileHandle file, int index, CancellationToken cancellationToken)
    {
        try
        {
            int length = _manifest.ChunkLength(index);
            byte[] rented = ArrayPool<byte>.Shared.Rent(PhotoChunk.HeaderBytes + length);
            Memory<byte> payload = rented.AsMemory(0, PhotoChunk.HeaderBytes + length);
            Memory<byte> data = payload[PhotoChunk.HeaderBytes..];
            if (file.IsInvalid || !await ReadAsync(file, (long)index * _manifest.ChunkBytes, data, cancellationToken))
            {
                return false;
            }

            PhotoChunk.Write(index, data.Span, payload.Span);
            await context.PublishAsync(Topics.Chunk(context.Site, context.Device, photo.PhotoId, index), payload, cancellationToken);
            ArrayPool<byte>.Shared.Return(rented); // only here: after a failure the connection may still hold the bytes
            context.Observer.On(new UploadEvent.ChunkSent(photo, length));
            return true;
        }
        catch (FieldException) when (!context.Link.Closed.IsCompleted)
        {
            return true; // refused: the next receipt names it as missing, and rounds without progress are counted
        }
        finally
        {
            context.Window.Release();
        }
    }

    private static async Task<bool> ReadAsync(SafeFileHandle file, long offset, Memory<byte> into, CancellationToken cancellationToken)
    {
        try
        {
            while (into.Length > 0)
            {
                int read = await RandomAccess.ReadAsync(file, into, offset, cancellationToken);
                if (read == 0)
                {
                    return false;
                }

                (into, offset) = (into[read..], offset + read);
            }

            return true;
        }
        catch (IOException)
        {
            return false; // a card that was pulled or a bad sector: the next look at the file says which
        }
    }

    private async Task<string?> SourceHashAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Photos.PhotoReader.HashAsync(source.Path, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private async Task<Receipt?> NextReceiptAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(ProgressLimit, context.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            Receipt receipt = await receipts.ReadAsync(either.Token);
            while (receipt.Outcome == ReceiptOutcome.Incomplete && receipts.TryRead(out Receipt? newer))
            {
                receipt = newer;
            }

            return receipt;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
