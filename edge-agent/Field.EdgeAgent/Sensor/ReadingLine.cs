using System.Globalization;
using System.Text;
using Field.Contracts;

namespace Field.EdgeAgent.Sensor;

/// <summary>
/// A line of readings: <c>time,name,value[,unit]</c>, where time is RFC 3339, Unix seconds or empty for now; or SenML (RFC 8428), an
/// array or one record. Empty lines and lines that begin with <c>#</c> say nothing.
/// </summary>
internal static class ReadingLine
{
    /// <summary>Longest line.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>Reads a line.</summary>
    /// <exception cref="FieldException">It is not one; the message says why.</exception>
    public static IReadOnlyList<Measurement> Parse(string line, DateTimeOffset now)
    {
        string text = line.Trim();
        if (text.Length > MaxLength)
        {
            throw new FieldException($"a line of {text.Length} characters, at most {MaxLength}");
        }

        return text.Length == 0 || text[0] == '#' ? [] : text[0] is '[' or '{' ? SenML(text[0] == '{' ? $"[{text}]" : text, now) : [Comma(text, now)];
    }

    private static IReadOnlyList<Measurement> SenML(string text, DateTimeOffset now)
    {
        Parsed<SenMLPack> pack = SenMLPack.Parse(Encoding.UTF8.GetBytes(text), now);
        return pack.Errors.Count == 0 ? pack.Value!.Measurements : throw new FieldException(string.Join("; ", pack.Errors));
    }

    private static Measurement Comma(string text, DateTimeOffset now)
    {
        string[] part = [.. text.Split(',').Select(p => p.Trim())];
        if (part.Length is not (3 or 4))
        {
            throw new FieldException("must be time,name,value or time,name,value,unit");
        }

        if (!SensorConfig.IsName(part[1]))
        {
            throw new FieldException($"'{part[1]}' is no name: use A-Z a-z 0-9 - . / _");
        }

        return double.TryParse(part[2], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? new Measurement(part[1], Time(part[0], now), part.Length == 4 && part[3].Length > 0 ? part[3] : null, value)
            : throw new FieldException($"'{part[2]}' is no number");
    }

    private static DateTimeOffset Time(string text, DateTimeOffset now)
    {
        if (text.Length == 0)
        {
            return now;
        }

        if (WireTime.TryParse(text, out DateTimeOffset time))
        {
            return time;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0 and < 253_402_300_799
            ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : throw new FieldException($"'{text}' is no time: use RFC 3339 with an offset, Unix seconds, or nothing for now");
    }
}
