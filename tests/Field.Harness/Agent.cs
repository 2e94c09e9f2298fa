namespace Field.Harness;

/// <summary>The drone agent as its operator starts it.</summary>
public static class Agent
{
    public const string Device = "drone-01";

    /// <summary>Sends a flight and ends when every photo has its receipt.</summary>
    public static FieldProcess Start(string flight, Uri broker, string outbox, Launch? launch = null) =>
        Start(flight, broker, outbox, launch, "--once");

    /// <summary>Sends a flight and waits for more photos until it is killed.</summary>
    public static FieldProcess Watch(string flight, Uri broker, string outbox) => Start(flight, broker, outbox, launch: null);

    private static FieldProcess Start(string flight, Uri broker, string outbox, Launch? launch, params string[] more) => FieldProcess.StartField(
        launch ?? Launch.Plain,
        "edge-agent",
        "Field.EdgeAgent",
        ["drone", "--flight", flight, "--broker", broker.ToString(), "--site", Server.Site, "--device", Device, "--outbox", outbox, "--lang", "en", .. more]);
}
