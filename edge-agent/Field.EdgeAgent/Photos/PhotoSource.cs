using Field.EdgeAgent.Outbox;

namespace Field.EdgeAgent.Photos;

/// <summary>What one look at the card found.</summary>
/// <param name="Photos">The photo files, in the order of their paths.</param>
/// <param name="OtherFiles">Files that are no photos, counted by extension (upper case with the dot; empty for none).</param>
/// <param name="Problems">Files and folders that could not be read, with the reason.</param>
internal sealed record CardContents(
    IReadOnlyList<SourceFile> Photos, IReadOnlyDictionary<string, int> OtherFiles, IReadOnlyList<(string Path, Exception Reason)> Problems);

/// <summary>Lists the photos of a card or folder.</summary>
internal static class PhotoSource
{
    private static readonly EnumerationOptions OneFolder = new()
    {
        IgnoreInaccessible = false,
        RecurseSubdirectories = false,
        AttributesToSkip = 0,
    };

    /// <summary>Lists a folder and all below it. Links are not followed, so that a card cannot lead out of itself or in circles.</summary>
    public static CardContents List(string folder)
    {
        List<SourceFile> photos = [];
        SortedDictionary<string, int> others = new(StringComparer.Ordinal);
        List<(string, Exception)> problems = [];
        Stack<string> folders = new([folder]);
        while (folders.TryPop(out string? current))
        {
            try
            {
                foreach (FileSystemInfo entry in new DirectoryInfo(current).EnumerateFileSystemInfos("*", OneFolder))
                {
                    Sort(entry, folders, photos, others);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problems.Add((current, e));
            }
        }

        photos.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return new CardContents(photos, others, problems);
    }

    private static void Sort(FileSystemInfo entry, Stack<string> folders, List<SourceFile> photos, SortedDictionary<string, int> others)
    {
        if (entry is DirectoryInfo)
        {
            if (entry.LinkTarget is null)
            {
                folders.Push(entry.FullName);
            }
        }
        else if (IsPhoto(entry) && SourceFile.Stat(entry.FullName) is { } file)
        {
            photos.Add(file);
        }
        else
        {
            string extension = entry.Extension.ToUpperInvariant();
            others[extension] = others.GetValueOrDefault(extension) + 1;
        }
    }

    /// <summary>By name only: a broken JPEG is evidence too. <c>._</c> files are macOS' notes about a file, not the file.</summary>
    private static bool IsPhoto(FileSystemInfo file) =>
        file.LinkTarget is null
        && file.Extension.ToUpperInvariant() is ".JPG" or ".JPEG"
        && !file.Name.StartsWith("._", StringComparison.Ordinal);
}
