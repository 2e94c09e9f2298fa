using Microsoft.Data.Sqlite;

namespace Field.Store.Embedded;

/// <summary>
/// Remembers which sequences of a device were stored: the highest one, and the gaps below it. Sequences that another kind of
/// message took stay gaps for ever, at most one row for each such message. A missing sequence that arrives late fills its gap.
/// All inside the caller's transaction.
/// </summary>
internal static class SequenceLedger
{
    /// <summary>The highest sequence stored, or 0.</summary>
    public static long HighWater(SqliteConnection connection, string site, string device)
    {
        using SqliteCommand command = Command(connection, "SELECT sequence FROM high_water WHERE site = $site AND device = $device", site, device);
        return command.ExecuteScalar() as long? ?? 0;
    }

    /// <summary>Makes a sequence the highest.</summary>
    public static void Raise(SqliteConnection connection, string site, string device, long sequence) => Execute(
        connection,
        "INSERT INTO high_water VALUES ($site, $device, $a) ON CONFLICT DO UPDATE SET sequence = excluded.sequence",
        site,
        device,
        sequence);

    /// <summary>Takes a sequence that is not above the highest; false when it had been taken.</summary>
    public static bool TryFill(SqliteConnection connection, string site, string device, long sequence)
    {
        if (FindGap(connection, site, device, sequence) is not { } gap)
        {
            return false;
        }

        Execute(connection, "DELETE FROM gap WHERE site = $site AND device = $device AND first = $a", site, device, gap.First);
        if (gap.First < sequence)
        {
            AddGap(connection, site, device, gap.First, sequence - 1);
        }

        if (sequence < gap.Last)
        {
            AddGap(connection, site, device, sequence + 1, gap.Last);
        }

        return true;
    }

    /// <summary>Notes that sequences, first and last included, are missing.</summary>
    public static void AddGap(SqliteConnection connection, string site, string device, long first, long last)
    {
        using SqliteCommand command = Command(connection, "INSERT INTO gap VALUES ($site, $device, $a, $b)", site, device);
        command.Parameters.AddWithValue("$a", first);
        command.Parameters.AddWithValue("$b", last);
        command.ExecuteNonQuery();
    }

    private static (long First, long Last)? FindGap(SqliteConnection connection, string site, string device, long sequence)
    {
        using SqliteCommand command = Command(
            connection,
            "SELECT first, last FROM gap WHERE site = $site AND device = $device AND first <= $a ORDER BY first DESC LIMIT 1",
            site,
            device);
        command.Parameters.AddWithValue("$a", sequence);
        using SqliteDataReader reader = command.ExecuteReader();
        return reader.Read() && reader.GetInt64(1) >= sequence ? (reader.GetInt64(0), reader.GetInt64(1)) : null;
    }

    private static void Execute(SqliteConnection connection, string sql, string site, string device, long a)
    {
        using SqliteCommand command = Command(connection, sql, site, device);
        command.Parameters.AddWithValue("$a", a);
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, string site, string device)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$site", site);
        command.Parameters.AddWithValue("$device", device);
        return command;
    }
}
