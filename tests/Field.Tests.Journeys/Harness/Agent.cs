namespace Field.Tests.Journeys.Harness;

/// <summary>The drone agent as its operator starts it.</summary>
internal static class Agent
{
    public static FieldProcess Start(string flight, Uri broker, string outbox) => FieldProcess.StartField(
        "edge-agent", "Field.EdgeAgent", "drone", "--flight", flight, "--broker", broker.ToString(), "--site", "demo", "--device", "drone-01", "--outbox", outbox, "--once");
}
