using Field.Contracts;
using Field.Contracts.Locks;
using Field.Harness;

namespace Field.Bench.Fuzz;

/// <summary>Every parser that faces the network or a card.</summary>
internal static class FuzzTargets
{
    private const string PhotoId = "2ce07a031764b0c67da1226327c804c6100ef243ca88d01804a5fc2080394b17";

    private static readonly DateTimeOffset ReceivedAt = new(2026, 5, 11, 9, 30, 0, TimeSpan.FromHours(9));

    public static async Task<IReadOnlyList<FuzzTarget>> AllAsync() =>
    [
        .. MqttTargets.All(),
        await BrokerTarget.StartAsync(),
        .. Wire(),
        PhotoTargets.Metadata(),
        .. PhotoTargets.Thumbnails(),
        .. AdapterTargets.All(),
        .. JournalTargets.All(),
        CommandTarget.Create(),
        BrokerStateTarget.Create(),
        .. EnrolmentTarget.All(),
        .. LockTargets.All(),
        .. TrackTargets.All(),
        .. ImpactTargets.All(),
    ];

    private static IEnumerable<FuzzTarget> Wire()
    {
        UpTopic manifest = new("aoba", "drone-01", UpChannel.PhotoManifest, PhotoId);
        UpTopic status = new("aoba", "drone-01", UpChannel.Status, null);
        UpTopic happened = new("aoba", "lock-07", UpChannel.Event, null);
        yield return new("senml", Golden("senml-*.json"), b => SenMLPack.Parse(b, ReceivedAt).Errors.Count == 0);
        yield return new("event", Golden("event*.json"), b => FieldEvent.Parse(b, happened).Errors.Count == 0);
        yield return new("status", Golden("status-*.json"), b => DeviceStatus.Parse(b, status).Errors.Count == 0);
        yield return new("manifest", Golden("manifest*.json"), b => PhotoManifest.Parse(b, manifest).Errors.Count == 0);
        yield return new("receipt", [.. Golden("receipt-incomplete.json"), .. Golden("receipt-stored.json"), .. Golden("receipt-rejected.json")], b => Receipt.Parse(b).Errors.Count == 0);
        yield return new("receipt-messages", Golden("receipt-messages.json"), b => MessageReceipt.Parse(b).Errors.Count == 0);
        yield return new("command", Golden("command.json"), b => DeviceCommand.Parse(b, "aoba", "lock-07").Errors.Count == 0);
        yield return new("lock-grants", Golden("lock-grants.json"), b => LockGrants.Parse(b, "aoba", "lock-07").Errors.Count == 0);
        yield return new("chunk", Golden("chunk.bin"), b => PhotoChunk.Check(b, expectedIndex: 3, expectedDataBytes: null) is null)
        {
            Form = InputForm.Binary,
            Repair = Repairs.Chunk,
            AllocatedBytes = 16 * 1024,
            AllocatedPerByte = 1,
        };
    }

    /// <summary>The fixtures that are part of SPEC.md.</summary>
    private static IReadOnlyList<byte[]> Golden(string pattern) =>
        [.. Directory.GetFiles(Path.Combine(Checkout.Root, "tests", "golden", "wire"), pattern).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
}
