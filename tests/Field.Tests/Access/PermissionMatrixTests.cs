using System.Globalization;
using System.Text;
using Field.MapApp.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Field.Tests.Access;

/// <summary>
/// Every endpoint that the server has, asked by everybody, beside the table that people read (golden/access/permissions.txt). A change of who
/// may what changes that file, by hand.
/// </summary>
public sealed class PermissionMatrixTests
{
    private static readonly string Golden = Path.Combine(SharedData.RepositoryRoot(), "tests", "golden", "access", "permissions.txt");
    private static readonly HashSet<string> Refusals = ["signed-out", "not-allowed", "not-served", "no-rule", "not-a-person", "prove-again", "bad-token", "cross-site", "not-this-machine"];

    [Fact]
    public async Task Everybody_may_at_every_endpoint_what_the_golden_table_says()
    {
        await using AccessHost host = await AccessHost.StartAsync(o => o with { MapAddress = "127.0.0.1", MapPort = 0, IsInternetFacing = true }, MapProbes);
        Callers callers = await Callers.OfAsync(host);
        StringBuilder actual = new();
        actual.AppendLine("# Who may what. yes: may. proof: may, and enters the password again after an hour. no: is refused. Machines' tokens may what their role may,");
        actual.AppendLine("# but for proof, which they need not give, and what is for people: (signed in) and accounts.");
        actual.AppendLine(Row("# endpoint", "needs", "shows", [.. Permissions.Roles, "signed-out"]));
        foreach (Asked asked in Endpoints(host))
        {
            actual.AppendLine(await RowAsync(host, callers, asked));
        }

        actual.AppendLine();
        actual.AppendLine("# Data by its class, on a listener of the office and on one that faces the internet (--internet).");
        foreach ((string where, Uri at) in new[] { ("office", host.Loopback), ("internet", host.Outside) })
        {
            foreach (DataClass data in Enum.GetValues<DataClass>())
            {
                string[] cells = [.. await Task.WhenAll(callers.People(host, at).Select(p => CellAsync(p, HttpMethod.Get, $"/probe/{(int)data}")))];
                actual.AppendLine(Row($"data {data.ToString().ToLowerInvariant()}", where, data.ToString().ToLowerInvariant(), cells));
            }
        }

        string expected = File.Exists(Golden) ? await File.ReadAllTextAsync(Golden, AccessHost.Token) : "(missing)";
        string wrong = Path.Combine(Path.GetTempPath(), "permissions.actual.txt");
        if (expected != actual.ToString())
        {
            await File.WriteAllTextAsync(wrong, actual.ToString(), AccessHost.Token);
        }

        Assert.True(expected == actual.ToString(), $"{Golden} says otherwise; what the server does is in {wrong}:\n{string.Join('\n', actual.ToString().Split('\n').Except(expected.Split('\n')))}");
    }

    [Fact]
    public async Task Every_endpoint_names_what_it_needs()
    {
        await using AccessHost host = await AccessHost.StartAsync();
        string[] without = [.. host.Endpoints.Where(e => e.Metadata.GetMetadata<AccessRule>() is null).Select(e => e.RoutePattern.RawText!)];
        Assert.Empty(without);
        Assert.All(host.Endpoints, e => Assert.Single(e.Metadata.GetOrderedMetadata<AccessRule>()));
    }

    [Fact]
    public async Task Endpoint_that_names_nothing_answers_nobody()
    {
        await using AccessHost host = await AccessHost.StartAsync(more: app => app.MapGet("/forgotten", () => "secret"));
        using HttpResponseMessage open = await host.Program().GetAsync("/forgotten", AccessHost.Token);
        Assert.Equal("no-rule", await AccessHost.CodeAsync(open));
        string admin = await host.PersonAsync("root", [.. Permissions.Roles]);
        Assert.Equal("no", await CellAsync(Callers.Person(host, host.Loopback, admin), HttpMethod.Get, "/forgotten"));
        Assert.Contains(await host.AuditAsync(), l => l.Contains("/forgotten", StringComparison.Ordinal) && l.Contains("map.request", StringComparison.Ordinal) && l.Contains("user:root", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_permission_is_somebodys_and_every_role_may_something()
    {
        Assert.Equal(Permissions.All.Count, Permissions.All.Select(p => p.Name).Distinct().Count());
        Assert.All(Permissions.Roles, role => Assert.NotEmpty(Permissions.Of([role])));
        Assert.Empty(Permissions.Of(["root", "", "HQ"]));
        Assert.Equal(Permissions.All.ToHashSet(), Permissions.Of(Permissions.Roles));
    }

    private static void MapProbes(WebApplication app) =>
        app.MapGet("/probe/{data:int}", (HttpContext http, int data) =>
        {
            http.Demand((DataClass)data);
            return "shown";
        }).ForEverybody();

    private static IEnumerable<Asked> Endpoints(AccessHost host) =>
        from endpoint in host.Endpoints
        let pattern = endpoint.RoutePattern.RawText!
        where !pattern.StartsWith("/probe", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        orderby pattern, method
        select new Asked(method, "/" + pattern.Trim('/'), PathOf(endpoint), endpoint.Metadata.GetMetadata<AccessRule>()!);

    /// <summary>A path that the endpoint matches; what it names does not exist.</summary>
    private static string PathOf(RouteEndpoint endpoint) => "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(p => p switch
    {
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { ParameterPolicies.Count: > 0 } => "77",
        _ => "none",
    }))));

