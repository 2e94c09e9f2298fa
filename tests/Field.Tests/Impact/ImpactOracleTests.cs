using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Field.Geo.Impact;
using Field.Harness;
using Field.Ingest.Residents;
using Field.Tests.Access;
using Field.Tests.Residents;
using Field.Tests.Store;
using Microsoft.Extensions.DependencyInjection;

namespace Field.Tests.Impact;

/// <summary>
/// What the panel's endpoint counts against PostGIS, which reads the same published files by OGR, transforms them by PROJ, repairs them by GEOS and is asked in
/// SQL: eight rivers of a real city, its associations, and synthetic households of one to four people.
/// </summary>
[Collection(nameof(YaizuLayers))]
public sealed class ImpactOracleTests(YaizuLayers yaizu)
{
    private const int Households = 30_000;
    private const int MinCell = 5;

    private static readonly double[][] Drawn = [[138.2981, 34.8402], [138.3304, 34.8417], [138.3262, 34.8713], [138.3105, 34.8598], [138.2957, 34.8689]];
    private static readonly string[] Measures = ["People", "Age65", "NeedsSupport", "Households"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_of_the_API_are_those_of_PostGIS_row_for_row_and_what_is_hidden_is_hidden_by_the_rule()
    {
        await using PostGis postgis = await PostGis.StartAsync();
        using TempFolder folder = new();
        string points = folder.Path("households.csv");
        WritePoints(points);
        Task loaded = LoadAsync(postgis, points);
        await using AccessHost host = await HostAsync(points);
        await loaded;
        HttpClient hq = await ResidentApiTests.ClientAsync(host, "hq-1", "hq"), field = await ResidentApiTests.ClientAsync(host, "field-1", "field");

        string[] byAssociation = await CountsAsync(postgis, "did", "rank");
        Assert.InRange(byAssociation.Length, 120, 200);
        Assert.Equal(byAssociation, await RowsAsync(hq, "area"));
        Assert.Equal(await CountsAsync(postgis, "own", "rank", "inside where own is not null"), await RowsAsync(hq, "own"));
        Assert.Equal(await CountsAsync(postgis, "mesh", "rank"), await RowsAsync(hq, "mesh", MeshOf));
        Assert.Equal(await CountsAsync(postgis, "did", "change"), await RowsAsync(hq, "change"));

        await HiddenAsync(field, byAssociation, (await CountsAsync(postgis, "own", "0", "inside where own is not null")).Single());
    }

    /// <summary>Who may not see single households: what is shown is true or, where it says so, rounded; what is few is not shown.</summary>
    private static async Task HiddenAsync(HttpClient field, string[] byAssociation, string own)
    {
        JsonElement panel = JsonElement.Parse(await AskAsync(field, "?lang=en", isExact: false));
        JsonElement area = Table(panel, "area");
        string[] columns = [.. area.GetProperty("columns").EnumerateArray().Select(c => c.GetProperty("key").GetString()!)];
        Dictionary<string, long> truth = byAssociation.Select(r => r.Split(',')).ToDictionary(r => $"{r[0]},{r[1]}", r => long.Parse(r[2], CultureInfo.InvariantCulture));
        (int shown, int hidden) = (0, 0);
        foreach (JsonElement row in area.GetProperty("rows").EnumerateArray().Where(r => r[0].ValueKind != JsonValueKind.Null))
        {
            for (int c = 0; c <= 6; c++)
            {
                long people = truth.GetValueOrDefault($"{row[0].GetString()},{c}");
                if (row[Array.IndexOf(columns, $"class{c}People")] is { ValueKind: JsonValueKind.Number } cell)
                {
                    Assert.Equal(people, cell.GetInt64());
                    Assert.False(people is > 0 and < MinCell, $"{people} people of {row[0]} in class {c} are shown");
                    shown++;
                }
                else
                {
                    hidden++;
                }
            }
        }

        int few = truth.Values.Count(p => p < MinCell);
        Assert.InRange(few, 1, int.MaxValue);
        Assert.InRange(hidden, few + 1, shown); // the few, and some beside them so that no sum tells them
        JsonElement drawn = Table(panel, "own").GetProperty("rows")[0];
        long rounded = drawn[2].GetInt64(), exact = long.Parse(own.Split(',')[2], CultureInfo.InvariantCulture);
        Assert.Equal(0, rounded % MinCell);
        Assert.InRange(rounded, exact - (4 * MinCell * 7), exact + (4 * MinCell * 7)); // each of seven classes is moved and rounded
    }

    /// <summary>As the API's CSV tells them: row, class, then people, 65+, needing support, households; rows without people are left out.</summary>
    private static async Task<string[]> RowsAsync(HttpClient client, string table, Func<string, string>? id = null)
    {
        string[][] lines = [.. (await AskAsync(client, $"?format=csv&table={table}&lang=en", isExact: true)).TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(','))];
        string[] head = lines[0];
        int classes = head.Count(h => h.StartsWith("class", StringComparison.Ordinal)) / Measures.Length;
        string Cell(string[] line, int c, string measure) => line[Array.IndexOf(head, $"class{c}{measure}")];
        return
        [
            .. (from line in lines.Skip(1)
                where line[0].Length > 0
                from c in Enumerable.Range(0, classes)
                where Cell(line, c, "People") != "0"
                select $"{(id is null ? line[0] : id(line[0]))},{c},{string.Join(',', Measures.Select(m => Cell(line, c, m)))}").Order(StringComparer.Ordinal),
        ];
    }

