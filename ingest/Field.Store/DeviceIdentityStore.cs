using System.Globalization;
using Field.Contracts;
using Field.Store.Embedded;
using Microsoft.Data.Sqlite;

namespace Field.Store;

/// <summary>A certificate that the site's CA gave a device.</summary>
/// <param name="Serial">Serial number, hex.</param>
/// <param name="Site">Site id.</param>
/// <param name="Device">Device id.</param>
/// <param name="IssuedAt">When.</param>
/// <param name="NotAfter">End of its validity.</param>
/// <param name="Pem">The certificate; public.</param>
public sealed record DeviceCertificate(string Serial, string Site, string Device, DateTimeOffset IssuedAt, DateTimeOffset NotAfter, string Pem)
{
    /// <summary>When it was revoked, or null.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Why it was revoked, or null.</summary>
    public string? Reason { get; init; }
}

/// <summary>A one-time code that was given out. The secret itself is nowhere.</summary>
/// <param name="Id">The code's id.</param>
/// <param name="Site">Site id.</param>
/// <param name="Device">The device it is for.</param>
/// <param name="Salt">Random, per code.</param>
/// <param name="Hash">HMAC-SHA-256 of the secret under the salt.</param>
/// <param name="ExpiresAt">From here on it is refused.</param>
public sealed record Enrolment(string Id, string Site, string Device, byte[] Salt, byte[] Hash, DateTimeOffset ExpiresAt)
{
    /// <summary>Wrong secrets that may still be tried.</summary>
    public int AttemptsLeft { get; init; } = 10;

    /// <summary>SHA-256 (hex) of the public key that used it, or null.</summary>
    public string? UsedByKey { get; init; }

    /// <summary>Serial of the certificate that it gave, or null.</summary>
    public string? Serial { get; init; }
}

/// <summary>What became of an attempt with a code.</summary>
/// <param name="Refusal">Why it is refused, for the audit; null when it is granted.</param>
/// <param name="IsWrongSecret">True when it costs an attempt.</param>
/// <param name="Certificate">The new certificate, or the one that the same key was given before.</param>
/// <param name="KeyHash">Hash of the public key.</param>
public sealed record Redemption(string? Refusal, bool IsWrongSecret, DeviceCertificate? Certificate, string? KeyHash);

/// <summary>
/// Devices' certificates and codes, in a SQLite file of this machine. Server and command line open it at the same time: every change is one
/// transaction, and <see cref="RevisionAsync"/> tells one of the other's.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="time">Names the backups of migrations.</param>
public sealed class DeviceIdentityStore(string path, TimeProvider time) : IAsyncDisposable
{
    private static readonly SqliteMigrations Migrations = SqliteMigrations.ByUserVersion("""
        CREATE TABLE certificate (
          serial TEXT PRIMARY KEY, site TEXT NOT NULL, device TEXT NOT NULL, issuedAt TEXT NOT NULL, notAfter TEXT NOT NULL,
          pem TEXT NOT NULL, revokedAt TEXT, reason TEXT) WITHOUT ROWID;
        CREATE INDEX certificateDevice ON certificate (site, device);
        CREATE TABLE enrolment (
          id TEXT PRIMARY KEY, site TEXT NOT NULL, device TEXT NOT NULL, salt BLOB NOT NULL, hash BLOB NOT NULL,
          expiresAt TEXT NOT NULL, attemptsLeft INTEGER NOT NULL, usedByKey TEXT, serial TEXT) WITHOUT ROWID;
        CREATE TABLE revision (n INTEGER NOT NULL);
        INSERT INTO revision VALUES (0);
        """);

    private readonly SqliteDatabase _database = new(path, Migrations, time);

    /// <summary>A number that grows with every change of the certificates, whichever process made it.</summary>
    public Task<long> RevisionAsync(CancellationToken cancellationToken) => _database.ReadAsync(
        connection => (long)Command(connection, "SELECT n FROM revision").ExecuteScalar()!, cancellationToken);

    /// <summary>All certificates, by device, newest first.</summary>
    public Task<IReadOnlyList<DeviceCertificate>> CertificatesAsync(CancellationToken cancellationToken) => _database.ReadAsync<IReadOnlyList<DeviceCertificate>>(
        connection => Certificates(connection, "ORDER BY site, device, issuedAt DESC"), cancellationToken);

    /// <summary>Keeps a code; unused ones of the same device end with it.</summary>
    public Task AddEnrolmentAsync(Enrolment enrolment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(enrolment);
        return _database.WriteAsync(
            connection =>
            {
                Command(connection, "DELETE FROM enrolment WHERE site = $site AND device = $device AND usedByKey IS NULL", ("$site", enrolment.Site), ("$device", enrolment.Device)).ExecuteNonQuery();
                return Command(
                    connection,
                    "INSERT INTO enrolment (id, site, device, salt, hash, expiresAt, attemptsLeft) VALUES ($id, $site, $device, $salt, $hash, $expires, $attempts)",
                    ("$id", enrolment.Id), ("$site", enrolment.Site), ("$device", enrolment.Device), ("$salt", enrolment.Salt), ("$hash", enrolment.Hash),
                    ("$expires", WireTime.Format(enrolment.ExpiresAt)), ("$attempts", enrolment.AttemptsLeft)).ExecuteNonQuery();
            },
            cancellationToken);
    }

