using Field.Contracts;

namespace Field.Tests.Security;

public sealed class EnrolmentCodeTests
{
    private static readonly byte[] Authority = [1, 2, 3];

    [Fact]
    public void Code_is_read_however_it_was_typed()
    {
        EnrolmentCode code = EnrolmentCode.Create(Authority);
        string typed = code.Text.Replace("-", " ", StringComparison.Ordinal).Replace('0', 'o').Replace('1', 'l').ToLowerInvariant();
        EnrolmentCode? read = EnrolmentCode.Parse("  " + typed + "\n");
        Assert.Equal((code.Id, code.Secret, code.AuthorityPin), (read?.Id, read?.Secret, read?.AuthorityPin));
        Assert.True(read!.Pins(Authority));
        Assert.False(read.Pins([1, 2, 4]));
    }

    [Fact]
    public void Slip_of_one_symbol_is_found_wherever_it_is()
    {
        string text = EnrolmentCode.Create(Authority).Text;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '-')
            {
                char slip = text[i] == 'A' ? 'B' : 'A';
                Assert.Null(EnrolmentCode.Parse(text[..i] + slip + text[(i + 1)..]));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("00000-00000-00000-00000-00000-00000-00000-00000-00000-0")]
    [InlineData("UUUUU-00000-00000-00000-00000-00000-00000-00000-00000")]
    public void Text_that_is_no_code_is_none(string text) => Assert.Null(EnrolmentCode.Parse(text));

    [Fact]
    public void Codes_are_45_symbols_in_nine_groups_and_never_the_same()
    {
        string[] codes = [.. Enumerable.Range(0, 1000).Select(_ => EnrolmentCode.Create(Authority).Text)];
        Assert.Equal(1000, codes.Distinct().Count());
        Assert.All(codes, c => Assert.Matches("^([0-9A-HJKMNP-TV-Z]{5}-){8}[0-9A-HJKMNP-TV-Z]{5}$", c));
    }

    [Fact]
    public void Code_and_request_do_not_show_their_secret_when_they_are_logged()
    {
        EnrolmentCode code = EnrolmentCode.Create(Authority);
        Assert.DoesNotContain(code.Secret, code.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(code.Secret, new EnrolmentRequest("csr", code.Id, code.Secret).ToString(), StringComparison.Ordinal);
    }
}
