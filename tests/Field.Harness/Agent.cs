namespace Field.Harness;

/// <summary>The drone agent as its operator starts it.</summary>
public static class Agent
{
    public const string Device = "drone-01";

    public static FieldProcess Start(string flight, Uri broker, string outbox, Launch? launch = null) => FieldProcess.StartField(
        launch ?? Launch.Plain, "edge-agent", "Field.EdgeAgent", "drone", "--flight", flight, "--broker", broker.ToString(), "--site", Server.Site,
        "--device", Device, "--outbox", outbox, "--once", "--lang", "en");
}
