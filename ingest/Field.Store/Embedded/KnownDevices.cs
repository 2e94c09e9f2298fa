using Microsoft.Data.Sqlite;

namespace Field.Store.Embedded;

/// <summary>
/// What the writing thread remembers of devices between batches, so that a pack costs no query: the highest sequence and the ids of
/// series. It runs ahead of the commit; when the database undid anything, all of it is forgotten and read again. One thread only.
/// </summary>
internal sealed class KnownDevices
{
    private const int MaxSeries = 100_000;

    private readonly Dictionary<(string Site, string Device), KnownDevice> _devices = [];
    private readonly List<KnownDevice> _raised = [];
    private long _rollbacks;
    private int _series;

    /// <summary>Before each batch.</summary>
    /// <param name="rollbacks">Of the database so far.</param>
    public void Begin(long rollbacks)
    {
        if (rollbacks != _rollbacks || _series + _devices.Count > MaxSeries)
        {
            _devices.Clear();
            _series = 0;
        }

        _rollbacks = rollbacks;
        _raised.Clear();
    }

    public KnownDevice Get(SqliteConnection connection, string site, string device)
    {
        if (!_devices.TryGetValue((site, device), out KnownDevice? known))
        {
            known = new KnownDevice(this, site, device, SequenceLedger.HighWater(connection, site, device));
            _devices.Add((site, device), known);
        }

        return known;
    }

    /// <summary>After each batch: the highest sequences of the devices that sent, once each.</summary>
    public void WriteHighWater(SqliteConnection connection) => _raised.ForEach(d => d.WriteHighWater(connection));

    public void Raised(KnownDevice device) => _raised.Add(device);

    public void SeriesAdded() => _series++;
}

/// <summary>One device; see <see cref="KnownDevices"/>.</summary>
internal sealed class KnownDevice(KnownDevices all, string site, string device, long stored)
{
    private readonly Dictionary<(string Name, string Unit), long> _series = [];
    private long _high = stored;
    private long _stored = stored;

    /// <summary>False when the sequence had been taken.</summary>
    public bool TryTake(SqliteConnection connection, long sequence)
    {
        if (sequence <= _high)
        {
            return SequenceLedger.TryFill(connection, site, device, sequence);
        }

        if (sequence > _high + 1)
        {
            SequenceLedger.AddGap(connection, site, device, _high + 1, sequence - 1);
        }

        if (_high == _stored)
        {
            all.Raised(this);
        }

        _high = sequence;
        return true;
    }

    public void WriteHighWater(SqliteConnection connection)
    {
        SequenceLedger.Raise(connection, site, device, _high);
        _stored = _high;
    }

    public long SeriesId(SqliteConnection connection, string name, string unit)
    {
        if (_series.TryGetValue((name, unit), out long known))
        {
            return known;
        }

        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO series (site, device, name, unit) VALUES ($site, $device, $name, $unit) ON CONFLICT DO NOTHING;
            SELECT id FROM series WHERE site = $site AND device = $device AND name = $name AND unit = $unit
            """;
        command.Parameters.AddWithValue("$site", site);
        command.Parameters.AddWithValue("$device", device);
        command.Parameters.AddWithValue("$name", name);
        command.Parameters.AddWithValue("$unit", unit);
        all.SeriesAdded();
        return _series[(name, unit)] = (long)command.ExecuteScalar()!;
    }
}
