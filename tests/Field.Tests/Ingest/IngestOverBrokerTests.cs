using System.Text.Json;
using System.Threading.Channels;
using Field.Broker;
using Field.Contracts;
using Field.Ingest;
using Field.Ingest.Findings;
using Field.Mqtt;
using Field.Tests.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Field.Tests.Ingest;

/// <summary>The host as it runs: Kestrel, broker, ingest, pipeline; a device and a map over real sockets.</summary>
public sealed class IngestOverBrokerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_photo_goes_from_the_device_to_the_map_over_mqtt()
    {
        using TempFolder folder = new();
        await using WebApplication app = Build(folder.Root);
        await app.StartAsync(Cancel);
        await using MqttClient device = await ConnectAsync(app, "drone-1");
        await using MqttClient map = await ConnectAsync(app, "map-1");
        Channel<Receipt> receipts = Channel.CreateBounded<Receipt>(100);
        Channel<JsonElement> live = Channel.CreateBounded<JsonElement>(1000);
        await device.SubscribeAsync(
            Topics.Receipt(IngestHost.Site, "drone-1"), 1, (m, ct) => receipts.Writer.WriteAsync(Receipt.Parse(m.Payload).Value!, ct), Cancel);
        await map.SubscribeAsync(
            $"field/v1/{IngestHost.Site}/live/+/+", 1, (m, ct) => live.Writer.WriteAsync(JsonDocument.Parse(m.Payload).RootElement, ct), Cancel);

        TestPhoto photo = new(1, 300_000, 65_536, new CameraMetadata { CalibratedFocalPx = 1000, RelativeAltitudeM = 50, GimbalPitchDeg = -90, GimbalYawDeg = 0, ExifWidthPx = 200 }, new GeoPoint(139.7, 35.6));
        await PublishAsync(device, Topics.Manifest(IngestHost.Site, "drone-1", photo.Id), photo.Manifest.Write(IngestHost.Site, "drone-1", 1, DateTimeOffset.UnixEpoch));
        Receipt first = await receipts.Reader.ReadAsync(Cancel);
        Assert.Equal([new ChunkRange(0, 4)], first.Missing!);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => PublishAsync(device, Topics.Chunk(IngestHost.Site, "drone-1", photo.Id, i), photo.Chunk(i))));
        Assert.Equal(ReceiptOutcome.Stored, (await receipts.Reader.ReadAsync(Cancel)).Outcome);

        List<string> seen = [];
        while (!seen.Contains("field.live.finding.v1") || !seen.Contains("scored"))
        {
            JsonElement update = await live.Reader.ReadAsync(Cancel);
            seen.Add(update.GetProperty("type").GetString()!);
            if (update.GetProperty("data").GetProperty("properties").TryGetProperty("state", out JsonElement state))
            {
                seen.Add(state.GetString() ?? "");
            }
        }

        FieldCounts counts = await app.Services.GetRequiredService<FieldQueries>().CountAsync(Cancel);
        Assert.Equal(1, counts.PhotosByState["scored"]);
        Assert.Equal(0, counts.PhotosIncoming);
        await app.StopAsync(Cancel);
    }

    private static WebApplication Build(string folder)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, l => l.UseMqttBroker()));
        builder.Services.AddMqttBroker();
        builder.Services.AddSingleton<IMessageSink>(p => new BrokerSink(p));
        builder.Services.AddSingleton(new ScoringModels([new Scorer("test-v1", ["crack"], (_, _) => PhotoPipelineTests.Score(PhotoPipelineTests.Line(4, 20)))]));
        builder.Services.AddIngestCore(IngestHost.Defaults with { DataDirectory = folder });
        return builder.Build();
    }

    private static Task<MqttClient> ConnectAsync(WebApplication app, string id)
    {
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return MqttClient.ConnectAsync(new MqttClientOptions { Server = new Uri($"mqtt://127.0.0.1:{new Uri(address).Port}"), ClientId = id }, Cancel);
    }

    private static Task PublishAsync(MqttClient client, string topic, byte[] payload) => client.PublishAsync(new MqttMessage(topic, payload, 1), Cancel);
}
