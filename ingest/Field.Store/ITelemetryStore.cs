using Field.Contracts;

namespace Field.Store;

/// <summary>Which measurements to read.</summary>
/// <param name="Site">Site id.</param>
/// <param name="Device">Device id.</param>
/// <param name="Name">Resolved SenML name, or null for all of the device.</param>
/// <param name="From">First time, inclusive.</param>
/// <param name="To">Last time, exclusive.</param>
/// <param name="Limit">Most measurements returned, 1 to 1,000,000.</param>
public sealed record TelemetryQuery(string Site, string Device, string? Name, DateTimeOffset From, DateTimeOffset To, int Limit = 10_000);

/// <summary>A pack and whose it is.</summary>
/// <param name="Site">Site id.</param>
/// <param name="Device">Device id.</param>
/// <param name="Pack">The measurements.</param>
public sealed record TelemetryPack(string Site, string Device, SenMLPack Pack);

/// <summary>
/// Keeps SenML measurements. At-least-once on the wire becomes exactly-once here: a (device, sequence) is stored once. A completed
/// append survives a power cut. The caller retries what fails with <see cref="FieldException.IsTransient"/>.
/// </summary>
public interface ITelemetryStore : IAsyncDisposable
{
    /// <summary>Appends all measurements of all packs with one commit, or none.</summary>
    /// <returns>For each pack false when its (device, sequence) had been stored before; a pack without sequence is always stored.</returns>
    Task<IReadOnlyList<bool>> AppendAsync(IReadOnlyList<TelemetryPack> packs, CancellationToken cancellationToken);

    /// <summary>Reads measurements in order of time.</summary>
    Task<IReadOnlyList<Measurement>> ReadAsync(TelemetryQuery query, CancellationToken cancellationToken);
}
