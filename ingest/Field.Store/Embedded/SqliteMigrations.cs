using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Field.Store.Embedded;

/// <summary>
/// The steps from one form of a database to the next; the version is the number of steps taken. A database with data is copied
/// beside itself before the first step; each step is one transaction.
/// </summary>
/// <param name="readVersion">A query for the version: a GeoPackage's user_version belongs to its standard, so each store says where.</param>
/// <param name="writeVersion">The statement that sets it, with <c>$version</c> replaced.</param>
/// <param name="steps">SQL of each step.</param>
internal sealed class SqliteMigrations(string readVersion, string writeVersion, params string[] steps)
{
    public static SqliteMigrations ByUserVersion(params string[] steps) => new("PRAGMA user_version", "PRAGMA user_version = $version", steps);

    public void Apply(SqliteConnection connection, string path, TimeProvider time)
    {
        bool isNew = Scalar(connection, "SELECT count(*) FROM sqlite_master") == 0;
        int version = isNew ? 0 : (int)Scalar(connection, readVersion);
        if (version > steps.Length)
        {
            throw new StoreException(
                $"{path} has form {version}, this program knows {steps.Length}; it was written by a newer Field: update this one");
        }

        if (version == steps.Length)
        {
            return;
        }

        if (!isNew)
        {
            BackUp(connection, path, version, time);
        }

        for (int step = version; step < steps.Length; step++)
        {
            Execute(connection, "BEGIN IMMEDIATE");
            Execute(connection, steps[step]);
            Execute(connection, writeVersion.Replace("$version", (step + 1).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
            Execute(connection, "COMMIT");
        }
    }

    private static void BackUp(SqliteConnection connection, string path, int version, TimeProvider time)
    {
        string stamp = time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss.fffffff'Z'", CultureInfo.InvariantCulture);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "VACUUM INTO $target";
        command.Parameters.AddWithValue("$target", $"{path}.v{version}.{stamp}.bak");
        command.ExecuteNonQuery();
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
