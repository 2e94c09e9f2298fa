using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.Ingest.Alarms;

/// <summary>An alarm as a feature.</summary>
internal static class AlarmRow
{
    public const string StateRaised = "raised";
    public const string StateCleared = "cleared";

    /// <summary>The same rule, device and time give the same alarm: evaluated twice it is one.</summary>
    public static string Id(string rule, string device, DateTimeOffset raisedAt) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{rule}/{device}/{raisedAt.ToUnixTimeMilliseconds()}"))))[..32];

    public static Feature Raised(AlarmChange change, Geometry? place) => new(
        FieldTables.Alarms,
        change.AlarmId,
        place,
        new Dictionary<string, object?>
        {
            ["rule"] = change.Rule.Id,
            ["device"] = change.Device,
            ["kind"] = change.Rule.Kind,
            ["severity"] = change.Rule.Severity,
            ["state"] = StateRaised,
            ["raisedAt"] = change.At,
            ["value"] = change.Value,
            ["limitValue"] = change.Rule.LimitValue,
            ["measure"] = change.Rule is ThresholdRule threshold ? threshold.Measurement ?? threshold.Property : null,
            ["messageJa"] = AlarmText.Fill(change.Rule.Ja, change.Rule, change.Device, change.Value),
            ["messageEn"] = AlarmText.Fill(change.Rule.En, change.Rule, change.Device, change.Value),
        });

    public static Feature Cleared(Feature alarm, DateTimeOffset at) => alarm.With(("state", StateCleared), ("clearedAt", at));
}
