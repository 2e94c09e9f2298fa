using System.Globalization;

namespace Field.MapApp;

/// <summary>
/// Each connection is an open file, and the system limits how many a process may have. .NET raises the soft limit to the hard one by
/// itself; the hard one only the machine's administrator can raise.
/// </summary>
internal static partial class OpenFiles
{
    /// <summary>What the server needs besides its connections: databases, libraries, photos that are being assembled, the map's readers.</summary>
    private const int OwnFiles = 500;

    /// <summary>Warns when the system would end connections before the broker's own limit does.</summary>
    public static void Check(ILogger log, int maxConnections)
    {
        long needed = maxConnections + OwnFiles;
        if (HardLimit() is { } limit && limit < needed)
        {
            log.LimitIsLow(limit, Math.Max(0, limit - OwnFiles), maxConnections, needed);
        }
    }

    /// <summary>The hard limit of this process; null where the system does not say or has none.</summary>
    private static long? HardLimit()
    {
        const string Limits = "/proc/self/limits";
        if (!File.Exists(Limits))
        {
            return null;
        }

        // Max open files            1024                 1048576              files
        string? line = File.ReadLines(Limits).FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        string[] words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return words.Length > 4 && long.TryParse(words[4], NumberStyles.None, CultureInfo.InvariantCulture, out long hard) ? hard : null;
    }

    [LoggerMessage(
        4000,
        LogLevel.Warning,
        "This process may have {Limit} open files: about {Possible} connections, and {MaxConnections} are allowed. "
            + "Raise the limit to {Needed} (systemd: LimitNOFILE={Needed}; container: --ulimit nofile={Needed}; shell, as root: ulimit -n {Needed}) and start again")]
    private static partial void LimitIsLow(this ILogger log, long limit, long possible, int maxConnections, long needed);
}
