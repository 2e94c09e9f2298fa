using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Field.Broker;
using Field.Contracts;
using Field.Contracts.Locks;
using Field.Ingest;
using Field.Ingest.Commands;
using Field.Ingest.External;
using Field.Ingest.Findings;
using Field.Ingest.Photos;
using Field.Mqtt;
using Field.Store;
using Field.Tests.Store;
using Field.Vision;
using Microsoft.Extensions.DependencyInjection;

namespace Field.Tests.Ingest;

/// <summary>Ingest over a folder, without a broker: messages go in by hand, what it publishes is recorded.</summary>
internal sealed class IngestHost : IAsyncDisposable
{
    public const string Site = "aoba";
    private readonly ServiceProvider _services;

    public IngestHost(string folder, IngestOptions? options = null, Func<string, CancellationToken, PhotoScore>? score = null, string model = "test-v1", Func<FieldStores, FieldStores>? wrap = null, ExternalBrokerOptions? external = null, TimeProvider? time = null, ScoringModels? models = null)
    {
        Options = (options ?? Defaults) with { DataDirectory = folder };
        ServiceCollection services = new();
        if (time is not null)
        {
            services.AddSingleton(time);
        }

        if (external is not null)
        {
            services.AddSingleton(external);
            services.AddSingleton<ExternalBroker>();
        }

        services.AddSingleton<IMessageSink>(p => external is null ? Sink : new ManySinks(p.GetRequiredService<ExternalBroker>(), Sink));
        services.AddSingleton(models ?? new ScoringModels([new Scorer(model, ["crack"], score ?? ((_, _) => new PhotoScore(100, 100, model, [])))]));
        services.AddSingleton(_ => new Field.Store.Audit.AuditLog(Path.Combine(folder, "audit"), TimeProvider.System));
        services.AddIngestCore(Options);
        if (wrap is not null)
        {
            services.AddSingleton(p => wrap(Options.EffectiveStores.Open(p.GetRequiredService<TimeProvider>())));
        }

        _services = services.BuildServiceProvider();
    }

    public static IngestOptions Defaults { get; } = new()
    {
        Site = Site,
        DataDirectory = "",
        ModelCardPaths = [],
        ScoringRetryDelay = TimeSpan.Zero,
    };

    public IngestOptions Options { get; }

    public RecordingSink Sink { get; } = new();

    public FieldStores Stores => Get<FieldStores>();

    public FieldQueries Queries => Get<FieldQueries>();

    public PhotoPipeline Pipeline => Get<PhotoPipeline>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Gives a lock its secret, as enrolment does.</summary>
    public LockSecret EnrolLock(string device, string code = "AAAAA")
    {
        Get<LockSecrets>().Prepare(device, code);
        return Get<LockSecrets>().HandOver(device, code)!;
    }

    public async Task<PublishVerdict> SendAsync(string topic, ReadOnlyMemory<byte> payload) =>
        await Get<IPublishInterceptor>().StoreAsync(new InboundPublish("client-1", new MqttMessage(topic, payload, 1), false), Cancel);

    public Task<PublishVerdict> SendManifestAsync(TestPhoto photo, string device = "drone-1") =>
        SendAsync(Topics.Manifest(Site, device, photo.Id), photo.Manifest.Write(Site, device, 1, DateTimeOffset.UnixEpoch));

    public Task<PublishVerdict> SendChunkAsync(TestPhoto photo, int index, string device = "drone-1") =>
        SendAsync(Topics.Chunk(Site, device, photo.Id, index), photo.Chunk(index));

    public async Task SendAllAsync(TestPhoto photo, string device = "drone-1")
    {
        Assert.True((await SendManifestAsync(photo, device)).IsAccepted);
        for (int i = 0; i < photo.Manifest.ChunkCount; i++)
        {
            Assert.True((await SendChunkAsync(photo, i, device)).IsAccepted);
        }
    }

    public async Task<Feature?> PhotoAsync(string id) => await Stores.Features.FindAsync(FieldTables.Photos, id, Cancel);

    public async Task<byte[]?> BlobAsync(string sha256)
    {
        await using Stream? stream = await Stores.Blobs.OpenAsync(sha256, Cancel);
        if (stream is null)
        {
            return null;
        }

        MemoryStream copy = new();
        await stream.CopyToAsync(copy, Cancel);
        return copy.ToArray();
    }

