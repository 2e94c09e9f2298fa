using System.Text;
using Field.Ingest.Alarms;

namespace Field.Tests.Ingest;

public sealed class AlarmRuleFileTests
{
    [Fact]
    public void The_example_has_no_errors_and_every_kind_of_rule()
    {
        (IReadOnlyList<AlarmRule> rules, IReadOnlyList<string> errors) = AlarmRuleFile.Load(Path.Combine(SharedData.RepositoryRoot(), "ingest", "alarms.example.json"));
        Assert.Empty(errors);
        Assert.Equal(["absence", "event", "geofence", "threshold"], rules.Select(r => r.Kind).Distinct().Order());
        ThresholdRule danger = Assert.IsType<ThresholdRule>(rules.Single(r => r.Id == "river-danger"));
        Assert.Equal("【氾濫危険水位】river-1 の水位が 3.95 m です（基準 3.8 m）", AlarmText.Fill(danger.Ja, danger, "river-1", 3.95));
    }

    [Fact]
    public void Every_fault_of_a_file_is_named_at_once_and_no_rule_is_taken()
    {
        (IReadOnlyList<AlarmRule> rules, IReadOnlyList<string> errors) = Parse("""
            { "rule": [], "rules": [
              { "id": "OK?", "severity": "loud", "ja": "{devise}", "en": "x", "threshold": { "measurement": "level", "above": 1, "below": 2 } },
              { "id": "a", "severity": "info", "ja": "x", "threshold": { "measurement": "level", "property": "batteryPercent", "above": 1, "clear": 2 } },
              { "id": "b", "severity": "info", "ja": "x", "en": "x", "absence": { } },
              { "id": "c", "severity": "info", "ja": "x", "en": "x", "geofence": { "when": "near", "area": { "type": "Polygon", "coordinates": [[[138, 91], [139, 35], [139, 36], [138, 91]]] } } },
              { "id": "d", "severity": "info", "ja": "x", "en": "x", "geofence": { "when": "enter", "area": { "type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]] } } },
              { "id": "e", "severity": "info", "ja": "x", "en": "x", "event": { "kind": "x" }, "absence": { "afterSeconds": 5 } },
              { "id": "sequence-reset", "severity": "info", "ja": "x", "en": "x", "event": { "kind": "Tamper" } },
              7,
              { "id": "f", "severity": "info", "ja": "x", "en": "x", "event": { "kind": "x" } },
              { "id": "f", "severity": "info", "ja": "x", "en": "x", "event": { "kind": "x" } }
            ] }
            """);
        Assert.Empty(rules);
        string[] expected =
        [
            "mismatch at /rule:", "bad-format at /rules/0/id:", "bad-format at /rules/0/severity:", "bad-format at /rules/0/ja:", "mismatch at /rules/0/threshold:",
            "missing at /rules/1/en:", "mismatch at /rules/1/threshold:", "out-of-range at /rules/1/threshold/clear:", "missing at /rules/2/absence/afterSeconds:",
            "bad-format at /rules/3/geofence/when:", "bad-format at /rules/3/geofence/area/coordinates:", "bad-format at /rules/4/geofence/area/coordinates:",
            "mismatch at /rules/5:", "mismatch at /rules/6/id:", "bad-format at /rules/6/event/kind:", "wrong-type at /rules/7:", "mismatch at /rules/9/id:",
        ];
        Assert.Equal(expected, errors.Select(e => e[..(e.IndexOf(": ", StringComparison.Ordinal) + 1)]));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"rules":{}}""")]
    public void What_is_no_rule_file_is_refused(string content) => Assert.Single(Parse(content).Errors);

    [Fact]
    public void A_file_that_is_not_there_is_an_error() => Assert.Single(AlarmRuleFile.Load("/nowhere/alarms.json").Errors);

    [Fact]
    public void A_message_evaluates_nothing()
    {
        EventRule rule = BuiltInRules.SequenceReset;
        Assert.Equal("{0} {-} {1+1} y", AlarmText.Fill("{0} {{value}} {1+1} {device}", rule, "y", null));
    }

    private static (IReadOnlyList<AlarmRule> Rules, IReadOnlyList<string> Errors) Parse(string content) => AlarmRuleFile.Parse(Encoding.UTF8.GetBytes(content));
}
