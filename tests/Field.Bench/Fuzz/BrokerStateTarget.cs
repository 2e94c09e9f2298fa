using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.Metrics;
using Field.Broker;
using Field.Broker.State;
using Field.Contracts;
using Field.Harness;
using Field.Mqtt;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Field.Bench.Fuzz;

/// <summary>The journal of the broker's sessions and messages: records of any order and content, behind checksums that are right.</summary>
internal sealed class BrokerStateTarget : IDisposable
{
    private readonly TemporaryFolder _folder = new(inMemory: true);
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly BrokerMetrics _metrics;
    private readonly string _segment;

    private BrokerStateTarget()
    {
        _metrics = new BrokerMetrics(_services.GetRequiredService<IMeterFactory>(), () => 0);
        Open();
        _segment = Directory.EnumerateFiles(_folder["state"]).Single();
    }

    public static FuzzTarget Create()
    {
        BrokerStateTarget state = new();
        byte[] head = File.ReadAllBytes(state._segment);
        return new FuzzTarget("broker-state", [[.. head, .. Frames(Alive)], [.. head, .. Frames(Alive), .. Frames(Ended)]], state.Read)
        {
            Form = InputForm.Binary,
            Repair = file => Repairs.Journal(file, from: 0),
            Refuses = e => e is FieldException,
            Owned = state,
            AllocatedBytes = 1024 * 1024,
            AllocatedPerByte = 256,
        };
    }

    private static StateRecord[] Alive =>
    [
        new SessionSaved(2, "lock-07", "aoba/lock-07", 60_000, 0, 0, 1),
        new Subscribed(2, [new StoredSubscription("field/v1/aoba/lock-07/down/#", 1, false, true, 7), new StoredSubscription("a/+", 2, true, false, 0)]),
        new MessageQueued(3, new MqttMessage("a/b", "payload"u8.ToArray(), 1), 0, true, [new QueueTarget(2, 1, 1, false, [7, 8])]) { Publisher = 2, IncomingId = 9 },
        new WillSaved(4, "lock-07", new MqttMessage("w/t", "gone"u8.ToArray(), 1, true), 10_000, 0),
        new IncomingReceived(2, [5, 6]),
    ];

    private static StateRecord[] Ended =>
    [
        new DeliveryAdvanced(2, 1, false), new DeliveryAdvanced(2, 1, true), new IncomingReleased(2, 5), new Unsubscribed(2, ["a/+"]),
        new RetainedCleared("a/b"), new WillDone(4), new SessionEnded(2),
    ];

    public void Dispose()
    {
        _metrics.Dispose();
        _services.Dispose();
        _folder.Dispose();
    }

    private static byte[] Frames(IEnumerable<StateRecord> records)
    {
        ArrayBufferWriter<byte> all = new();
        foreach (StateRecord record in records)
        {
            ArrayBufferWriter<byte> one = new();
            StateCodec.Write(one, record);
            BinaryPrimitives.WriteInt32LittleEndian(all.GetSpan(4), one.WrittenCount);
            all.Advance(4);
            BinaryPrimitives.WriteUInt32LittleEndian(all.GetSpan(4), Crc32C.Compute(one.WrittenSpan));
            all.Advance(4);
            all.Write(one.WrittenSpan);
        }

        return all.WrittenSpan.ToArray();
    }

    private bool Read(byte[] segment)
    {
        Directory.Delete(_folder["state"], recursive: true);
        Directory.CreateDirectory(_folder["state"]);
        File.WriteAllBytes(_segment, segment);
        return Open() == 0;
    }

    /// <summary>Opens the state and returns the bytes that were torn.</summary>
    private long Open()
    {
        using StateJournal? journal = StateRestore.Open(
            new MqttBrokerOptions { StateDirectory = _folder["state"] }, _metrics, TimeProvider.System, NullLogger.Instance);
        return journal!.TornBytes;
    }
}
