using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Field.MapApp.Access;
using Field.Store.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace Field.Tests.Access;

/// <summary>Tokens of machines, and those that an attacker would make.</summary>
public sealed class MachineTokenTests
{
    private static CancellationToken Cancel => AccessHost.Token;

    [Fact]
    public async Task Token_is_taken_while_it_is_whole_ours_in_time_and_not_revoked()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        (MachineToken token, string good) = await host.Administration.IssueTokenAsync("aoba", "雨量計", ["hq"], TimeSpan.FromDays(1), Cancel);
        await host.Services.GetRequiredService<AccountDirectory>().LookAsync(Cancel);
        byte[] key = await File.ReadAllBytesAsync(Path.Combine(host.DataFolder, "identity", "token.key"), Cancel);
        AccessHost.AssertItsUsersOnly(Path.Combine(host.DataFolder, "identity", "token.key"));

        Assert.Equal("200", await AskAsync(host, good));
        Assert.Equal("200", await AskAsync(host, Forge(good, key, _ => { }))); // the test's own reading of the standard agrees, so that what follows is refused for its reason
        Assert.Equal("bad-token", await AskAsync(host, good[..^3] + (good[^3] == 'A' ? 'B' : 'A') + good[^2..]));
        Assert.Equal("bad-token", await AskAsync(host, Forge(good, RandomNumberGenerator.GetBytes(32), _ => { })));
        Assert.Equal("bad-token", await AskAsync(host, Forge(good, key, p => p["exp"] = 1_700_000_000)));
        Assert.Equal("bad-token", await AskAsync(host, Forge(good, key, p => p.Remove("exp"))));
        Assert.Equal("bad-token", await AskAsync(host, Forge(good, key, p => p["aud"] = "another-api")));
        Assert.Equal("bad-token", await AskAsync(host, Forge(good, key, p => p["iss"] = "field:elsewhere")));
        Assert.Equal("bad-token", await AskAsync(host, Forge(good, key, p => p["jti"] = "AAAAA-AAAAA")));
        Assert.Equal("bad-token", await AskAsync(host, Forge(good, key, p => p.Remove("jti"))));
        Assert.Equal("bad-token", await AskAsync(host, Unsigned(good)));
        Assert.Equal("bad-token", await AskAsync(host, Forge(good, key, _ => { }, "HS512")));
        Assert.Equal("bad-token", await AskAsync(host, ""));

        await host.Administration.RevokeTokenAsync(token.Id, Cancel);
        await SignInTests.WaitAsync(async () => await AskAsync(host, good) == "bad-token");
        IReadOnlyList<string> audit = await host.AuditAsync();
        Assert.Contains(audit, l => l.Contains("token.issue", StringComparison.Ordinal) && l.Contains(token.Id, StringComparison.Ordinal));
        Assert.Contains(audit, l => l.Contains("token.revoke", StringComparison.Ordinal));
        Assert.Contains(audit, l => l.Contains("map.request", StringComparison.Ordinal) && l.Contains("the token is not valid", StringComparison.Ordinal));
        Assert.DoesNotContain(audit, l => l.Contains(good[^20..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Command_of_this_machine_shows_its_key_and_no_other_key_is_taken()
    {
        await using AccessHost host = await AccessHost.StartAsync(o => o with { MapAddress = "127.0.0.1", MapPort = 0 });
        await host.PersonAsync("yamada", ["hq"]);
        string header = LocalKey.Header(host.DataFolder)!;
        Assert.Equal("200", await SendAsync(host.Program(), header));
        Assert.Equal("bad-token", await SendAsync(host.Program(), header[..^1] + (header[^1] == '0' ? '1' : '0')));
        Assert.Equal("bad-token", await SendAsync(host.Program(host.Outside), header)); // for this machine only
        AccessHost.AssertItsUsersOnly(Path.Combine(host.DataFolder, "identity", "local.key"));
    }

    private static Task<string> AskAsync(AccessHost host, string token) => SendAsync(host.Program(), $"Bearer {token}");

    private static async Task<string> SendAsync(HttpClient client, string authorization)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/summary");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return await AccessHost.CodeAsync(await client.SendAsync(request, Cancel));
    }

    /// <summary>The token with another content, signed with a key, by the letter of RFC 7515 and 7519.</summary>
    private static string Forge(string token, byte[] key, Action<JsonObject> change, string algorithm = "HS256")
    {
        JsonObject payload = JsonNode.Parse(Decode(token.Split('.')[1]))!.AsObject();
        change(payload);
        string head = Encode(Encoding.UTF8.GetBytes($$"""{"alg":"{{algorithm}}","typ":"JWT"}""")) + "." + Encode(JsonSerializer.SerializeToUtf8Bytes(payload));
        byte[] bytes = Encoding.ASCII.GetBytes(head);
        return $"{head}.{Encode(algorithm == "HS512" ? HMACSHA512.HashData(key, bytes) : HMACSHA256.HashData(key, bytes))}";
    }

    private static string Unsigned(string token) => $"{Encode("""{"alg":"none","typ":"JWT"}"""u8)}.{token.Split('.')[1]}.";

    private static string Encode(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static byte[] Decode(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
}
