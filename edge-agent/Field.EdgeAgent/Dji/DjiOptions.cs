using System.Diagnostics.CodeAnalysis;
using Field.Contracts;
using Field.EdgeAgent.Uplink;
using Field.EdgeAgent.View;
using Field.Mqtt;

namespace Field.EdgeAgent.Dji;

/// <summary>What <c>dji</c> was asked to do.</summary>
internal sealed record DjiOptions : ServerOptions
{
    /// <summary>This machine's server.</summary>
    public DjiOptions()
        : base("dji")
    {
    }

    /// <summary>The server that the command line names.</summary>
    public DjiOptions(ServerOptions server)
        : base(server)
    {
    }

    /// <summary>The broker where the dock or DJI Pilot 2 publishes.</summary>
    public required string DjiBroker { get; init; }

    /// <summary>User name there; from FIELD_DJI_USER.</summary>
    public string? DjiUser { get; init; } = Environment.GetEnvironmentVariable("FIELD_DJI_USER");

    /// <summary>Password there; from FIELD_DJI_PASSWORD, so that no command line shows it.</summary>
    public string? DjiPassword { get; init; } = Environment.GetEnvironmentVariable("FIELD_DJI_PASSWORD");

    /// <summary><c>HOST[:PORT]</c> of the NTP server that gateways are told, or null: then they are told none. Port default 123.</summary>
    public string? Ntp { get; init; }

    /// <summary>App id that DJI gave for this cloud, or null; from FIELD_DJI_APP_ID. Gateways that ask are told it with key and licence.</summary>
    public string? AppId { get; init; } = Environment.GetEnvironmentVariable("FIELD_DJI_APP_ID");

    /// <summary>App key; from FIELD_DJI_APP_KEY.</summary>
    public string? AppKey { get; init; } = Environment.GetEnvironmentVariable("FIELD_DJI_APP_KEY");

    /// <summary>App licence; from FIELD_DJI_APP_LICENSE.</summary>
    public string? AppLicense { get; init; } = Environment.GetEnvironmentVariable("FIELD_DJI_APP_LICENSE");

    /// <summary><c>SERIAL=device</c>, one for each aircraft; each device is enrolled like any other.</summary>
    public IReadOnlyList<string> Aircraft { get; init; } = [];

    /// <summary>Folder of the outboxes, one below it for each device; null for the user's application data.</summary>
    public string? Outbox { get; init; }

    /// <summary>Serial number to device id.</summary>
    public IReadOnlyDictionary<string, string> Table => Aircraft.Select(a => a.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);

    /// <summary>How DJI's broker is reached.</summary>
    public MqttClientOptions DjiClient() => new()
    {
        Server = new Uri(DjiBroker),
        ClientId = $"field-{Site}-{Device}",
        UserName = DjiUser,
        Password = DjiPassword,
    };

    /// <summary>What gateways are told of their cloud.</summary>
    public DjiCloud Cloud()
    {
        DjiCloud cloud = new(Site, Device)
        {
            App = AppId is { Length: > 0 } id && AppKey is { Length: > 0 } key && AppLicense is { Length: > 0 } license ? new DjiApp(id, key, license) : null,
        };
        return TryReadNtp(out Uri? ntp) ? cloud with { NtpHost = ntp.Host, NtpPort = ntp.IsDefaultPort || ntp.Port < 0 ? 123 : ntp.Port } : cloud;
    }

    /// <summary>The outbox of one device.</summary>
    public string OutboxFolder(string device) => Path.GetFullPath(Outbox is null ? Folder("outbox", Site, device) : Path.Combine(Outbox, device));

    /// <inheritdoc/>
    public override IReadOnlyList<string> Errors(Texts texts)
    {
        List<string> errors = [.. base.Errors(texts)];
        if (!Uri.TryCreate(DjiBroker, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("mqtt" or "mqtts" or "ws" or "wss") || uri.Host.Length == 0 || uri.UserInfo.Length > 0)
        {
            errors.Add(texts.Pick(
                "--dji-broker は mqtt://ホスト名:1883 の形で指定してください。利用者名とパスワードは FIELD_DJI_USER と FIELD_DJI_PASSWORD に入れます。",
                "--dji-broker must be mqtt://host:1883; user name and password go into FIELD_DJI_USER and FIELD_DJI_PASSWORD."));
        }

        string[][] pairs = [.. Aircraft.Select(a => a.Split('=', 2))];
        bool good = pairs.Length > 0 && pairs.All(p => p.Length == 2 && DjiTopic.IsSn(p[0]) && Ids.IsDevice(p[1]) && p[1] != Device)
            && pairs.Select(p => p[0]).Distinct().Count() == pairs.Length && pairs.Select(p => p[1]).Distinct().Count() == pairs.Length;
        if (!good)
        {
            errors.Add(texts.Pick(
                "--aircraft は「シリアル番号=機器ID」の形で、機体ごとに 1 つずつ指定してください。",
                "--aircraft must be SERIAL=DEVICE, once for each aircraft, each with a device id of its own."));
        }

        if (Ntp is not null && !TryReadNtp(out _))
        {
            errors.Add(texts.Pick("--dji-ntp はホスト名またはホスト名:ポート番号で指定してください。", "--dji-ntp must be HOST or HOST:PORT."));
        }

        int given = ((string?[])[AppId, AppKey, AppLicense]).Count(t => !string.IsNullOrEmpty(t));
        if (given is 1 or 2)
        {
            errors.Add(texts.Pick(
                "FIELD_DJI_APP_ID、FIELD_DJI_APP_KEY、FIELD_DJI_APP_LICENSE は 3 つとも指定してください。",
                "FIELD_DJI_APP_ID, FIELD_DJI_APP_KEY and FIELD_DJI_APP_LICENSE go together."));
        }

        return errors;
    }

    private bool TryReadNtp([NotNullWhen(true)] out Uri? ntp) =>
        Uri.TryCreate($"ntp://{Ntp}", UriKind.Absolute, out ntp) && ntp is { Host.Length: > 0, UserInfo.Length: 0, PathAndQuery: "/" or "" } && ntp.Port != 0;
}
