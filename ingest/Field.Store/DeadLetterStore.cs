using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Field.Contracts;
using Field.Store.Embedded;
using Microsoft.Data.Sqlite;

namespace Field.Store;

/// <summary>
/// Refused messages, in a SQLite file of this machine: it must work when the other stores are servers that do not. The same
/// payload on the same topic is one letter with a count. When the limit is reached nothing is deleted: further letters are
/// refused and counted until a person removes some.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="maxSizeBytes">Most payload bytes kept.</param>
/// <param name="time">Names the backups of migrations.</param>
public sealed class DeadLetterStore(string path, long maxSizeBytes, TimeProvider time) : IAsyncDisposable
{
    private const string Columns = "id, topic, client, receivedAt, errors, size, count, blob, firstAt";

    private static readonly SqliteMigrations Migrations = SqliteMigrations.ByUserVersion("""
        CREATE TABLE letter (
          id INTEGER PRIMARY KEY AUTOINCREMENT, digest BLOB NOT NULL UNIQUE, topic TEXT NOT NULL, client TEXT NOT NULL,
          receivedAt TEXT NOT NULL, errors TEXT NOT NULL, size INTEGER NOT NULL, count INTEGER NOT NULL, blob TEXT, payload BLOB);
        CREATE TABLE total (letters INTEGER NOT NULL, size INTEGER NOT NULL, refused INTEGER NOT NULL);
        INSERT INTO total VALUES (0, 0, 0);
        """,
        """
        ALTER TABLE letter ADD COLUMN firstAt TEXT NOT NULL DEFAULT '';
        UPDATE letter SET firstAt = receivedAt;
        """);

    private readonly SqliteDatabase _database = new(path, Migrations, time);
    private readonly DeadLetterBlobs _blobs = new(Path.ChangeExtension(path, null));

    /// <summary>Letters with files are added and removed one at a time, so that a file has a letter, or goes.</summary>
    private readonly SemaphoreSlim _fileGate = new(1, 1);
    private bool _isSwept;

