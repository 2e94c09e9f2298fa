using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Field.Contracts.Locks;
using Field.Ingest.Commands;
using Field.Tests.Access;
using Microsoft.Extensions.DependencyInjection;

namespace Field.Tests.Bookings;

/// <summary>SPEC.md section 22 over HTTP: a booking system with a token, officers with a session, and who sees whose name where.</summary>
public sealed class BookingApiTests
{
    private static readonly object Gym = new
    {
        name = "東山体育館",
        kind = "gym",
        isShelter = true,
        lon = 138.32,
        lat = 34.87,
        rooms = new[] { new { roomId = "meeting", name = "会議室" } },
        doors = new object[] { new { device = "lock-01", name = "正面玄関" }, new { device = "box-01", name = "裏口の鍵", isKeyBox = true } },
        who = "suzuki",
    };

    [Fact]
    public async Task Booking_goes_from_the_request_to_a_PIN_that_is_told_once_and_a_printed_code()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        Enrol(host);
        HttpClient http = host.Browser();
        Assert.Equal(HttpStatusCode.OK, (await http.PutAsJsonAsync("/api/v1/facilities/gym", Gym, AccessHost.Token)).StatusCode);
        using HttpResponseMessage elsewhere = await http.PutAsJsonAsync("/api/v1/facilities/hall", Gym, AccessHost.Token);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "door-elsewhere"), (elsewhere.StatusCode, await AccessHost.CodeAsync(elsewhere)));
        using HttpResponseMessage seenBefore = await http.DeleteAsync("/api/v1/facilities/gym?revision=999999&who=suzuki", AccessHost.Token);
        Assert.Equal((HttpStatusCode.Conflict, "changed"), (seenBefore.StatusCode, await AccessHost.CodeAsync(seenBefore)));
        DateTimeOffset start = new(TimeProvider.System.GetUtcNow().Date.AddDays(1).AddHours(3), TimeSpan.Zero);
        object body = Body(start, start.AddHours(2));
        using HttpResponseMessage made = await http.PutAsJsonAsync("/api/v1/bookings/R8-001", body, AccessHost.Token);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.True(made.Headers.CacheControl!.NoStore);
        Assert.Equal(HttpStatusCode.OK, (await http.PutAsJsonAsync("/api/v1/bookings/R8-001", body, AccessHost.Token)).StatusCode);
        using HttpResponseMessage overlap = await http.PutAsJsonAsync("/api/v1/bookings/R8-002", body, AccessHost.Token);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "overlap"), (overlap.StatusCode, await AccessHost.CodeAsync(overlap)));
        JsonElement why = JsonElement.Parse(await overlap.Content.ReadAsStringAsync(AccessHost.Token));
        Assert.Contains("R8-001 と時間が重なります", why.GetProperty("ja").GetString(), StringComparison.Ordinal);
        Assert.Equal(why.GetProperty("ja").GetString(), why.GetProperty("error").GetString());

        JsonElement pin = await ReadAsync(await http.PostAsJsonAsync("/api/v1/bookings/R8-001/pin", new { who = "suzuki" }, AccessHost.Token));
        string digits = pin.GetProperty("pin").GetString()!;
        Assert.Matches("^[0-9]{6}$", digits);
        JsonElement listed = (await ReadAsync(await http.GetAsync($"/api/v1/bookings?from={Uri.EscapeDataString(start.AddHours(-1).ToString("o"))}", AccessHost.Token))).GetProperty("bookings")[0];
        Assert.Equal(("山田 花子", "issued"), (listed.GetProperty("name").GetString(), listed.GetProperty("pin").GetString()));
        Assert.DoesNotContain(digits, listed.GetRawText(), StringComparison.Ordinal);

        using HttpResponseMessage slip = await http.PostAsJsonAsync("/api/v1/bookings/R8-001/slip", new { who = "suzuki", format = "html" }, AccessHost.Token);
        string page = await slip.Content.ReadAsStringAsync(AccessHost.Token);
        Slot access = new(start.AddMinutes(-30), start.AddHours(2.5));
        string code = KeyBoxCode.Compute(host.Services.GetRequiredService<LockSecrets>().Find("box-01")!, "aoba/box-01", access);
        Assert.Contains($"{code[..4]} {code[4..]}", page, StringComparison.Ordinal);
        Assert.Contains("東山体育館", page, StringComparison.Ordinal);
        Assert.Contains("Key box", page, StringComparison.Ordinal);
        Assert.DoesNotContain("山田", page, StringComparison.Ordinal);
        Assert.DoesNotContain(digits, page, StringComparison.Ordinal);

        using HttpResponseMessage stale = await http.PostAsJsonAsync("/api/v1/bookings/R8-001/cancel", new { revision = 1, who = "suzuki" }, AccessHost.Token);
        Assert.Equal((HttpStatusCode.Conflict, "changed"), (stale.StatusCode, await AccessHost.CodeAsync(stale)));
        JsonElement cancelled = await ReadAsync(await http.PostAsJsonAsync("/api/v1/bookings/R8-001/cancel", new { who = "suzuki" }, AccessHost.Token));
        Assert.Equal("cancelled", cancelled.GetProperty("state").GetString());
        string audit = string.Concat(await host.AuditAsync());
        Assert.All((string[])["facility.set", "booking.add", "booking.pin", "booking.slip", "lock.code", "booking.cancel", "user:suzuki"], word => Assert.Contains(word, audit, StringComparison.Ordinal));
        Assert.DoesNotContain("山田", audit, StringComparison.Ordinal);
        Assert.DoesNotContain(digits, audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removed_facility_is_listed_on_request_and_brought_back_unless_somebody_was_later()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        HttpClient http = host.Browser();
        JsonElement made = await ReadAsync(await http.PutAsJsonAsync("/api/v1/facilities/gym", Gym, AccessHost.Token));
        JsonElement removed = await ReadAsync(await http.DeleteAsync("/api/v1/facilities/gym?who=suzuki", AccessHost.Token));
        Assert.Equal(0, (await ReadAsync(await http.GetAsync("/api/v1/facilities", AccessHost.Token))).GetProperty("facilities").GetArrayLength());
        JsonElement listed = (await ReadAsync(await http.GetAsync("/api/v1/facilities?removed=true", AccessHost.Token))).GetProperty("facilities")[0];
        Assert.Equal(removed.GetProperty("removedAt").GetString(), listed.GetProperty("removedAt").GetString());
        using HttpResponseMessage late = await http.PostAsJsonAsync("/api/v1/facilities/gym/undo", new { revision = made.GetProperty("revision").GetInt64(), who = "tanaka" }, AccessHost.Token);
        Assert.Equal((HttpStatusCode.Conflict, "changed"), (late.StatusCode, await AccessHost.CodeAsync(late)));
        JsonElement back = await ReadAsync(await http.PostAsJsonAsync("/api/v1/facilities/gym/undo", new { revision = removed.GetProperty("revision").GetInt64(), who = "tanaka" }, AccessHost.Token));
        Assert.False(back.TryGetProperty("removedAt", out _));
        JsonElement[] changes = [.. (await ReadAsync(await http.GetAsync("/api/v1/facilities/gym/history", AccessHost.Token))).GetProperty("changes").EnumerateArray()];
        Assert.Equal(["set suzuki", "set suzuki", "undo tanaka"], changes.Select(c => $"{c.GetProperty("action")} {c.GetProperty("who")}"));
        Assert.Equal("東山体育館", changes[1].GetProperty("facility").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Booking_system_pushes_by_its_token_and_names_are_not_shown_where_the_internet_reaches()
    {
        await using AccessHost host = await AccessHost.StartAsync(o => o with { MapAddress = "127.0.0.1", MapPort = 0, IsInternetFacing = true });
        Enrol(host);
        await host.PersonAsync("tanaka", ["locks"]);
        (_, string token) = await host.Administration.IssueTokenAsync("aoba", "予約システム", ["locks"], TimeSpan.FromDays(1), AccessHost.Token);
        (_, string other) = await host.Administration.IssueTokenAsync("aoba", "水道", ["water"], TimeSpan.FromDays(1), AccessHost.Token);
        await host.Services.GetRequiredService<Field.MapApp.Access.AccountDirectory>().LookAsync(AccessHost.Token);
        HttpClient inside = Bearing(host, host.Loopback, token);
        HttpClient outside = Bearing(host, host.Outside, token);
        object gym = JsonSerializer.Deserialize<Dictionary<string, object>>(JsonSerializer.Serialize(Gym))!.Where(m => m.Key != "who").ToDictionary();
        Assert.Equal(HttpStatusCode.OK, (await inside.PutAsJsonAsync("/api/v1/facilities/gym", gym, AccessHost.Token)).StatusCode);
        DateTimeOffset start = new(TimeProvider.System.GetUtcNow().Date.AddDays(1).AddHours(3), TimeSpan.Zero);
        JsonElement pushed = await ReadAsync(await outside.PutAsJsonAsync("/api/v1/bookings/R8-001", Body(start, start.AddHours(2), who: null), AccessHost.Token));
        Assert.Equal("api", pushed.GetProperty("source").GetString());
        Assert.False(pushed.TryGetProperty("name", out _));
        Assert.Equal("山田 花子", (await ReadAsync(await inside.GetAsync("/api/v1/bookings/R8-001", AccessHost.Token))).GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, (await Bearing(host, host.Loopback, other).GetAsync("/api/v1/bookings/R8-001", AccessHost.Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Bearing(host, host.Loopback, other).GetAsync("/api/v1/facilities", AccessHost.Token)).StatusCode);
    }

    [Fact]
    public async Task Import_tells_what_became_of_each_row()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        HttpClient http = host.Browser();
        await http.PutAsJsonAsync("/api/v1/facilities/gym", Gym, AccessHost.Token);
        string day = TimeProvider.System.GetUtcNow().AddDays(3).ToString("yyyy/MM/dd", System.Globalization.CultureInfo.InvariantCulture);
        string csv = $"予約番号,施設名,利用日,開始時刻,終了時刻\nR8-001,東山体育館,{day},9:00,12:00\nR8-002,東山体育館,{day},11:00,12:00\n";
        using ByteArrayContent file = new(CodePagesEncodingProvider.Instance.GetEncoding(932)!.GetBytes(csv));
        file.Headers.ContentType = new("text/csv");
        JsonElement answer = await ReadAsync(await http.PostAsync("/api/v1/bookings/import?who=suzuki", file, AccessHost.Token));
        Assert.Equal("Shift_JIS", answer.GetProperty("encoding").GetString());
        Assert.Equal((1, 1), (answer.GetProperty("counts").GetProperty("added").GetInt32(), answer.GetProperty("counts").GetProperty("refused").GetInt32()));
        Assert.Equal((3, "overlap"), (answer.GetProperty("rows")[1].GetProperty("row").GetInt32(), answer.GetProperty("rows")[1].GetProperty("code").GetString()));
        using ByteArrayContent none = new([]);
        using HttpResponseMessage refused = await http.PostAsync("/api/v1/bookings/import?who=suzuki", none, AccessHost.Token);
        Assert.Equal("columns", await AccessHost.CodeAsync(refused));
    }

    private static object Body(DateTimeOffset start, DateTimeOffset end, string? who = "suzuki") => new { facilityId = "gym", start = start.ToString("o"), end = end.ToString("o"), name = "山田 花子", contact = "054-000-0000", who };

    private static void Enrol(AccessHost host)
    {
        LockSecrets secrets = host.Services.GetRequiredService<LockSecrets>();
        foreach (string device in (string[])["lock-01", "box-01"])
        {
            secrets.Prepare(device, "AAAAA");
            secrets.HandOver(device, "AAAAA");
        }
    }

    private static HttpClient Bearing(AccessHost host, Uri at, string token)
    {
        HttpClient client = host.Program(at);
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync(AccessHost.Token);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }
}
