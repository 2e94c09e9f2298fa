using System.Globalization;
using System.Security.Cryptography;
using System.Threading.Channels;
using Field.Contracts;
using Field.Contracts.Locks;
using Field.Ingest.Bookings;
using Field.Ingest.Commands;
using Field.Store.Audit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Field.Ingest.Locks;

/// <summary>
/// Who may open which lock when. The whole list of a lock is sealed, kept durably, and published retained on <c>down/grants</c>, in this order;
/// its version only rises, whatever is restored or lost. A PIN is told once, to who grants; what is kept and sent of it opens nothing.
/// </summary>
public sealed class GrantService : BackgroundService
{
    /// <summary>Grants of bookings are named so; nobody else's may be.</summary>
    internal const string BookingPrefix = "b-";

    private const int PinDigits = 6;
    private const int MaxWho = 64;
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromMinutes(5);

    private readonly IngestOptions _options;
    private readonly LockSecrets _secrets;
    private readonly IMessageSink _sink;
    private readonly AuditLog? _audit;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly GrantFiles _files;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    internal GrantService(IngestOptions options, LockSecrets secrets, IMessageSink sink, AuditLog? audit, TimeProvider time, ILogger<GrantService> log)
    {
        (_options, _secrets, _sink, _audit, _time, _log) = (options, secrets, sink, audit, time, log);
        _files = new(Path.Combine(Path.GetFullPath(options.DataDirectory), "grants"), options.Site);
        secrets.Changed += Wake;
    }

