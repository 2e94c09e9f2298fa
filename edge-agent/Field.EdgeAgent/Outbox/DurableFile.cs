using System.Runtime.InteropServices;

namespace Field.EdgeAgent.Outbox;

/// <summary>Makes names durable: after a file was created or renamed, its folder must reach the disk too (POSIX fsync).</summary>
internal static partial class DurableFile
{
    private const int ReadOnly = 0;

    /// <summary>Puts a finished temporary file in the place of another, so that a crash leaves the one or the other, whole.</summary>
    public static void Replace(string temporary, string target)
    {
        File.Move(temporary, target, overwrite: true);
        SyncFolder(Path.GetDirectoryName(target)!);
    }

    /// <summary>Flushes a folder's entries. Where the file system cannot (or it is not Linux) the rename alone has to do.</summary>
    public static void SyncFolder(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        int handle = Open(folder, ReadOnly);
        if (handle >= 0)
        {
            _ = Fsync(handle);
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Fsync(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Close(int handle);
}
