using Field.Contracts;
using Field.Ingest.Identity;
using Field.Store.Accounts;

namespace Field.MapApp.Access;

/// <summary>
/// Somebody of the map over MQTT, on one connection: hears <c>live/</c> when they may see the map, and publishes nothing. Nothing of the classes
/// <c>resident</c> and <c>tax</c> is ever on a live topic. Under the client id of a browser device that was issued to them they are that device
/// instead, and nothing else: they publish under its <c>up/</c> and hear its <c>down/</c>.
/// </summary>
/// <param name="subject">Who.</param>
/// <param name="book">The accounts as they were when the line began.</param>
/// <param name="site">The site.</param>
internal sealed class MapIdentity(Subject subject, AccountBook book, string site) : IMapIdentity
{
    // Not a device id, nor the beginning of one's: nobody takes a device's session over.
    private const string ClientPrefix = "map:";

    public string AuthenticationType => "Field";

    public bool IsAuthenticated => subject != Subject.Nobody;

    /// <summary>As in the audit log; two people never share a session.</summary>
    public string Name => subject.IsLocal ? "local" : subject.AuditName;

    /// <summary>The browser device that this connection is, or null; settled by CONNECT, before anything else is asked.</summary>
    private string? _device;

    public bool MayConnect(string clientId, bool isAssigned)
    {
        string first = clientId.Split('/')[0];
        if (!isAssigned && book.BrowserDevices.TryGetValue(first, out BrowserDevice? device))
        {
            _device = first;
            return MayBe(device);
        }

        return subject.IsLocal || isAssigned || clientId.StartsWith(ClientPrefix, StringComparison.Ordinal);
    }

    public bool MayPublish(string topic) => _device is { } device
        ? topic.StartsWith($"{Topics.Prefix}{site}/{device}/up/", StringComparison.Ordinal) && subject.Permissions.Contains(
            topic.StartsWith($"{Topics.Prefix}{site}/{device}/up/photo/", StringComparison.Ordinal) ? Permissions.PhotosUpload : Permissions.ReportsSend)
        : subject.IsLocal && topic[0] != '$';

    public bool MaySubscribe(string site, string filter) => _device is { } device
        ? filter.StartsWith($"{Topics.Prefix}{site}/{device}/down/", StringComparison.Ordinal)
        : subject.IsLocal || (subject.Permissions.Contains(Permissions.MapView) && filter.StartsWith($"{Topics.Prefix}{site}/live/", StringComparison.Ordinal));

    /// <summary>False ends the connection: signed out, revoked, or the first account was made.</summary>
    /// <param name="now">The accounts as they are now.</param>
    /// <param name="directory">Says which sessions are alive.</param>
    /// <param name="at">The time.</param>
    public bool MayStay(AccountBook now, AccountDirectory directory, DateTimeOffset at) =>
        (_device is null || (now.BrowserDevices.TryGetValue(_device, out BrowserDevice? device) && MayBe(device)))
        && (subject.Session is { } session ? directory.Alive(now, session.Id) is not null
            : subject.Token is { } token ? MachineTokens.Alive(now, token.Id, at) is not null
            : now.Accounts.Count == 0);

    /// <summary>A token is a machine's, never a browser's; a command of the machine is nobody's browser either.</summary>
    private bool MayBe(BrowserDevice device) =>
        subject.Token is null && device.IsOf(subject.Account?.Name) && (subject.Permissions.Contains(Permissions.ReportsSend) || subject.Permissions.Contains(Permissions.PhotosUpload));
}

/// <summary>Cuts the MQTT lines of those who are no longer signed in.</summary>
internal sealed class AccessWatch(AccountDirectory directory, Broker.MqttBroker broker, TimeProvider time, ILogger<AccessWatch> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(AccountDirectory.LookEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                AccountBook book = await directory.ReadAsync(stoppingToken).ConfigureAwait(false);
                DateTimeOffset now = time.GetUtcNow();
                int closed = broker.Close(who => who is MapIdentity person && !person.MayStay(book, directory, now), Mqtt.MqttReasonCode.AdministrativeAction, "signed out");
                if (closed > 0)
                {
                    log.SignedOutClosed(closed);
                }
            }
            catch (FieldException e)
            {
                log.AccountsUnread(e);
            }
        }
    }
}

/// <summary>Log messages of sign-in and permission, 700 to 719.</summary>
internal static partial class AccessLog
{
    [LoggerMessage(700, LogLevel.Information, "{Count} live connections ended: their people are signed out")]
    public static partial void SignedOutClosed(this ILogger log, int count);

    [LoggerMessage(701, LogLevel.Error, "the accounts cannot be read; nobody is let in until they can")]
    public static partial void AccountsUnread(this ILogger log, Exception error);
}
