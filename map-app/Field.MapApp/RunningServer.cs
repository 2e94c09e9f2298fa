using System.Text.Json;
using Field.MapApp.Access;

namespace Field.MapApp;

/// <summary>The server that runs on this machine, as its commands speak to it: it says in its data folder where it listens.</summary>
internal sealed class RunningServer : IDisposable
{
    private readonly HttpClient _http;

    private RunningServer(Uri http, string? key)
    {
        _http = new HttpClient { BaseAddress = http };
        if (key is not null)
        {
            _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", key); // needed where people sign in
        }
    }

    /// <summary><c>ja</c> or <c>en</c>: the language in which the server is to answer, where it speaks both.</summary>
    public string Language
    {
        set => _http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(value);
    }

    /// <exception cref="FieldException">None runs on this data folder.</exception>
    public static RunningServer Find(string dataDirectory)
    {
        string path = Path.Combine(dataDirectory, "endpoints.json");
        try
        {
            return new RunningServer(new Uri(JsonElement.Parse(File.ReadAllBytes(path)).GetProperty("http").GetString()!), LocalKey.Header(dataDirectory));
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException or UriFormatException)
        {
            throw new FieldException($"no server runs on {dataDirectory}: start it with ./field up, or name its folder with --data", innerException: e);
        }
    }

    /// <exception cref="FieldException">The server refused, or cannot be reached.</exception>
    public async Task<JsonElement> GetAsync(string path, CancellationToken cancel)
    {
        using HttpResponseMessage response = await SendAsync(() => _http.GetAsync(path, cancel), cancel).ConfigureAwait(false);
        return await response.Content.ReadFromJsonAsync<JsonElement>(cancel).ConfigureAwait(false);
    }

    /// <summary>Copies an answer as it is.</summary>
    /// <exception cref="FieldException">The server refused, or cannot be reached.</exception>
    public async Task CopyAsync(string path, Stream to, CancellationToken cancel)
    {
        using HttpResponseMessage response = await SendAsync(() => _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancel), cancel).ConfigureAwait(false);
        await response.Content.CopyToAsync(to, cancel).ConfigureAwait(false);
    }

    /// <returns>The answer's JSON, or null when it has none.</returns>
    /// <exception cref="FieldException">The server refused, or cannot be reached.</exception>
    public async Task<JsonElement?> PostAsync(string path, object body, CancellationToken cancel)
    {
        using HttpResponseMessage response = await SendAsync(() => _http.PostAsJsonAsync(path, body, cancel), cancel).ConfigureAwait(false);
        byte[] answer = await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false);
        return answer.Length == 0 ? null : JsonElement.Parse(answer);
    }

    /// <exception cref="FieldException">The server refused, or cannot be reached.</exception>
    public Task<JsonElement> PostBytesAsync(string path, byte[] body, string mediaType, CancellationToken cancel) => SendBytesAsync(HttpMethod.Post, path, body, mediaType, cancel);

    /// <exception cref="FieldException">The server refused, or cannot be reached.</exception>
    public Task<JsonElement> PutBytesAsync(string path, byte[] body, string mediaType, CancellationToken cancel) => SendBytesAsync(HttpMethod.Put, path, body, mediaType, cancel);

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendBytesAsync(HttpMethod method, string path, byte[] body, string mediaType, CancellationToken cancel)
    {
        using ByteArrayContent content = new(body);
        content.Headers.ContentType = new(mediaType);
        using HttpRequestMessage request = new(method, path) { Content = content };
        using HttpResponseMessage response = await SendAsync(() => _http.SendAsync(request, cancel), cancel).ConfigureAwait(false);
        return await response.Content.ReadFromJsonAsync<JsonElement>(cancel).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> SendAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancel)
    {
        try
        {
            HttpResponseMessage response = await send().ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                string why = await response.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
                throw new FieldException($"{_http.BaseAddress}: {(int)response.StatusCode} {Error(why)}");
            }
        }
        catch (HttpRequestException e)
        {
            throw new FieldException($"{_http.BaseAddress} does not answer: {e.Message}", isTransient: true, e);
        }
    }

    /// <summary>The sentence in a refusal of the API, in both languages where it has them, or all of it.</summary>
    private static string Error(string body)
    {
        try
        {
            JsonElement json = JsonElement.Parse(body);
            return json.TryGetProperty("ja", out JsonElement ja) && json.TryGetProperty("en", out JsonElement en) && ja.GetString() != en.GetString() ? $"{ja} / {en}"
                : json.TryGetProperty("error", out JsonElement error) ? error.GetString() ?? body
                : body;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return body;
        }
    }
}
