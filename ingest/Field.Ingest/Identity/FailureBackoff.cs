using System.Net;
using System.Net.Sockets;

namespace Field.Ingest.Identity;

/// <summary>
/// Silence after repeated failures, twice as long after each: an address that guesses gets slower, one that slipped does not notice.
/// The table is bounded: while it is full of addresses that are being silenced, all further ones share one entry.
/// </summary>
public sealed class FailureBackoff(IdentityOptions options, TimeProvider time, int maxAddresses = 10_000)
{
    private const string Others = "others";
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (int Failures, DateTimeOffset Until)> _failed = new(StringComparer.Ordinal);

    /// <summary>How an address is counted: IPv6 by its /64, which is what one customer is given.</summary>
    public static string Key(IPAddress? address)
    {
        IPAddress known = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address ?? IPAddress.None;
        return known.AddressFamily == AddressFamily.InterNetworkV6
            ? $"{new IPAddress([.. known.GetAddressBytes()[..8], .. new byte[8]])}/64"
            : known.ToString();
    }

    /// <summary>How long the address must still wait; zero when it may try.</summary>
    public TimeSpan Remaining(string key)
    {
        lock (_gate)
        {
            TimeSpan left = _failed.TryGetValue(Slot(key), out (int Failures, DateTimeOffset Until) entry) ? entry.Until - time.GetUtcNow() : TimeSpan.Zero;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>One more failure.</summary>
    public void Failed(string key)
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            Prune(now);
            string slot = Slot(key);
            int failures = _failed.GetValueOrDefault(slot).Failures + 1;
            double seconds = failures <= options.FreeFailures ? 0 : Math.Pow(2, Math.Min(failures - options.FreeFailures - 1, 30));
            _failed[slot] = (failures, now + TimeSpan.FromSeconds(Math.Min(seconds, options.LongestBackoff.TotalSeconds)));
        }
    }

    /// <summary>A success forgives.</summary>
    public void Succeeded(string key)
    {
        lock (_gate)
        {
            _failed.Remove(key);
        }
    }

    private string Slot(string key) => _failed.ContainsKey(key) || _failed.Count < maxAddresses ? key : Others;

    /// <summary>Failures are forgotten when twice the longest silence has passed since.</summary>
    private void Prune(DateTimeOffset now)
    {
        if (_failed.Count < maxAddresses / 2)
        {
            return;
        }

        foreach (string key in _failed.Where(e => e.Value.Until + (2 * options.LongestBackoff) < now).Select(e => e.Key).ToList())
        {
            _failed.Remove(key);
        }
    }
}
