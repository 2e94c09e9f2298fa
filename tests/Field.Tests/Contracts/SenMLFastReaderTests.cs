using System.Globalization;
using System.Text;
using Field.Contracts;

namespace Field.Tests.Contracts;

/// <summary>The fast reader answers only what the resolver would answer.</summary>
public sealed class SenMLFastReaderTests
{
    private static readonly string[] Packs =
    [
        """[{"seq":7,"bt":1790000000,"bn":"urn:dev:gauge:1/","n":"level","u":"m","v":1.42},{"n":"rain","u":"mm","v":0.5},{"n":"battery","u":"%EL","v":87}]""",
        """[{"n":"door","vb":true},{"n":"note","vs":"left open","t":-5},{"n":"x","v":-1.5e-7,"t":1790000000.25}]""",
        """[{"bn":"a","bu":"Cel","bt":-3,"v":1},{"v":2,"t":1},{"bn":"b","bu":"m","n":"/2","v":3}]""",
        """ [ { "n" : "a" , "v" : 1 } ] """,
    ];

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0041", "null", "true", "1e999", "-0", "0x1", "\"n\":", "\"v\":", "\"vs\":\"x\"", "\"vb\":false", "\"seq\":0", "\"seq\":2",
        "\"bver\":11", "\"bv\":1", "\"s\":3", "\"zz_\":1", "\"zz\":1", "\"t\":268435456", "\"t\":9e11", "\"u\":null", "é", "\0", " ", "_", "\"n\":\"-a\"",
    ];

    [Fact]
    public void Pack_of_a_sensor_is_read_without_a_document()
    {
        foreach (string pack in Packs)
        {
            Assert.NotNull(SenMLFastReader.TryRead(Encoding.UTF8.GetBytes(pack), Golden.ReceivedAt));
        }
    }

    [Fact]
    public void Pack_that_the_fast_reader_takes_is_what_the_resolver_makes_of_it()
    {
        Random random = new(20_261_121);
        int taken = 0;
        for (int i = 0; i < 40_000; i++)
        {
            byte[] pack = Encoding.UTF8.GetBytes(Mutate(Packs[random.Next(Packs.Length)], random));
            if (SenMLFastReader.TryRead(pack, Golden.ReceivedAt) is { } fast)
            {
                taken++;
                Parsed<SenMLPack> judged = SenMLPack.Judge(pack, Golden.ReceivedAt);
                Assert.True(judged.Value is not null, $"{Encoding.UTF8.GetString(pack)}: {string.Join("; ", judged.Errors)}");
                Assert.Equal(judged.Value.Sequence, fast.Sequence);
                Assert.Equal(judged.Value.Measurements, fast.Measurements);
            }
        }

        Assert.InRange(taken, 2_000, 38_000); // both ways were really taken
    }

    [Theory]
    [InlineData("""[{"n":"a","v":1},{"n":"b","v":2,"seq":3}]""")]
    [InlineData("""[{"n":"a","v":1,"v":2}]""")]
    [InlineData("""[{"n":"a","v":1,"vs":"b"}]""")]
    [InlineData("""[{"n":"\u0061","v":1}]""")]
    [InlineData("""[{"n":"a","vs":"水位"}]""")]
    [InlineData("""[{"n":"-a","v":1}]""")]
    [InlineData("""[{"bn":"a"},{"n":"b","v":1}]""")]
    [InlineData("""[{"n":"a","v":1}]x""")]
    [InlineData("[]")]
    [InlineData("")]
    public void Pack_that_is_unusual_is_left_to_the_resolver(string pack) =>
        Assert.Null(SenMLFastReader.TryRead(Encoding.UTF8.GetBytes(pack), Golden.ReceivedAt));

    [Fact]
    public void Names_that_share_a_slot_of_the_pool_stay_apart()
    {
        for (int i = 0; i < 50_000; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"sensor:{i}");
            Assert.Equal(name, SenMLNames.Pool(Encoding.ASCII.GetBytes(name)));
        }
    }

    private static string Mutate(string pack, Random random)
    {
        StringBuilder text = new(pack);
        for (int edits = random.Next(0, 4); edits > 0; edits--)
        {
            int at = random.Next(text.Length);
            switch (random.Next(4))
            {
                case 0:
                    text.Remove(at, Math.Min(random.Next(1, 4), text.Length - at));
                    break;
                case 1:
                    text.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 2:
                    text[at] = (char)random.Next(32, 127);
                    break;
                default:
                    text.Replace("1", random.Next(-5, 2_000_000_000).ToString(CultureInfo.InvariantCulture), at, 1);
                    break;
            }
        }

        return text.ToString();
    }
}
