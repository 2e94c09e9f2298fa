using System.Collections;
using System.Security.Cryptography;
using System.Text;
using Field.Contracts;
using Field.EdgeAgent.Uplink;

namespace Field.Tests.Edge;

/// <summary>What goes wrong with one message.</summary>
internal enum Fault
{
    None,

    /// <summary>The line breaks before the server has the message.</summary>
    LoseBefore,

    /// <summary>The line breaks after the server took the message and before the device knows.</summary>
    LoseAfter,

    /// <summary>Acknowledged, and nothing else ever happens.</summary>
    Ignore,

    /// <summary>Refused for good.</summary>
    Refuse,

    /// <summary>One bit differs, and the chunk's checksum was made to fit.</summary>
    Corrupt,
}

/// <summary>The server side of SPEC.md section 7 in memory: keeps chunks, checks SHA-256, answers with receipts.</summary>
internal sealed class FakeServer
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Upload> _uploads = [];
    private int _receipts;

    /// <summary>Decides what goes wrong; sees every message in order.</summary>
    public Func<UpTopic, Fault> Script { get; set; } = _ => Fault.None;

    /// <summary>Answers with this instead of what is true, once per call; null for the truth.</summary>
    public Func<Receipt, Receipt?>? Twist { get; set; }

    /// <summary>Receipts for messages that the server sends after it took one.</summary>
    public Func<UpTopic, byte[][]> Receipts { get; set; } = _ => [];

    public List<UpTopic> Log { get; } = [];

    public Dictionary<string, byte[]> Stored { get; } = [];

    public List<DeviceStatus> Statuses { get; } = [];

    public List<long> Sequences { get; } = [];

    public IEnumerable<int> Chunks(string photoId) =>
        Log.Where(t => t.Channel == UpChannel.PhotoChunk && t.PhotoId == photoId).Select(t => t.ChunkIndex);

    public int Manifests(string photoId) => Log.Count(t => t.Channel == UpChannel.PhotoManifest && t.PhotoId == photoId);

    /// <summary>Takes a message; the receipts it causes.</summary>
    public (Fault Fault, IReadOnlyList<byte[]> Receipts) Take(string topicName, ReadOnlyMemory<byte> payload)
    {
        lock (_gate)
        {
            Assert.Null(Topics.TryParseUp(topicName, out UpTopic? topic));
            Fault fault = Script(topic!);
            if (fault is Fault.LoseBefore or Fault.Refuse or Fault.Ignore)
            {
                return (fault, []);
            }

            Log.Add(topic!);
            Receipt? receipt = topic!.Channel switch
            {
                UpChannel.Status => TakeStatus(payload, topic),
                UpChannel.Event or UpChannel.Telemetry => TakeMessage(payload),
                UpChannel.PhotoManifest => TakeManifest(payload, topic),
                UpChannel.PhotoThumbnail => TakeThumbnail(payload, topic),
                _ => TakeChunk(payload, topic, fault == Fault.Corrupt),
            };
            receipt = receipt is null ? null : Twist?.Invoke(receipt) ?? receipt;
            byte[][] others = [.. Receipts(topic)];
            return (fault, receipt is null ? others : [.. others, receipt.Write(topic.Site, DateTimeOffset.UnixEpoch, $"r{++_receipts}")]);
        }
    }

    /// <summary>Payloads of events and telemetry, in order of arrival.</summary>
    public List<string> Messages { get; } = [];

    private Receipt? TakeMessage(ReadOnlyMemory<byte> payload)
    {
        Messages.Add(Encoding.UTF8.GetString(payload.Span));
        return null;
    }

    private Receipt? TakeStatus(ReadOnlyMemory<byte> payload, UpTopic topic)
    {
        DeviceMessage<DeviceStatus> status = DeviceStatus.Parse(payload, topic).Value!;
        Statuses.Add(status.Body);
        Sequences.Add(status.Envelope.Sequence!.Value);
        return null;
    }

    private Receipt TakeManifest(ReadOnlyMemory<byte> payload, UpTopic topic)
    {
        Parsed<PhotoManifest> manifest = PhotoManifest.Parse(payload, topic);
        Assert.Empty(manifest.Errors);
        if (Stored.TryGetValue(topic.PhotoId!, out byte[]? bytes))
        {
            return new Receipt(topic.PhotoId!, ReceiptOutcome.Stored, bytes.Length, Duplicate: true);
        }

        if (!_uploads.TryGetValue(topic.PhotoId!, out Upload? upload))
        {
            _uploads[topic.PhotoId!] = upload = new Upload(manifest.Value!);
        }

        return Incomplete(upload);
    }

    public Dictionary<string, byte[]> Thumbnails { get; } = [];

    private Receipt? TakeThumbnail(ReadOnlyMemory<byte> payload, UpTopic topic)
    {
        Assert.True(_uploads.ContainsKey(topic.PhotoId!) || Stored.ContainsKey(topic.PhotoId!), "the manifest comes first");
        Thumbnails[topic.PhotoId!] = payload.ToArray();
        return null;
    }

    private Receipt? TakeChunk(ReadOnlyMemory<byte> payload, UpTopic topic, bool corrupt)
    {
        Upload upload = _uploads[topic.PhotoId!];
        Assert.Null(PhotoChunk.Check(payload.Span, topic.ChunkIndex, upload.Manifest.ChunkLength(topic.ChunkIndex)));
        payload.Span[PhotoChunk.HeaderBytes..].CopyTo(upload.Bytes.AsSpan(topic.ChunkIndex * upload.Manifest.ChunkBytes));
        upload.Bytes[topic.ChunkIndex * upload.Manifest.ChunkBytes] ^= (byte)(corrupt ? 1 : 0);
        upload.Have[topic.ChunkIndex] = true;
        if (!upload.Have.HasAllSet())
        {
            return null;
        }

        _uploads.Remove(topic.PhotoId!);
        if (Ids.Photo(SHA256.HashData(upload.Bytes)) != topic.PhotoId)
        {
            return new Receipt(topic.PhotoId!, ReceiptOutcome.Rejected, Reason: ErrorCodes.HashMismatch);
        }

        Stored.Add(topic.PhotoId!, upload.Bytes);
        return new Receipt(topic.PhotoId!, ReceiptOutcome.Stored, upload.Bytes.Length);
    }

    private static Receipt Incomplete(Upload upload)
    {
        List<ChunkRange> missing = [];
        for (int i = 0; i < upload.Have.Count; i++)
        {
            if (!upload.Have[i])
            {
                int first = i;
                while (i + 1 < upload.Have.Count && !upload.Have[i + 1])
                {
                    i++;
                }

                missing.Add(new ChunkRange(first, i));
            }
        }

        return new Receipt(upload.Manifest.PhotoId, ReceiptOutcome.Incomplete, Missing: missing);
    }

    private sealed class Upload(PhotoManifest manifest)
    {
        public PhotoManifest Manifest { get; } = manifest;

        public byte[] Bytes { get; } = new byte[manifest.SizeBytes];

        public BitArray Have { get; } = new(manifest.ChunkCount);
    }
}

