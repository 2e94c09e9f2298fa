using System.Collections.Concurrent;
using Field.Bench.Figures;
using Field.Contracts;
using Field.Demo.Synthetic;
using Field.EdgeAgent.Outbox;
using Field.EdgeAgent.Triage;
using Field.EdgeAgent.Uplink;

namespace Field.Bench.Vision;

/// <summary>
/// What headquarters knows after a tenth of the bytes of a flight of mostly sound photos, in the order in which the agent sends them when it
/// has looked at all of them. A crack is known when a photo has arrived that shows at least 30 cm of it, 3 px wide or more.
/// </summary>
internal static class TriageShare
{
    private const double BytesShare = 0.1;
    private const double LeastWidthPx = 3;
    private const double LeastLengthM = 0.3;
    private const int RandomOrders = 1000;

    private sealed record Sent(OutboxPhoto Photo, long Bytes, string[] Cracks);

    public static void Measure(FigureSheet sheet, string folder, int sound, CancellationToken cancel)
    {
        SyntheticFlight flight = new(new DemoDataOptions(), DeckFlight.Shots(sound));
        Sent[] photos = Look(flight, folder, cancel);
        int cracks = photos.SelectMany(p => p.Cracks).Distinct().Count();
        double Share(IEnumerable<Sent> order) => 100.0 * Known(order, photos.Sum(p => p.Bytes) * BytesShare) / cracks;

        double byScore = Share(photos.OrderBy(p => SendOrder.Of(p.Photo, isBegun: false)));
        Random random = new(10);
        double byChance = Enumerable.Range(0, RandomOrders).Average(_ => Share(photos.OrderBy(_ => random.Next())));
        sheet.Add(new Figure("cracks known after 10 % of the bytes, triage", byScore, "%")
        {
            Target = Target.AtLeast(60),
            Note = $"{photos.Length} photos, {photos.Count(p => p.Cracks.Length > 0)} of them with one of {cracks} cracks; {photos.Count(p => p.Photo.Triage?.Score > 0 && p.Cracks.Length == 0)} sound ones scored above 0",
        });
        sheet.Add(new Figure("cracks known after 10 % of the bytes, by chance", byChance, "%") { Note = $"mean of {RandomOrders} orders" });
        sheet.Add(new Figure("cracks known after 10 % of the bytes, by file name", Share(photos), "%") { Note = "the cracks lie in the last third of the flight" });
    }

    private static Sent[] Look(SyntheticFlight flight, string folder, CancellationToken cancel)
    {
        using ITriageModel model = VisionTriage.Load(VisionBench.CardPath);
        ConcurrentDictionary<int, Sent> photos = [];
        Parallel.For(0, flight.Photos.Count, new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = 2 }, i =>
        {
            (Shot shot, PinholeCamera camera) = flight.Photos[i];
            byte[] jpeg = flight.Jpeg(i, cancel);
            string path = Path.Combine(folder, shot.FileName);
            File.WriteAllBytes(path, jpeg);
            PhotoManifest manifest = new($"{i:x64}", shot.FileName, jpeg.Length, PhotoManifest.MinChunkBytes, null, null, true, new CameraMetadata());
            OutboxPhoto photo = new(manifest, i) { Triage = new PhotoTriage(model.Name, model.Score(path, cancel)) };
            File.Delete(path);
            string[] cracks = [.. flight.Cracks.Where(c => c.Plan.Surface == shot.Surface)
                .Where(c => CrackTruth.See(c, shot, camera) is { WidthPx: >= LeastWidthPx, VisibleLengthM: >= LeastLengthM }).Select(c => c.Plan.Id)];
            photos[i] = new Sent(photo, jpeg.Length, cracks);
        });
        return [.. photos.OrderBy(p => p.Key).Select(p => p.Value)];
    }

    private static int Known(IEnumerable<Sent> order, double bytes)
    {
        HashSet<string> known = [];
        foreach (Sent photo in order)
        {
            bytes -= photo.Bytes;
            if (bytes < 0)
            {
                break;
            }

            known.UnionWith(photo.Cracks);
        }

        return known.Count;
    }
}