    /// <summary>Keeps a letter durably.</summary>
    /// <param name="letter">The letter; <see cref="DeadLetter.Id"/> and <see cref="DeadLetter.Count"/> are ignored.</param>
    /// <param name="payload">The payload; empty when <see cref="DeadLetter.BlobSha256"/> names it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>False when the limit is reached: the letter was counted and not kept.</returns>
    /// <exception cref="StoreException">The file cannot be written; mostly transient.</exception>
    public Task<bool> AddAsync(DeadLetter letter, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letter);
        byte[] digest = Digest(letter, payload.Span);
        return _database.WriteAsync(connection => Add(connection, letter, payload, digest), cancellationToken);
    }

    /// <summary>Keeps a letter whose payload is large, as a file, durably; <see cref="DeadLetter.BlobSha256"/> is set by it.</summary>
    /// <returns>False when the limit is reached: the letter was counted and nothing kept.</returns>
    /// <exception cref="StoreException">The file cannot be written; mostly transient.</exception>
    public async Task<bool> AddFileAsync(DeadLetter letter, Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letter);
        await _fileGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await SweepAsync(cancellationToken).ConfigureAwait(false);
            string sha256 = await _blobs.PutAsync(content, cancellationToken).ConfigureAwait(false);
            bool isKept = await AddAsync(letter with { BlobSha256 = sha256 }, default, cancellationToken).ConfigureAwait(false);
            await DropUnnamedAsync(sha256, cancellationToken).ConfigureAwait(false);
            return isKept;
        }
        finally
        {
            _fileGate.Release();
        }
    }

    /// <summary>Letters, newest first.</summary>
    public Task<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        const string Seconds = "yyyy-MM-dd'T'HH:mm:ss";
        return _database.ReadAsync<IReadOnlyList<DeadLetter>>(
            connection =>
            {
                using SqliteCommand command = Command(
                    connection,
                    $"""
                    SELECT {Columns} FROM letter WHERE id < $before
                      AND ($device IS NULL OR topic LIKE 'field/v1/%/' || $device || '/%')
                      AND ($code IS NULL OR instr(errors, '"Code":"' || $code || '"') > 0)
                      AND ($from IS NULL OR substr(receivedAt, 1, 19) >= $from) AND ($to IS NULL OR substr(receivedAt, 1, 19) < $to)
                    ORDER BY id DESC LIMIT $limit
                    """,
                    ("$before", query.BeforeId),
                    ("$device", query.Device),
                    ("$code", query.Code),
                    ("$from", query.From?.UtcDateTime.ToString(Seconds, CultureInfo.InvariantCulture)),
                    ("$to", query.To?.UtcDateTime.ToString(Seconds, CultureInfo.InvariantCulture)),
                    ("$limit", query.Limit));
                using SqliteDataReader reader = command.ExecuteReader();
                List<DeadLetter> letters = [];
                while (reader.Read())
                {
                    letters.Add(Read(reader));
                }

                return letters;
            },
            cancellationToken);
    }

    /// <summary>One letter, or null.</summary>
    public Task<DeadLetter?> FindAsync(long id, CancellationToken cancellationToken) => _database.ReadAsync(
        connection =>
        {
            using SqliteCommand command = Command(connection, $"SELECT {Columns} FROM letter WHERE id = $id", ("$id", id));
            using SqliteDataReader reader = command.ExecuteReader();
            return reader.Read() ? Read(reader) : null;
        },
        cancellationToken);

    /// <summary>Opens the payload of a letter, wherever it lies; null when there is no such letter. The caller disposes.</summary>
    public async Task<Stream?> OpenPayloadAsync(long id, CancellationToken cancellationToken)
    {
        DeadLetter? letter = await FindAsync(id, cancellationToken).ConfigureAwait(false);
        if (letter?.BlobSha256 is { } sha256)
        {
            return _blobs.Open(sha256);
        }

        return await PayloadAsync(id, cancellationToken).ConfigureAwait(false) is { } payload ? new MemoryStream(payload, writable: false) : null;
    }

    /// <summary>The payload of a letter; null when there is no such letter, empty when it is a file.</summary>
    public Task<byte[]?> PayloadAsync(long id, CancellationToken cancellationToken) => _database.ReadAsync(
        connection =>
        {
            using SqliteCommand command = Command(connection, "SELECT coalesce(payload, x'') FROM letter WHERE id = $id", ("$id", id));
            return command.ExecuteScalar() as byte[];
        },
        cancellationToken);

    /// <summary>Removes a letter that a person has dealt with, with its file; false when there is none.</summary>
    public async Task<bool> RemoveAsync(long id, CancellationToken cancellationToken)
    {
        await _fileGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await SweepAsync(cancellationToken).ConfigureAwait(false);
            DeadLetter? letter = await FindAsync(id, cancellationToken).ConfigureAwait(false);
            bool isRemoved = await _database.WriteAsync(connection => Remove(connection, id), cancellationToken).ConfigureAwait(false);
            if (isRemoved && letter?.BlobSha256 is { } sha256)
            {
                await DropUnnamedAsync(sha256, cancellationToken).ConfigureAwait(false);
            }

            return isRemoved;
        }
        finally
        {
            _fileGate.Release();
        }
    }

    /// <summary>How full it is.</summary>
    public Task<DeadLetterStatus> StatusAsync(CancellationToken cancellationToken) => _database.ReadAsync(Status, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static bool Remove(SqliteConnection connection, long id)
    {
        using SqliteCommand delete = Command(connection, "DELETE FROM letter WHERE id = $id RETURNING size", ("$id", id));
        if (delete.ExecuteScalar() is not long size)
        {
            return false;
        }

        using SqliteCommand total = Command(connection, "UPDATE total SET letters = letters - 1, size = size - $size", ("$size", size));
        total.ExecuteNonQuery();
        return true;
    }

    private async Task DropUnnamedAsync(string sha256, CancellationToken cancellationToken)
    {
        if (!(await NamedAsync(cancellationToken).ConfigureAwait(false)).Contains(sha256))
        {
            _blobs.Delete(sha256);
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        if (!_isSwept)
        {
            _blobs.Keep(await NamedAsync(cancellationToken).ConfigureAwait(false));
            _isSwept = true;
        }
    }

    private Task<HashSet<string>> NamedAsync(CancellationToken cancellationToken) => _database.ReadAsync(
        connection =>
        {
            using SqliteCommand command = Command(connection, "SELECT blob FROM letter WHERE blob IS NOT NULL");
            using SqliteDataReader reader = command.ExecuteReader();
            HashSet<string> named = new(StringComparer.Ordinal);
            while (reader.Read())
            {
                named.Add(reader.GetString(0));
            }

            return named;
        },
        cancellationToken);

    private bool Add(SqliteConnection connection, DeadLetter letter, ReadOnlyMemory<byte> payload, byte[] digest)
    {
        using SqliteCommand again = Command(
            connection,
            "UPDATE letter SET count = count + 1, receivedAt = $at, errors = $errors WHERE digest = $digest",
            ("$at", WireTime.Format(letter.ReceivedAt)),
            ("$errors", JsonSerializer.Serialize(letter.Errors)),
            ("$digest", digest));
        if (again.ExecuteNonQuery() > 0)
        {
            return true;
        }

        bool fits = Status(connection).SizeBytes + letter.SizeBytes <= maxSizeBytes;
        using SqliteCommand total = fits
            ? Command(connection, "UPDATE total SET letters = letters + 1, size = size + $size", ("$size", letter.SizeBytes))
            : Command(connection, "UPDATE total SET refused = refused + 1");
        total.ExecuteNonQuery();
        if (fits)
        {
            Insert(connection, letter, payload, digest);
        }

        return fits;
    }

    private static void Insert(SqliteConnection connection, DeadLetter letter, ReadOnlyMemory<byte> payload, byte[] digest)
    {
        using SqliteCommand insert = Command(
            connection,
            "INSERT INTO letter (digest, topic, client, receivedAt, errors, size, count, blob, payload, firstAt) VALUES ($digest, $topic, $client, $at, $errors, $size, 1, $blob, $payload, $at)",
            ("$digest", digest),
            ("$topic", letter.Topic),
            ("$client", letter.Client),
            ("$at", WireTime.Format(letter.ReceivedAt)),
            ("$errors", JsonSerializer.Serialize(letter.Errors)),
            ("$size", letter.SizeBytes),
            ("$blob", letter.BlobSha256),
            ("$payload", letter.BlobSha256 is null ? payload.ToArray() : null));
        insert.ExecuteNonQuery();
    }

    private DeadLetterStatus Status(SqliteConnection connection)
    {
        using SqliteCommand command = Command(connection, "SELECT letters, size, refused FROM total");
        using SqliteDataReader reader = command.ExecuteReader();
        reader.Read();
        return new DeadLetterStatus(reader.GetInt64(0), reader.GetInt64(1), maxSizeBytes, reader.GetInt64(2));
    }

    private static DeadLetter Read(SqliteDataReader reader) => new(
        reader.GetString(1),
        reader.GetString(2),
        WireTime.TryParse(reader.GetString(3), out DateTimeOffset at) ? at : default,
        JsonSerializer.Deserialize<List<WireError>>(reader.GetString(4)) ?? [],
        reader.GetInt64(5))
    {
        Id = reader.GetInt64(0),
        Count = reader.GetInt64(6),
        BlobSha256 = reader.IsDBNull(7) ? null : reader.GetString(7),
        FirstReceivedAt = WireTime.TryParse(reader.GetString(8), out DateTimeOffset first) ? first : default,
    };

    private static byte[] Digest(DeadLetter letter, ReadOnlySpan<byte> payload)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(letter.Topic));
        hash.AppendData([0]);
        hash.AppendData(Encoding.UTF8.GetBytes(letter.BlobSha256 ?? ""));
        hash.AppendData([0]);
        hash.AppendData(payload);
        return hash.GetHashAndReset();
    }

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
