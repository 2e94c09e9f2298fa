using Field.EdgeAgent.Uplink;

namespace Field.EdgeAgent.Drone;

/// <summary>What <c>drone</c> was asked to do.</summary>
internal sealed record DroneOptions : ServerOptions
{
    /// <summary>This machine's server.</summary>
    public DroneOptions()
        : base("drone")
    {
    }

    /// <summary>The server that the command line names.</summary>
    public DroneOptions(ServerOptions server)
        : base(server)
    {
    }

    /// <summary>Folder or card with the photos.</summary>
    public required string Flight { get; init; }

    /// <summary>Folder of the journal; null for one per site and device in the user's application data.</summary>
    public string? Outbox { get; init; }

    /// <summary>Delete each photo from the card once the server has confirmed its SHA-256. Default false.</summary>
    public bool DeleteAfterReceipt { get; init; }

    /// <summary>End when everything has its receipt, instead of watching the folder. Default false.</summary>
    public bool Once { get; init; }

    /// <summary>Where to write the summary as JSON, or null.</summary>
    public string? Summary { get; init; }

    /// <summary>The journal's folder.</summary>
    public string OutboxFolder => Path.GetFullPath(Outbox ?? Folder("outbox", Site, Device));
}
