using System.Reflection;

namespace Field.Tests.Mqtt.Conformance;

/// <summary>Every statement that applies has a test, every test's statement exists.</summary>
public sealed class NormativeTableTests
{
    private static readonly IReadOnlyList<NormativeStatement> Statements = NormativeStatement.All();

    private static readonly IReadOnlyList<(string Version, string Id, string Test)> Borne =
    [
        .. typeof(NormativeTableTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttributes<NormativeAttribute>()
                .SelectMany(a => a.Ids.Select(id => (a.Version, id, $"{method.DeclaringType!.Name}.{method.Name}")))),
    ];

    [Fact]
    public void Table_is_complete_and_each_statement_applies_or_says_why_not()
    {
        Assert.Equal((141, 251), (Statements.Count(s => s.Version == "3.1.1"), Statements.Count(s => s.Version == "5.0")));
        Assert.Equal(Statements.Count, Statements.DistinctBy(s => (s.Version, s.Id)).Count());
        Assert.All(Statements, s => Assert.Contains(s.Binds, (string[])["client", "server", "both"]));
        Assert.All(Statements, s => Assert.True(s.Applies == "yes" || s.Applies.Length > 15, $"{s.Id} does not apply, without a reason"));
        Assert.All(Statements, s => Assert.NotEmpty(s.Gist));
    }

    [Fact]
    public void Statement_that_applies_has_a_test()
    {
        HashSet<(string, string)> borne = [.. Borne.Select(b => (b.Version, b.Id))];
        Assert.Empty(Statements.Where(s => s.Applies == "yes" && !borne.Contains((s.Version, s.Id))).Select(s => $"{s.Version} {s.Id} {s.Binds}: {s.Gist}"));
    }

    [Fact]
    public void Test_bears_only_statements_that_exist_and_apply()
    {
        HashSet<(string, string)> known = [.. Statements.Where(s => s.Applies == "yes").Select(s => (s.Version, s.Id))];
        Assert.Empty(Borne.Where(b => !known.Contains((b.Version, b.Id))).Select(b => $"{b.Version} {b.Id} at {b.Test}"));
    }

    [Fact]
    public void Method_that_bears_a_statement_is_a_test() =>
        Assert.Empty(typeof(NormativeTableTests).Assembly.GetTypes().SelectMany(t => t.GetMethods())
            .Where(m => m.GetCustomAttributes<NormativeAttribute>().Any() && !m.GetCustomAttributes<FactAttribute>().Any()).Select(m => m.Name));
}
