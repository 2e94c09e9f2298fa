using System.Collections.Concurrent;
using Field.Store.Accounts;

namespace Field.MapApp.Access;

/// <summary>
/// The accounts as the server knows them: in memory, and looked at again every half second, for the command line changes them in another
/// process. What cannot be read lets nobody in.
/// </summary>
internal sealed class AccountDirectory(AccountStore store, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    // A session's last use is written when it is so much older than what is stored.
    private static readonly TimeSpan SeenGrain = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _reading = new(1);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _seen = new(StringComparer.Ordinal);
    private volatile AccountBook? _book;
    private long _lookedAt;

    /// <summary>The accounts, no older than <see cref="LookEvery"/>.</summary>
    /// <exception cref="FieldException">They cannot be read.</exception>
    public ValueTask<AccountBook> ReadAsync(CancellationToken cancel) =>
        _book is { } known && time.GetElapsedTime(Volatile.Read(ref _lookedAt)) < LookEvery ? new(known) : new(LookAsync(cancel));

    /// <summary>After a change of one's own.</summary>
    public async Task<AccountBook> LookAsync(CancellationToken cancel)
    {
        await _reading.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            long now = time.GetTimestamp();
            AccountBook? known = _book;
            if (known is null || await store.RevisionAsync(cancel).ConfigureAwait(false) != known.Revision)
            {
                _book = known = await store.ReadAsync(cancel).ConfigureAwait(false);
                foreach (string ended in _seen.Keys.Where(id => !known.Sessions.ContainsKey(id)))
                {
                    _seen.TryRemove(ended, out _);
                }
            }

            Volatile.Write(ref _lookedAt, now);
            return known;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>The session, while neither it nor its account has ended.</summary>
    public PersonSession? Alive(AccountBook book, string id)
    {
        if (!book.Sessions.TryGetValue(id, out PersonSession? session) || !book.Accounts.TryGetValue(session.Account, out Account? account) || account.LockedAt is not null)
        {
            return null;
        }

        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset seen = _seen.TryGetValue(id, out DateTimeOffset later) && later > session.SeenAt ? later : session.SeenAt;
        return now - seen < SessionLimits.Idle && now - session.CreatedAt < SessionLimits.Longest ? session : null;
    }

    /// <summary>The session was used.</summary>
    public async ValueTask SeenAsync(PersonSession session, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (now - _seen.GetOrAdd(session.Id, session.SeenAt) >= SeenGrain)
        {
            _seen[session.Id] = now;
            await store.TouchSessionAsync(session.Id, now, cancel).ConfigureAwait(false);
        }
    }

    public void Dispose() => _reading.Dispose();
}
