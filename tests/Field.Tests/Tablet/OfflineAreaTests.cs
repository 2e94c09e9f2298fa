using System.Net;
using System.Text.Json;
using Field.Ingest.Layers;
using Field.Tests.Access;
using Microsoft.Extensions.DependencyInjection;

namespace Field.Tests.Tablet;

public sealed class OfflineAreaTests
{
    private const string Box = "west=138.30&south=34.86&east=138.33&north=34.88";

    [Fact]
    public async Task Estimate_is_what_the_tiles_weigh_and_residents_are_never_taken_along()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        Layer zones = await ImportAsync(host, "zones", "public");
        Layer homes = await ImportAsync(host, "homes", "resident");
        HttpClient browser = host.Browser();
        using JsonDocument answer = JsonDocument.Parse(await browser.GetStringAsync($"/api/v1/offline/estimate?{Box}&layers={zones.Id}", AccessHost.Token));
        JsonElement layer = Assert.Single(answer.RootElement.GetProperty("layers").EnumerateArray());
        Assert.Equal(zones.Edition, layer.GetProperty("edition").GetString());
        Assert.Equal(await WeighAsync(browser, zones), layer.GetProperty("sizeBytes").GetInt64());
        Assert.Equal(answer.RootElement.GetProperty("sizeBytes").GetInt64(), layer.GetProperty("sizeBytes").GetInt64() + answer.RootElement.GetProperty("assetBytes").GetInt64());

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync($"/api/v1/offline/estimate?{Box}&layers={zones.Id},{homes.Id}", AccessHost.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/api/v1/offline/estimate?{Box}&layers=none", AccessHost.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync("/api/v1/offline/estimate?west=130&south=30&east=140&north=40", AccessHost.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync("/api/v1/offline/estimate?west=140&south=30&east=139&north=40", AccessHost.Token)).StatusCode);
    }

    private static async Task<long> WeighAsync(HttpClient browser, Layer layer)
    {
        long sum = 0;
        for (int z = 9; z <= 15; z++)
        {
            // The formula of the XYZ scheme, written out here once more.
            int X(double lon) => (int)Math.Floor((lon + 180) / 360 * (1 << z));
            int Y(double lat) => (int)Math.Floor((1 - (Math.Log(Math.Tan(lat * Math.PI / 180) + (1 / Math.Cos(lat * Math.PI / 180))) / Math.PI)) / 2 * (1 << z));
            for (int x = X(138.30); x <= X(138.33); x++)
            {
                for (int y = Y(34.88); y <= Y(34.86); y++)
                {
                    sum += (await browser.GetByteArrayAsync($"/api/v1/layers/{layer.Id}/tiles/{z}/{x}/{y}", AccessHost.Token)).Length;
                }
            }
        }

        return sum;
    }

    private static async Task<Layer> ImportAsync(AccessHost host, string name, string dataClass)
    {
        string path = Path.Combine(host.DataFolder, $"{name}.geojson");
        await File.WriteAllTextAsync(
            path,
            """
            {"type":"FeatureCollection","features":[{"type":"Feature","properties":{"A31a_205":3},
            "geometry":{"type":"Polygon","coordinates":[[[138.31,34.865],[138.32,34.865],[138.32,34.875],[138.31,34.875],[138.31,34.865]]]}}]}
            """,
            AccessHost.Token);
        LayerImportResult import = await host.Services.GetRequiredService<LayerDesk>().ImportAsync(new LayerImportOptions { Path = path, Id = name, DataClass = dataClass }, "user:test", null, AccessHost.Token);
        return import.Layer!;
    }
}
