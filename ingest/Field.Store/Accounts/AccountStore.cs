using Field.Store.Embedded;
using Microsoft.Data.Sqlite;

namespace Field.Store.Accounts;

/// <summary>
/// People, their sessions and machines' tokens, in a SQLite file of this machine. Server and command line open it at the same time: every
/// change is one transaction, and <see cref="RevisionAsync"/> tells one of the other's.
/// </summary>
/// <param name="path">The file; its folder should be its user's only.</param>
/// <param name="time">Names the backups of migrations.</param>
public sealed class AccountStore(string path, TimeProvider time) : IAsyncDisposable
{
    private const string AccountColumns = "name, displayName, roles, passwordHash, createdAt, firstPasswordUntil, lockedAt, forgivenAt, totpKey, totpOffered, totpStep, recoveryHashes, revision, signedInAt";
    private static readonly SqliteMigrations Migrations = SqliteMigrations.ByUserVersion("""
        CREATE TABLE account (
          name TEXT PRIMARY KEY, displayName TEXT NOT NULL UNIQUE COLLATE NOCASE, roles TEXT NOT NULL, passwordHash TEXT NOT NULL, createdAt TEXT NOT NULL,
          firstPasswordUntil TEXT, lockedAt TEXT, forgivenAt TEXT, totpKey TEXT, totpOffered TEXT, totpStep INTEGER NOT NULL, recoveryHashes TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE session (
          id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE, createdAt TEXT NOT NULL, seenAt TEXT NOT NULL,
          provenAt TEXT NOT NULL, source TEXT) WITHOUT ROWID;
        CREATE INDEX sessionAccount ON session (account);
        CREATE TABLE token (
          id TEXT PRIMARY KEY, name TEXT NOT NULL, roles TEXT NOT NULL, issuedAt TEXT NOT NULL, expiresAt TEXT NOT NULL, by TEXT NOT NULL, revokedAt TEXT) WITHOUT ROWID;
        CREATE TABLE revision (n INTEGER NOT NULL);
        INSERT INTO revision VALUES (0);
        """,
        """
        CREATE TABLE browserDevice (id TEXT PRIMARY KEY, account TEXT, label TEXT NOT NULL, issuedAt TEXT NOT NULL, revokedAt TEXT) WITHOUT ROWID;
        CREATE INDEX browserDeviceAccount ON browserDevice (account);
        """,
        """
        ALTER TABLE account ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE account ADD COLUMN signedInAt TEXT;
        UPDATE account SET signedInAt = (SELECT max(createdAt) FROM session WHERE account = account.name);
        """);

    private readonly SqliteDatabase _database = new(path, Migrations, time);

    /// <summary>See <see cref="AccountBook.Revision"/>, whichever process changed something.</summary>
    public Task<long> RevisionAsync(CancellationToken cancellationToken) => _database.ReadAsync(Revision, cancellationToken);

    /// <summary>Everything, as of one moment.</summary>
    public Task<AccountBook> ReadAsync(CancellationToken cancellationToken) => _database.ReadAsync(
        connection => new AccountBook(
            Revision(connection),
            Rows(connection, $"SELECT {AccountColumns} FROM account", ReadAccount).ToDictionary(a => a.Name, StringComparer.Ordinal),
            Rows(connection, "SELECT id, account, createdAt, seenAt, provenAt, source FROM session", ReadSession).ToDictionary(s => s.Id, StringComparer.Ordinal),
            Rows(connection, "SELECT id, name, roles, issuedAt, expiresAt, by, revokedAt FROM token", ReadToken).ToDictionary(t => t.Id, StringComparer.Ordinal))
        {
            BrowserDevices = Rows(connection, "SELECT id, account, label, issuedAt, revokedAt FROM browserDevice", ReadBrowserDevice).ToDictionary(d => d.Id, StringComparer.Ordinal),
        },
        cancellationToken);

    /// <summary>Adds a person.</summary>
    /// <returns>False when the name, or the display name, is taken.</returns>
    public Task<bool> AddAsync(Account account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        return WriteAsync(
            connection => !IsTaken(connection, account) && Insert(connection, account),
            cancellationToken);
    }

