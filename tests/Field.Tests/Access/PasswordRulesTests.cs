using Field.MapApp.Access;
using Field.Store.Accounts;
using Microsoft.AspNetCore.Identity;

namespace Field.Tests.Access;

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("kawa no mizu ga", null)]
    [InlineData("堤防の上を歩く猫が三匹いた", null)] // 13 characters: no rule asks for letters or digits
    [InlineData("aB3$xk9QmZ2p", null)]
    [InlineData("short", "too-short")]
    [InlineData("elevenchars", "too-short")]
    [InlineData("password1234", "too-common")]
    [InlineData("P-a-s-s-w-o-r-d-1-2-3-4", "too-common")]
    [InlineData("123456789012", "too-common")]
    [InlineData("abcdefghijklmn", "too-common")]
    [InlineData("abc1abc1abc1abc1", "too-common")]
    [InlineData("zzzzzzzzzzzzzzzz", "too-common")]
    [InlineData("Correct horse battery staple", "too-common")]
    [InlineData("yamada is my name", "holds-name")]
    public void Password_is_judged_by_length_and_by_what_is_tried_first(string password, string? code) =>
        Assert.Equal(code, PasswordRules.Check(password, "Yamada", "山田")?.Code);

    [Fact]
    public void Password_that_is_too_long_to_be_hashed_cheaply_is_refused() => Assert.Equal("too-long", PasswordRules.Check(new string('x', 129))?.Code);

    [Fact]
    public void Hash_is_the_frameworks_with_so_much_work_and_a_salt_of_its_own()
    {
        string hash = PasswordHashes.Hash(AccessHost.Password);
        byte[] bytes = Convert.FromBase64String(hash);
        Assert.Equal(1, bytes[0]); // format of Identity version 3: PRF 2 is HMAC-SHA512, then the iterations
        Assert.Equal(2, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1)));
        Assert.True(System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(5)) >= 210_000);
        Assert.NotEqual(hash, PasswordHashes.Hash(AccessHost.Password));

        Account account = new("yamada", "山田", ["hq"], hash, default);
        Assert.Equal(PasswordMatch.Right, PasswordHashes.Verify(account, AccessHost.Password));
        Assert.Equal(PasswordMatch.Wrong, PasswordHashes.Verify(account, AccessHost.Password + " "));
        Assert.Equal(PasswordMatch.Wrong, PasswordHashes.Verify(null, AccessHost.Password));
        PasswordHasher<Account> older = new(Microsoft.Extensions.Options.Options.Create(new PasswordHasherOptions { IterationCount = 1000 }));
        Assert.Equal(PasswordMatch.RightButOld, PasswordHashes.Verify(account with { PasswordHash = older.HashPassword(account, AccessHost.Password) }, AccessHost.Password));
    }
}
