using System.Text;
using Field.MapApp.Access;

namespace Field.Tests.Access;

public sealed class TotpTests
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>RFC 6238, appendix B, SHA-1.</summary>
    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(1111111111, "14050471")]
    [InlineData(1234567890, "89005924")]
    [InlineData(2000000000, "69279037")]
    [InlineData(20000000000, "65353130")]
    public void Code_equals_the_test_vector_of_the_standard(long seconds, string code) =>
        Assert.Equal(code, Totp.Code("12345678901234567890"u8, seconds / 30, digits: 8));

    [Fact]
    public void Code_of_the_step_before_and_after_counts_and_none_counts_twice()
    {
        const string Key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"; // "12345678901234567890"
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(1111111111);
        long step = 1111111111 / 30;
        Assert.Equal(step, Totp.Match(Key, "050471", now, used: 0));
        Assert.Equal(step, Totp.Match(Key, "050471", now.AddSeconds(30), used: step - 1));
        Assert.Equal(step, Totp.Match(Key, "050471", now.AddSeconds(-30), used: 0));
        Assert.Null(Totp.Match(Key, "050471", now.AddSeconds(60), used: 0));
        Assert.Null(Totp.Match(Key, "050471", now, used: step));
        Assert.Null(Totp.Match(Key, "", now, used: 0));
        Assert.Null(Totp.Match(Key, "０５０４７１", now, used: 0));
        Assert.Equal("050471", Totp.Plain("０５０ 471"));
    }

    [Fact]
    public void New_keys_differ_and_have_the_bits_of_the_hash()
    {
        string[] keys = [.. Enumerable.Range(0, 20).Select(_ => Totp.NewKey())];
        Assert.Equal(20, keys.Distinct().Count());
        Assert.All(keys, k => Assert.Matches("^[A-Z2-7]{32}$", k));
    }

    /// <summary>As the telephone shows it, by an own reading of the key.</summary>
    internal static string CodeNow(string key)
    {
        StringBuilder bits = new();
        foreach (char c in key)
        {
            bits.Append(Convert.ToString(Base32.IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0'));
        }

        byte[] bytes = [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.ToString(i * 8, 8), 2))];
        return Totp.Code(bytes, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30, 6);
    }
}
