using Field.Contracts;

namespace Field.EdgeAgent.Outbox;

/// <summary>Where an agent's news go: durable on the device when a call returns, at the server some day.</summary>
internal interface IOutgoing
{
    /// <summary>Keeps an event.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="at">When.</param>
    /// <param name="isReport">True for what a person waits for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>True when it is durable; false when it was lost, which is counted.</returns>
    Task<bool> EventAsync(FieldEvent happened, DateTimeOffset at, bool isReport, CancellationToken cancellationToken);

    /// <summary>Keeps measurements that belong together.</summary>
    Task TelemetryAsync(IReadOnlyList<Measurement> together, CancellationToken cancellationToken);
}
