using System.Text;
using Field.Contracts;

namespace Field.Tests.Contracts;

/// <summary>Seeded mutations of every fixture: a parser answers with a value or with errors, never with an exception.</summary>
public sealed class WireFuzzTests
{
    private const int Rounds = 4000;

    private static readonly string[] Fragments =
    [
        "null", "[]", "{}", "1e999", "-1e999", "1e-400", "\"\\ud800\"", "\"\\u0000\"", "9223372036854775808", "-0", "true", "\"\"",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", ",", ":", "}", "\"type\":1,", "\uFEFF", "NaN", "[[0,1],[2]]", "2147483648",
    ];

    [Theory]
    [InlineData("manifest", "manifest.json", $"field/v1/aoba/drone-01/up/photo/{Golden.PhotoId}/manifest")]
    [InlineData("event", "event.json", "field/v1/aoba/lock-07/up/event")]
    [InlineData("status", "status-online.json", "field/v1/aoba/drone-01/up/status")]
    [InlineData("receipt", "receipt-incomplete.json", null)]
    [InlineData("receipt", "receipt-stored.json", null)]
    [InlineData("event", "event-lock-tamper.json", "field/v1/aoba/lock-07/up/event")]
    [InlineData("event", "event-command-result.json", "field/v1/aoba/lock-07/up/event")]
    [InlineData("command", "command.json", null)]
    [InlineData("grants", "lock-grants.json", null)]
    [InlineData("senml", "senml-rfc8428-5.1.2b.json", null)]
    [InlineData("senml", "senml-rfc8428-5.1.5.json", null)]
    [InlineData("chunk", "chunk.bin", $"field/v1/aoba/drone-01/up/photo/{Golden.PhotoId}/chunk/3")]
    public void Mutated_message_gives_errors_or_a_value(string kind, string fixture, string? topic)
    {
        byte[] golden = Golden.Read(fixture);
        Assert.Empty(Golden.Errors(kind, golden, topic));
        Random random = new(8428);
        int refused = 0;
        for (int i = 0; i < Rounds; i++)
        {
            byte[] mutated = Mutate(golden, random);
            refused += Golden.Errors(kind, mutated, topic).Count > 0 ? 1 : 0;
        }

        Assert.InRange(refused, Rounds / 4, Rounds);
    }

    [Fact]
    public void Random_topic_is_refused_or_rebuilds_itself()
    {
        Random random = new(3);
        string[] levels = ["field", "v1", "v2", "aoba", "drone-01", "live", "up", "down", "photo", "chunk", "manifest", "event", "0", "17", "4096", "", "+", "#", Golden.PhotoId, "\u0000", "😀"];
        for (int i = 0; i < Rounds; i++)
        {
            string tail = string.Join('/', Enumerable.Range(0, random.Next(1, 6)).Select(_ => levels[random.Next(levels.Length)]));
            string topic = i % 2 == 0 ? $"field/v1/aoba/drone-01/up/{tail}" : tail;
            if (Topics.TryParseUp(topic, out UpTopic? parsed) is null)
            {
                Assert.Equal(topic, Rebuild(parsed!));
            }
            else
            {
                Assert.Null(parsed);
            }
        }
    }

    private static string Rebuild(UpTopic t) => t.Channel switch
    {
        UpChannel.Telemetry => Topics.Telemetry(t.Site, t.Device),
        UpChannel.Event => Topics.Event(t.Site, t.Device),
        UpChannel.Status => Topics.Status(t.Site, t.Device),
        UpChannel.PhotoManifest => Topics.Manifest(t.Site, t.Device, t.PhotoId!),
        _ => Topics.Chunk(t.Site, t.Device, t.PhotoId!, t.ChunkIndex),
    };

    internal static byte[] Mutate(byte[] golden, Random random)
    {
        List<byte> bytes = [.. golden];
        int edits = random.Next(1, 4);
        for (int i = 0; i < edits && bytes.Count > 2; i++)
        {
            int at = random.Next(bytes.Count);
            int length = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length + 1), length));
                    break;
                case 3:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)]));
                    break;
                default:
                    ReplaceValue(bytes, at, random);
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Puts another JSON value where one was, so that the message stays JSON more often.</summary>
    private static void ReplaceValue(List<byte> bytes, int from, Random random)
    {
        int colon = bytes.IndexOf((byte)':', from);
        int end = colon < 0 ? -1 : bytes.FindIndex(colon, b => b is (byte)',' or (byte)'}');
        if (end > 0)
        {
            bytes.RemoveRange(colon + 1, end - colon - 1);
            bytes.InsertRange(colon + 1, Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)]));
        }
    }
}
