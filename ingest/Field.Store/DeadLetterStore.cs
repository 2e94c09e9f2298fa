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
    private const string Columns = "id, topic, client, receivedAt, errors, size, count, blob";

    private static readonly SqliteMigrations Migrations = SqliteMigrations.ByUserVersion("""
        CREATE TABLE letter (
          id INTEGER PRIMARY KEY AUTOINCREMENT, digest BLOB NOT NULL UNIQUE, topic TEXT NOT NULL, client TEXT NOT NULL,
          receivedAt TEXT NOT NULL, errors TEXT NOT NULL, size INTEGER NOT NULL, count INTEGER NOT NULL, blob TEXT, payload BLOB);
        CREATE TABLE total (letters INTEGER NOT NULL, size INTEGER NOT NULL, refused INTEGER NOT NULL);
        INSERT INTO total VALUES (0, 0, 0);
        """);

    private readonly SqliteDatabase _database = new(path, Migrations, time);

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

    /// <summary>Letters, newest first.</summary>
    /// <param name="beforeId">Only letters with a smaller id; <see cref="long.MaxValue"/> for the newest.</param>
    /// <param name="limit">Most letters, from 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyList<DeadLetter>> ListAsync(long beforeId, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<DeadLetter>>(
            connection =>
            {
                using SqliteCommand command = Command(
                    connection, $"SELECT {Columns} FROM letter WHERE id < $before ORDER BY id DESC LIMIT $limit", ("$before", beforeId), ("$limit", limit));
                using SqliteDataReader reader = command.ExecuteReader();
                List<DeadLetter> letters = [];
                while (reader.Read())
                {
                    letters.Add(Read(reader));
                }

                return letters;
            },
            cancellationToken);

    /// <summary>The payload of a letter; null when there is no such letter, empty when the blob store has the bytes.</summary>
    public Task<byte[]?> PayloadAsync(long id, CancellationToken cancellationToken) => _database.ReadAsync(
        connection =>
        {
            using SqliteCommand command = Command(connection, "SELECT coalesce(payload, x'') FROM letter WHERE id = $id", ("$id", id));
            return command.ExecuteScalar() as byte[];
        },
        cancellationToken);

    /// <summary>Removes a letter that a person has dealt with; false when there is none.</summary>
    public Task<bool> RemoveAsync(long id, CancellationToken cancellationToken) => _database.WriteAsync(
        connection =>
        {
            using SqliteCommand delete = Command(connection, "DELETE FROM letter WHERE id = $id RETURNING size", ("$id", id));
            if (delete.ExecuteScalar() is not long size)
            {
                return false;
            }

            using SqliteCommand total = Command(connection, "UPDATE total SET letters = letters - 1, size = size - $size", ("$size", size));
            total.ExecuteNonQuery();
            return true;
        },
        cancellationToken);

    /// <summary>How full it is.</summary>
    public Task<DeadLetterStatus> StatusAsync(CancellationToken cancellationToken) => _database.ReadAsync(Status, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private bool Add(SqliteConnection connection, DeadLetter letter, ReadOnlyMemory<byte> payload, byte[] digest)
    {
        using SqliteCommand again = Command(
            connection,
            "UPDATE letter SET count = count + 1, receivedAt = $at WHERE digest = $digest",
            ("$at", WireTime.Format(letter.ReceivedAt)),
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
            "INSERT INTO letter (digest, topic, client, receivedAt, errors, size, count, blob, payload) VALUES ($digest, $topic, $client, $at, $errors, $size, 1, $blob, $payload)",
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
