using Field.Broker;
using Field.Mqtt;
using Field.Mqtt.Codec;

namespace Field.Tests.Broker.State;

/// <summary>A state directory; <see cref="Image"/> is what a kill -9 at this moment leaves, for the next broker.</summary>
internal sealed class StateFolder : IDisposable
{
    private readonly string _root;

    private readonly bool _isImage;

    public StateFolder()
    {
        _root = Directory.CreateTempSubdirectory("field-broker-state").FullName;
        Path = System.IO.Path.Combine(_root, "broker");
    }

    private StateFolder(string root, string path) => (_root, Path, _isImage) = (root, path, true);

    public string Path { get; }

    /// <summary>The segments, oldest first.</summary>
    public string[] Segments => [.. Directory.GetFiles(Path, "state-*.log").Order(StringComparer.Ordinal)];

    /// <summary>Bytes of all segments.</summary>
    public long Bytes
    {
        get
        {
            FileInfo[] files = [.. Segments.Select(f => new FileInfo(f))];
            return files.Sum(f => f.Exists ? f.Length : 0);
        }
    }

    /// <summary>Copies the files as they are, behind the running broker's back; again when it began or deleted a file meanwhile.</summary>
    public StateFolder Image()
    {
        string copy = System.IO.Path.Combine(_root, $"image-{Guid.NewGuid():N}");
        string[] copied;
        do
        {
            if (Directory.Exists(copy))
            {
                Directory.Delete(copy, recursive: true);
            }

            Directory.CreateDirectory(copy);
            copied = Segments;
            Array.ForEach(copied, file => Copy(file, System.IO.Path.Combine(copy, System.IO.Path.GetFileName(file))));
        }
        while (!Segments.SequenceEqual(copied));
        return new(_root, copy);
    }

    public Task<TestBroker> StartAsync(TimeProvider? time = null, Action<MqttBrokerOptions>? configure = null, IPublishInterceptor? interceptor = null) =>
        TestBroker.StartAsync(interceptor, o =>
        {
            o.StateDirectory = Path;
            configure?.Invoke(o);
        }, time);

    /// <summary>A client whose session outlives its connection.</summary>
    public static ConnectPacket Keeping(string clientId, MqttProtocolVersion version = MqttProtocolVersion.V500, uint expirySeconds = 3600) => new(version, clientId)
    {
        CleanStart = false,
        Properties = version == MqttProtocolVersion.V500 ? new() { { PropertyId.SessionExpiryInterval, expirySeconds } } : null,
    };

    /// <summary>Publishes with QoS 1 and waits for PUBACK.</summary>
    public static async Task PublishAsync(TestBroker broker, string topic, string text, int qos = 1, bool retain = false)
    {
        await using MqttClient publisher = await broker.ConnectAsync("");
        await publisher.PublishAsync(new(topic, System.Text.Encoding.UTF8.GetBytes(text), qos, retain), TestBroker.Token);
    }

    public static string Text(PublishPacket packet) => System.Text.Encoding.UTF8.GetString(packet.Message.Payload.Span);

    private static void Copy(string file, string to)
    {
        try
        {
            using FileStream source = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using FileStream target = File.Create(to);
            source.CopyTo(target);
        }
        catch (FileNotFoundException)
        {
            // Just deleted: the caller sees it and copies again.
        }
    }

    public void Dispose()
    {
        string mine = _isImage ? Path : _root;
        if (Directory.Exists(mine))
        {
            Directory.Delete(mine, recursive: true);
        }
    }
}
