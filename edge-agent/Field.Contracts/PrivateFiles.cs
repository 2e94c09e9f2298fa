namespace Field.Contracts;

/// <summary>Files that only their user may read (mode 0600 in a folder of mode 0700): keys, and what names who did what.</summary>
public static class PrivateFiles
{
    private const UnixFileMode FileMode0600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the folder, for its user only. One that exists is tightened.</summary>
    public static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder); // the user's profile is private there already
            return;
        }

        Directory.CreateDirectory(folder, FileMode0600 | UnixFileMode.UserExecute);
        File.SetUnixFileMode(folder, FileMode0600 | UnixFileMode.UserExecute);
    }

    /// <summary>Opens a file; when this makes it, only its user may read it.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share = FileShare.Read)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows() && mode is not (FileMode.Open or FileMode.Truncate))
        {
            options.UnixCreateMode = FileMode0600;
        }

        return new FileStream(path, options);
    }

    /// <summary>Replaces a file in one step that a crash cannot split; durable when this returns.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        string temporary = path + ".new";
        File.Delete(temporary);
        using (FileStream file = Open(temporary, FileMode.CreateNew))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        DirectorySync.Flush(Path.GetDirectoryName(path)!);
    }
}
