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
        bool english = http.Request.PrefersEnglish();
        return RefuseAsync(http, status, string.Join("; ", errors.Select(e => e.En)), string.Join('\n', errors.Select(e => english ? e.En : e.Ja)), writer =>
        {
            writer.WriteStartArray("errors");
            foreach (RequestError error in errors)
            {
                writer.WriteStartObject();
                Write(writer, error);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            more?.Invoke(writer);
        });
    }

    /// <summary>Says the one thing that is wrong: in the asker's language as <c>error</c>, and in both with its code.</summary>
    public static Task RefuseAsync(HttpContext http, int status, RequestError error, Action<Utf8JsonWriter>? more = null) =>
        RefuseAsync(http, status, error.En, http.Request.PrefersEnglish() ? error.En : error.Ja, writer =>
        {
            Write(writer, error);
            more?.Invoke(writer);
        }, error.Code);

    /// <summary>Says what is wrong as <c>error</c>, in words for everybody who asks.</summary>
    public static Task RefuseAsync(HttpContext http, int status, string why, Action<Utf8JsonWriter>? more = null) => RefuseAsync(http, status, why, why, more);

    /// <summary>The same, to be returned.</summary>
    public static IResult Refused(int status, RequestError error) => new Refusal(http => RefuseAsync(http, status, error));

    /// <summary>The same, to be returned.</summary>
    public static IResult Refused(int status, string why) => new Refusal(http => RefuseAsync(http, status, why));

    /// <summary>What is of one moment: no browser keeps it.</summary>
    public static async Task WriteAsync(HttpContext http, int status, Action<Utf8JsonWriter> body, string contentType = Json)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WireJson.WriterOptions))
        {
            body(writer);
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), http.RequestAborted).ConfigureAwait(false);
    }

    private static Task RefuseAsync(HttpContext http, int status, string forTheLog, string error, Action<Utf8JsonWriter>? more, string? code = null)
    {
        http.SetRefusal(forTheLog, code);
        return WriteAsync(http, status, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("error", error);
            more?.Invoke(writer);
            writer.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter writer, RequestError error)
    {
        writer.WriteString("code", error.Code);
        writer.WriteString("ja", error.Ja);
        writer.WriteString("en", error.En);
    }

    private sealed class Refusal(Func<HttpContext, Task> write) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => write(httpContext);
    }
}