    private static async Task<string> RowAsync(AccessHost host, Callers callers, Asked asked)
    {
        HttpMethod method = new(asked.Method);
        string[] cells = [.. await Task.WhenAll(callers.People(host, host.Loopback).Select(p => CellAsync(p, method, asked.Path)))];
        string[] stale = [.. await Task.WhenAll(callers.Stale(host).Select(p => CellAsync(p, method, asked.Path)))];
        string[] outside = [.. await Task.WhenAll(callers.People(host, host.Outside).Select(p => CellAsync(p, method, asked.Path)))];
        string[] machines = [.. await Task.WhenAll(callers.Machines(host).Select(p => CellAsync(p, method, asked.Path)))];

        DataClass shows = asked.Rule.AnyOf.Count == 0 ? DataClass.Public : asked.Rule.AnyOf.Max(p => p.Shows);
        Assert.Equal(Permissions.IsServed(shows, isInternetFacing: true) ? cells : [.. cells.Select(_ => "no")], outside);
        bool isForPeople = !asked.Rule.IsForAll && asked.Rule.AnyOf.All(p => p.IsForPeople);
        Assert.Equal(isForPeople ? [.. machines.Select(_ => "no")] : cells[..^1], machines);
        Assert.Equal(isForPeople ? "no" : "yes", await CellAsync(callers.Command(host), method, asked.Path));
        for (int role = 0; role < stale.Length; role++)
        {
            cells[role] = (cells[role], stale[role]) switch { ("yes", "no") => "proof", ("yes", "yes") => "yes", ("no", "no") => "no", _ => throw new InvalidDataException($"{asked}: a proof took something away") };
        }

        return Row($"{asked.Method,-5}{asked.Pattern}", asked.Rule.ToString(), shows.ToString().ToLowerInvariant(), cells);
    }

    /// <summary>May they? Everything that is no refusal of the gate's is the endpoint's own answer: it was reached.</summary>
    private static async Task<string> CellAsync(Func<HttpRequestMessage, Task<HttpResponseMessage>> caller, HttpMethod method, string path)
    {
        using HttpRequestMessage request = new(method, path);
        request.Content = method == HttpMethod.Get ? null : new StringContent("", Encoding.UTF8, "application/json"); // reaches the endpoint and does nothing there
        using HttpResponseMessage response = await caller(request);
        return (int)response.StatusCode is 401 or 403 && Refusals.Contains(await AccessHost.CodeAsync(response)) ? "no" : "yes";
    }

    private static string Row(string endpoint, string needs, string shows, string[] cells) =>
        string.Create(CultureInfo.InvariantCulture, $"{endpoint,-58} {needs,-48} {shows,-9} {string.Join(' ', cells.Select(c => $"{c,-6}"))}").TrimEnd();

    private sealed record Asked(string Method, string Pattern, string Path, AccessRule Rule);

    /// <summary>Everybody, by role in the order of the table.</summary>
    private sealed class Callers
    {
        private readonly List<string> _fresh = [];
        private readonly List<string> _stale = [];
        private readonly List<string> _tokens = [];
        private readonly Dictionary<string, Func<HttpRequestMessage, Task<HttpResponseMessage>>[]> _kept = [];
        private string _command = "";

        public static async Task<Callers> OfAsync(AccessHost host)
        {
            Callers callers = new();
            foreach (string role in Permissions.Roles)
            {
                callers._fresh.Add(await host.PersonAsync($"{role}-1", [role]));
                callers._stale.Add(await host.PersonAsync($"{role}-2", [role], provedBefore: TimeSpan.FromHours(2)));
                (_, string secret) = await host.Administration.IssueTokenAsync("aoba", $"machine {role}", [role], TimeSpan.FromDays(1), AccessHost.Token);
                callers._tokens.Add(secret);
            }

            callers._command = LocalKey.Header(host.DataFolder)!;
            await host.Services.GetRequiredService<AccountDirectory>().LookAsync(AccessHost.Token);
            return callers;
        }

        // Each has one client, and so one connection: an address may open so many a second.
        public Func<HttpRequestMessage, Task<HttpResponseMessage>>[] People(AccessHost host, Uri at) =>
            Kept($"people {at}", () => _fresh.Select(s => Person(host, at, s)).Append(Person(host, at, null)));

        public Func<HttpRequestMessage, Task<HttpResponseMessage>>[] Stale(AccessHost host) => Kept("stale", () => _stale.Select(s => Person(host, host.Loopback, s)));

        public Func<HttpRequestMessage, Task<HttpResponseMessage>>[] Machines(AccessHost host) => Kept("machines", () => _tokens.Select(t => Bearing(host, $"Bearer {t}")));

        /// <summary>A command of this machine that may read the data folder.</summary>
        public Func<HttpRequestMessage, Task<HttpResponseMessage>> Command(AccessHost host) => Kept("command", () => [Bearing(host, _command)])[0];

        private Func<HttpRequestMessage, Task<HttpResponseMessage>>[] Kept(string who, Func<IEnumerable<Func<HttpRequestMessage, Task<HttpResponseMessage>>>> make)
        {
            if (!_kept.TryGetValue(who, out Func<HttpRequestMessage, Task<HttpResponseMessage>>[]? known))
            {
                _kept.Add(who, known = [.. make()]);
            }

            return known;
        }

        public static Func<HttpRequestMessage, Task<HttpResponseMessage>> Person(AccessHost host, Uri at, string? secret)
        {
            HttpClient client = host.Program(at);
            return request =>
            {
                request.Headers.Add("Sec-Fetch-Site", "same-origin");
                if (secret is not null)
                {
                    request.Headers.Add("Cookie", at.Scheme == "https" ? $"__Host-field={secret}" : $"field-session={secret}");
                }

                return client.SendAsync(request, AccessHost.Token);
            };
        }

        private static Func<HttpRequestMessage, Task<HttpResponseMessage>> Bearing(AccessHost host, string authorization)
        {
            HttpClient client = host.Program();
            return request =>
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
                return client.SendAsync(request, AccessHost.Token);
            };
        }
    }
}