    /// <summary>Grants a slot.</summary>
    /// <returns>The grant, and what its person types: shown once.</returns>
    /// <exception cref="FieldException">The request cannot be granted; the message says everything that is wrong with it.</exception>
    public async Task<IssuedGrant> GrantAsync(GrantRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        LockSecret secret = SecretOf(request.Device, request.Who);
        CheckSlot(request.Slot, onGrid: !request.HasPin);
        string id = request.GrantId ?? $"g-{RandomNumberGenerator.GetHexString(10, lowercase: true)}";
        if (IsBooking(id))
        {
            throw new FieldException($"{id}: {BookingPrefix} begins the names that bookings' grants have");
        }

        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            List<LockGrant> grants = Current(request.Device, secret);
            if (grants.Exists(g => g.GrantId == id))
            {
                throw new FieldException($"{id}: {request.Device} has a grant of this name");
            }

            LockGrant grant = new(id, request.Slot, Pin: null, request.OneTime, request.Label);
            string code = request.HasPin ? NewPin(request, secret, grants) : KeyBoxCode.Compute(secret, LockId(request.Device), request.Slot);
            if (request.HasPin)
            {
                using PinEntry pin = PinEntry.TryCreate(code)!;
                grant = grant.WithPin(secret, LockId(request.Device), pin);
            }

            string detail = $"{id}, {Text(request.Slot)}, {(request.HasPin ? "PIN" : "key box code")}{(request.OneTime ? ", opens once" : "")}";
            await IssueAsync(request.Device, secret, Fit([.. grants, grant]), new("lock.grant", $"user:{request.Who}", LockId(request.Device), "done") { Detail = detail }, cancellationToken)
                .ConfigureAwait(false);
            return new(id, code);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Takes a grant back.</summary>
    /// <returns>False when the lock has no such one.</returns>
    /// <exception cref="FieldException">The device is no lock.</exception>
    public async Task<bool> RevokeAsync(string device, string grantId, string who, CancellationToken cancellationToken)
    {
        LockSecret secret = SecretOf(device, who);
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            List<LockGrant> grants = Current(device, secret);
            if (grants.RemoveAll(g => g.GrantId == grantId) == 0)
            {
                return false;
            }

            await IssueAsync(device, secret, grants, new("lock.grant.revoke", $"user:{who}", LockId(device), "done") { Detail = grantId }, cancellationToken).ConfigureAwait(false);
            return true;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>The grants of a lock that are not over, by their begin.</summary>
    /// <exception cref="FieldException">The device is no lock.</exception>
    public IReadOnlyList<LockGrant> List(string device) => [.. Current(device, SecretOf(device, who: null)).OrderBy(g => g.Slot.Start).ThenBy(g => g.GrantId, StringComparer.Ordinal)];

    /// <summary>The code that opens a key box without a network in a slot. It cannot be withdrawn.</summary>
    /// <exception cref="FieldException">The device is no lock, or no key box can find the slot.</exception>
    public async Task<string> KeyBoxCodeAsync(string device, Slot slot, string who, CancellationToken cancellationToken)
    {
        LockSecret secret = SecretOf(device, who);
        CheckSlot(slot, onGrid: true);
        await AuditAsync(new("lock.code", $"user:{who}", LockId(device), "done") { Detail = Text(slot) }, cancellationToken).ConfigureAwait(false);
        return KeyBoxCode.Compute(secret, LockId(device), slot);
    }

    /// <summary>Which secret a lock has, without telling it; null when it has none. What was sealed under another id is void.</summary>
    internal string? SealIdOf(string device) => _secrets.Find(device)?.Mac("field.seal-id.v1")[..16];

    /// <summary>Makes a PIN that opens no other grant of these locks at the same time, and seals it for each.</summary>
    /// <param name="unsealed">The grant, without a PIN.</param>
    /// <param name="devices">The locks.</param>
    /// <param name="others">Grants that are not on the locks' lists yet.</param>
    /// <returns>The PIN, which nothing keeps, and the grants.</returns>
    internal (string Pin, IReadOnlyList<DoorGrant> Grants) SealPin(LockGrant unsealed, IReadOnlyList<string> devices, IEnumerable<DoorGrant> others)
    {
        ILookup<string, LockGrant> waiting = others.Where(o => Overlap(o.Grant.Slot, unsealed.Slot)).ToLookup(o => o.Device, o => o.Grant, StringComparer.Ordinal);
        (string Device, LockSecret Secret, LockGrant[] Near)[] locks = [.. devices.Select(d =>
        {
            LockSecret secret = SecretOf(d, who: null);
            return (d, secret, waiting[d].Concat(Current(d, secret).Where(g => Overlap(g.Slot, unsealed.Slot))).DistinctBy(g => g.GrantId).ToArray());
        })];
        while (true)
        {
            string code = RandomNumberGenerator.GetString("0123456789", PinDigits);
            using PinEntry pin = PinEntry.TryCreate(code)!;
            if (!locks.Any(l => l.Near.Any(g => g.Accepts(l.Secret, LockId(l.Device), pin))))
            {
                return (code, [.. locks.Select(l => new DoorGrant(l.Device, SealIdOf(l.Device)!, unsealed.WithPin(l.Secret, LockId(l.Device), pin)))]);
            }
        }
    }

    /// <summary>Puts the grants of bookings on a lock's list, in the place of those before; the ones made by hand stay. What the list already says is not sent again.</summary>
    /// <param name="device">The lock; one without a secret is passed over.</param>
    /// <param name="bookings">Sealed for it, the nearest first: as many as the list holds are taken.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task SetBookingsAsync(string device, IReadOnlyList<LockGrant> bookings, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_secrets.Find(device) is not { } secret)
            {
                return;
            }

            List<LockGrant> before = Current(device, secret);
            List<LockGrant> after = Fit([.. before.Where(g => !IsBooking(g.GrantId)), .. bookings]);
            if (!before.ToHashSet().SetEquals(after))
            {
                await IssueAsync(device, secret, after, null, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _secrets.Changed -= Wake;
        _changing.Dispose();
        base.Dispose();
    }

    /// <summary>Drops what is over or was sealed with an earlier secret, and publishes again what the broker may not have.</summary>
    /// <param name="publishAll">Also lists in which nothing changed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task RefreshAsync(bool publishAll, CancellationToken cancellationToken)
    {
        foreach (string device in _files.Devices)
        {
            await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await RefreshAsync(device, publishAll, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is FieldException or IOException or UnauthorizedAccessException)
            {
                _log.GrantsFailed(e, device); // the other locks' lists do not wait for this one's
            }
            finally
            {
                _changing.Release();
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        bool publishAll = true;
        Task<bool> woken = _wake.Reader.ReadAsync(stoppingToken).AsTask();
        while (true)
        {
            await RefreshAsync(publishAll, stoppingToken).ConfigureAwait(false);
            await Task.WhenAny(Task.Delay(RefreshEvery, _time, stoppingToken), woken).ConfigureAwait(false);
            stoppingToken.ThrowIfCancellationRequested();
            woken = woken.IsCompleted ? _wake.Reader.ReadAsync(stoppingToken).AsTask() : woken;
            publishAll = _options.ExternalBroker is not null; // of which only the connection's state is known, not what it keeps
        }
    }

    private async Task RefreshAsync(string device, bool publishAll, CancellationToken cancellationToken)
    {
        if (_secrets.Find(device) is not { } secret || _files.Find(device) is not { } kept)
        {
            return; // revoked: nothing can be sealed for it, and it cannot come to fetch anything
        }

        List<LockGrant> current = Current(device, secret);
        if (!kept.List.IsSealedBy(secret, LockId(device)))
        {
            _log.GrantsVoid(device, kept.List.Grants.Count);
            AuditEntry entry = new("lock.grants.void", "system", LockId(device), "done") { Detail = "the lock has a new secret", Count = kept.List.Grants.Count };
            await IssueAsync(device, secret, current, entry, cancellationToken).ConfigureAwait(false);
        }
        else if (current.Count < kept.List.Grants.Count)
        {
            await IssueAsync(device, secret, current, null, cancellationToken).ConfigureAwait(false);
        }
        else if (publishAll)
        {
            await _sink.RetainAsync(Topics.Grants(_options.Site, device), kept.Payload, qos: 1, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Audit, then disk, then broker: what a lock knows is always known here, and who gave it.</summary>
    private async Task IssueAsync(string device, LockSecret secret, List<LockGrant> grants, AuditEntry? audit, CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();

        // By the clock, so that a restored or lost file does not bring a version back that the lock has seen.
        long version = Math.Max((_files.Find(device)?.List.Version ?? 0) + 1, now.ToUnixTimeSeconds());
        byte[] payload = new LockGrants(version, now, grants).Sealed(secret, LockId(device)).Write(_options.Site, device);
        Parsed<LockGrants> parsed = LockGrants.Parse(payload, _options.Site, device);
        if (parsed.Value is null)
        {
            throw new FieldException(string.Join("; ", parsed.Errors)); // what the lock would refuse is refused here, with the same words
        }

        if (audit is not null)
        {
            await AuditAsync(audit, cancellationToken).ConfigureAwait(false);
        }

        _files.Save(device, payload);
        await _sink.RetainAsync(Topics.Grants(_options.Site, device), payload, qos: 1, cancellationToken).ConfigureAwait(false);
        _log.GrantsPublished(device, version, grants.Count);
    }

    private List<LockGrant> Current(string device, LockSecret secret) => _files.Find(device) is { } kept && kept.List.IsSealedBy(secret, LockId(device))
        ? [.. kept.List.Grants.Where(g => g.Slot.End > _time.GetUtcNow())]
        : [];

    /// <summary>A PIN that opens nothing else here at the same time: an event must name the right booking.</summary>
    private string NewPin(GrantRequest request, LockSecret secret, List<LockGrant> grants)
    {
        while (true)
        {
            string code = RandomNumberGenerator.GetString("0123456789", PinDigits);
            using PinEntry pin = PinEntry.TryCreate(code)!;
            if (!grants.Any(g => Overlap(g.Slot, request.Slot) && g.Accepts(secret, LockId(request.Device), pin)))
            {
                return code;
            }
        }
    }

    private static bool IsBooking(string grantId) => grantId.StartsWith(BookingPrefix, StringComparison.Ordinal);

    private static bool Overlap(Slot a, Slot b) => a.Start <= b.End && b.Start <= a.End;

    /// <summary>A list holds so many: those made by hand, and of the bookings the nearest. The others follow when there is room.</summary>
    private static List<LockGrant> Fit(List<LockGrant> grants)
    {
        List<LockGrant> byHand = grants.FindAll(g => !IsBooking(g.GrantId));
        return [.. byHand, .. grants.Where(g => IsBooking(g.GrantId)).OrderBy(g => g.Slot.Start).ThenBy(g => g.GrantId, StringComparer.Ordinal).Take(Math.Max(0, LockGrants.MaxGrants - byHand.Count))];
    }

    private LockSecret SecretOf(string device, string? who)
    {
        if (who is not null && (string.IsNullOrWhiteSpace(who) || who.Length > MaxWho || who.Any(char.IsControl)))
        {
            throw new FieldException($"who: 1 to {MaxWho} characters");
        }

        return _secrets.Find(device) ?? throw new FieldException($"{device} has no lock secret here: enrol it with ./field device enrol --kind lock");
    }

    private void CheckSlot(Slot slot, bool onGrid)
    {
        if (!slot.IsValid || slot.End <= _time.GetUtcNow())
        {
            throw new FieldException("a slot ends after its begin and after now, both in whole seconds");
        }

        if (onGrid && !KeyBoxCode.IsOnGrid(slot))
        {
            throw new FieldException($"without a PIN a slot begins and ends on {KeyBoxCode.Grid.TotalMinutes:0} minutes and is at most {KeyBoxCode.MaxLength.TotalHours:0} h long");
        }
    }

    private async Task AuditAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        if (_audit is not null)
        {
            await _audit.AppendAsync([entry], cancellationToken).ConfigureAwait(false);
        }
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    private string LockId(string device) => $"{_options.Site}/{device}";

    private static string Text(Slot slot) => string.Create(CultureInfo.InvariantCulture, $"{WireTime.Format(slot.Start)} to {WireTime.Format(slot.End)}");
}
