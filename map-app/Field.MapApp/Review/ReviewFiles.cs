using System.Text.Json;
using Field.Contracts;

namespace Field.MapApp.Review;

/// <summary>Writes a review for a map (<c>review.geojson</c>) and for programs (<c>review.json</c>).</summary>
internal static class ReviewFiles
{
    public static void Write(string folder, FlightReview review, ReviewText japanese, ReviewText english)
    {
        try
        {
            Directory.CreateDirectory(folder);
            WriteFile(Path.Combine(folder, "review.geojson"), w => ReviewJson.Map(w, review));
            WriteFile(Path.Combine(folder, "review.json"), w =>
            {
                w.WriteStartObject();
                ReviewJson.Report(w, review, japanese, english);
                w.WriteEndObject();
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FlightInputException(FlightFault.Unwritable(folder, e.Message), e);
        }
    }

    private static void WriteFile(string path, Action<Utf8JsonWriter> write)
    {
        using FileStream stream = File.Create(path);
        using Utf8JsonWriter writer = new(stream, WireJson.WriterOptions);
        write(writer);
    }
}
