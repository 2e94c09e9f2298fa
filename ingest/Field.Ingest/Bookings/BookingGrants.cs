using System.Threading.Channels;
using Field.Contracts.Locks;
using Field.Ingest.Commands;
using Field.Ingest.Locks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Field.Ingest.Bookings;

/// <summary>
/// Brings to the locks what the bookings say: at the start, when a booking, a door or a lock's secret changes, and every minute, because the
/// list of a lock holds the nearest ones only. Once an hour it deletes what is personal of bookings that are long over.
/// </summary>
internal sealed class BookingGrants : BackgroundService
{
    private const int LooksPerWipe = 60;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly BookingTurn _turn;
    private readonly BookingDesk _desk;
    private readonly BookingKeys _keys;
    private readonly GrantService _grants;
    private readonly LockSecrets _secrets;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public BookingGrants(
        BookingTurn turn, BookingDesk desk, BookingKeys keys, GrantService grants, LockSecrets secrets, TimeProvider time, ILogger<BookingGrants> log)
    {
        (_turn, _desk, _keys, _grants, _secrets, _time, _log) = (turn, desk, keys, grants, secrets, time, log);
        turn.Changed += Wake;
        secrets.Changed += Wake;
    }

    public override void Dispose()
    {
        _turn.Changed -= Wake;
        _secrets.Changed -= Wake;
        base.Dispose();
    }

    /// <summary>Brings every lock's list up to date.</summary>
    internal async Task SynchroniseAsync(CancellationToken cancellationToken)
    {
        foreach ((string device, IReadOnlyList<LockGrant> wanted) in await _keys.WantedAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                await _grants.SetBookingsAsync(device, wanted, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is FieldException or IOException or UnauthorizedAccessException)
            {
                _log.GrantsFailed(e, device); // the other locks do not wait for this one
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Task<bool> woken = _wake.Reader.ReadAsync(stoppingToken).AsTask();
        for (int look = 0; ; look++)
        {
            try
            {
                await SynchroniseAsync(stoppingToken).ConfigureAwait(false);
                if (look % LooksPerWipe == 0)
                {
                    await _desk.WipeAsync(stoppingToken).ConfigureAwait(false);
                }
            }
            catch (FieldException e)
            {
                _log.BookingsFailed(e); // the next look tries again
            }

            await Task.WhenAny(Task.Delay(Every, _time, stoppingToken), woken).ConfigureAwait(false);
            stoppingToken.ThrowIfCancellationRequested();
            woken = woken.IsCompleted ? _wake.Reader.ReadAsync(stoppingToken).AsTask() : woken;
        }
    }

    private void Wake() => _wake.Writer.TryWrite(true);
}
