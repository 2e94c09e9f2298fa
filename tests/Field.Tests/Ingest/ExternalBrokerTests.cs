using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Field.Contracts;
using Field.Ingest.External;
using Field.Mqtt;
using Field.Store;
using Field.Tests.Broker;
using Field.Tests.Store;

namespace Field.Tests.Ingest;

/// <summary>Ingest behind a real mosquitto: stored before it is acknowledged, and a receipt that tells the device.</summary>
public sealed class ExternalBrokerTests : IAsyncDisposable
{
    private const string Device = "gauge-1";
    private readonly TempFolder _folder = new();
    private readonly Channel<MqttMessage> _receipts = Channel.CreateBounded<MqttMessage>(10_000);
    private MosquittoServer? _mosquitto;
    private IngestHost? _host;
    private MqttClient? _device;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.Get<ExternalBroker>().StopAsync(CancellationToken.None);
            await _host.DisposeAsync();
        }

        await (_device?.DisposeAsync() ?? default);
        await (_mosquitto?.DisposeAsync() ?? default);
        _folder.Dispose();
    }

    [Fact]
    public async Task What_mosquitto_carries_is_stored_and_every_sequence_has_its_receipt()
    {
        await StartAsync();
        MqttClient map = await _mosquitto!.ConnectAsync("map", new MqttSubscription($"field/v1/{IngestHost.Site}/live/telemetry/#", 0, (m, ct) => _receipts.Writer.WriteAsync(m, ct)));
        await using (map)
        {
            await PublishAsync(1);
            Assert.StartsWith("[{\"seq\":1,\"n\":\"level\"", Encoding.UTF8.GetString((await NextAsync()).Payload.Span), StringComparison.Ordinal);
        }

        await Task.WhenAll(Enumerable.Range(2, 299).Select(PublishAsync));
        await ReceiptsForAsync(300);
        Assert.Equal(Enumerable.Range(1, 300).Select(i => (double)i), (await ReadAsync()).Select(m => m.Value!.Value).Order());
    }

    [Fact]
    public async Task A_refused_message_is_in_the_dead_letters_and_has_its_receipt()
    {
        await StartAsync();
        await _device!.PublishAsync(new(Topics.Telemetry(IngestHost.Site, Device), """[{"seq":1,"n":"level","v":1,"vs":"both"}]"""u8.ToArray(), 1), Cancel);
        await _device.PublishAsync(new(Topics.Event(IngestHost.Site, Device), """{"specversion":"1.0","sequence":"2","data":7}"""u8.ToArray(), 1), Cancel);
        await ReceiptsForAsync(2);
        Assert.Equal(2, (await _host!.LettersAsync()).Count);
    }

    [Fact]
    public async Task A_store_that_fails_gives_no_receipt_and_the_message_comes_again_and_is_stored_once()
    {
        FailingTelemetry failing = new() { Failures = 3 };
        await StartAsync(stores => new FieldStores(stores.Features, failing.Around(stores.Telemetry), stores.Blobs));
        await Task.WhenAll(Enumerable.Range(1, 20).Select(PublishAsync));
        await ReceiptsForAsync(20);
        Assert.Equal(0, failing.Failures);
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (double)i), (await ReadAsync()).Select(m => m.Value!.Value).Order());
    }

    [Fact]
    public async Task Mosquitto_killed_the_device_keeps_what_has_no_receipt_and_nothing_is_lost_or_stored_twice()
    {
        await StartAsync();
        await Task.WhenAll(Enumerable.Range(1, 50).Select(PublishAsync));
        await _mosquitto!.RestartAsync();
        await _device!.DisposeAsync();
        _device = await ConnectDeviceAsync();
        await BrokerSessionTests.Eventually(() => _host!.Get<ExternalBroker>().IsConnected);
        await Task.WhenAll(Enumerable.Range(1, 60).Select(PublishAsync)); // it has no receipts of the last 50 that it trusts: all again
        await ReceiptsForAsync(60);
        Assert.Equal(Enumerable.Range(1, 60).Select(i => (double)i), (await ReadAsync()).Select(m => m.Value!.Value).Order());
    }

    [Fact]
    public async Task A_photo_goes_through_mosquitto_with_its_own_receipts()
    {
        await StartAsync();
        TestPhoto photo = new(1, 300_000, 65_536);
        await _device!.PublishAsync(new(Topics.Manifest(IngestHost.Site, Device, photo.Id), photo.Manifest.Write(IngestHost.Site, Device, 1, DateTimeOffset.UnixEpoch), 1), Cancel);
        Assert.Equal(ReceiptOutcome.Incomplete, (await NextPhotoAsync()).Outcome);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => _device.PublishAsync(new(Topics.Chunk(IngestHost.Site, Device, photo.Id, i), photo.Chunk(i), 1), Cancel)));
        Assert.Equal(ReceiptOutcome.Stored, (await NextPhotoAsync()).Outcome);
        Assert.Equal(photo.Bytes, await _host!.BlobAsync(photo.Id));
    }

    [Fact]
    public async Task Receipts_are_gathered_and_leave_once_an_interval()
    {
        Edge.ManualTime time = new();
        RecordingSink sink = new();
        ReceiptGatherer receipts = new(IngestHost.Site, TimeSpan.FromMilliseconds(100), sink, time);
        using CancellationTokenSource stop = new();
        Task running = receipts.RunAsync(stop.Token);
        foreach (long sequence in new long[] { 3, 1, 2, 9 })
        {
            receipts.Stored(Device, sequence);
        }

        receipts.Stored("other", 5);
        await time.TimerDueInAsync(TimeSpan.FromMilliseconds(100), Cancel);
        Assert.Empty(sink.Messages);
        time.Advance(TimeSpan.FromMilliseconds(100));
        await BrokerSessionTests.Eventually(() => sink.Messages.Count() == 2);
        MessageReceipt receipt = MessageReceipt.Parse(sink.Messages.Single(m => m.Topic == Topics.Receipt(IngestHost.Site, Device)).Payload).Value!;
        Assert.Equal([new(1, 3), new(9, 9)], receipt.Sequences);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Theory]
    [InlineData(UpChannel.Telemetry, """[{"bn":"x","seq":7,"n":1""", 7)]
    [InlineData(UpChannel.Telemetry, """[{"extra":{"seq":1},"seq":8}]""", 8)]
    [InlineData(UpChannel.Telemetry, """[{"n":"x"},{"seq":9}]""", null)]
    [InlineData(UpChannel.Telemetry, """{"seq":9}""", null)]
    [InlineData(UpChannel.Event, """{"data":{"sequence":"1"},"sequence":"12","x""", 12)]
    [InlineData(UpChannel.Event, """{"sequence":"-1"}""", null)]
    [InlineData(UpChannel.Event, """{"sequence":12}""", null)]
    [InlineData(UpChannel.Status, "not json", null)]
    [InlineData(UpChannel.PhotoChunk, """{"sequence":"1"}""", null)]
    public void The_sequence_is_read_as_far_as_it_stands(UpChannel channel, string payload, int? expected) =>
        Assert.Equal(expected, MessageSequence.Find(Encoding.UTF8.GetBytes(payload), channel));

    [Fact]
    public void Options_name_all_errors_at_once_and_never_print_the_password()
    {
        ExternalBrokerOptions options = new() { Server = new("http://user:pw@host"), Password = "s3cret", MaxInFlight = 0, SessionExpiry = TimeSpan.FromDays(-1), ReceiptInterval = TimeSpan.Zero, MaxReconnectDelay = TimeSpan.Zero };
        Assert.Equal(6, options.Validate().Count);
        Assert.DoesNotContain("s3cret", options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("pw", string.Concat(options.Validate()), StringComparison.Ordinal);
    }

    private async Task StartAsync(Func<FieldStores, FieldStores>? wrap = null)
    {
        _mosquitto = await MosquittoServer.StartAsync();
        _host = new IngestHost(_folder.Root, wrap: wrap, external: new() { Server = _mosquitto.Uri, ReceiptInterval = TimeSpan.FromMilliseconds(5) });
        await _host.Get<ExternalBroker>().StartAsync(Cancel);
        await BrokerSessionTests.Eventually(() => _host.Get<ExternalBroker>().IsConnected);
        _device = await ConnectDeviceAsync();
    }

    private Task<MqttClient> ConnectDeviceAsync() => _mosquitto!.ConnectAsync(
        Device, new MqttSubscription(Topics.Receipt(IngestHost.Site, Device), 1, (m, ct) => _receipts.Writer.WriteAsync(m, ct)));

    private Task PublishAsync(int sequence) => _device!.PublishAsync(
        new(Topics.Telemetry(IngestHost.Site, Device), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""[{"seq":{{sequence}},"n":"level","u":"m","t":1777593600,"v":{{sequence}}}]""")), 1), Cancel);

    private async Task<MqttMessage> NextAsync() => await _receipts.Reader.ReadAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancel);

    private async Task<Receipt> NextPhotoAsync()
    {
        while (true)
        {
            if (Receipt.Parse((await NextAsync()).Payload).Value is { } receipt)
            {
                return receipt;
            }
        }
    }

    /// <summary>Waits until receipts have named every sequence from 1.</summary>
    private async Task ReceiptsForAsync(int last)
    {
        HashSet<long> open = [.. Enumerable.Range(1, last).Select(i => (long)i)];
        while (open.Count > 0)
        {
            MqttMessage message = await NextAsync();
            foreach (SequenceRange range in MessageReceipt.Parse(message.Payload).Value?.Sequences ?? [])
            {
                open.RemoveWhere(s => s >= range.First && s <= range.Last);
            }
        }
    }

    [Fact]
    public void Certificates_need_tls_and_a_file_that_holds_one()
    {
        string noCertificate = _folder.Path("x.pem");
        File.WriteAllText(noCertificate, "planted");
        ExternalBrokerOptions plain = new() { Server = new Uri("mqtt://127.0.0.1"), AuthorityPath = noCertificate, CertificatePath = noCertificate + "?" };
        Assert.Equal(2, plain.Validate().Count);
        ExternalBrokerOptions tls = new() { Server = new Uri("mqtts://127.0.0.1"), AuthorityPath = noCertificate };
        Assert.Empty(tls.Validate());
        Assert.DoesNotContain("planted", Assert.Throws<FieldException>(tls.Tls).Message, StringComparison.Ordinal);
        Assert.Throws<FieldException>((tls with { AuthorityPath = null, CertificatePath = noCertificate }).Tls);
    }

    private Task<IReadOnlyList<Measurement>> ReadAsync() => _host!.Stores.Telemetry.ReadAsync(
        new TelemetryQuery(IngestHost.Site, Device, null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(40_000)), Cancel);
}

/// <summary>A telemetry store that fails as a full disk does, a number of times.</summary>
internal sealed class FailingTelemetry : ITelemetryStore
{
    private ITelemetryStore? _inner;
    private int _failures;

    public int Failures
    {
        get => Volatile.Read(ref _failures);
        set => _failures = value;
    }

    public ITelemetryStore Around(ITelemetryStore inner)
    {
        _inner = inner;
        return this;
    }

    public Task<IReadOnlyList<bool>> AppendAsync(IReadOnlyList<TelemetryPack> packs, CancellationToken cancellationToken)
    {
        if (Interlocked.Decrement(ref _failures) >= 0)
        {
            throw new StoreException("disk full", isTransient: true);
        }

        Interlocked.Exchange(ref _failures, 0);
        return _inner!.AppendAsync(packs, cancellationToken);
    }

    public Task<IReadOnlyList<Measurement>> ReadAsync(TelemetryQuery query, CancellationToken cancellationToken) => _inner!.ReadAsync(query, cancellationToken);

    public ValueTask DisposeAsync() => _inner!.DisposeAsync();
}
