using Field.Contracts;
using Field.EdgeAgent.Outbox;
using Field.Harness;

namespace Field.Bench.Fuzz;

/// <summary>The journals of a device, which lie on a card that anybody may have had in a computer.</summary>
internal static class JournalTargets
{
    private const string Site = "aoba";
    private const string Device = "drone-01";

    public static IEnumerable<FuzzTarget> All() => [Outbox()];

    /// <summary>
    /// An outbox of which one file was changed: the first byte of the input says which, the others are as an agent left them. Everything
    /// that waits in it is then taken.
    /// </summary>
    private static FuzzTarget Outbox()
    {
        TemporaryFolder folder = new(inMemory: true);
        string golden = folder["golden"];
        Fill(golden);
        string[] files = [.. Directory.EnumerateFiles(golden, "*", SearchOption.AllDirectories).Where(f => new FileInfo(f).Length > Journal.MagicBytes).Order(StringComparer.Ordinal)];
        byte[][] contents = [.. files.Select(File.ReadAllBytes)];
        string[] copies = [.. files.Select(f => Path.Combine(folder["fuzzed"], Path.GetRelativePath(golden, f)))];
        return new FuzzTarget("outbox-journals", [.. contents.Select((content, i) => (byte[])[(byte)i, .. content])], input => Open(folder["fuzzed"], copies, contents, input))
        {
            Form = InputForm.Binary,
            Repair = input => Repairs.Journal(input, from: 1),
            Refuses = e => e is FieldException,
            Owned = folder,

            // Buffers of the open files, and a record is kept as bytes, text and object.
            AllocatedBytes = 8 * 1024 * 1024,
            AllocatedPerByte = 256,
        };
    }

    private static void Fill(string folder)
    {
        using DeviceOutbox outbox = DeviceOutbox.Open(folder, Site, Device);
        for (int i = 0; i < 3; i++)
        {
            string photoId = new((char)('a' + i), 64);
            SourceFile file = new($"/media/card/DJI_{i:0000}.JPG", 1_000_000 + i, 638_000_000_000_000_000);
            outbox.Photos.Add(file, new PhotoManifest(photoId, Path.GetFileName(file.Path), file.SizeBytes, PhotoChunk.DefaultDataBytes, null, null, false, new CameraMetadata()), out _);
        }

        outbox.Photos.MarkStored(outbox.Photos.Waiting[0]);
        outbox.Photos.MarkThumbnail(outbox.Photos.Waiting[0]);
        foreach (OutboxPriority priority in Enum.GetValues<OutboxPriority>())
        {
            outbox.Messages.EnqueueAsync("event", priority, sequence => [(byte)'{', (byte)('0' + (sequence % 10)), (byte)'}'], CancellationToken.None).GetAwaiter().GetResult();
        }

        DateTimeOffset time = DateTimeOffset.UnixEpoch.AddYears(56);
        outbox.Messages.AddSamplesAsync([[new Measurement("level", time, "m", 1.42)], [new Measurement("rain", time, "mm", 0.5)]], CancellationToken.None).GetAwaiter().GetResult();
        TakeAll(outbox);
        outbox.Messages.AddSampleAsync([new Measurement("level", time, "m", 1.43)], CancellationToken.None).GetAwaiter().GetResult();
    }

    private static bool Open(string folder, string[] copies, byte[][] contents, byte[] input)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true); // what a fuzzed run left: new segments, a lock
        }

        int changed = input.Length > 0 ? input[0] % copies.Length : 0;
        for (int i = 0; i < copies.Length; i++)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(copies[i])!);
            File.WriteAllBytes(copies[i], i == changed && input.Length > 0 ? input[1..] : contents[i]);
        }

        using DeviceOutbox outbox = DeviceOutbox.Open(folder, Site, Device);
        TakeAll(outbox);
        return outbox.TornBytes == 0;
    }

    private static void TakeAll(DeviceOutbox outbox)
    {
        _ = outbox.Photos.Waiting;
        while (outbox.Messages.TakeAsync(CancellationToken.None).GetAwaiter().GetResult() is not null)
        {
        }
    }
}
