using System.Security.Cryptography;
using System.Text.Json;
using Field.Bench.Figures;
using Field.Harness;

namespace Field.Bench.Faults;

/// <summary>Compares the photos on a card with those that the server gives back.</summary>
internal static class PhotoCheck
{
    /// <summary>Adds how many photos were sent, are missing, differ, and are there twice; returns the bytes on the card.</summary>
    /// <param name="sheet">Takes the figures.</param>
    /// <param name="card">The folder that was sent.</param>
    /// <param name="server">Where it was sent to.</param>
    /// <param name="subject">Goes before the figures' names.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<long> AddAsync(FigureSheet sheet, string card, Server server, string subject, CancellationToken cancel)
    {
        IReadOnlyList<JsonElement> photos = await server.FeaturesAsync("photos");
        string[] stored = [.. photos.Select(p => p.GetProperty("properties").GetProperty("photoId").GetString()!)];
        HashSet<string> different = [.. stored];
        int missing = 0, changed = 0;
        long bytes = 0;
        string[] files = Directory.GetFiles(card);
        foreach (string file in files)
        {
            cancel.ThrowIfCancellationRequested();
            bytes += new FileInfo(file).Length;
            string photoId = await HashAsync(file, cancel);
            if (!different.Remove(photoId))
            {
                missing++;
            }
            else if (await server.StoredSha256Async(photoId) != photoId)
            {
                changed++;
            }
        }

        sheet.Add(new Figure($"{subject}photos on the card", files.Length, "photos"));
        sheet.Add(new Figure($"{subject}photos missing", missing, "photos") { Target = Target.Exactly(0) });
        sheet.Add(new Figure($"{subject}photos with another SHA-256", changed + different.Count, "photos") { Target = Target.Exactly(0) });
        sheet.Add(new Figure($"{subject}photos stored twice", stored.Length - stored.Distinct().Count(), "photos") { Target = Target.Exactly(0) });
        return bytes;
    }

    private static async Task<string> HashAsync(string file, CancellationToken cancel)
    {
        await using FileStream stream = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancel));
    }
}
