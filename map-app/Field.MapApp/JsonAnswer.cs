using System.Text.Json;
using Field.Contracts;
using Field.Ingest;

namespace Field.MapApp;

/// <summary>How answers with JSON of our own making are written: whole before the first byte leaves, so that what fails while it is made fails as an error.</summary>
internal static class JsonAnswer
{
    public const string Json = "application/json; charset=utf-8";
    public const string GeoJson = "application/geo+json; charset=utf-8";

    /// <summary>True when the request prefers English to Japanese.</summary>
    public static bool PrefersEnglish(this HttpRequest request) => request.GetTypedHeaders().AcceptLanguage
        .Where(l => l.Quality is not 0)
        .OrderByDescending(l => l.Quality ?? 1)
        .Select(l => l.Value.Value ?? "")
        .FirstOrDefault(l => l.StartsWith("ja", StringComparison.OrdinalIgnoreCase) || l.StartsWith("en", StringComparison.OrdinalIgnoreCase))
        ?.StartsWith("en", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Reads the body; null when it is none, which has been answered.</summary>
    public static async Task<JsonDocument?> ReadAsync(HttpContext http)
    {
        if (!http.Request.HasJsonContentType())
        {
            // A form of a foreign page cannot send this type without being asked first.
            await RefuseAsync(http, StatusCodes.Status415UnsupportedMediaType, [RequestError.MediaType]).ConfigureAwait(false);
            return null;
        }

        try
        {
            return await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, [RequestError.NotJson]).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Says everything that is wrong: in the asker's language as <c>error</c>, and each with its code in both as <c>errors</c>.</summary>
    /// <param name="http">The request.</param>
    /// <param name="status">Its answer's status.</param>
    /// <param name="errors">What is wrong.</param>
    /// <param name="more">Writes further members, or null.</param>
    public static Task RefuseAsync(HttpContext http, int status, IReadOnlyList<RequestError> errors, Action<Utf8JsonWriter>? more = null)
    {
        http.SetRefusal(string.Join("; ", errors.Select(e => e.En)));
        bool english = http.Request.PrefersEnglish();
        return WriteAsync(http, status, Json, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("error", string.Join('\n', errors.Select(e => english ? e.En : e.Ja)));
            writer.WriteStartArray("errors");
            foreach (RequestError error in errors)
            {
                writer.WriteStartObject();
                writer.WriteString("code", error.Code);
                writer.WriteString("ja", error.Ja);
                writer.WriteString("en", error.En);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            more?.Invoke(writer);
            writer.WriteEndObject();
        });
    }

    public static async Task WriteAsync(HttpContext http, int status, string contentType, Action<Utf8JsonWriter> body)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WireJson.WriterOptions))
        {
            body(writer);
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        await http.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), http.RequestAborted).ConfigureAwait(false);
    }
}
