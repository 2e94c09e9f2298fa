using Field.Contracts;
using Microsoft.Data.Sqlite;

namespace Field.Store.Embedded;

/// <summary>Measurements in SQLite; times are microseconds since 1970.</summary>
internal sealed class SqliteTelemetryStore(string path, TimeProvider time) : ITelemetryStore
{
    private const long MicrosecondsPerSecond = 1_000_000;

    private static readonly SqliteMigrations Migrations = SqliteMigrations.ByUserVersion("""
        CREATE TABLE series (
          id INTEGER PRIMARY KEY, site TEXT NOT NULL, device TEXT NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL,
          UNIQUE (site, device, name, unit));
        CREATE TABLE measurement (
          series INTEGER NOT NULL REFERENCES series(id), time INTEGER NOT NULL, kind INTEGER NOT NULL, value, sum REAL);
        CREATE INDEX measurement_series_time ON measurement (series, time);
        CREATE TABLE high_water (
          site TEXT NOT NULL, device TEXT NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY (site, device)) WITHOUT ROWID;
        CREATE TABLE gap (
          site TEXT NOT NULL, device TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
          PRIMARY KEY (site, device, first)) WITHOUT ROWID;
        """,
        "ALTER TABLE measurement ADD COLUMN device_time INTEGER"); // as the device said it, where it was corrected

    private readonly SqliteDatabase _database = new(path, Migrations, time);

    private readonly KnownDevices _known = new();
    private SqliteStatement? _insert;

    private enum Kind
    {
        None,
        Number,
        Text,
        Flag,
        Data,
    }

    public async Task<IReadOnlyList<bool>> AppendAsync(IReadOnlyList<TelemetryPack> packs, CancellationToken cancellationToken) =>
        await _database.WriteAsync(connection => Append(connection, packs), cancellationToken).ConfigureAwait(false);

    public Task<IReadOnlyList<Measurement>> ReadAsync(TelemetryQuery query, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<Measurement>>(
            connection =>
            {
                using SqliteCommand command = connection.CreateCommand();
                command.CommandText = """
                    SELECT s.name, m.time, s.unit, m.kind, m.value, m.sum, m.device_time
                    FROM series s JOIN measurement m ON m.series = s.id
                    WHERE s.site = $site AND s.device = $device AND ($name IS NULL OR s.name = $name) AND m.time >= $from AND m.time < $to
                    ORDER BY m.time, m.rowid LIMIT $limit
                    """;
                command.Parameters.AddWithValue("$site", query.Site);
                command.Parameters.AddWithValue("$device", query.Device);
                command.Parameters.AddWithValue("$name", (object?)query.Name ?? DBNull.Value);
                command.Parameters.AddWithValue("$from", Microseconds(query.From));
                command.Parameters.AddWithValue("$to", Microseconds(query.To));
                command.Parameters.AddWithValue("$limit", query.Limit);
                using SqliteDataReader reader = command.ExecuteReader();
                List<Measurement> result = [];
                while (reader.Read())
                {
                    result.Add(Read(reader));
                }

                return result;
            },
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_insert is not null)
        {
            await _database.WriteAsync(_ => { _insert.Dispose(); return true; }, CancellationToken.None).ConfigureAwait(false);
            _insert = null;
        }

        await _database.DisposeAsync().ConfigureAwait(false);
    }

    private bool[] Append(SqliteConnection connection, IReadOnlyList<TelemetryPack> packs)
    {
        _known.Begin(_database.RollbackCount);
        SqliteStatement insert = _insert ??= new SqliteStatement(connection, "INSERT INTO measurement VALUES (?, ?, ?, ?, ?, ?)");
        bool[] isNew = new bool[packs.Count];
        for (int i = 0; i < packs.Count; i++)
        {
            TelemetryPack pack = packs[i];
            KnownDevice device = _known.Get(connection, pack.Site, pack.Device);
            isNew[i] = pack.Pack.Sequence is not { } sequence || device.TryTake(connection, sequence);
            if (isNew[i])
            {
                Insert(insert, connection, device, pack.Pack.Measurements);
            }
        }

        _known.WriteHighWater(connection);
        return isNew;
    }

    private static void Insert(SqliteStatement insert, SqliteConnection connection, KnownDevice device, IReadOnlyList<Measurement> measurements)
    {
        foreach (Measurement m in measurements)
        {
            insert.Bind(1, device.SeriesId(connection, m.Name, m.Unit ?? ""));
            insert.Bind(2, Microseconds(m.Time));
            BindValue(insert, m);
            if (m.Sum is { } sum)
            {
                insert.Bind(5, sum);
            }
            else
            {
                insert.BindNull(5);
            }

            if (m.ClockOffsetS == 0)
            {
                insert.Execute(); // the sixth is null unless it is set
                continue;
            }

            insert.Bind(6, Microseconds(m.Time) + (m.ClockOffsetS * MicrosecondsPerSecond));
            try
            {
                insert.Execute();
            }
            finally
            {
                insert.BindNull(6);
            }
        }
    }

    private static void BindValue(SqliteStatement insert, Measurement m)
    {
        (Kind kind, double? number, string? text) = m switch
        {
            { Value: { } v } => (Kind.Number, v, null),
            { Text: { } t } => (Kind.Text, null, t),
            { Flag: { } flag } => (Kind.Flag, flag ? 1 : 0, null),
            { DataBase64: { } data } => (Kind.Data, null, data),
            _ => (Kind.None, (double?)null, (string?)null),
        };
        insert.Bind(3, (long)kind);
        if (number is { } n && kind == Kind.Flag)
        {
            insert.Bind(4, (long)n);
        }
        else if (number is { } value)
        {
            insert.Bind(4, value);
        }
        else if (text is not null)
        {
            insert.Bind(4, text);
        }
        else
        {
            insert.BindNull(4);
        }
    }

    private static Measurement Read(SqliteDataReader reader)
    {
        Measurement m = new(
            reader.GetString(0),
            DateTimeOffset.UnixEpoch.AddMicroseconds(reader.GetInt64(1)),
            reader.GetString(2) is { Length: > 0 } unit ? unit : null,
            Sum: reader.IsDBNull(5) ? null : reader.GetDouble(5))
        {
            ClockOffsetS = reader.IsDBNull(6) ? 0 : (reader.GetInt64(6) - reader.GetInt64(1)) / MicrosecondsPerSecond,
        };
        return (Kind)reader.GetInt64(3) switch
        {
            Kind.Number => m with { Value = reader.GetDouble(4) },
            Kind.Text => m with { Text = reader.GetString(4) },
            Kind.Flag => m with { Flag = reader.GetInt64(4) != 0 },
            Kind.Data => m with { DataBase64 = reader.GetString(4) },
            _ => m,
        };
    }

    private static long Microseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
