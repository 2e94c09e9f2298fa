using Field.Contracts;
using Field.Contracts.Locks;

namespace Field.Tests.Contracts;

/// <summary>The wire fixtures of tests/golden/wire and the one way to parse any of them.</summary>
internal static class Golden
{
    public const string PhotoId = "2ce07a031764b0c67da1226327c804c6100ef243ca88d01804a5fc2080394b17";

    public static readonly DateTimeOffset ReceivedAt = new(2026, 5, 11, 9, 30, 0, TimeSpan.FromHours(9));

    public static string Folder { get; } = Path.Combine(SharedData.RepositoryRoot(), "tests", "golden", "wire");

    public static UpTopic ManifestTopic { get; } = new("aoba", "drone-01", UpChannel.PhotoManifest, PhotoId);

    public static byte[] Read(string name)
    {
        string path = Path.Combine(Folder, name);
        Assert.True(File.Exists(path), $"golden missing: {name}");
        return File.ReadAllBytes(path);
    }

    /// <summary>Parses a message of a kind and returns its errors as <c>code at</c>.</summary>
    public static IReadOnlyList<string> Errors(string kind, byte[] payload, string? topicName)
    {
        UpTopic? topic = null;
        if (topicName is not null)
        {
            Assert.Null(Topics.TryParseUp(topicName, out topic));
        }

        IReadOnlyList<WireError> errors = kind switch
        {
            "manifest" => PhotoManifest.Parse(payload, topic!).Errors,
            "event" => FieldEvent.Parse(payload, topic!).Errors,
            "status" => DeviceStatus.Parse(payload, topic!).Errors,
            "receipt" => Receipt.Parse(payload).Errors,
            "command" => DeviceCommand.Parse(payload, "aoba", "lock-07").Errors,
            "grants" => LockGrants.Parse(payload, "aoba", "lock-07").Errors,
            "senml" => SenMLPack.Parse(payload, ReceivedAt).Errors,
            "chunk" => PhotoChunk.Check(payload, topic!.ChunkIndex, expectedDataBytes: 1036) is { } error ? [error] : [],
            _ => throw new ArgumentException(kind, nameof(kind)),
        };
        return [.. errors.Select(e => $"{e.Code} {e.At}".TrimEnd())];
    }
}
