namespace Field.Harness;

/// <summary>The drone agent as its operator starts it.</summary>
public static class Agent
{
    public const string Device = "drone-01";

    /// <summary>Sends a flight and ends when every photo has its receipt.</summary>
    public static FieldProcess Start(string flight, Uri broker, string outbox, Launch? launch = null) =>
        Start(flight, broker, outbox, launch, "--once");

    /// <summary>As <see cref="Start(string, Uri, string, Launch?)"/>, of a crew that knows the height of the surface it photographed.</summary>
    public static FieldProcess StartOver(string surface, string surfaceErrorM, string flight, Uri broker, string outbox) =>
        Start(flight, broker, outbox, launch: null, "--once", "--surface", surface, "--surface-error", surfaceErrorM);

    /// <summary>As <see cref="Start(string, Uri, string, Launch?)"/>; finds a dead line as soon as an agent can be told to.</summary>
    public static FieldProcess StartImpatient(string flight, Uri broker, string outbox) =>
        Start(flight, broker, outbox, launch: null, "--once", "--keep-alive", "5");

    /// <summary>The sensor agent: sends the lines of a file or FIFO, and ends when they ended and everything was sent.</summary>
    public static FieldProcess Sensor(string device, string input, Uri broker, string outbox, string summary, Launch? launch = null) => FieldProcess.StartField(
        launch ?? Launch.Plain,
        "edge-agent",
        "Field.EdgeAgent",
        [
            "sensor", "--input", input, "--broker", broker.ToString(), "--site", Server.Site, "--device", device, "--outbox", outbox,
            "--summary", summary, "--once", "--lang", "en",
        ]);

    /// <summary>Sends a flight and waits for more photos until it is killed.</summary>
    public static FieldProcess Watch(string flight, Uri broker, string outbox) => Start(flight, broker, outbox, launch: null);

    /// <summary>Simulated devices in one process; a folder of its own in <paramref name="outbox"/> for each.</summary>
    /// <param name="devices">Such as <c>sensor:3</c>.</param>
    /// <param name="outbox">Where the outboxes lie.</param>
    /// <param name="more">What they do and where they send it.</param>
    public static FieldProcess Sim(string devices, string outbox, params IEnumerable<string> more) => FieldProcess.StartField(
        Launch.Plain, "edge-agent", "Field.EdgeAgent", ["sim", "--devices", devices, "--outbox", outbox, "--site", Server.Site, "--lang", "en", .. more]);

    private static FieldProcess Start(string flight, Uri broker, string outbox, Launch? launch, params string[] more) => FieldProcess.StartField(
        launch ?? Launch.Plain,
        "edge-agent",
        "Field.EdgeAgent",
        ["drone", "--flight", flight, "--broker", broker.ToString(), "--site", Server.Site, "--device", Device, "--outbox", outbox, "--lang", "en", .. more]);
}
