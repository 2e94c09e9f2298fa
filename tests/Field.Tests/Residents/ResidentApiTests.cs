using System.Net;
using System.Text;
using System.Text.Json;
using Field.Ingest.Residents;
using Field.Tests.Access;
using Microsoft.Extensions.DependencyInjection;

namespace Field.Tests.Residents;

/// <summary>SPEC.md, Residents: who sees single households, and what is written of it.</summary>
public sealed class ResidentApiTests
{
    private const string Points = "世帯番号,経度,緯度\nH-77,138.3100,34.8600\nH-78,138.3101,34.8600\nH-79,138.4000,34.9000\nH-80,138.41,34.90\n";
    private const string Register = "世帯番号,世帯人数,65歳以上,要支援者,自治会\nH-77,3,1,1,港第一\nH-78,2,0,0,港第一\nH-79,1,1,0,港第二\nH-99,2,0,0,港第二\n";

    [Fact]
    public async Task Hq_brings_a_register_in_and_others_get_counts_or_nothing()
    {
        await using AccessHost host = await AccessHost.StartAsync(o => o with { MapAddress = "127.0.0.1", MapPort = 0, IsInternetFacing = true });
        HttpClient hq = await ClientAsync(host, "hq-1", "hq"), field = await ClientAsync(host, "field-1", "field"), tax = await ClientAsync(host, "tax-1", "tax");
        Assert.Equal(JsonValueKind.Null, (await JsonAsync(field, "residents")).GetProperty("register").ValueKind);
        using (HttpResponseMessage imported = await ImportAsync(hq))
        {
            Assert.Equal(HttpStatusCode.OK, imported.StatusCode);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await ImportAsync(field)).StatusCode);
        JsonElement register = (await JsonAsync(field, "residents")).GetProperty("register");
        Assert.Equal((3, 6, 1), (register.GetProperty("households").GetInt32(), register.GetProperty("people").GetInt32(), register.GetProperty("unplacedHouseholds").GetInt32()));
        Assert.DoesNotContain("H-77", register.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await tax.GetAsync("/api/v1/residents", AccessHost.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await field.GetAsync("/api/v1/residents/at?lon=138.31&lat=34.86", AccessHost.Token)).StatusCode);