/// <summary>Links to a <see cref="FakeServer"/>.</summary>
internal sealed class FakeLinks(FakeServer server) : ILinkFactory
{
    /// <summary>Connections that fail before one succeeds.</summary>
    public int FailingOpens { get; set; }

    /// <summary>Completes at the first connection that fails.</summary>
    public TaskCompletionSource FailedOnce { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Device { get; init; } = "drone-01";

    public int Opened { get; private set; }

    public int MostInFlight { get; private set; }

    /// <summary>Topics in the order in which they were given to the line; the server may see them in another.</summary>
    public List<string> OnTheLine { get; } = [];

    /// <summary>False for a broker that acknowledges from memory.</summary>
    public bool AcknowledgesStored { get; set; } = true;

    /// <summary>Holds publishes back until it completes; null to let them through.</summary>
    public Task? Gate { get; set; }

    public (string Topic, byte[] Payload) Will { get; private set; }

    public Task<ILink> OpenAsync(LinkRequest request, CancellationToken cancellationToken)
    {
        if (FailingOpens-- > 0)
        {
            FailedOnce.TrySetResult();
            throw new FieldException("connection refused", isTransient: true);
        }

        Opened++;
        Will = (request.WillTopic, request.Will.ToArray());
        LinkSubscription receipts = Assert.Single(request.Subscriptions);
        Assert.Equal(Topics.Receipt("aoba", Device), receipts.Topic);
        return Task.FromResult<ILink>(new FakeLink(this, server, receipts));
    }

    private sealed class FakeLink(FakeLinks owner, FakeServer server, LinkSubscription receipts) : ILink
    {
        private readonly TaskCompletionSource<string?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _inFlight;

        public Task<string?> Closed => _closed.Task;

        public bool AcknowledgesStored => owner.AcknowledgesStored;

        public async Task PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken cancellationToken)
        {
            Assert.Equal(topic.EndsWith("/status", StringComparison.Ordinal), retain);
            bool isChunk = topic.Contains("/chunk/", StringComparison.Ordinal);
            int now = isChunk ? Interlocked.Increment(ref _inFlight) : 0;
            lock (owner)
            {
                owner.MostInFlight = Math.Max(owner.MostInFlight, now);
                owner.OnTheLine.Add(topic);
            }

            try
            {
                if (isChunk && owner.Gate is { } gate)
                {
                    await gate.WaitAsync(cancellationToken);
                }

                await Task.Yield();
                await PublishAsync(topic, payload);
            }
            finally
            {
                _ = isChunk ? Interlocked.Decrement(ref _inFlight) : 0;
            }
        }

        public ValueTask DisposeAsync()
        {
            _closed.TrySetResult(null);
            return ValueTask.CompletedTask;
        }

        private async Task PublishAsync(string topic, ReadOnlyMemory<byte> payload)
        {
            if (_closed.Task.IsCompleted)
            {
                throw new FieldException("closed", isTransient: true);
            }

            (Fault fault, IReadOnlyList<byte[]> answers) = server.Take(topic, payload);
            if (fault is Fault.LoseBefore or Fault.LoseAfter)
            {
                _closed.TrySetResult("the line broke");
                throw new FieldException("the line broke", isTransient: true);
            }

            if (fault == Fault.Refuse)
            {
                throw new FieldException("payload format invalid");
            }

            foreach (byte[] answer in answers)
            {
                await receipts.Handle(answer, CancellationToken.None);
            }
        }
    }
}
