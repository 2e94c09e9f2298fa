using System.Runtime.InteropServices;

namespace Field.Vision;

/// <summary>Lets a thread that computes stand back behind everything else on a small machine.</summary>
public static partial class BackgroundPriority
{
    private const int OneProcessOrThread = 0;
    private const int CallingThread = 0;
    private const int Lowest = 19;

    /// <summary>
    /// Gives the calling thread the lowest priority, for good: use a thread of its own. On Linux .NET's own thread priorities do nothing, but
    /// there setpriority(2) means the thread. Elsewhere, or where it is not allowed, nothing changes.
    /// </summary>
    public static void Enter()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(OneProcessOrThread, CallingThread, Lowest);
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int niceness);
}
