using System.Globalization;
using System.Text;
using Field.Contracts;
using Field.EdgeAgent.View;

namespace Field.EdgeAgent.Drone;

/// <summary>What <c>drone</c> was asked to do.</summary>
internal sealed record DroneOptions
{
    /// <summary>Folder or card with the photos.</summary>
    public required string Flight { get; init; }

    /// <summary>The server: <c>mqtt://host[:1883]</c> or <c>ws://host[:80]/mqtt</c>. Default from FIELD_BROKER, else this machine.</summary>
    public string Broker { get; init; } = Environment.GetEnvironmentVariable("FIELD_BROKER") ?? "mqtt://localhost:1883";

    /// <summary>Site id. Default from FIELD_SITE, else <c>demo</c>.</summary>
    public string Site { get; init; } = Environment.GetEnvironmentVariable("FIELD_SITE") ?? "demo";

    /// <summary>Device id. Default from FIELD_DEVICE, else made from this machine's name.</summary>
    public string Device { get; init; } = Environment.GetEnvironmentVariable("FIELD_DEVICE") ?? DeviceName(Environment.MachineName);

    /// <summary>Folder of the journal; null for one per site and device in the user's application data.</summary>
    public string? Outbox { get; init; }

    /// <summary>Delete each photo from the card once the server has confirmed its SHA-256. Default false.</summary>
    public bool DeleteAfterReceipt { get; init; }

    /// <summary>End when everything has its receipt, instead of watching the folder. Default false.</summary>
    public bool Once { get; init; }

    /// <summary>Where to write the summary as JSON, or null.</summary>
    public string? Summary { get; init; }

    /// <summary>The journal's folder.</summary>
    public string OutboxFolder => Path.GetFullPath(Outbox ?? Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "field", "outbox", Site, Device));

    /// <summary>Everything that is wrong with the options, in the reader's language.</summary>
    public IReadOnlyList<string> Errors(Texts texts)
    {
        List<string> errors = [];
        if (!Uri.TryCreate(Broker, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("mqtt" or "ws") || uri.Host.Length == 0)
        {
            errors.Add(texts.BadBroker(Broker));
        }

        if (!Ids.IsSite(Site))
        {
            errors.Add(texts.BadName("--site", Site));
        }

        if (!Ids.IsDevice(Device))
        {
            errors.Add(texts.BadName("--device", Device));
        }

        return errors;
    }

    /// <summary>A device id from a machine's name: <c>Panasonic FZ-G2</c> gives <c>drone-panasonic-fz-g2</c>.</summary>
    internal static string DeviceName(string machine)
    {
        StringBuilder name = new("drone-");
        foreach (char c in machine.ToLower(CultureInfo.InvariantCulture))
        {
            name.Append(char.IsAsciiLetterOrDigit(c) ? c : '-');
        }

        return name.ToString(0, Math.Min(name.Length, Ids.MaxNameLength)).TrimEnd('-');
    }
}
