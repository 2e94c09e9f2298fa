using System.Globalization;
using Microsoft.Data.Sqlite;
using NetTopologySuite.Geometries;

namespace Field.Store.Embedded;

/// <summary>Features in a GeoPackage.</summary>
internal sealed class GeoPackageStore(string path, TimeProvider time) : IFeatureStore
{
    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private readonly SqliteDatabase _database = new(path, GeoPackageSchema.Migrations, time, GeoPackageSchema.RegisterFunctions);

    public async Task<IReadOnlyList<Feature?>> WriteAsync(IReadOnlyList<FeatureWrite> writes, CancellationToken cancellationToken) =>
        await _database.WriteAsync(
            connection =>
            {
                if (writes.Any(w => w.IsRequired && !MayWrite(connection, w, Exists(connection, w.Feature.Table, w.Feature.Id))))
                {
                    return [.. writes.Select(_ => (Feature?)null)];
                }

                List<Feature?> written = new(writes.Count);
                foreach (FeatureWrite write in writes)
                {
                    written.Add(Write(connection, write));
                }

                foreach (string table in writes.Select(w => w.Feature.Table.Name).Distinct())
                {
                    using SqliteCommand touch = Command(connection, "UPDATE gpkg_contents SET last_change = $now WHERE table_name = $table");
                    touch.Parameters.AddWithValue("$now", Format(time.GetUtcNow()));
                    touch.Parameters.AddWithValue("$table", table);
                    touch.ExecuteNonQuery();
                }

                return written;
            },
            cancellationToken).ConfigureAwait(false);

    public Task<Feature?> FindAsync(FeatureTable table, string id, CancellationToken cancellationToken) => _database.ReadAsync(
        connection =>
        {
            using SqliteCommand command = Command(connection, $"{Select(table)} WHERE \"{table.IdColumn}\" = $id");
            command.Parameters.AddWithValue("$id", id);
            using SqliteDataReader reader = command.ExecuteReader();
            return reader.Read() ? Read(table, reader) : null;
        },
        cancellationToken);

    public Task<FeaturePage> QueryAsync(FeatureTable table, FeatureQuery query, CancellationToken cancellationToken) => _database.ReadAsync(
        connection =>
        {
            long revision = Revision(connection);
            using SqliteCommand command = Query(connection, table, query);
            using SqliteDataReader reader = command.ExecuteReader();
            List<Feature> features = [];
            while (features.Count < query.Limit && reader.Read())
            {
                features.Add(Read(table, reader));
            }

            return new FeaturePage(features, revision, IsLast: !reader.Read());
        },
        cancellationToken);

    public Task<IReadOnlyList<Feature>> NewestAsync(FeatureTable table, FeatureSpan span, CancellationToken cancellationToken) => _database.ReadAsync<IReadOnlyList<Feature>>(
        connection =>
        {
            using SqliteCommand command = Newest(connection, table, span);
            using SqliteDataReader reader = command.ExecuteReader();
            List<Feature> features = [];
            while (reader.Read())
            {
                features.Add(Read(table, reader));
            }

            return features;
        },
        cancellationToken);

