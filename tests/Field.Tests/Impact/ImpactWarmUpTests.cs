using System.Globalization;
using System.Text;
using Field.Ingest.Layers;
using Field.Ingest.Residents;
using Field.MapApp.Impact;
using Field.MapApp.Residents;
using Field.Tests.Access;
using Field.Tests.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Field.Tests.Impact;

/// <summary>After a start nobody waits for what the first question needs.</summary>
public sealed class ImpactWarmUpTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Data => _folder.Path("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Started_server_has_every_hazard_and_area_ready_and_nothing_else()
    {
        await FillAsync(withResidents: true);
        await using AccessHost host = await AccessHost.StartAsync(o => o with { DataDirectory = Data });
        await host.Services.GetRequiredService<ImpactWarmUp>().ExecuteTask!.WaitAsync(Cancel);

        PreparedLayers prepared = host.Services.GetRequiredService<PreparedLayers>();
        ResidentSet set = (await host.Services.GetRequiredService<ResidentCache>().FindAsync(Cancel))!;
        Assert.Equal(7, prepared.Count); // two hazards, the areas and their features, and where every household lies in each
        foreach (string hazard in new[] { "zone", "older" })
        {
            Layer layer = (await host.Services.GetRequiredService<LayerDesk>().FindAsync(hazard, Cancel))!;
            Assert.True(prepared.ClassesAsync(set, layer).IsCompletedSuccessfully);
        }

        Layer districts = (await host.Services.GetRequiredService<LayerDesk>().FindAsync("districts", Cancel))!;
        Assert.True(prepared.AreaOfAsync(set, districts, null).IsCompletedSuccessfully);
        Assert.Equal(7, prepared.Count); // nothing of it was made by asking
        Assert.DoesNotContain(await host.AuditAsync(), l => l.Contains("impact.run", StringComparison.Ordinal)); // nobody asked
    }

    [Fact]
    public async Task Nothing_is_made_ready_without_residents()
    {
        await FillAsync(withResidents: false);
        await using AccessHost host = await AccessHost.StartAsync(o => o with { DataDirectory = Data });
        await host.Services.GetRequiredService<ImpactWarmUp>().ExecuteTask!.WaitAsync(Cancel);
        Assert.Equal(0, host.Services.GetRequiredService<PreparedLayers>().Count);
    }

    [Fact]
    public async Task Preparation_ends_at_its_bound_and_when_the_server_stops()
    {
        await FillAsync(withResidents: true);
        await using LayerDesk layers = LayerDesk.Open(Data, TimeProvider.System);
        await using ResidentDesk desk = ResidentDesk.Open(Data, TimeProvider.System);
        (PreparedLayers prepared, ResidentCache residents) = (new PreparedLayers(layers), new ResidentCache(desk));
        await using AccessHost other = await AccessHost.StartAsync();
        using ImpactWarmUp warm = new(layers, residents, prepared, new StoredImpact(layers, residents, prepared), other.Services.GetRequiredService<IHostApplicationLifetime>(), NullLogger<ImpactWarmUp>.Instance) { MostVertices = 1 };
        using CancellationTokenSource stopped = new();
        await stopped.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => warm.PrepareAsync(stopped.Token));
        Assert.Equal(0, prepared.Count);

        Assert.Equal(1, await warm.PrepareAsync(Cancel));
        Assert.Equal(2, prepared.Count);
    }

    private async Task FillAsync(bool withResidents)
    {
        await using LayerDesk layers = LayerDesk.Open(Data, TimeProvider.System);
        await LayerAsync(layers, "older", "flood", 138.2995, 138.3095);
        await LayerAsync(layers, "zone", "flood", 138.2995, 138.3195);
        await LayerAsync(layers, "districts", "boundary", 138.29, 138.37);
        await LayerAsync(layers, "parking", "facility", 138.29, 138.37);
        if (!withResidents)
        {
            return;
        }

        StringBuilder csv = new("household,lon,lat,people,age65,needsSupport\n");
        for (int n = 0; n < 20; n++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{n + 1},{138.3 + (n * 0.001):0.000},34.85,2,1,0\n");
        }

        string file = _folder.Path("住民.csv");
        await File.WriteAllTextAsync(file, csv.ToString(), Cancel);
        await using ResidentDesk desk = ResidentDesk.Open(Data, TimeProvider.System);
        Assert.NotNull((await desk.ImportAsync(new ResidentImportOptions { Points = file, Crs = 6668, Encoding = "UTF-8" }, "user:test", Cancel)).Register);
    }

    private async Task LayerAsync(LayerDesk layers, string id, string kind, double west, double east)
    {
        string file = _folder.Path($"{id}.geojson");
        string ring = FormattableString.Invariant($"[[[{west},34.8],[{east},34.8],[{east},34.9],[{west},34.9],[{west},34.8]]]");
        await File.WriteAllTextAsync(file, $$$"""{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"東"},"geometry":{"type":"Polygon","coordinates":{{{ring}}}}}]}""", Cancel);
        Assert.NotNull((await layers.ImportAsync(new LayerImportOptions { Path = file, Id = id, Title = id, Kind = kind }, "user:test", null, Cancel)).Layer);
    }
}
