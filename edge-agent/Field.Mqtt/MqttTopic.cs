using System.Text;

namespace Field.Mqtt;

/// <summary>Topic names and topic filters (MQTT 5.0 §4.7, the same in 3.1.1).</summary>
public static class MqttTopic
{
    private const string SharePrefix = "$share/";

    /// <summary>True for a name that may be published to: not empty, no wildcard, no U+0000, at most 65,535 bytes of UTF-8.</summary>
    /// <param name="name">The topic name.</param>
    public static bool IsValidName(string name) =>
        !string.IsNullOrEmpty(name) && name.AsSpan().IndexOfAny('+', '#') < 0 && IsSendableText(name);

    /// <summary>True for a filter that may be subscribed to, shared subscriptions included.</summary>
    /// <param name="filter">The topic filter.</param>
    public static bool IsValidFilter(string filter)
    {
        if (string.IsNullOrEmpty(filter) || !IsSendableText(filter))
        {
            return false;
        }

        return filter.StartsWith(SharePrefix, StringComparison.Ordinal)
            ? TrySplitShare(filter, out _, out string? inner) && IsValidPlainFilter(inner)
            : IsValidPlainFilter(filter);
    }

    /// <summary>True when the filter (a shared one counts as the filter it shares) matches the topic name.</summary>
    /// <param name="filter">A valid topic filter.</param>
    /// <param name="topic">A valid topic name.</param>
    public static bool Matches(string filter, string topic)
    {
        ReadOnlySpan<char> f = TrySplitShare(filter, out _, out string? inner) ? inner : filter;
        ReadOnlySpan<char> t = topic;
        if (t.Length > 0 && t[0] == '$' && f.Length > 0 && f[0] is '+' or '#')
        {
            return false; // [MQTT-4.7.2-1] a leading wildcard does not reach $-topics
        }

        while (true)
        {
            int fEnd = f.IndexOf('/');
            int tEnd = t.IndexOf('/');
            ReadOnlySpan<char> level = fEnd < 0 ? f : f[..fEnd];
            if (level is "#")
            {
                return true;
            }

            if (level is not "+" && !level.SequenceEqual(tEnd < 0 ? t : t[..tEnd]))
            {
                return false;
            }

            if (fEnd < 0 || tEnd < 0)
            {
                // "sport/#" also matches "sport" itself (§4.7.1.2).
                return fEnd < 0 ? tEnd < 0 : f[(fEnd + 1)..] is "#";
            }

            f = f[(fEnd + 1)..];
            t = t[(tEnd + 1)..];
        }
    }

    /// <summary>Splits <c>$share/group/filter</c> (MQTT 5.0 §4.8.2); false when the filter is not a well-formed shared one.</summary>
    internal static bool TrySplitShare(string filter, out string group, out string inner)
    {
        group = inner = "";
        if (!filter.StartsWith(SharePrefix, StringComparison.Ordinal))
        {
            return false;
        }

        int slash = filter.IndexOf('/', SharePrefix.Length);
        if (slash <= SharePrefix.Length || slash == filter.Length - 1)
        {
            return false;
        }

        group = filter[SharePrefix.Length..slash];
        inner = filter[(slash + 1)..];
        return group.AsSpan().IndexOfAny('+', '#') < 0;
    }

    private static bool IsValidPlainFilter(string filter)
    {
        ReadOnlySpan<char> rest = filter;
        while (true)
        {
            int slash = rest.IndexOf('/');
            ReadOnlySpan<char> level = slash < 0 ? rest : rest[..slash];
            if (level.IndexOfAny('+', '#') >= 0 && (level.Length != 1 || (level[0] == '#' && slash >= 0)))
            {
                return false; // [MQTT-4.7.1-1], [MQTT-4.7.1-2]
            }

            if (slash < 0)
            {
                return true;
            }

            rest = rest[(slash + 1)..];
        }
    }

    /// <summary>True for what a UTF-8 encoded string of MQTT can hold: at most 65,535 bytes, no U+0000, no unpaired surrogate (§1.5.4).</summary>
    internal static bool IsSendableText(string text) =>
        !text.Contains('\0', StringComparison.Ordinal)
        && (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0 || IsWellFormed(text))
        && (text.Length <= ushort.MaxValue / 3 || Encoding.UTF8.GetByteCount(text) <= ushort.MaxValue);

    private static bool IsWellFormed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            bool isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (char.IsSurrogate(text[i]) && !isPair)
            {
                return false;
            }

            i += isPair ? 1 : 0;
        }

        return true;
    }
}
