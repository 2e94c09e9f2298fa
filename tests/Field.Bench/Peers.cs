namespace Field.Bench;

/// <summary>The programs that Field is measured beside, as their users run them, each in a folder of its own and on loopback only.</summary>
internal static class Peers
{
    /// <summary>Mosquitto as its users run it for speed: no persistence, so it acknowledges from memory.</summary>
    /// <param name="window">Messages in flight to a subscriber, at most.</param>
    public static Task<BenchProcess> MosquittoAsync(int window) => StartAsync(
        "mqtt",
        "mosquitto",
        "-c",
        (_, port) => $"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 0\nmax_inflight_messages {window}\n");

    /// <summary>NATS with JetStream on disk behind its MQTT door, as it stores QoS 1 messages.</summary>
    /// <param name="window">Messages in flight to a subscriber, at most.</param>
    public static Task<BenchProcess> NatsAsync(int window) => StartAsync(
        "mqtt",
        "nats-server",
        "-c",
        (folder, port) => $$"""
            listen: "127.0.0.1:{{BenchProcess.FreePort()}}"
            server_name: bench
            jetstream { store_dir: "{{folder}}/data", max_memory_store: 1GB, max_file_store: 8GB }
            mqtt { listen: "127.0.0.1:{{port}}", ack_wait: "30s", max_ack_pending: {{window}} }
            """);

    /// <summary>InfluxDB 1.x as it is installed; its write-ahead log is synced before each answer.</summary>
    public static Task<BenchProcess> InfluxAsync() => StartAsync(
        "http",
        "influxd",
        "-config",
        (folder, port) => $"""
            reporting-disabled = true
            bind-address = "127.0.0.1:{BenchProcess.FreePort()}"
            [meta]
              dir = "{folder}/meta"
            [data]
              dir = "{folder}/data"
              wal-dir = "{folder}/wal"
            [http]
              bind-address = "127.0.0.1:{port}"
              log-enabled = false
            """);

    /// <summary>RabbitMQ with its MQTT plug-in, a node of its own with its own port mapper.</summary>
    /// <param name="window">Messages in flight to a subscriber, at most.</param>
    public static async Task<BenchProcess> RabbitAsync(int window)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("field-bench-");
        (int port, int mapper) = (BenchProcess.FreePort(), BenchProcess.FreePort());
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "plugins"), "[rabbitmq_mqtt].");
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "rabbit.conf"),
            $"listeners.tcp = none\nmqtt.listeners.tcp.1 = 127.0.0.1:{port}\nmqtt.prefetch = {window}\nmqtt.allow_anonymous = true\n");
        Dictionary<string, string> environment = new()
        {
            ["HOME"] = folder.FullName,
            ["ERL_EPMD_PORT"] = $"{mapper}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODENAME"] = "bench@localhost",
            ["RABBITMQ_DIST_PORT"] = $"{BenchProcess.FreePort()}",
            ["RABBITMQ_MNESIA_BASE"] = folder.FullName,
            ["RABBITMQ_LOG_BASE"] = folder.FullName,
            ["RABBITMQ_PID_FILE"] = Path.Combine(folder.FullName, "pid"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder.FullName, "rabbit.conf"),
            ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(folder.FullName, "none"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder.FullName, "plugins"),
        };
        BenchProcess ports = await BenchProcess.StartAsync(
            Directory.CreateTempSubdirectory("field-bench-"), new Uri($"tcp://127.0.0.1:{mapper}"), environment, null, "epmd", "-address", "127.0.0.1", "-port", $"{mapper}");

        // Not the wrapper in /usr/sbin: it changes to the user of the installed service.
        return await BenchProcess.StartAsync(folder, new Uri($"mqtt://127.0.0.1:{port}"), environment, ports, "/usr/lib/rabbitmq/bin/rabbitmq-server");
    }

    private static async Task<BenchProcess> StartAsync(string scheme, string program, string configOption, Func<string, int, string> config)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("field-bench-");
        int port = BenchProcess.FreePort();
        string file = Path.Combine(folder.FullName, "peer.conf");
        await File.WriteAllTextAsync(file, config(folder.FullName, port));
        return await BenchProcess.StartAsync(folder, new Uri($"{scheme}://127.0.0.1:{port}"), null, null, program, configOption, file);
    }
}
