using System.Text;
using System.Text.Json;
using Field.Contracts;
using Field.Store;
using Field.Tests.Ingest;
using Field.Tests.Store;

namespace Field.Tests.Security;

/// <summary>Secrets that somebody sends where they do not belong.</summary>
public sealed class SecretMaskTests
{
    [Theory]
    [InlineData("""{"last_used_pin_code":"4711","battery":88}""", "4711", "88")]
    [InlineData("""{"pin_code":{"user":1,"pin_code":4711},"door":"open"}""", "4711", "open")]
    [InlineData("""{"a":[{"Password" : "hunter\"2,4711"}],"b":"kept"}""", "4711", "kept")]
    [InlineData("""{"apiKey":"x4711y","n":"kept""", "4711", "kept")] // broken JSON
    [InlineData("""{"pin":"4711""", "4711", "pin")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMC4711CAQ\n-----END PRIVATE KEY-----\nkept", "4711", "kept")]
    public void Secret_is_masked_and_the_rest_is_kept(string payload, string secret, string kept)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(payload);
        string masked = Encoding.UTF8.GetString(SecretMask.Mask(bytes).Span);
        Assert.DoesNotContain(secret, masked, StringComparison.Ordinal);
        Assert.Contains(kept, masked, StringComparison.Ordinal);
        Assert.Equal(bytes.Length, masked.Length);
        Assert.Equal(payload, Encoding.UTF8.GetString(bytes)); // the message itself is not touched
    }

    [Fact]
    public void Payload_without_secrets_is_the_same_memory()
    {
        ReadOnlyMemory<byte> payload = """{"name":"pin","level":1.42,"encoding":"x"}"""u8.ToArray();
        Assert.True(payload.Equals(SecretMask.Mask(payload)));
    }

    [Fact]
    public void Any_bytes_are_taken_and_json_stays_json()
    {
        Random random = new(7);
        byte[] alphabet = "{}[]\",:\\ pin14 -PRIVATE KEY-----END"u8.ToArray();
        for (int i = 0; i < 20_000; i++)
        {
            byte[] payload = [.. Enumerable.Range(0, random.Next(60)).Select(_ => alphabet[random.Next(alphabet.Length)])];
            Assert.Equal(payload.Length, SecretMask.Mask(payload).Length);
        }

        JsonElement json = JsonElement.Parse(SecretMask.Mask("""{"pin":"a\"b\\","c":{"pins":[1,{"x":"y"}]}}"""u8.ToArray()).Span);
        Assert.Equal(2, json.EnumerateObject().Count());
    }

    [Fact]
    public async Task Pin_in_a_refused_message_is_nowhere_in_the_data_folder()
    {
        using TempFolder folder = new();
        await using (IngestHost host = new(folder.Root))
        {
            await host.SendAsync("field/v1/aoba/lock-1/up/nonsense", """{"last_used_pincode":"83926104"}"""u8.ToArray());
            await host.SendAsync("field/v1/aoba/lock-1/up/event", """{"pin":83926104"""u8.ToArray());
            IReadOnlyList<DeadLetter> letters = await host.LettersAsync();
            Assert.Equal(2, letters.Count);
        }

        Assert.All(
            Directory.EnumerateFiles(folder.Root, "*", SearchOption.AllDirectories),
            f => Assert.DoesNotContain("83926104", Encoding.Latin1.GetString(File.ReadAllBytes(f)), StringComparison.Ordinal));
    }
}