        JsonElement rows = await JsonAsync(hq, "residents/rows");
        Assert.Equal(["H-99 unplaced", "H-80 unregistered"], rows.GetProperty("rows").EnumerateArray().Select(r => $"{r.GetProperty("household").GetString()} {r.GetProperty("state").GetString()}"));
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(host.DataFolder, "uploads-residents"))); // nothing of a register stays beside the store
        Assert.Equal(HttpStatusCode.NotFound, (await hq.GetAsync("/api/v1/features/households", AccessHost.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await hq.GetAsync("/api/v1/features/registers", AccessHost.Token)).StatusCode);

        HttpClient outside = await ClientAsync(host, "hq-2", "hq", host.Outside);
        foreach (string path in (string[])["residents/at?lon=138.31&lat=34.86", "residents/rows", "residents/tiles/15/28968/13022"])
        {
            using HttpResponseMessage refused = await outside.GetAsync($"/api/v1/{path}", AccessHost.Token);
            Assert.Equal((HttpStatusCode.Forbidden, "not-served"), (refused.StatusCode, await AccessHost.CodeAsync(refused)));
        }
    }

    [Fact]
    public async Task Every_view_of_single_households_is_written_before_it_is_shown_and_tiles_once_an_area()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        HttpClient hq = await ClientAsync(host, "hq-1", "hq");
        (await ImportAsync(hq)).EnsureSuccessStatusCode();

        JsonElement at = await JsonAsync(hq, "residents/at?lon=138.31&lat=34.86&withinM=50");
        Assert.Equal(["H-77", "H-78"], at.GetProperty("households").EnumerateArray().Select(h => h.GetProperty("household").GetString()));
        Assert.Single(await ViewsAsync(host));
        Assert.Contains("within 50 m of 138.3100,34.8600", (await ViewsAsync(host))[0], StringComparison.Ordinal);
        Assert.DoesNotContain("H-77", string.Concat(await ViewsAsync(host)), StringComparison.Ordinal);

        (int x, int y) = TileOf(138.31, 34.86, 15);
        Assert.NotEmpty(await hq.GetByteArrayAsync($"/api/v1/residents/tiles/15/{x}/{y}", AccessHost.Token));
        for (int i = 0; i < 2; i++)
        {
            (await hq.GetAsync($"/api/v1/residents/tiles/15/{(x & ~1) + i}/{y}", AccessHost.Token)).EnsureSuccessStatusCode();
        }

        Assert.Equal(2, (await ViewsAsync(host)).Length); // one line for the area of all three
        (await hq.GetAsync($"/api/v1/residents/tiles/15/{x + 2}/{y}", AccessHost.Token)).EnsureSuccessStatusCode();
        Assert.Equal(3, (await ViewsAsync(host)).Length);
        Assert.Equal(HttpStatusCode.NotFound, (await hq.GetAsync("/api/v1/residents/tiles/13/7242/3255", AccessHost.Token)).StatusCode); // from zoom 14 on only
        HttpClient other = await ClientAsync(host, "hq-2", "hq");
        (await other.GetAsync($"/api/v1/residents/tiles/15/{x}/{y}", AccessHost.Token)).EnsureSuccessStatusCode();
        Assert.Equal(4, (await ViewsAsync(host)).Length);
    }

    [Fact]
    public async Task Password_is_asked_again_after_an_hour_and_undo_brings_the_register_back()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        HttpClient hq = await ClientAsync(host, "hq-1", "hq"), stale = await ClientAsync(host, "hq-2", "hq", provedBefore: TimeSpan.FromHours(2));
        (await ImportAsync(hq)).EnsureSuccessStatusCode();
        using HttpResponseMessage again = await stale.GetAsync("/api/v1/residents/at?lon=138.31&lat=34.86", AccessHost.Token);
        Assert.Equal("prove-again", await AccessHost.CodeAsync(again));
        Assert.Equal(HttpStatusCode.NoContent, (await hq.DeleteAsync("/api/v1/residents", AccessHost.Token)).StatusCode);
        Assert.Empty((await JsonAsync(hq, "residents/at?lon=138.31&lat=34.86")).GetProperty("households").EnumerateArray());
        (await hq.PostAsync("/api/v1/residents/restore", new StringContent("", Encoding.UTF8, "application/json"), AccessHost.Token)).EnsureSuccessStatusCode();
        Assert.NotNull(await host.Services.GetRequiredService<ResidentDesk>().FindAsync(AccessHost.Token));
        Assert.NotEmpty((await JsonAsync(hq, "residents/at?lon=138.31&lat=34.86")).GetProperty("households").EnumerateArray());
    }

    internal static async Task<HttpClient> ClientAsync(AccessHost host, string name, string role, Uri? at = null, TimeSpan provedBefore = default)
    {
        HttpClient client = host.Program(at);
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        client.DefaultRequestHeaders.Add("Cookie", $"{(at is null ? "field-session" : "__Host-field")}={await host.PersonAsync(name, [role], provedBefore)}");
        return client;
    }

    internal static Task<HttpResponseMessage> ImportAsync(HttpClient client, string points = Points, string register = Register) => client.PostAsync("/api/v1/residents", new MultipartFormDataContent
    {
        { new ByteArrayContent(Encoding.UTF8.GetBytes(points)), "points", "点.csv" },
        { new ByteArrayContent(Encoding.UTF8.GetBytes(register)), "register", "台帳.csv" },
        { new StringContent("6668"), "crs" },
        { new StringContent("UTF-8"), "encoding" },
        { new StringContent("UTF-8"), "registerEncoding" },
        { new StringContent("2025-04-01"), "sourceDate" },
    }, AccessHost.Token);

    internal static async Task<JsonElement> JsonAsync(HttpClient client, string path) => JsonElement.Parse(await client.GetStringAsync($"/api/v1/{path}", AccessHost.Token));

    private static async Task<string[]> ViewsAsync(AccessHost host) => [.. (await host.AuditAsync()).Where(l => l.Contains("residents.view", StringComparison.Ordinal))];

    private static (int X, int Y) TileOf(double lon, double lat, int zoom)
    {
        double n = 1 << zoom, rad = double.DegreesToRadians(lat);
        return ((int)((lon + 180) / 360 * n), (int)((1 - (Math.Asinh(Math.Tan(rad)) / Math.PI)) / 2 * n));
    }
}