    /// <summary>
    /// One attempt with a code, in one transaction: two at the same time cannot both be granted. A granted one revokes the device's earlier
    /// certificates.
    /// </summary>
    /// <param name="id">The code's id.</param>
    /// <param name="judge">Decides; is given the code, and the certificate that it gave before when it was used.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when there is no such code.</returns>
    public Task<Redemption?> RedeemAsync(
        string id, Func<Enrolment, DeviceCertificate?, Redemption> judge, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(judge);
        return _database.WriteAsync(
            connection =>
            {
                if (FindEnrolment(connection, id) is not { } enrolment)
                {
                    return null;
                }

                DeviceCertificate? earlier = enrolment.Serial is null ? null : Certificates(connection, "WHERE serial = $serial", ("$serial", enrolment.Serial)).SingleOrDefault();
                Redemption redemption = judge(enrolment, earlier);
                Apply(connection, enrolment, redemption, now);
                return redemption;
            },
            cancellationToken);
    }

    /// <summary>Adds a certificate and revokes the device's others, but for the one that it was asked with.</summary>
    public Task RenewAsync(DeviceCertificate certificate, string keepSerial, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return _database.WriteAsync(
            connection =>
            {
                RevokeOthers(connection, certificate, keepSerial, now);
                Insert(connection, certificate);
                return 0;
            },
            cancellationToken);
    }

    /// <summary>Revokes everything that a device has, its unused codes too.</summary>
    /// <returns>How many certificates.</returns>
    public Task<int> RevokeAsync(string site, string device, string reason, DateTimeOffset now, CancellationToken cancellationToken) => _database.WriteAsync(
        connection =>
        {
            Command(connection, "DELETE FROM enrolment WHERE site = $site AND device = $device", ("$site", site), ("$device", device)).ExecuteNonQuery();
            int count = Command(
                connection,
                "UPDATE certificate SET revokedAt = $at, reason = $reason WHERE site = $site AND device = $device AND revokedAt IS NULL",
                ("$at", WireTime.Format(now)), ("$reason", reason), ("$site", site), ("$device", device)).ExecuteNonQuery();
            Changed(connection);
            return count;
        },
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static void Apply(SqliteConnection connection, Enrolment enrolment, Redemption redemption, DateTimeOffset now)
    {
        if (redemption.IsWrongSecret)
        {
            Command(connection, "UPDATE enrolment SET attemptsLeft = attemptsLeft - 1 WHERE id = $id", ("$id", enrolment.Id)).ExecuteNonQuery();
        }

        if (redemption.Certificate is { } certificate && certificate.Serial != enrolment.Serial)
        {
            RevokeOthers(connection, certificate, "", now);
            Insert(connection, certificate);
            Command(
                connection, "UPDATE enrolment SET usedByKey = $key, serial = $serial WHERE id = $id",
                ("$key", redemption.KeyHash), ("$serial", certificate.Serial), ("$id", enrolment.Id)).ExecuteNonQuery();
        }
    }

    private static void RevokeOthers(SqliteConnection connection, DeviceCertificate certificate, string keepSerial, DateTimeOffset now) => Command(
        connection,
        "UPDATE certificate SET revokedAt = $at, reason = 'replaced' WHERE site = $site AND device = $device AND revokedAt IS NULL AND serial <> $keep",
        ("$at", WireTime.Format(now)), ("$site", certificate.Site), ("$device", certificate.Device), ("$keep", keepSerial)).ExecuteNonQuery();

    private static void Insert(SqliteConnection connection, DeviceCertificate certificate)
    {
        Command(
            connection,
            "INSERT INTO certificate (serial, site, device, issuedAt, notAfter, pem) VALUES ($serial, $site, $device, $issued, $notAfter, $pem)",
            ("$serial", certificate.Serial), ("$site", certificate.Site), ("$device", certificate.Device), ("$issued", WireTime.Format(certificate.IssuedAt)),
            ("$notAfter", WireTime.Format(certificate.NotAfter)), ("$pem", certificate.Pem)).ExecuteNonQuery();
        Changed(connection);
    }

    private static void Changed(SqliteConnection connection) => Command(connection, "UPDATE revision SET n = n + 1").ExecuteNonQuery();

    private static Enrolment? FindEnrolment(SqliteConnection connection, string id)
    {
        using SqliteDataReader reader = Command(
            connection, "SELECT id, site, device, salt, hash, expiresAt, attemptsLeft, usedByKey, serial FROM enrolment WHERE id = $id", ("$id", id)).ExecuteReader();
        return !reader.Read() ? null : new Enrolment(
            reader.GetString(0), reader.GetString(1), reader.GetString(2), (byte[])reader.GetValue(3), (byte[])reader.GetValue(4), Time(reader.GetString(5)))
        {
            AttemptsLeft = reader.GetInt32(6),
            UsedByKey = reader.IsDBNull(7) ? null : reader.GetString(7),
            Serial = reader.IsDBNull(8) ? null : reader.GetString(8),
        };
    }

    private static List<DeviceCertificate> Certificates(SqliteConnection connection, string clause, params (string Name, object? Value)[] parameters)
    {
        using SqliteDataReader reader = Command(
            connection, $"SELECT serial, site, device, issuedAt, notAfter, pem, revokedAt, reason FROM certificate {clause}", parameters).ExecuteReader();
        List<DeviceCertificate> found = [];
        while (reader.Read())
        {
            found.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), Time(reader.GetString(3)), Time(reader.GetString(4)), reader.GetString(5))
            {
                RevokedAt = reader.IsDBNull(6) ? null : Time(reader.GetString(6)),
                Reason = reader.IsDBNull(7) ? null : reader.GetString(7),
            });
        }

        return found;
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static SqliteCommand Command(SqliteConnection connection, string sql, params (string Name, object? Value)[] parameters)
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