    public Task<IReadOnlyDictionary<string, long>> CountByAsync(
        FeatureTable table, string column, (string Column, string Value)? where, CancellationToken cancellationToken)
    {
        string condition = where is { } w ? $"WHERE {Name(table, w.Column)} = $where" : "";
        string sql = $"SELECT coalesce({Name(table, column)}, ''), count(*) FROM {table.Name} {condition} GROUP BY 1";
        return _database.ReadAsync<IReadOnlyDictionary<string, long>>(
            connection =>
            {
                using SqliteCommand command = Command(connection, sql);
                command.Parameters.AddWithValue("$where", where?.Value ?? "");
                using SqliteDataReader reader = command.ExecuteReader();
                Dictionary<string, long> counts = new(StringComparer.Ordinal);
                while (reader.Read())
                {
                    counts[reader.GetString(0)] = reader.GetInt64(1);
                }

                return counts;
            },
            cancellationToken);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static Feature? Write(SqliteConnection connection, FeatureWrite write)
    {
        FeatureTable table = write.Feature.Table;
        bool exists = Exists(connection, table, write.Feature.Id);
        if (!MayWrite(connection, write, exists))
        {
            return null;
        }

        if (write.Mode == WriteMode.Delete)
        {
            using SqliteCommand delete = Command(connection, $"DELETE FROM {table.Name} WHERE \"{table.IdColumn}\" = $id");
            delete.Parameters.AddWithValue("$id", write.Feature.Id);
            delete.ExecuteNonQuery();
            return write.Feature;
        }

        long revision = NextRevision(connection);
        string[] names = ["geom", "revision", .. table.Columns.Select(c => $"\"{c.Name}\"")];
        string[] values = ["$geom", "$revision", .. table.Columns.Select((_, i) => $"$c{i}")];
        string sql = exists
            ? $"UPDATE {table.Name} SET {string.Join(", ", names.Zip(values, (n, v) => $"{n} = {v}"))} WHERE \"{table.IdColumn}\" = $id"
            : $"INSERT INTO {table.Name} (\"{table.IdColumn}\", {string.Join(", ", names)}) VALUES ($id, {string.Join(", ", values)})";
        using SqliteCommand command = Command(connection, sql);
        Geometry? geometry = Promote(table, write.Feature.Geometry);
        command.Parameters.AddWithValue("$id", write.Feature.Id);
        command.Parameters.AddWithValue("$geom", geometry is null ? DBNull.Value : GeoPackageGeometry.Write(geometry));
        command.Parameters.AddWithValue("$revision", revision);
        for (int i = 0; i < table.Columns.Count; i++)
        {
            command.Parameters.AddWithValue($"$c{i}", ToSql(table.Columns[i], write.Feature.Properties.GetValueOrDefault(table.Columns[i].Name)));
        }

        command.ExecuteNonQuery();
        return write.Feature with { Revision = revision, Geometry = geometry };
    }

    private static bool MayWrite(SqliteConnection connection, FeatureWrite write, bool exists)
    {
        (FeatureTable table, string id) = (write.Feature.Table, write.Feature.Id);
        bool isNew = !exists || write.Mode != WriteMode.InsertNew || (write.Over is { } over && Has(connection, table, id, over));
        return isNew && (write.IfRevision is not { } expected || HasRevision(connection, table, id, expected));
    }

    private static bool Exists(SqliteConnection connection, FeatureTable table, string id)
    {
        using SqliteCommand command = Command(connection, $"SELECT 1 FROM {table.Name} WHERE \"{table.IdColumn}\" = $id");
        command.Parameters.AddWithValue("$id", id);
        return command.ExecuteScalar() is not null;
    }

    private static bool Has(SqliteConnection connection, FeatureTable table, string id, (string Column, string Value) value)
    {
        using SqliteCommand command = Command(connection, $"SELECT 1 FROM {table.Name} WHERE \"{table.IdColumn}\" = $id AND {Name(table, value.Column)} = $value");
        command.Parameters.AddWithValue("$id", id);
        command.Parameters.AddWithValue("$value", value.Value);
        return command.ExecuteScalar() is not null;
    }

    private static bool HasRevision(SqliteConnection connection, FeatureTable table, string id, long revision)
    {
        using SqliteCommand command = Command(connection, $"SELECT 1 FROM {table.Name} WHERE \"{table.IdColumn}\" = $id AND revision = $revision");
        command.Parameters.AddWithValue("$id", id);
        command.Parameters.AddWithValue("$revision", revision);
        return command.ExecuteScalar() is not null;
    }

    private static long NextRevision(SqliteConnection connection)
    {
        using SqliteCommand command = Command(connection, "UPDATE field_meta SET value = value + 1 WHERE key = 'revision' RETURNING value");
        return (long)command.ExecuteScalar()!;
    }

    private static long Revision(SqliteConnection connection)
    {
        using SqliteCommand command = Command(connection, "SELECT value FROM field_meta WHERE key = 'revision'");
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>A table of a GeoPackage holds one geometry type; a single polygon is a multipolygon of one.</summary>
    private static Geometry? Promote(FeatureTable table, Geometry? geometry)
    {
        if (geometry is null || geometry.IsEmpty)
        {
            return null;
        }

        Geometry promoted = geometry is Polygon single && table.GeometryType == "MULTIPOLYGON"
            ? geometry.Factory.CreateMultiPolygon([single])
            : geometry;
        return table.GeometryType == "GEOMETRY" || promoted.GeometryType.Equals(table.GeometryType, StringComparison.OrdinalIgnoreCase)
            ? promoted
            : throw new ArgumentException($"{table.Name} holds {table.GeometryType}, not {geometry.GeometryType}");
    }

    private static SqliteCommand Query(SqliteConnection connection, FeatureTable table, FeatureQuery query)
    {
        string sql = $"{Select(table)} WHERE revision > $since AND revision <= $upTo";
        SqliteCommand command = connection.CreateCommand();
        command.Parameters.AddWithValue("$since", query.SinceRevision);
        command.Parameters.AddWithValue("$upTo", query.UpToRevision);
        if (query.Within is { } box)
        {
            sql += $" AND fid IN (SELECT id FROM rtree_{table.Name}_geom WHERE maxx >= $minX AND minx <= $maxX AND maxy >= $minY AND miny <= $maxY)";
            command.Parameters.AddWithValue("$minX", box.MinX);
            command.Parameters.AddWithValue("$maxX", box.MaxX);
            command.Parameters.AddWithValue("$minY", box.MinY);
            command.Parameters.AddWithValue("$maxY", box.MaxY);
        }

        if (query.Where is { } where)
        {
            sql += $" AND {Name(table, where.Column)} = $where";
            command.Parameters.AddWithValue("$where", where.Value);
        }

        command.CommandText = $"{sql} ORDER BY revision LIMIT $limit";
        command.Parameters.AddWithValue("$limit", query.Limit + 1L);
        return command;
    }

    private static SqliteCommand Newest(SqliteConnection connection, FeatureTable table, FeatureSpan span)
    {
        string time = Name(table, span.Column);
        string sql = $"{Select(table)} WHERE {time} >= $from AND {time} < $to";
        SqliteCommand command = connection.CreateCommand();
        command.Parameters.AddWithValue("$from", Format(span.From));
        command.Parameters.AddWithValue("$to", Format(span.To));
        if (span.Where is { } where)
        {
            sql += $" AND {Name(table, where.Column)} = $where";
            command.Parameters.AddWithValue("$where", where.Value);
        }

        if (span.After is { } after)
        {
            sql += $" AND ({time}, \"{table.IdColumn}\") < ($afterTime, $afterId)";
            command.Parameters.AddWithValue("$afterTime", Format(after.Time));
            command.Parameters.AddWithValue("$afterId", after.Id);
        }

        command.CommandText = $"{sql} ORDER BY {time} DESC, \"{table.IdColumn}\" DESC LIMIT $limit";
        command.Parameters.AddWithValue("$limit", span.Limit);
        return command;
    }

    private static string Name(FeatureTable table, string column) => table.Find(column) is { } found
        ? $"\"{found.Name}\""
        : throw new ArgumentException($"{table.Name} has no column {column}", nameof(column));

    private static string Select(FeatureTable table) =>
        $"SELECT \"{table.IdColumn}\", geom, revision, {string.Join(", ", table.Columns.Select(c => $"\"{c.Name}\""))} FROM {table.Name}";

    private static Feature Read(FeatureTable table, SqliteDataReader reader)
    {
        const int FirstColumn = 3;
        Dictionary<string, object?> properties = new(table.Columns.Count, StringComparer.Ordinal);
        for (int i = 0; i < table.Columns.Count; i++)
        {
            int at = FirstColumn + i;
            properties[table.Columns[i].Name] = reader.IsDBNull(at) ? null : FromSql(table.Columns[i], reader, at);
        }

        Geometry? geometry = reader.IsDBNull(1) ? null : GeoPackageGeometry.Read((byte[])reader.GetValue(1));
        return new Feature(table, reader.GetString(0), geometry, properties, reader.GetInt64(2));
    }

    private static object ToSql(Column column, object? value) => (column.Type, value) switch
    {
        (_, null) => DBNull.Value,
        (ColumnType.Text or ColumnType.Json, string text) => text,
        (ColumnType.Whole, long number) => number,
        (ColumnType.Whole, int number) => (long)number,
        (ColumnType.Real, double number) when double.IsFinite(number) => number,
        (ColumnType.Boolean, bool flag) => flag ? 1L : 0L,
        (ColumnType.Time, DateTimeOffset at) => Format(at),
        _ => throw new ArgumentException($"column {column.Name} is {column.Type} and cannot hold {value} ({value.GetType().Name})"),
    };

    private static object FromSql(Column column, SqliteDataReader reader, int at) => column.Type switch
    {
        ColumnType.Whole => reader.GetInt64(at),
        ColumnType.Real => reader.GetDouble(at),
        ColumnType.Boolean => reader.GetInt64(at) != 0,
        ColumnType.Time => DateTimeOffset.Parse(reader.GetString(at), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
        _ => reader.GetString(at),
    };

    private static string Format(DateTimeOffset at) => at.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture);

    private static SqliteCommand Command(SqliteConnection connection, string sql)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