    /// <summary>Changes a person in one transaction: two changes at the same time both count.</summary>
    /// <param name="name">The account's name.</param>
    /// <param name="change">Given the account as it is; gives it as it is to be, or null to leave it.</param>
    /// <param name="endSessions">True ends the person's sessions with it, but for <paramref name="keepSession"/>.</param>
    /// <param name="keepSession">A session that goes on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The account as it is now; null when there is none, or it was left.</returns>
    public Task<Account?> ChangeAsync(string name, Func<Account, Account?> change, bool endSessions, string? keepSession, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        return WriteAsync(
            connection =>
            {
                Account? before = Rows(connection, $"SELECT {AccountColumns} FROM account WHERE name = $name", ReadAccount, ("$name", name)).SingleOrDefault();
                if (before is null || change(before) is not { } after)
                {
                    return null;
                }

                Update(connection, after);
                if (endSessions)
                {
                    Run(connection, "DELETE FROM session WHERE account = $name AND id <> $keep", ("$name", name), ("$keep", keepSession ?? ""));
                }

                return after;
            },
            cancellationToken);
    }

    /// <summary>An administrator's change of a person, in one transaction with the look at everybody else that decides whether it may be.</summary>
    /// <param name="name">The account's name.</param>
    /// <param name="edit">
    /// Given the account and the others as they are; gives it as it is to be and whether the person's sessions end, or null to remove it. An exception
    /// leaves everything as it was, and is the caller's.
    /// </param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when there is no such account.</returns>
    public Task<bool> EditAsync(string name, Func<Account, IReadOnlyList<Account>, (Account After, bool EndsSessions)?> edit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(edit);
        return WriteAsync(
            connection =>
            {
                List<Account> everybody = Rows(connection, $"SELECT {AccountColumns} FROM account", ReadAccount);
                if (everybody.Find(a => a.Name == name) is not { } before)
                {
                    return false;
                }

                if (edit(before, [.. everybody.Where(a => a != before)]) is not { } edited)
                {
                    Remove(connection, name, now);
                    return true;
                }

                Update(connection, edited.After);
                if (edited.EndsSessions)
                {
                    Run(connection, "DELETE FROM session WHERE account = $name", ("$name", name));
                }

                return true;
            },
            cancellationToken);
    }

