using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Field.Bench.Fuzz;

/// <summary>Mutations that keep JSON being JSON, so that the checks behind the JSON parser are reached.</summary>
internal static class JsonMutator
{
    /// <summary>Stands for what a JSON library would not write.</summary>
    private const string RawMark = "RAW-VALUE-HERE";

    private const int SeldomLarge = 300;

    private static readonly string[] Raw =
    [
        "null", "true", "false", "0", "-0", "-1", "1e999", "-1e999", "1e-999", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
        "1.7976931348623157e308", "0.1e1", "3.0", "2147483648", "4294967296", "18446744073709551616", "1E400", "00", "01", ".5", "5.", "+1", "NaN", "Infinity", "0x10",
        "\"\"", "\" \"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u202e\"", "\"\uFEFF\"", "\"2026-13-45T99:99:99Z\"", "\"0001-01-01T00:00:00+14:00\"",
        "\"9999-12-31T23:59:59.9999999-14:00\"", "\"../../etc/passwd\"", "\"field/v1/+/#\"", "[]", "{}", "[[]]", "[{}]", "{\"\":{}}", "{\"a\":1,\"a\":2}",
        "[180,90]", "[181,91]", "[1e999,0]", "[0]", "[0,0,0,0]", "[null,null]", "[\"0\",\"0\"]", "[[0,1],[2]]", "[[5,3]]", "[[0,2147483647]]", "[[-1,0]]", "\"\\uD83D\\uDE00\"",
    ];

    /// <summary>One to three edits of the tree.</summary>
    /// <param name="sample">A golden input.</param>
    /// <param name="other">Another, of which a part may be taken.</param>
    /// <param name="random">All chance.</param>
    public static byte[] Mutate(byte[] sample, byte[] other, Random random)
    {
        JsonNode? root = Parse(sample);
        string raw = RawValue(random);
        for (int edits = random.Next(1, 4); edits > 0 && root is not null; edits--)
        {
            List<JsonNode> nodes = [.. Descendants(root)];
            if (nodes.Count == 0)
            {
                break;
            }

            Edit(nodes[random.Next(nodes.Count)], nodes, other, random);
        }

        string text = root?.ToJsonString() ?? "null";
        byte[] bytes = Encoding.UTF8.GetBytes(text.Replace($"\"{RawMark}\"", raw, StringComparison.Ordinal));
        return bytes.Length <= Mutator.MaxBytes ? bytes : bytes[..Mutator.MaxBytes];
    }

    private static void Edit(JsonNode node, List<JsonNode> all, byte[] other, Random random)
    {
        switch (random.Next(8))
        {
            case 0 or 1:
                Replace(node, JsonValue.Create(RawMark));
                break;
            case 2:
                Remove(node);
                break;
            case 3:
                Replace(node, all[random.Next(all.Count)].DeepClone());
                break;
            case 4 when Parse(other) is { } tree && Descendants(tree).ToList() is { Count: > 0 } others:
                Replace(node, others[random.Next(others.Count)].DeepClone());
                break;
            case 5:
                Rename(node, random);
                break;
            case 6:
                Multiply(node, random);
                break;
            default:
                Replace(node, new JsonArray(node.DeepClone()));
                break;
        }
    }

    private static string RawValue(Random random)
    {
        int large = random.Next(SeldomLarge) == 0 ? 700_000 : random.Next(1, 200);
        return random.Next(12) switch
        {
            0 => new string('[', large) + new string(']', large),
            1 => string.Concat(Enumerable.Repeat("{\"a\":", Math.Min(large, 5_000))) + "1" + new string('}', Math.Min(large, 5_000)),
            2 => '"' + new string((char)('a' + random.Next(26)), large) + '"',
            3 => new string('9', large),
            4 => "0." + new string('0', large) + "1",
            5 => "[" + string.Join(',', Enumerable.Repeat(Raw[random.Next(Raw.Length)], Math.Min(large, 50_000))) + "]",
            _ => Raw[random.Next(Raw.Length)],
        };
    }

    private static void Replace(JsonNode node, JsonNode? by)
    {
        switch (node.Parent)
        {
            case JsonObject parent:
                parent[node.GetPropertyName()] = by;
                break;
            case JsonArray parent:
                parent[node.GetElementIndex()] = by;
                break;
        }
    }

    private static void Remove(JsonNode node)
    {
        switch (node.Parent)
        {
            case JsonObject parent:
                parent.Remove(node.GetPropertyName());
                break;
            case JsonArray parent:
                parent.RemoveAt(node.GetElementIndex());
                break;
        }
    }

    private static void Rename(JsonNode node, Random random)
    {
        if (node.Parent is JsonObject parent)
        {
            string name = node.GetPropertyName();
            parent.Remove(name);
            parent[random.Next(3) == 0 ? name + "_" : random.Next(2) == 0 ? name.ToUpperInvariant() : ""] = node;
        }
    }

    private static void Multiply(JsonNode node, Random random)
    {
        if (node.Parent is JsonArray parent)
        {
            int times = random.Next(SeldomLarge) == 0 ? 12_000 : random.Next(2, 30);
            for (int i = 0; i < times; i++)
            {
                parent.Add(node.DeepClone());
            }
        }
    }

    private static IEnumerable<JsonNode> Descendants(JsonNode node)
    {
        IEnumerable<JsonNode?> children = node switch
        {
            JsonObject o => o.Select(p => p.Value),
            JsonArray a => a,
            _ => [],
        };
        return children.OfType<JsonNode>().SelectMany(c => Descendants(c).Prepend(c));
    }

    private static JsonNode? Parse(byte[] sample)
    {
        try
        {
            return JsonNode.Parse(sample);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
