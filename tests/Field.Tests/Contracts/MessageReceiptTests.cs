using System.Text;
using Field.Contracts;

namespace Field.Tests.Contracts;

public sealed class MessageReceiptTests
{
    private static readonly DateTimeOffset At = new(2026, 5, 11, 0, 30, 1, 250, TimeSpan.Zero);

    [Fact]
    public void Receipt_for_messages_equals_the_golden_both_ways()
    {
        MessageReceipt receipt = new([new(1, 40), new(42, 42), new(45, long.MaxValue)]);
        byte[] golden = Golden.Read("receipt-messages.json");
        Assert.Equal(Encoding.UTF8.GetString(golden), Encoding.UTF8.GetString(receipt.Write("aoba", At, "r-4")));
        Parsed<MessageReceipt> parsed = MessageReceipt.Parse(golden);
        Assert.Empty(parsed.Errors);
        Assert.Equal(receipt.Sequences, parsed.Value!.Sequences);
    }

    [Theory]
    [InlineData("""{"outcome":"stored","sequences":[[2,1]]}""", "bad-format /data/sequences")]
    [InlineData("""{"outcome":"stored","sequences":[[0,1]]}""", "bad-format /data/sequences")]
    [InlineData("""{"outcome":"stored","sequences":[]}""", "bad-format /data/sequences")]
    [InlineData("""{"outcome":"stored","sequences":[1,2]}""", "bad-format /data/sequences")]
    [InlineData("""{"outcome":"rejected"}""", "bad-format /data/outcome", "missing /data/sequences")]
    public void Receipt_with_faults_is_refused_with_all_of_them(string data, params string[] expected)
    {
        string message = $$"""{"specversion":"1.0","id":"r","source":"/field/aoba","type":"field.receipt.v1","subject":"messages","time":"2026-05-11T00:30:01Z","data":{{data}}}""";
        Assert.Equal(expected, MessageReceipt.Parse(Encoding.UTF8.GetBytes(message)).Errors.Select(e => $"{e.Code} {e.At}"));
    }

    [Fact]
    public void Receipt_of_a_photo_is_not_one_for_messages() =>
        Assert.Contains(MessageReceipt.Parse(Golden.Read("receipt-stored.json")).Errors, e => e.At == "/subject");

    [Fact]
    public void Ranges_hold_exactly_the_sequences()
    {
        Assert.Equal([new(1, 3), new(7, 7), new(9, 10)], SequenceRange.From([9, 1, 3, 2, 10, 7, 2]));
        Assert.Empty(SequenceRange.From([]));
    }
}
