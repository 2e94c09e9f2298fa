using System.Security.Cryptography;
using Field.Contracts;

namespace Field.Demo.Run;

/// <summary>What lies on the card, read without the agent's code.</summary>
internal static class FlightFolder
{
    /// <summary>The distinct photo ids of the JPEG files under a folder.</summary>
    public static async Task<IReadOnlyCollection<string>> PhotoIdsAsync(string folder, CancellationToken cancel)
    {
        HashSet<string> ids = [];
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (Path.GetExtension(file).ToUpperInvariant() is ".JPG" or ".JPEG")
            {
                FileStream stream = File.OpenRead(file);
                await using (stream.ConfigureAwait(false))
                {
                    ids.Add(Ids.Photo(await SHA256.HashDataAsync(stream, cancel).ConfigureAwait(false)));
                }
            }
        }

        return ids;
    }
}
