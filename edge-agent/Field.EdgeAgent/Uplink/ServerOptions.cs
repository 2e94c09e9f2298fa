using System.Globalization;
using System.Text;
using Field.Contracts;
using Field.EdgeAgent.Identity;
using Field.EdgeAgent.View;
using Field.Mqtt;

namespace Field.EdgeAgent.Uplink;

/// <summary>Which server an agent speaks to, and as whom; the same for every kind of agent.</summary>
/// <param name="Kind">The agent's kind, such as <c>drone</c>: begins the default device id and is part of the MQTT client id.</param>
internal record ServerOptions(string Kind)
{
    /// <summary>
    /// The server: <c>mqtts://host[:8883]</c> with this device's identity; <c>mqtt://</c> and <c>ws://</c> on this machine, where Field's
    /// server asks for none. Default from FIELD_BROKER, else this machine.
    /// </summary>
    public string Broker { get; init; } = Environment.GetEnvironmentVariable("FIELD_BROKER") ?? "mqtt://localhost:1883";

    /// <summary>Site id. Default from FIELD_SITE, else <c>demo</c>.</summary>
    public string Site { get; init; } = Environment.GetEnvironmentVariable("FIELD_SITE") ?? "demo";

    /// <summary>Device id. Default from FIELD_DEVICE, else made from this machine's name.</summary>
    public string Device { get; init; } = Environment.GetEnvironmentVariable("FIELD_DEVICE") ?? DeviceName(Kind, Environment.MachineName);

    /// <summary>Folder of this device's identity; null (the default) for one per site and device, beside the outboxes.</summary>
    public string? Identity { get; init; } = Environment.GetEnvironmentVariable("FIELD_IDENTITY");

    /// <summary>A 256 KiB chunk takes a minute at 35 kbit/s: a shorter silence would cut the thin lines that need the agent most.</summary>
    public const int DefaultKeepAliveSeconds = 60;

    /// <summary>
    /// A line on which the server has not answered for one and a half to two times so many seconds is given up. Default 60, 5 to 60: a
    /// server allows no more.
    /// </summary>
    public int KeepAliveSeconds { get; init; } = DefaultKeepAliveSeconds;

    /// <summary>The identity's folder.</summary>
    public string IdentityFolder => Path.GetFullPath(Identity ?? Folder("identity", Site, Device));

    /// <summary>The MQTT client id: a server lets a device use only ids that begin with its own (SPEC.md section 10).</summary>
    public string ClientId => $"{Device}/{Kind}";

    private bool NeedsIdentity => new Uri(Broker).Scheme is "mqtts" or "wss";

    /// <summary>A folder of Field in the user's application data.</summary>
    public static string Folder(string purpose, string site, string device) => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "field", purpose, site, device);

    /// <summary>Opens the line with what the identity's folder holds then, and renews it when that is due.</summary>
    public ILinkFactory Links() => new MqttLinkFactory(
        new Uri(Broker), NeedsIdentity ? new IdentityKeeper(IdentityFolder, TimeProvider.System).TlsAsync : null, TimeSpan.FromSeconds(KeepAliveSeconds));

    /// <summary>For agents that use the client directly: the server, the client id, and the identity when the address needs one.</summary>
    /// <exception cref="FieldException">The address needs an identity and the folder holds none.</exception>
    public MqttClientOptions ClientOptions() => new()
    {
        Server = new Uri(Broker),
        ClientId = ClientId,
        KeepAlive = TimeSpan.FromSeconds(KeepAliveSeconds),
        Tls = NeedsIdentity ? AgentIdentity.Load(IdentityFolder).Tls : new(),
    };

    /// <summary>Everything that is wrong with the options, in the reader's language.</summary>
    public virtual IReadOnlyList<string> Errors(Texts texts)
    {
        List<string> errors = [];
        bool isAddress = Uri.TryCreate(Broker, UriKind.Absolute, out Uri? uri) && uri.Scheme is "mqtt" or "mqtts" or "ws" or "wss" && uri.Host.Length > 0;
        if (!isAddress)
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

        if (KeepAliveSeconds is < 5 or > DefaultKeepAliveSeconds)
        {
            errors.Add(texts.BadKeepAlive);
        }

        if (errors.Count == 0 && NeedsIdentity && IdentityError(texts) is { } error)
        {
            errors.Add(error);
        }

        return errors;
    }

    /// <summary>A device id from a machine's name: <c>Panasonic FZ-G2</c> gives <c>drone-panasonic-fz-g2</c>.</summary>
    internal static string DeviceName(string kind, string machine)
    {
        StringBuilder name = new(kind + "-");
        foreach (char c in machine.ToLower(CultureInfo.InvariantCulture))
        {
            name.Append(char.IsAsciiLetterOrDigit(c) ? c : '-');
        }

        return name.ToString(0, Math.Min(name.Length, Ids.MaxNameLength)).TrimEnd('-');
    }

    private string? IdentityError(Texts texts)
    {
        if (!AgentIdentity.Exists(IdentityFolder))
        {
            return texts.NoIdentity(IdentityFolder);
        }

        try
        {
            using AgentIdentity identity = AgentIdentity.Load(IdentityFolder);
            return (identity.Site, identity.Device) == (Site, Device)
                ? null
                : texts.OtherIdentity(IdentityFolder, $"{identity.Site}/{identity.Device}", $"{Site}/{Device}");
        }
        catch (FieldException e)
        {
            return e.Message;
        }
    }
}
