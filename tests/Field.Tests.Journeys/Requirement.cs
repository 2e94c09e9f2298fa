namespace Field.Tests.Journeys;

/// <summary>What a test needs of the machine: without it the test is skipped on a laptop and fails in CI.</summary>
internal static class Requirement
{
    public static void Program(string name) =>
        Holds(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(p => File.Exists(Path.Combine(p, name))), name);

    /// <summary>A file system of its own: root, and the right to mount.</summary>
    public static void SmallDisk() => Holds(Harness.SmallDisk.WhyNot is null, $"a small file system: {Harness.SmallDisk.WhyNot}");

    public static void Holds(bool there, string what)
    {
        if (there)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail($"missing in CI: {what}");
        }

        Assert.Skip($"not here: {what}");
    }
}
