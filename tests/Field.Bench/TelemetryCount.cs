using Field.Store.Embedded;
using Microsoft.Data.Sqlite;

namespace Field.Bench;

/// <summary>Counts what a server has in its store, from outside, while it runs.</summary>
internal static class TelemetryCount
{
    /// <summary>Records named <c>level</c>; each pack of the load generator has one.</summary>
    public static long Levels(string dataFolder)
    {
        SqliteNative.Initialize();
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(dataFolder, "telemetry.sqlite"),
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ToString());
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM measurement m JOIN series s ON s.id = m.series WHERE s.name LIKE '%/level'";
        return (long)command.ExecuteScalar()!;
    }
}
