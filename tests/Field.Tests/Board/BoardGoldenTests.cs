using System.Text.Json;
using Field.Ingest;
using Field.MapApp.Board;
using Field.Store;
using Field.Tests.Store;
using NetTopologySuite.Geometries;

namespace Field.Tests.Board;

/// <summary>The board's rules stand on the server and in the page: one table for both (map-app/web/src/board/golden.test.ts).</summary>
public sealed class BoardGoldenTests
{
    private static readonly FeatureTable[] Tables = [FieldTables.Events, FieldTables.Alarms, FieldTables.Findings, FieldTables.Devices, FieldTables.Board];

    [Fact]
    public async Task Items_are_those_that_the_page_makes_of_the_same_rows()
    {
        using JsonDocument golden = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(SharedData.RepositoryRoot(), "tests", "golden", "board", "items.json"), TestContext.Current.CancellationToken));
        using TempFolder folder = new();
        FieldStores stores = StoreUris.Under(folder.Root).Open(TimeProvider.System);
        await using (stores)
        {
            IEnumerable<FeatureWrite> writes = Tables.SelectMany(table => golden.RootElement.GetProperty("rows").GetProperty(table.Name).EnumerateArray().Select(row => new FeatureWrite(Read(table, row))));
            await stores.Features.WriteAsync([.. writes], TestContext.Current.CancellationToken);
            List<BoardItem> items = await BoardItems.ReadAsync(stores.Features, TestContext.Current.CancellationToken);
            Assert.Equal(golden.RootElement.GetProperty("items").EnumerateArray().Select(i => i.GetRawText().ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal)), items.Select(Line));
        }
    }

    private static string Line(BoardItem item) => JsonSerializer.Serialize<object?[]>(
        [item.Key, item.Kind.ToString().ToLowerInvariant(), item.Severity, item.State, item.IsOver, item.Place is { } place ? new[] { Math.Round(place.X, 6), Math.Round(place.Y, 6) } : null]);

    private static Feature Read(FeatureTable table, JsonElement row)
    {
        JsonElement properties = row.GetProperty("properties");
        Geometry? geometry = row.GetProperty("geometry") is { ValueKind: JsonValueKind.Object } place ? Place(place) : null;
        return new Feature(table, row.GetProperty("id").GetString()!, geometry, table.Columns.Where(c => properties.TryGetProperty(c.Name, out _)).ToDictionary(c => c.Name, c => FeatureJson.ReadValue(c, properties.GetProperty(c.Name))));
    }

    private static Geometry Place(JsonElement place)
    {
        static Coordinate At(JsonElement pair) => new(pair[0].GetDouble(), pair[1].GetDouble());
        JsonElement coordinates = place.GetProperty("coordinates");
        return place.GetProperty("type").GetString() == "Point" ? new Point(At(coordinates)) : new MultiPolygon([new Polygon(new LinearRing([.. coordinates[0].EnumerateArray().Select(At)]))]);
    }
}
