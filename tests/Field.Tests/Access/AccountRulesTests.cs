using Field.MapApp.Access;
using Field.Store.Accounts;
using Field.Store.Audit;
using Field.Tests.Broker;
using Field.Tests.Store;

namespace Field.Tests.Access;

/// <summary>What may become of accounts, by whatever hand.</summary>
public sealed class AccountRulesTests
{
    private static readonly string[] Names = ["aoki", "baba", "chiba", "doi"];
    private static readonly string[][] RoleSets = [["admin"], ["field"], ["hq", "admin"], ["tax"]];

    /// <summary>Another for each password, as the real one, without its work: 1,300 steps of it would be most of the test's time.</summary>
    private static string Quick(string password) => $"{Guid.NewGuid():N}.{password.Length}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Whatever administrators who are signed in do to one another, in whatever order and at whatever pace, one is left who can go on.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Somebody_can_always_administer_whatever_administrators_do(int seed)
    {
        using TempFolder folder = new();
        ManualTime time = new(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
        await using AccountStore store = AccountFolder.OpenStore(folder.Root, time);
        using AuditLog audit = new(folder.Path("audit"), time);
        foreach (string name in Names.Take(2))
        {
            await store.AddAsync(new Account(name, $"{name} さん", ["admin"], "", time.GetUtcNow()), Cancel);
        }

        Random random = new(seed);
        HashSet<string> refused = [], did = [];
        for (int step = 0; step < 250; step++)
        {
            AccountBook book = await store.ReadAsync(Cancel);
            string[] able = [.. book.Accounts.Values.Where(CanAdminister).Select(a => a.Name)];
            Assert.NotEmpty(able);
            string target = Names[random.Next(Names.Length)];
            AccountAdministration by = new(folder.Root, store, audit, time, new Administrator("user:x", null, able[random.Next(able.Length)])) { Hash = Quick };
            string what = await TryAsync(by, store, target, random, book.Accounts.ContainsKey(target));
            (what.Contains(':', StringComparison.Ordinal) ? refused : did).Add(what);
            time.Advance(TimeSpan.FromHours(random.Next(0, 60))); // first passwords end meanwhile
        }

        Assert.Contains("lock", did);
        Assert.Contains("remove", did);
        Assert.Contains(refused, r => r.EndsWith(":last-administrator", StringComparison.Ordinal));
    }

    /// <summary>The owner of the data folder may replace a forgotten password, and nothing that leaves nobody.</summary>
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Somebody_can_always_sign_in_as_an_administrator_whatever_commands_do(int seed)
    {
        using TempFolder folder = new();
        ManualTime time = new(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
        await using AccountStore store = AccountFolder.OpenStore(folder.Root, time);
        using AuditLog audit = new(folder.Path("audit"), time);
        AccountAdministration command = new(folder.Root, store, audit, time, new Administrator("user:root", null, null)) { Hash = Quick };
        await command.AddAsync("aoki", "青木", ["admin"], null, Cancel);
        Random random = new(seed);
        for (int step = 0; step < 150; step++)
        {
            string target = Names[random.Next(Names.Length)];
            await TryAsync(command, store, target, random, (await store.ReadAsync(Cancel)).Accounts.ContainsKey(target));
            AccountBook book = await store.ReadAsync(Cancel);
            Assert.Contains(book.Accounts.Values, a => a.LockedAt is null && a.Roles.Contains("admin"));
        }
    }

    [Fact]
    public void Last_administrator_is_kept_until_another_has_a_password_of_their_own()
    {
        DateTimeOffset now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
        Administrator other = new("user:x", null, "somebody"), command = new("user:root", null, null);
        Account admin = new("aoki", "青木", ["admin", "hq"], "h", now);
        Account waiting = new("baba", "馬場", ["admin"], "h", now) { FirstPasswordUntil = now.AddDays(7) };
        Account settled = waiting with { FirstPasswordUntil = null };
        AccountFault? Try(Account? after, Account[] others, Administrator by) => new(AccountRules.Check(admin, after, others, by, now)?.Code);

        foreach (Administrator by in new[] { other, command })
        {
            foreach (Account? after in new[] { null, admin with { LockedAt = now }, admin with { Roles = ["hq"] } })
            {
                Assert.Equal("last-administrator", Try(after, [], by)!.Code);
                Assert.Equal("last-administrator", Try(after, [waiting], by)!.Code);
                Assert.Equal("last-administrator", Try(after, [settled with { LockedAt = now }], by)!.Code);
                Assert.Null(Try(after, [settled], by)!.Code);
            }
        }

        Account reset = admin with { PasswordHash = "other", FirstPasswordUntil = now.AddDays(7) };
        Assert.Equal("last-administrator", Try(reset, [], other)!.Code);
        Assert.Null(Try(reset, [], command)!.Code); // a forgotten password must not be the end
        Assert.Null(AccountRules.Check(waiting, null, [], other, now.AddDays(8))?.Code); // nobody could sign in with it any more
    }

    [Fact]
    public void Nobody_raises_themselves_or_takes_their_own_account_away()
    {
        DateTimeOffset now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
        Administrator own = new("user:aoki", null, "aoki");
        Account admin = new("aoki", "青木", ["admin", "hq"], "h", now) { TotpKey = "KEY" };
        Account[] others = [new("baba", "馬場", ["admin"], "h", now)];
        string? Try(Account? after) => AccountRules.Check(admin, after, others, own, now)?.Code;
        Assert.Equal("own-roles", Try(admin with { Roles = ["admin", "hq", "tax"] }));
        Assert.Equal("own-roles", Try(admin with { Roles = ["tax"] }));
        Assert.Equal("own-account", Try(null));
        Assert.Equal("own-account", Try(admin with { LockedAt = now }));
        Assert.Equal("own-account", Try(admin with { PasswordHash = "other" }));
        Assert.Equal("own-account", Try(admin with { TotpKey = null }));
        Assert.Equal("name-taken", Try(admin with { DisplayName = "馬場" }));
        Assert.Null(Try(admin with { Roles = ["hq"] }));
        Assert.Null(Try(admin with { DisplayName = "青木 一郎" }));
    }

    [Theory]
    [InlineData("yamada", true)]
    [InlineData("y.amada-2_b", true)]
    [InlineData("Yamada", false)]
    [InlineData("yamada\n", false)]
    [InlineData("-yamada", false)]
    [InlineData("y", false)]
    [InlineData("山田", false)]
    [InlineData("../x", false)]
    [InlineData(null, false)]
    public void Account_names_are_plain(string? name, bool isOne) => Assert.Equal(isOne, AccountRules.CheckName(name) is null);

    private static bool CanAdminister(Account a) => a is { LockedAt: null, FirstPasswordUntil: null } && a.Roles.Contains("admin");

    /// <returns>What was done; with a colon and the fault, what was refused.</returns>
    private static async Task<string> TryAsync(AccountAdministration by, AccountStore store, string target, Random random, bool exists)
    {
        string what = !exists ? "add" : new[] { "lock", "unlock", "role", "reset", "remove", "totp", "own" }[random.Next(7)];
        try
        {
            await (what switch
            {
                "add" => by.AddAsync(target, $"{target} さん", RoleSets[random.Next(RoleSets.Length)], "a password that is long", Cancel),
                "lock" => by.LockAsync(target, "test", Cancel),
                "unlock" => by.UnlockAsync(target, Cancel),
                "role" => by.ChangeAsync(target, null, RoleSets[random.Next(RoleSets.Length)], Cancel),
                "reset" => by.ResetAsync(target, "a password that is long", dropTotp: false, Cancel),
                "remove" => by.RemoveAsync(target, Cancel),
                "totp" => by.DropTotpAsync(target, Cancel),
                _ => store.ChangeAsync(target, a => a with { FirstPasswordUntil = null }, endSessions: false, null, Cancel), // the person chose a password
            });
            return what;
        }
        catch (AccessException e)
        {
            return $"{what}:{e.Fault.Code}";
        }
    }

    private sealed record AccountFault(string? Code);
}
