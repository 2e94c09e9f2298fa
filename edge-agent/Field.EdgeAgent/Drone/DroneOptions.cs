using Field.EdgeAgent.Agents;
using Field.EdgeAgent.Photos;
using Field.EdgeAgent.Position;
using Field.EdgeAgent.View;

namespace Field.EdgeAgent.Drone;

/// <summary>What <c>drone</c> was asked to do.</summary>
internal sealed record DroneOptions : AgentOptions
{
    /// <summary>This machine's server.</summary>
    public DroneOptions()
        : base("drone")
    {
    }

    /// <summary>The server that the command line names.</summary>
    public DroneOptions(AgentOptions options)
        : base(options)
    {
    }

    /// <summary>Folder or card with the photos.</summary>
    public required string Flight { get; init; }

    /// <summary>Delete each photo from the card once the server has confirmed its SHA-256. Default false.</summary>
    public bool DeleteAfterReceipt { get; init; }

    /// <summary>Model card by which photos are scored on the device, so that the likeliest damage goes first; null for not at all.</summary>
    public string? Triage { get; init; }

    /// <summary><c>--surface</c>: <c>takeoff</c>, or the height of the photographed surface above the ellipsoid, m; null when the crew said nothing.</summary>
    public string? Surface { get; init; }

    /// <summary><c>--surface-error</c>: how far the surface lies from that, m, one standard deviation; 0.01 to 100.</summary>
    public double? SurfaceErrorM { get; init; }

    /// <summary>Both, or null.</summary>
    public SurfaceStatement? Statement => Surface is null ? null : SurfaceStatement.Parse(Surface, SurfaceErrorM ?? SurfaceStatement.UsualErrorM);

    /// <summary>Where the aircraft's position comes from, or null.</summary>
    public PositionOptions? Position { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Errors(Texts texts) => [.. base.Errors(texts), .. Position?.Errors(texts) ?? [], .. SurfaceErrors(texts)];

    private IEnumerable<string> SurfaceErrors(Texts texts)
    {
        if (Surface is null ? SurfaceErrorM is not null : Statement is null)
        {
            yield return texts.SurfaceNotUnderstood;
        }
    }
}
