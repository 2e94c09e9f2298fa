using System.Diagnostics;

namespace Field.Harness;

/// <summary>A file system of a few megabytes in memory, mounted in a temporary folder, that can really be full. Needs root.</summary>
public sealed class SmallDisk : IDisposable
{
    private const string BallastName = "ballast";

    private readonly DirectoryInfo _mount = Directory.CreateTempSubdirectory("field-disk-");

    /// <param name="megabytes">Size of the whole file system.</param>
    /// <exception cref="HarnessException">This user may not mount.</exception>
    public SmallDisk(int megabytes)
    {
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=777", "field-small-disk", Path) is { } problem)
        {
            _mount.Delete();
            throw new HarnessException($"no small disk can be mounted: {problem}");
        }
    }

    /// <summary>Why this machine cannot mount, or null when it can.</summary>
    public static string? WhyNot
    {
        get
        {
            try
            {
                using SmallDisk probe = new(megabytes: 1);
                return null;
            }
            catch (HarnessException e)
            {
                return e.Message;
            }
        }
    }

    public string Path => _mount.FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Bytes left.</summary>
    public long FreeBytes => new DriveInfo(Path).AvailableFreeSpace;

    /// <summary>Takes all that is left, to the last byte.</summary>
    public void Fill()
    {
        using FileStream ballast = new(this[BallastName], FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] piece = new byte[4096];
        try
        {
            while (true)
            {
                ballast.Write(piece);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Gives back what <see cref="Fill"/> took.</summary>
    public void MakeRoom() => File.Delete(this[BallastName]);

    public void Dispose()
    {
        // Lazily: a process that was killed a moment ago may still hold a file.
        Run("umount", "-l", Path);
        _mount.Delete();
    }

    /// <summary>Null when the program succeeded, else what it said.</summary>
    private static string? Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : said.Trim();
    }
}