    /// <summary>Begins a session.</summary>
    /// <param name="session">The session; its account exists.</param>
    /// <param name="instead">The session that it takes the place of, or null.</param>
    /// <param name="deadBefore">Sessions that were not used since are dead, and are removed.</param>
    /// <param name="most">How many sessions the person may have; those used least recently end.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task BeginSessionAsync(PersonSession session, string? instead, DateTimeOffset deadBefore, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        return WriteAsync(
            connection =>
            {
                Run(connection, "DELETE FROM session WHERE id = $id OR seenAt < $dead", ("$id", instead ?? ""), ("$dead", SqliteText.Sortable(deadBefore)));
                Run(connection, "UPDATE account SET signedInAt = $created WHERE name = $name", ("$created", SqliteText.Sortable(session.CreatedAt)), ("$name", session.Account));
                Run(
                    connection, "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE account = $account ORDER BY seenAt DESC LIMIT -1 OFFSET $others)",
                    ("$account", session.Account), ("$others", most - 1));
                return Run(
                    connection, "INSERT INTO session (id, account, createdAt, seenAt, provenAt, source) VALUES ($id, $account, $created, $seen, $proven, $source)",
                    ("$id", session.Id), ("$account", session.Account), ("$created", SqliteText.Sortable(session.CreatedAt)), ("$seen", SqliteText.Sortable(session.SeenAt)),
                    ("$proven", SqliteText.Sortable(session.ProvenAt)), ("$source", session.From));
            },
            cancellationToken);
    }

    /// <summary>The person proved to be there once more.</summary>
    public Task ProveSessionAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        WriteAsync(connection => Run(connection, "UPDATE session SET provenAt = $now WHERE id = $id", ("$now", SqliteText.Sortable(now)), ("$id", id)), cancellationToken);

    /// <summary>The session was used; not a change of <see cref="AccountBook.Revision"/>.</summary>
    public Task TouchSessionAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        _database.WriteAsync(connection => Run(connection, "UPDATE session SET seenAt = $now WHERE id = $id", ("$now", SqliteText.Sortable(now)), ("$id", id)), cancellationToken);

    /// <summary>Ends one session.</summary>
    public Task EndSessionAsync(string id, CancellationToken cancellationToken) =>
        WriteAsync(connection => Run(connection, "DELETE FROM session WHERE id = $id", ("$id", id)), cancellationToken);

    /// <summary>Ends all sessions of a person.</summary>
    /// <returns>How many.</returns>
    public Task<int> EndSessionsAsync(string account, CancellationToken cancellationToken) =>
        WriteAsync(connection => Run(connection, "DELETE FROM session WHERE account = $account", ("$account", account)), cancellationToken);

    /// <summary>Notes a token.</summary>
    public Task AddTokenAsync(MachineToken token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        return WriteAsync(
            connection => Run(
                connection, "INSERT INTO token (id, name, roles, issuedAt, expiresAt, by) VALUES ($id, $name, $roles, $issued, $expires, $by)",
                ("$id", token.Id), ("$name", token.Name), ("$roles", SqliteText.Join(token.Roles)), ("$issued", SqliteText.Sortable(token.IssuedAt)),
                ("$expires", SqliteText.Sortable(token.ExpiresAt)), ("$by", token.By)),
            cancellationToken);
    }

    /// <summary>Revokes a token.</summary>
    /// <returns>False when there is none, or it was revoked before.</returns>
    public Task<bool> RevokeTokenAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) => WriteAsync(
        connection => Run(connection, "UPDATE token SET revokedAt = $now WHERE id = $id AND revokedAt IS NULL", ("$now", SqliteText.Sortable(now)), ("$id", id)) > 0,
        cancellationToken);

    /// <summary>Issues a device id to a browser.</summary>
    /// <param name="device">The device; its id was never issued.</param>
    /// <param name="most">How many that are not revoked an account may have.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when the account has as many.</returns>
    public Task<bool> AddBrowserDeviceAsync(BrowserDevice device, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(device);
        return WriteAsync(
            connection => Run(
                connection,
                """
                INSERT INTO browserDevice (id, account, label, issuedAt) SELECT $id, $account, $label, $issued
                  WHERE (SELECT count(*) FROM browserDevice WHERE account IS $account AND revokedAt IS NULL) < $most
                """,
                ("$id", device.Id), ("$account", device.Account), ("$label", device.Label), ("$issued", SqliteText.Sortable(device.IssuedAt)), ("$most", most)) > 0,
            cancellationToken);
    }

    /// <summary>Revokes a browser's device id.</summary>
    /// <returns>False when there is none, or it was revoked before.</returns>
    public Task<bool> RevokeBrowserDeviceAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) => WriteAsync(
        connection => Run(connection, "UPDATE browserDevice SET revokedAt = $now WHERE id = $id AND revokedAt IS NULL", ("$now", SqliteText.Sortable(now)), ("$id", id)) > 0,
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken) => _database.WriteAsync(
        connection =>
        {
            Run(connection, "UPDATE revision SET n = n + 1");
            return work(connection);
        },
        cancellationToken);

    private static long Revision(SqliteConnection connection) => Rows(connection, "SELECT n FROM revision", r => r.GetInt64(0)).Single();

    private static bool IsTaken(SqliteConnection connection, Account account) => Rows(
        connection, "SELECT 1 FROM account WHERE name = $name OR displayName = $display", r => r.GetInt64(0), ("$name", account.Name), ("$display", account.DisplayName)).Count > 0;

    /// <summary>Ends the person's sessions too, and revokes the browsers that sent for them: a later account of that name does not inherit them.</summary>
    private static void Remove(SqliteConnection connection, string name, DateTimeOffset now)
    {
        Run(connection, "UPDATE browserDevice SET revokedAt = $now WHERE account = $name AND revokedAt IS NULL", ("$now", SqliteText.Sortable(now)), ("$name", name));
        Run(connection, "DELETE FROM account WHERE name = $name", ("$name", name));
    }

    private static bool Insert(SqliteConnection connection, Account account) => Run(
        connection,
        $"INSERT INTO account ({AccountColumns}) VALUES ($name, $display, $roles, $hash, $created, $first, $locked, $forgiven, $totp, $offered, $step, $recovery, $revision, $signedIn)",
        Values(account)) > 0;

    private static void Update(SqliteConnection connection, Account account) => Run(
        connection,
        """
        UPDATE account SET displayName = $display, roles = $roles, passwordHash = $hash, createdAt = $created, firstPasswordUntil = $first, lockedAt = $locked,
          forgivenAt = $forgiven, totpKey = $totp, totpOffered = $offered, totpStep = $step, recoveryHashes = $recovery,
          revision = $revision, signedInAt = $signedIn WHERE name = $name
        """,
        Values(account));

    private static (string, object?)[] Values(Account a) =>
    [
        ("$name", a.Name), ("$display", a.DisplayName), ("$roles", SqliteText.Join(a.Roles)), ("$hash", a.PasswordHash), ("$created", SqliteText.Sortable(a.CreatedAt)),
        ("$first", SqliteText.Sortable(a.FirstPasswordUntil)), ("$locked", SqliteText.Sortable(a.LockedAt)), ("$forgiven", SqliteText.Sortable(a.ForgivenAt)),
        ("$totp", a.TotpKey), ("$offered", a.TotpOffered), ("$step", a.TotpStep), ("$recovery", SqliteText.Join(a.RecoveryHashes)),
        ("$revision", a.Revision), ("$signedIn", SqliteText.Sortable(a.SignedInAt)),
    ];

    private static Account ReadAccount(SqliteDataReader r) => new(r.GetString(0), r.GetString(1), SqliteText.Split(r.GetString(2)), r.GetString(3), SqliteText.Time(r.GetString(4)))
    {
        FirstPasswordUntil = TimeOrNull(r, 5),
        LockedAt = TimeOrNull(r, 6),
        ForgivenAt = TimeOrNull(r, 7),
        TotpKey = TextOrNull(r, 8),
        TotpOffered = TextOrNull(r, 9),
        TotpStep = r.GetInt64(10),
        RecoveryHashes = SqliteText.Split(r.GetString(11)),
        Revision = r.GetInt64(12),
        SignedInAt = TimeOrNull(r, 13),
    };

    private static PersonSession ReadSession(SqliteDataReader r) =>
        new(r.GetString(0), r.GetString(1), SqliteText.Time(r.GetString(2)), SqliteText.Time(r.GetString(3)), SqliteText.Time(r.GetString(4)), TextOrNull(r, 5));

    private static MachineToken ReadToken(SqliteDataReader r) =>
        new(r.GetString(0), r.GetString(1), SqliteText.Split(r.GetString(2)), SqliteText.Time(r.GetString(3)), SqliteText.Time(r.GetString(4)), r.GetString(5)) { RevokedAt = TimeOrNull(r, 6) };

    private static BrowserDevice ReadBrowserDevice(SqliteDataReader r) =>
        new(r.GetString(0), TextOrNull(r, 1), r.GetString(2), SqliteText.Time(r.GetString(3))) { RevokedAt = TimeOrNull(r, 4) };

    private static string? TextOrNull(SqliteDataReader r, int column) => r.IsDBNull(column) ? null : r.GetString(column);

    private static DateTimeOffset? TimeOrNull(SqliteDataReader r, int column) => r.IsDBNull(column) ? null : SqliteText.Time(r.GetString(column));

    private static List<T> Rows<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read, params (string Name, object? Value)[] parameters)
    {
        using SqliteCommand command = Command(connection, sql, parameters);
        using SqliteDataReader reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static int Run(SqliteConnection connection, string sql, params (string Name, object? Value)[] parameters)
    {
        using SqliteCommand command = Command(connection, sql, parameters);
        return command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, (string Name, object? Value)[] parameters)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object? value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
}
