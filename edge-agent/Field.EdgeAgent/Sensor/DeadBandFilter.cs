using Field.Contracts;

namespace Field.EdgeAgent.Sensor;

/// <summary>
/// Lets a measurement pass when it differs enough from the last one that passed under its name, or when that was long ago. Not safe for
/// concurrent use.
/// </summary>
/// <param name="rules">By name; names without a rule pass always.</param>
internal sealed class DeadBandFilter(IReadOnlyDictionary<string, SendRule> rules)
{
    private readonly Dictionary<string, Measurement> _last = new(StringComparer.Ordinal);

    /// <summary>True when it is to be sent; then the next is compared with it.</summary>
    public bool Passes(Measurement measurement)
    {
        SendRule rule = rules.GetValueOrDefault(measurement.Name, SendRule.Everything);
        if (_last.TryGetValue(measurement.Name, out Measurement? last)
            && (measurement.Time - last.Time).Duration() < rule.Heartbeat && IsWithin(rule, last, measurement))
        {
            return false;
        }

        _last[measurement.Name] = measurement;
        return true;
    }

    private static bool IsWithin(SendRule rule, Measurement last, Measurement now)
    {
        if (last.Value is not { } before || now.Value is not { } value)
        {
            return last.Text == now.Text && last.Flag == now.Flag && last.DataBase64 == now.DataBase64 && last.Sum == now.Sum;
        }

        double change = Math.Abs(value - before);
        double band = Math.Max(rule.DeadBand, Math.Abs(before) * rule.DeadBandPercent / 100);
        return change < band || change == 0;
    }
}
