using System.Globalization;
using System.Text;
using System.Text.Json;
using Field.Contracts;

namespace Field.EdgeAgent.Dji;

/// <summary>
/// The device's own dead letters: a folder with the newest messages that could not be used and why, for whoever has to find out what a
/// new firmware sends. It is bounded; the oldest go first and are counted.
/// </summary>
/// <param name="folder">The folder; created when the first message comes.</param>
/// <param name="time">The clock.</param>
internal sealed class RejectedMessages(string folder, TimeProvider time)
{
    /// <summary>Most messages kept.</summary>
    public const int MaxMessages = 100;

    /// <summary>Most bytes kept of one.</summary>
    public const int MaxPayloadBytes = 16 * 1024;

    private Queue<string>? _files;
    private long _number;

    /// <summary>Messages that made room for newer ones.</summary>
    public long Overwritten { get; private set; }

    /// <summary>Keeps a message.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="payload">What it said; empty when that may hold secrets.</param>
    /// <param name="errors">What is wrong with it.</param>
    public void Add(string topic, ReadOnlyMemory<byte> payload, IReadOnlyList<WireError> errors)
    {
        _files ??= Open();
        while (_files.Count >= MaxMessages)
        {
            File.Delete(_files.Dequeue());
            Overwritten++;
        }

        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyyMMdd-HHmmss}-{_number++ % 1_000_000:000000}.json"));
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(WireJson.WriteObject(writer => Write(writer, topic, payload, errors))));
        _files.Enqueue(path);
    }

    private Queue<string> Open()
    {
        Directory.CreateDirectory(folder);
        return new Queue<string>(Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal));
    }

    private void Write(Utf8JsonWriter writer, string topic, ReadOnlyMemory<byte> payload, IReadOnlyList<WireError> errors)
    {
        writer.WriteString("topic", topic);
        writer.WriteString("time", WireTime.Format(time.GetUtcNow()));
        writer.WriteStartArray("errors");
        foreach (WireError error in errors.Take(16))
        {
            writer.WriteStringValue(error.ToString());
        }

        writer.WriteEndArray();
        writer.WriteNumber("sizeBytes", payload.Length);
        writer.WriteBase64String("payload", payload.Span[..Math.Min(payload.Length, MaxPayloadBytes)]);
    }
}
