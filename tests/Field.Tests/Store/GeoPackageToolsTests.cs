using System.Diagnostics;
using Field.Store;
using Field.Store.Embedded;

namespace Field.Tests.Store;

/// <summary>GDAL's own tools open the file: they stand for QGIS, which reads through the same driver.</summary>
public sealed class GeoPackageToolsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ogrinfo_reads_layers_types_and_places_without_a_warning()
    {
        using TempFolder folder = new();
        await using GeoPackageStore store = await FilledAsync(folder);
        string summary = await RunAsync("ogrinfo", "-ro", "-so", "-al", folder.Path("field.gpkg"));
        Assert.Contains("using driver `GPKG' successful", summary, StringComparison.Ordinal);
        Assert.DoesNotContain("Warning", summary, StringComparison.Ordinal);
        Assert.DoesNotContain("ERROR", summary, StringComparison.Ordinal);
        Assert.Contains("Layer name: events\nGeometry: Point\nFeature Count: 30", summary, StringComparison.Ordinal);
        Assert.Contains("Layer name: photos\nGeometry: Polygon", summary, StringComparison.Ordinal);
        Assert.Contains("Layer name: findings\nGeometry: Multi Polygon", summary, StringComparison.Ordinal);
        Assert.Contains("sequence: Integer64", summary, StringComparison.Ordinal);
        Assert.Contains("receivedAt: DateTime", summary, StringComparison.Ordinal);
        Assert.Contains("GEOGCRS[\"WGS 84\"", summary, StringComparison.Ordinal);

        string inBox = await RunAsync("ogrinfo", "-ro", "-q", "-spat", "139.705", "35", "139.7075", "36", folder.Path("field.gpkg"), "events");
        Assert.Equal(2, inBox.Split("OGRFeature").Length - 1);
        Assert.Contains("POINT (139.706 35.6)", inBox, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_by_gdal_keeps_the_index_true_and_is_read_back()
    {
        using TempFolder folder = new();
        await (await FilledAsync(folder)).DisposeAsync();
        await RunAsync(
            "ogrinfo",
            "-q",
            folder.Path("field.gpkg"),
            "-sql",
            "UPDATE events SET geom = (SELECT geom FROM events WHERE eventId = 'e29') WHERE eventId = 'e0'");
        await using GeoPackageStore store = new(folder.Path("field.gpkg"), TimeProvider.System);
        FeaturePage page = await store.QueryAsync(
            FieldTables.Events, new FeatureQuery { Within = new(139.7285, 139.7295, 35, 36) }, Cancel);
        Assert.Equal(["e0", "e29"], page.Features.Select(f => f.Id));
    }

    private static async Task<GeoPackageStore> FilledAsync(TempFolder folder)
    {
        GeoPackageStore store = new(folder.Path("field.gpkg"), TimeProvider.System);
        await store.WriteAsync(
            [.. Enumerable.Range(0, 30).Select(i => new FeatureWrite(GeoPackageStoreTests.Event($"e{i}", lon: 139.7 + (i / 1000.0))))], Cancel);
        Feature photo = new(FieldTables.Photos, "p", GeoPackageStoreTests.Square(139.7, 35.6), new Dictionary<string, object?> { ["state"] = "stored" });
        Feature finding = new(FieldTables.Findings, "f", GeoPackageStoreTests.Square(139.7, 35.6), new Dictionary<string, object?> { ["score"] = 0.5 });
        await store.WriteAsync([new(photo), new(finding)], Cancel);
        return store;
    }

    private static async Task<string> RunAsync(string tool, params string[] arguments)
    {
        ProcessStartInfo start = new(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception) when (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip($"{tool} is not installed (gdal-bin)");
            throw;
        }

        using (process)
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(Cancel);
            string output = await process.StandardOutput.ReadToEndAsync(Cancel) + await errors;
            await process.WaitForExitAsync(Cancel);
            Assert.True(process.ExitCode == 0, output);
            return output;
        }
    }
}
