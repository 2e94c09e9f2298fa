using System.Globalization;

namespace Field.Harness;

/// <summary>Under what circumstances a process runs: the faults that are made from outside, before it starts.</summary>
public sealed record Launch
{
    /// <summary>As it is.</summary>
    public static Launch Plain { get; } = new();

    /// <summary>Program and arguments that go before the process and become it by exec, so that its id is the process's own.</summary>
    public IReadOnlyList<string> Prefix { get; private init; } = [];

    /// <summary>Environment variables to set.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; private init; } = new Dictionary<string, string>();

    /// <summary>True leaves its standard input open, to be typed to.</summary>
    public bool KeepsInput { get; private init; }

    /// <summary>As it is, and a person may type to it.</summary>
    public static Launch Typed { get; } = new() { KeepsInput = true };

    /// <summary>With an environment variable.</summary>
    public static Launch With(string name, string value) => Plain.And(name, value);

    /// <summary>The same, with one environment variable more.</summary>
    public Launch And(string name, string value) => this with { Environment = new Dictionary<string, string>(Environment) { [name] = value } };

    /// <summary>
    /// With a clock that is wrong: libfaketime between the process and the system's clock. The monotonic clock stays right, as it
    /// does on a device whose battery-backed clock was lost. The library is loaded without its wrapper program: that one names a
    /// semaphore after its process id, and ends when a process of that id was once killed and left one.
    /// </summary>
    public static Launch ClockOff(TimeSpan by) => new()
    {
        Environment = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = "/usr/$LIB/faketime/libfaketimeMT.so.1",
            ["FAKETIME"] = string.Create(CultureInfo.InvariantCulture, $"{by.TotalSeconds:+0;-0}s"),
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            ["DONT_FAKE_MONOTONIC"] = "1",
        },
    };

    /// <summary>With limits of open files.</summary>
    public static Launch OpenFiles(int soft, int hard) =>
        new() { Prefix = ["prlimit", string.Create(CultureInfo.InvariantCulture, $"--nofile={soft}:{hard}")] };

    /// <summary>
    /// Without the rights by which root passes every permission; for another user nothing changes. It stays the owner of its files, so
    /// that what <c>chmod</c> takes away is what it lacks.
    /// </summary>
    public static Launch Unprivileged { get; } = System.Environment.UserName == "root"
        ? new Launch { Prefix = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] }
        : Plain;
}
