namespace Field.Tests.Mqtt.Conformance;

/// <summary>The normative statements of the OASIS standards that a test proves. <c>normative.tsv</c> has all of them.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class NormativeAttribute(string version, params string[] ids) : Attribute
{
    public string Version { get; } = version;

    public IReadOnlyList<string> Ids { get; } = ids;
}

/// <summary>One statement.</summary>
/// <param name="Version">3.1.1 or 5.0.</param>
/// <param name="Id">As in appendix B of that version.</param>
/// <param name="Binds">client, server or both.</param>
/// <param name="Applies">yes, or why it does not.</param>
/// <param name="Gist">What it demands, in our words.</param>
public sealed record NormativeStatement(string Version, string Id, string Binds, string Applies, string Gist)
{
    public static IReadOnlyList<NormativeStatement> All() =>
    [
        .. File.ReadLines(Path.Combine(SharedData.RepositoryRoot(), "tests", "Field.Tests", "Mqtt", "Conformance", "normative.tsv"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('\t'))
            .Select(cells => new NormativeStatement(cells[0], cells[1], cells[2], cells[3], cells[4])),
    ];
}