    public async Task<IReadOnlyList<DeadLetter>> LettersAsync() => await Get<DeadLetterStore>().ListAsync(new() { Limit = 100 }, Cancel);

    public async Task<JsonElement> FeaturesAsync(string collection, long since = 0)
    {
        MemoryStream stream = new();
        Assert.True(await Queries.WriteFeaturesAsync(stream, collection, since, null, Cancel));
        using JsonDocument json = JsonDocument.Parse(stream.ToArray());
        return json.RootElement.Clone();
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

/// <summary>Everything that was published, in order.</summary>
internal sealed class RecordingSink : IMessageSink
{
    private readonly ConcurrentQueue<(string Topic, byte[] Payload)> _messages = new();

    public IEnumerable<(string Topic, byte[] Payload)> Messages => _messages;

    public void Clear() => _messages.Clear();

    public IReadOnlyList<Receipt> Receipts(string device = "drone-1") =>
        [.. _messages.Where(m => m.Topic == Topics.Receipt(IngestHost.Site, device)).Select(m => Receipt.Parse(m.Payload)).Select(Whole)];

    public IReadOnlyList<JsonElement> Live(string kind) =>
        [.. _messages.Where(m => m.Topic.StartsWith(Topics.Live(IngestHost.Site, kind, ""), StringComparison.Ordinal)).Select(m => JsonDocument.Parse(m.Payload).RootElement)];

    public ValueTask PublishAsync(string topic, ReadOnlyMemory<byte> payload, int qos, CancellationToken cancellationToken)
    {
        Post(topic, payload);
        return ValueTask.CompletedTask;
    }

    /// <summary>What a topic holds.</summary>
    public ConcurrentDictionary<string, byte[]> Retained { get; } = new();

    public ValueTask RetainAsync(string topic, ReadOnlyMemory<byte> payload, int qos, CancellationToken cancellationToken)
    {
        Retained[topic] = payload.ToArray();
        return PublishAsync(topic, payload, qos, cancellationToken);
    }

    public void Post(string topic, ReadOnlyMemory<byte> payload) => _messages.Enqueue((topic, payload.ToArray()));

    public bool IsHeard(string topic) => true;

    private static Receipt Whole(Parsed<Receipt> parsed)
    {
        Assert.Empty(parsed.Errors);
        return parsed.Value!;
    }
}

/// <summary>Bytes with their manifest and chunks.</summary>
internal sealed class TestPhoto
{
    public TestPhoto(int seed, int sizeBytes = 5000, int chunkBytes = 1024, CameraMetadata? camera = null, GeoPoint? place = null)
        : this(Noise(seed, sizeBytes), $"DJI_{seed:0000}.JPG", chunkBytes, camera, place)
    {
    }

    public TestPhoto(byte[] bytes, string name, int chunkBytes = 1 << 16, CameraMetadata? camera = null, GeoPoint? place = null, DateTimeOffset? capturedAt = null)
    {
        Bytes = bytes;
        Id = Ids.Photo(SHA256.HashData(Bytes));
        Manifest = new PhotoManifest(Id, name, bytes.Length, chunkBytes, place, capturedAt ?? DateTimeOffset.UnixEpoch.AddDays(20_000), false, camera ?? new CameraMetadata());
    }

    public byte[] Bytes { get; }

    public string Id { get; }

    public PhotoManifest Manifest { get; init; }

    private static byte[] Noise(int seed, int sizeBytes)
    {
        byte[] bytes = new byte[sizeBytes];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public byte[] Chunk(int index)
    {
        byte[] chunk = new byte[PhotoChunk.HeaderBytes + Manifest.ChunkLength(index)];
        PhotoChunk.Write(index, Bytes.AsSpan(index * Manifest.ChunkBytes, Manifest.ChunkLength(index)), chunk);
        return chunk;
    }
}

/// <summary>Copies a folder as a crash leaves it: what is on disk, without anybody closing anything.</summary>
internal static class Crash
{
    public static TempFolder Copy(string from)
    {
        TempFolder copy = new();
        foreach (string folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(copy.Path(Path.GetRelativePath(from, folder)));
        }

        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)))
        {
            File.Copy(file, copy.Path(Path.GetRelativePath(from, file)));
        }

        return copy;
    }
}
