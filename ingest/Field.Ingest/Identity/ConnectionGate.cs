using System.Net;

namespace Field.Ingest.Identity;

/// <summary>
/// How many connections an address may have and open per second, decided before a byte of TLS is read. The table is bounded: when it is full
/// of addresses with open connections, further addresses are refused.
/// </summary>
internal sealed class ConnectionGate(IdentityOptions options, TimeProvider time, int maxAddresses = 10_000)
{
    private const int BurstSeconds = 10;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _addresses = new(StringComparer.Ordinal);

    /// <summary>Takes a connection; null when it may come in, else why not. Who came in must <see cref="Leave"/>.</summary>
    public string? Enter(IPAddress? address)
    {
        string key = FailureBackoff.Key(address);
        lock (_gate)
        {
            if (!_addresses.TryGetValue(key, out Entry? entry))
            {
                if (_addresses.Count >= maxAddresses && !Prune())
                {
                    return "too many addresses at the same time";
                }

                _addresses.Add(key, entry = new() { Tokens = Burst, At = time.GetTimestamp() });
            }

            Refill(entry);
            if (entry.Tokens < 1)
            {
                return "too many new connections per second from this address";
            }

            entry.Tokens--;
            if (entry.Open >= options.MaxConnectionsPerAddress)
            {
                return "too many connections from this address";
            }

            entry.Open++;
            return null;
        }
    }

    /// <summary>The connection ended.</summary>
    public void Leave(IPAddress? address)
    {
        lock (_gate)
        {
            _addresses[FailureBackoff.Key(address)].Open--;
        }
    }

    private double Burst => (double)options.ConnectionsPerSecondPerAddress * BurstSeconds;

    private void Refill(Entry entry)
    {
        long now = time.GetTimestamp();
        entry.Tokens = Math.Min(Burst, entry.Tokens + (time.GetElapsedTime(entry.At, now).TotalSeconds * options.ConnectionsPerSecondPerAddress));
        entry.At = now;
    }

    /// <summary>Forgets addresses without connections whose allowance is whole again.</summary>
    private bool Prune()
    {
        foreach ((string key, Entry entry) in _addresses.ToList())
        {
            Refill(entry);
            if (entry.Open == 0 && entry.Tokens >= Burst)
            {
                _addresses.Remove(key);
            }
        }

        return _addresses.Count < maxAddresses;
    }

    private sealed class Entry
    {
        public double Tokens { get; set; }

        public long At { get; set; }

        public int Open { get; set; }
    }
}
