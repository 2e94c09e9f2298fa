using System.ComponentModel.DataAnnotations;
using Field.EdgeAgent.Identity;
using Field.EdgeAgent.Uplink;
using Field.EdgeAgent.View;
using Field.EdgeAgent.Zigbee;
using Field.Mqtt;

namespace Field.EdgeAgent.Locks;

/// <summary>What <c>lock</c> was asked to do.</summary>
internal sealed record LockOptions : ServerOptions
{
    /// <summary>This machine's server.</summary>
    public LockOptions()
        : base("lock")
    {
    }

    /// <summary>The server that the command line names.</summary>
    public LockOptions(ServerOptions server)
        : base(server)
    {
    }

    /// <summary>File with the lock's secret; null (the default) for <c>lock.secret</c> in the identity's folder.</summary>
    public string? Secret { get; init; }

    /// <summary>Folder of the outbox and the lock's memory; null for one per site and device in the user's application data.</summary>
    public string? Outbox { get; init; }

    /// <summary>How it decides.</summary>
    public LockPolicy Policy { get; init; } = new();

    /// <summary>The bridge's broker, such as <c>mqtt://localhost:1883</c>; null (the default) for a simulated lock on standard input.</summary>
    public string? Z2m { get; init; }

    /// <summary>User name at the bridge's broker; from FIELD_Z2M_USER.</summary>
    public string? Z2mUser { get; init; } = Environment.GetEnvironmentVariable("FIELD_Z2M_USER");

    /// <summary>Password at the bridge's broker; from FIELD_Z2M_PASSWORD, so that no command line shows it.</summary>
    public string? Z2mPassword { get; init; } = Environment.GetEnvironmentVariable("FIELD_Z2M_PASSWORD");

    /// <summary>What to follow behind the bridge; ignored without <see cref="Z2m"/>.</summary>
    public Z2mNames Names { get; init; } = new("zigbee2mqtt", "", [], []);

    /// <summary>The secret's file.</summary>
    public string SecretPath => Path.GetFullPath(Secret ?? Path.Combine(IdentityFolder, AgentIdentity.LockSecretFile));

    /// <summary>The outbox's folder.</summary>
    public string OutboxFolder => Path.GetFullPath(Outbox ?? Folder("outbox", Site, Device));

    /// <summary>How the bridge's broker is reached. The URL holds no password.</summary>
    public MqttClientOptions Z2mClient() => new()
    {
        Server = new Uri(Z2m!),
        ClientId = $"field-{Site}-{Device}",
        UserName = Z2mUser,
        Password = Z2mPassword,
    };

    /// <inheritdoc/>
    public override IReadOnlyList<string> Errors(Texts texts)
    {
        List<string> errors = [.. base.Errors(texts)];
        if (Z2m is not null)
        {
            if (!Uri.TryCreate(Z2m, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("mqtt" or "mqtts" or "ws" or "wss") || uri.Host.Length == 0 || uri.UserInfo.Length > 0)
            {
                errors.Add(texts.Pick(
                    "--z2m は mqtt://ホスト名:1883 の形で指定してください。利用者名とパスワードは FIELD_Z2M_USER と FIELD_Z2M_PASSWORD に入れます。",
                    "--z2m must be mqtt://host:1883; user name and password go into FIELD_Z2M_USER and FIELD_Z2M_PASSWORD."));
            }

            if (!Names.Others.Append(Names.Lock).Append(Names.BaseTopic).All(MqttTopic.IsValidName))
            {
                errors.Add(texts.Pick("--z2m-lock に Zigbee2MQTT での錠の名前を指定してください。", "--z2m-lock must be the lock's friendly name in Zigbee2MQTT."));
            }
        }

        List<ValidationResult> wrong = [];
        Validator.TryValidateObject(Policy, new ValidationContext(Policy), wrong, validateAllProperties: true);
        return [.. errors, .. wrong.Select(w => w.ErrorMessage!)];
    }
}
