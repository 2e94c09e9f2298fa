using System.Globalization;
using Field.Broker;
using Field.Contracts;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Uplink;
using Field.Mqtt;
using Field.Tests.Broker;

namespace Field.Tests.Edge;

/// <summary>Messages from the outbox to the server: what removes them, what keeps them.</summary>
public sealed class MessageUplinkTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 5, 11, 0, 0, 0, TimeSpan.Zero);

    private readonly EdgeBench _bench = new();
    private readonly List<UploadEvent> _events = [];

    private FakeServer Server => _bench.Server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Messages_samples_and_photos_are_all_sent_reports_first()
    {
        string photo = _bench.AddPhoto("a.jpg", 600_000);
        using DeviceOutbox outbox = _bench.OpenOutbox();
        await outbox.Messages.AddSamplesAsync(Enumerable.Range(0, 1500).Select(Sample), Token);
        await EventAsync(outbox, "report");
        await _bench.SendAllAsync(outbox, _events);
        Assert.Equal(photo, Server.Stored.Keys.Single());
        Assert.Contains("report", Server.Messages[0], StringComparison.Ordinal);
        Assert.Equal(3, Server.Messages.Count);
        UpChannel[] order = [.. Server.Log.Select(t => t.Channel).Where(c => c is UpChannel.Event or UpChannel.Telemetry or UpChannel.PhotoChunk)];
        Assert.Equal(order.Order(Comparer<UpChannel>.Create((a, b) => (a == UpChannel.PhotoChunk).CompareTo(b == UpChannel.PhotoChunk))), order);
        Assert.Equal(0, outbox.Messages.Figures.Waiting);
    }

    [Fact]
    public async Task Lost_connections_repeat_messages_under_the_same_sequence_and_lose_none()
    {
        using DeviceOutbox outbox = _bench.OpenOutbox();
        for (int i = 0; i < 200; i++)
        {
            await EventAsync(outbox, $"e{i}");
        }

        int count = 0;
        Server.Script = t => t.Channel == UpChannel.Event && ++count % 60 == 0 ? (count % 120 == 0 ? Fault.LoseBefore : Fault.LoseAfter) : Fault.None;
        await _bench.SendAllAsync(outbox, _events);
        Assert.Equal(200, Server.Messages.Distinct().Count());
        Assert.Equal(200, Server.Messages.Select(m => m.Split("\"id\":")[1].Split(',')[0]).Distinct().Count());
        Assert.NotEmpty(_events.OfType<UploadEvent.Disconnected>());
        Assert.Equal(0, outbox.Messages.Figures.Waiting);
    }

    [Fact]
    public async Task Refused_message_is_not_repeated_and_is_reported()
    {
        using DeviceOutbox outbox = _bench.OpenOutbox();
        long sequence = await EventAsync(outbox, "bad");
        await EventAsync(outbox, "good");
        int seen = 0;
        Server.Script = t => t.Channel == UpChannel.Event && ++seen == 1 ? Fault.Refuse : Fault.None;
        await _bench.SendAllAsync(outbox, _events, links: new OneAtATime(_bench.Links));
        Assert.Equal(sequence, Assert.Single(_events.OfType<UploadEvent.MessageRefused>()).Sequence);
        Assert.Contains("good", Assert.Single(Server.Messages), StringComparison.Ordinal);
        Assert.Equal(0, outbox.Messages.Figures.Waiting);
    }

    [Fact]
    public async Task Acknowledgement_from_memory_keeps_the_message_until_the_receipt_names_it()
    {
        using DeviceOutbox outbox = _bench.OpenOutbox();
        _bench.Links.AcknowledgesStored = false;
        long[] sequences = [await EventAsync(outbox, "a"), await EventAsync(outbox, "b"), await EventAsync(outbox, "c")];
        int seen = 0;
        long waitingAtLast = 0;
        Server.Receipts = topic =>
        {
            if (topic.Channel != UpChannel.Event || ++seen < 3)
            {
                return [];
            }

            waitingAtLast = outbox.Messages.Figures.Waiting;
            return [new MessageReceipt([new(sequences[0], sequences[2])]).Write("aoba", Start, "r1")];
        };
        await _bench.SendAllAsync(outbox, _events);
        Assert.Equal(3, waitingAtLast);
        Assert.Equal(3, Server.Messages.Count);
        Assert.Equal(0, outbox.Messages.Figures.Waiting);
    }

    [Fact]
    public async Task Message_without_a_receipt_is_sent_again_after_30_seconds()
    {
        using DeviceOutbox outbox = _bench.OpenOutbox();
        _bench.Links.AcknowledgesStored = false;
        ManualTime time = new();
        long sequence = await EventAsync(outbox, "a");
        int seen = 0;
        Server.Receipts = topic => topic.Channel == UpChannel.Event && ++seen == 2
            ? [new MessageReceipt([new(sequence, sequence)]).Write("aoba", Start, "r1")] : [];
        Task sending = _bench.SendAllAsync(outbox, _events, time: time);
        await time.TimerDueInAsync(MessageSender.ReceiptLimit, Token);
        time.Advance(MessageSender.ReceiptLimit);
        await sending;
        Assert.Equal(2, Server.Messages.Count);
        Assert.Single(Server.Messages.Distinct());
    }

    [Fact]
    public async Task Message_whose_receipt_is_lost_is_sent_again_although_newer_ones_have_theirs()
    {
        using DeviceOutbox outbox = _bench.OpenOutbox();
        _bench.Links.AcknowledgesStored = false;
        ManualTime time = new();
        TaskCompletionSource more = new();
        long lost = await EventAsync(outbox, "lost");
        int times = 0;
        long newest = 0;
        Server.Receipts = topic =>
        {
            string message = topic.Channel == UpChannel.Event ? Server.Messages[^1] : "";
            long stored = message.Contains("lost", StringComparison.Ordinal) ? (++times == 1 ? 0 : lost) : message.Length > 0 ? newest : 0;
            return stored == 0 ? [] : [new MessageReceipt([new(stored, stored)]).Write("aoba", Start, $"r{stored}")];
        };
        Task sending = _bench.SendAllAsync(outbox, _events, EdgeBench.Uplink with { Until = more.Task }, time);
        TimeSpan step = MessageSender.ReceiptLimit / 3;
        for (int i = 0; i < 3; i++)
        {
            await time.TimerDueInAsync(MessageSender.ReceiptLimit - (i * step), Token);
            newest = await EventAsync(outbox, $"newer {i}");
            await BrokerSessionTests.Eventually(() => outbox.Messages.Figures.Waiting == 1);
            time.Advance(step);
        }

        more.SetResult();
        await sending;
        Assert.Equal(2, times);
        Assert.Equal(5, Server.Messages.Count);
        Assert.Equal(4, _events.OfType<UploadEvent.MessagesStored>().Sum(e => e.Count));
    }

    [Fact]
    public async Task Fields_own_broker_removes_with_its_acknowledgement_and_refusals_are_counted()
    {
        HeldStore store = new();
        await using TestBroker broker = await TestBroker.StartAsync(store, o => o.AcknowledgesDurably = true);
        using DeviceOutbox outbox = _bench.OpenOutbox();
        long[] sequences = [await EventAsync(outbox, "a"), await EventAsync(outbox, "refused"), await EventAsync(outbox, "full")];
        Task sending = _bench.SendAllAsync(outbox, _events, links: new MqttLinkFactory(broker.Tcp));
        (await store.NextAsync()).Verdict.SetResult(PublishVerdict.Accepted); // the status
        var a = await store.NextAsync();
        var refused = await store.NextAsync();
        var full = await store.NextAsync();
        Assert.Equal(3, outbox.Messages.Figures.Waiting);
        full.Verdict.SetResult(PublishVerdict.Rejected(MqttReasonCode.QuotaExceeded, "full"));
        refused.Verdict.SetResult(PublishVerdict.Rejected(MqttReasonCode.PayloadFormatInvalid, "bad"));
        a.Verdict.SetResult(PublishVerdict.Accepted);
        var again = await store.NextAsync();
        Assert.Equal(full.Message.Message.Payload.ToArray(), again.Message.Message.Payload.ToArray());
        Assert.Equal(1, outbox.Messages.Figures.Waiting);
        again.Verdict.SetResult(PublishVerdict.Accepted);
        (await store.NextAsync()).Verdict.SetResult(PublishVerdict.Accepted); // goodbye
        await sending;
        Assert.Equal(sequences[1], Assert.Single(_events.OfType<UploadEvent.MessageRefused>()).Sequence);
    }

    private static Measurement[] Sample(int i) => [new Measurement("level", Start.AddSeconds(i), "m", i)];

    private static Task<long> EventAsync(DeviceOutbox outbox, string text) => outbox.Messages.EnqueueAsync(
        "event",
        OutboxPriority.Report,
        sequence => new FieldEvent("note", null, string.Create(CultureInfo.InvariantCulture, $"{{\"kind\":\"note\",\"text\":\"{text}\"}}"))
            .Write("aoba", "drone-01", sequence, Start),
        Token);

    /// <summary>A line on which one message waits for the other, so that the order of answers is known.</summary>
    private sealed class OneAtATime(ILinkFactory inner) : ILinkFactory
    {
        public async Task<ILink> OpenAsync(LinkRequest request, CancellationToken cancellationToken) =>
            new Link(await inner.OpenAsync(request, cancellationToken));

        private sealed class Link(ILink inner) : ILink
        {
            private readonly SemaphoreSlim _one = new(1);

            public Task<string?> Closed => inner.Closed;

            public bool AcknowledgesStored => inner.AcknowledgesStored;

            public async Task PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken cancellationToken)
            {
                await _one.WaitAsync(cancellationToken);
                try
                {
                    await inner.PublishAsync(topic, payload, retain, cancellationToken);
                }
                finally
                {
                    _one.Release();
                }
            }

            public ValueTask DisposeAsync()
            {
                _one.Dispose();
                return inner.DisposeAsync();
            }
        }
    }
}