    private static async Task<string> AskAsync(HttpClient client, string query, bool isExact)
    {
        object question = new
        {
            layers = Enumerable.Range(0, 8).Select(i => $"river{i}"),
            olderLayers = new[] { "old" },
            by = "districts",
            byId = "SAUID",
            meshDigits = 10,
            own = new[] { new { name = "drawn", ring = Drawn } },
            exact = isExact,
        };
        using HttpResponseMessage response = await client.PostAsJsonAsync($"/api/v1/impact{query}", question, Cancel);
        string body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, body);
        return body;
    }

    private static JsonElement Table(JsonElement answer, string key) => answer.GetProperty("tables").EnumerateArray().Single(t => t.GetProperty("key").GetString() == key);

    /// <summary>South-west corner in steps of 7.5 and 11.25 seconds, by the definition of the standard mesh (JIS X 0410).</summary>
    private static string MeshOf(string code)
    {
        int[] d = [.. code.Select(c => c - '0')];
        int south = (((d[0] * 10) + d[1]) * 320) + (d[4] * 40) + (d[6] * 4) + ((d[8] - 1) / 2 * 2) + ((d[9] - 1) / 2);
        int west = (((d[2] * 10) + d[3]) * 320) + (d[5] * 40) + (d[7] * 4) + ((d[8] - 1) % 2 * 2) + ((d[9] - 1) % 2);
        return FormattableString.Invariant($"{south}/{west}");
    }

    private static Task<string[]> CountsAsync(PostGis postgis, string row, string @class, string from = "inside") => postgis.RowsAsync(
        $"select {row}, {@class}, sum(people), sum(age65), sum(needs), count(*) from {from} {(from.Contains("where", StringComparison.Ordinal) ? "and" : "where")} {row} is not null group by 1, 2 order by ({row}::text || ',' || {@class}::text) collate \"C\"");

    private static void WritePoints(string path)
    {
        ResidentPoints made = ResidentRecipe.Points(Households, YaizuStoredTests.Districts());
        StringBuilder csv = new("household,lon,lat,people,age65,needsSupport,synthetic\n");
        for (int i = 0; i < Households; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{i + 1},{made.Lon[i]:F8},{made.Lat[i]:F8},{1 + (i % 4)},{made.Aged65![i]},{(i % 11 == 0 ? 1 : 0)},1\n");
        }

        File.WriteAllText(path, csv.ToString());
    }

    private async Task<AccessHost> HostAsync(string points)
    {
        AccessHost host = await AccessHost.StartAsync(options =>
        {
            yaizu.CopyTo(options.DataDirectory);
            return options;
        });
        ResidentImportResult result = await host.Services.GetRequiredService<ResidentDesk>().ImportAsync(new ResidentImportOptions { Points = points, Crs = 6668, Encoding = "UTF-8" }, "user:test", Cancel);
        Assert.True(result.Register is not null, string.Join("; ", result.Faults.Select(f => f.En)));
        return host;
    }

    /// <summary>The published polygons, made valid and cut into pieces of at most 256 corners: the customary remedy for large ones. Of two associations that overlap the lower id counts.</summary>
    private static async Task LoadAsync(PostGis postgis, string points)
    {
        await postgis.LoadAsync(SharedData.Path(YaizuLayers.Boundaries), "district", "SAUID as id");
        foreach (string river in YaizuLayers.Rivers())
        {
            await postgis.LoadAsync(river, "flood", "Max_Rank as rank");
        }

        await postgis.LoadAsync(YaizuLayers.OldMap(), "old", "F6Lebel as rank");
        string ring = string.Join(',', Drawn.Append(Drawn[0]).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p[0]} {p[1]}")));
        await postgis.DoAsync($"""
            create table raw(id int, lon float8, lat float8, people int, age65 int, needs int, synthetic int);
            \copy raw from '{points}' csv header
            create table p as select *, st_setsrid(st_makepoint(lon, lat), 6668) g from raw;
            create index on p using gist(g);
            create table flood_s as select rank, st_subdivide(st_makevalid(g), 256) g from flood;
            create table old_s as select rank, st_subdivide(st_makevalid(g), 256) g from old;
            create table district_s as select id, st_subdivide(st_makevalid(g), 256) g from district;
            create index on flood_s using gist(g); create index on old_s using gist(g); create index on district_s using gist(g);
            analyze;
            create table inside as
            with d as (select p.id, min(a.id) did from p join district_s a on st_intersects(a.g, p.g) group by 1),
              n as (select p.id, max(f.rank) rank from p join flood_s f on st_intersects(f.g, p.g) group by 1),
              o as (select p.id, max(f.rank) rank from p join old_s f on st_intersects(f.g, p.g) group by 1)
            select p.id, p.people, p.age65, p.needs, d.did, coalesce(n.rank, 0) rank,
              case when n.rank is null then case when o.rank is null then 0 else 3 end else case when o.rank is null then 1 else 2 end end change,
              floor(p.lat * 480) || '/' || floor((p.lon - 100) * 320) mesh,
              case when st_intersects(st_geomfromtext('POLYGON(({ring}))', 6668), p.g) then 1 end own
            from p left join d using (id) left join n using (id) left join o using (id);
            """);
    }
}
