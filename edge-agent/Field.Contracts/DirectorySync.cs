using System.Runtime.InteropServices;

namespace Field.Contracts;

/// <summary>
/// fsync(2) of a folder: after a rename the new name is durable only when the folder is. Device and server both promise durability, so
/// it stands here. .NET opens no folders, hence libc. On Windows NTFS journals names by itself and there is nothing to do.
/// </summary>
public static partial class DirectorySync
{
    private const int ReadOnlyDirectory = 0x80000 | 0x10000; // O_CLOEXEC | O_DIRECTORY (x86-64; arm64 differs, see Flags)
    private const int InvalidArgument = 22;
    private const int ReadOnlyDirectoryArm = 0x80000 | 0x4000;

    /// <summary>Makes the names in a folder durable.</summary>
    /// <exception cref="FieldException">The folder cannot be synchronised; transient.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(folder, Flags());
        if (descriptor < 0)
        {
            throw Error(folder, "open");
        }

        // EINVAL: the file system has no such operation (some network and FUSE mounts); the rename alone has to do there.
        bool done = FSync(descriptor) == 0 || Marshal.GetLastPInvokeError() == InvalidArgument;
        FieldException? error = done ? null : Error(folder, "fsync");
        _ = Close(descriptor);
        if (error is not null)
        {
            throw error;
        }
    }

    private static int Flags() => OperatingSystem.IsLinux()
        ? RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? ReadOnlyDirectoryArm : ReadOnlyDirectory
        : 0;

    private static FieldException Error(string folder, string call) =>
        new($"{call} of folder {folder} failed: {Marshal.GetLastPInvokeErrorMessage()}", isTransient: true);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
