using System.Collections.Concurrent;
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

    private enum Kind
    {
        None,
        Number,
        Text,
        Flag,
        Data,
    }

    public async Task<bool> AppendAsync(string site, string device, SenMLPack pack, CancellationToken cancellationToken)
    {
        Dictionary<SeriesKey, long> found = [];
        bool isNew = await _database.WriteAsync(
            connection =>
            {
                if (pack.Sequence is { } sequence && !SequenceLedger.TryTake(connection, site, device, sequence))
                {
                    return false;
                }

                Insert(connection, site, device, pack.Measurements, found);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
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

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private void Insert(
        SqliteConnection connection, string site, string device, IReadOnlyList<Measurement> measurements, Dictionary<SeriesKey, long> found)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "INSERT INTO measurement VALUES ($series, $time, $kind, $value, $sum)";
        SqliteParameter series = command.Parameters.Add("$series", SqliteType.Integer);
        SqliteParameter at = command.Parameters.Add("$time", SqliteType.Integer);
        SqliteParameter kind = command.Parameters.Add("$kind", SqliteType.Integer);
        SqliteParameter value = command.Parameters.AddWithValue("$value", DBNull.Value);
        SqliteParameter sum = command.Parameters.Add("$sum", SqliteType.Real);
        foreach (Measurement m in measurements)
        {
            series.Value = SeriesId(connection, new SeriesKey(site, device, m.Name, m.Unit ?? ""), found);
            at.Value = Microseconds(m.Time);
            (Kind k, object v) = ToSql(m);
            kind.Value = (long)k;
            value.Value = v;
            sum.Value = (object?)m.Sum ?? DBNull.Value;
            command.ExecuteNonQuery();
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

    private static (Kind Kind, object Value) ToSql(Measurement m) => m switch
    {
        { Value: { } number } => (Kind.Number, number),
        { Text: { } text } => (Kind.Text, text),
        { Flag: { } flag } => (Kind.Flag, flag ? 1L : 0L),
        { DataBase64: { } data } => (Kind.Data, data),
        _ => (Kind.None, DBNull.Value),
    };

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
