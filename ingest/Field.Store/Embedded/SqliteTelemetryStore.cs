using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Field.Contracts;
using Microsoft.Data.Sqlite;

namespace Field.Store.Embedded;

/// <summary>Measurements in SQLite; times are microseconds since 1970.</summary>
internal sealed class SqliteTelemetryStore(string path, TimeProvider time) : ITelemetryStore
{
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
        """);

    private readonly SqliteDatabase _database = new(path, Migrations, time);

    private const int MaxCachedSeries = 100_000;

    /// <summary>Ids of committed series. One enters only after its commit: an id that was rolled back may be given to another.</summary>
    private readonly ConcurrentDictionary<SeriesKey, long> _series = new();
    private SqliteStatement? _insert;

    private enum Kind
    {
        None,
        Number,
        Text,
        Flag,
        Data,
    }

    public async Task<IReadOnlyList<bool>> AppendAsync(IReadOnlyList<TelemetryPack> packs, CancellationToken cancellationToken)
    {
        Dictionary<SeriesKey, long> found = [];
        bool[] isNew = await _database.WriteAsync(connection => Append(connection, packs, found), cancellationToken).ConfigureAwait(false);
        if (_series.Count + found.Count > MaxCachedSeries)
        {
            _series.Clear();
        }

        foreach ((SeriesKey key, long id) in found)
        {
            _series[key] = id;
        }

        return isNew;
    }

    public Task<IReadOnlyList<Measurement>> ReadAsync(TelemetryQuery query, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<Measurement>>(
            connection =>
            {
                using SqliteCommand command = connection.CreateCommand();
                command.CommandText = """
                    SELECT s.name, m.time, s.unit, m.kind, m.value, m.sum
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

    private bool[] Append(SqliteConnection connection, IReadOnlyList<TelemetryPack> packs, Dictionary<SeriesKey, long> found)
    {
        Dictionary<(string Site, string Device), (long Before, long Now)> high = [];
        bool[] isNew = new bool[packs.Count];
        for (int i = 0; i < packs.Count; i++)
        {
            isNew[i] = packs[i].Pack.Sequence is not { } sequence || TryTake(connection, packs[i], sequence, high);
            if (isNew[i])
            {
                Insert(connection, packs[i], found);
            }
        }

        foreach (((string site, string device), (long before, long now)) in high.Where(h => h.Value.Now > h.Value.Before))
        {
            SequenceLedger.Raise(connection, site, device, now);
        }

        return isNew;
    }

    /// <summary>The highest sequence of a device is read and written once a batch, however many packs it sent.</summary>
    private static bool TryTake(
        SqliteConnection connection, TelemetryPack pack, long sequence, Dictionary<(string Site, string Device), (long Before, long Now)> high)
    {
        ref (long Before, long Now) mark = ref CollectionsMarshal.GetValueRefOrAddDefault(high, (pack.Site, pack.Device), out bool known);
        if (!known)
        {
            long stored = SequenceLedger.HighWater(connection, pack.Site, pack.Device);
            mark = (stored, stored);
        }

        if (sequence <= mark.Now)
        {
            return SequenceLedger.TryFill(connection, pack.Site, pack.Device, sequence);
        }

        if (sequence > mark.Now + 1)
        {
            SequenceLedger.AddGap(connection, pack.Site, pack.Device, mark.Now + 1, sequence - 1);
        }

        mark.Now = sequence;
        return true;
    }

    private void Insert(SqliteConnection connection, TelemetryPack pack, Dictionary<SeriesKey, long> found)
    {
        SqliteStatement insert = _insert ??= new SqliteStatement(connection, "INSERT INTO measurement VALUES (?, ?, ?, ?, ?)");
        foreach (Measurement m in pack.Pack.Measurements)
        {
            insert.Bind(1, SeriesId(connection, new SeriesKey(pack.Site, pack.Device, m.Name, m.Unit ?? ""), found));
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

            insert.Execute();
        }
    }

    private long SeriesId(SqliteConnection connection, SeriesKey key, Dictionary<SeriesKey, long> found)
    {
        if (_series.TryGetValue(key, out long known) || found.TryGetValue(key, out known))
        {
            return known;
        }

        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO series (site, device, name, unit) VALUES ($site, $device, $name, $unit) ON CONFLICT DO NOTHING;
            SELECT id FROM series WHERE site = $site AND device = $device AND name = $name AND unit = $unit
            """;
        command.Parameters.AddWithValue("$site", key.Site);
        command.Parameters.AddWithValue("$device", key.Device);
        command.Parameters.AddWithValue("$name", key.Name);
        command.Parameters.AddWithValue("$unit", key.Unit);
        return found[key] = (long)command.ExecuteScalar()!;
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
            Sum: reader.IsDBNull(5) ? null : reader.GetDouble(5));
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

    private readonly record struct SeriesKey(string Site, string Device, string Name, string Unit);
}
