using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace Field.Demo.Run;

/// <summary>The server as the demo sees it: over HTTP, like any other client.</summary>
internal sealed class ServerApi(Uri http, Uri mqtt) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = http };

    public Uri Http => http;

    public Uri Mqtt => mqtt;

    /// <summary>Waits until the server has written its endpoints file and answers.</summary>
    public static async Task<ServerApi> WhenReadyAsync(string endpointsFile, ChildProcess server, CancellationToken cancel)
    {
        while (!File.Exists(endpointsFile))
        {
            if (server.HasExited)
            {
                throw await server.FailureAsync().ConfigureAwait(false);
            }

            await Task.Delay(100, cancel).ConfigureAwait(false);
        }

        using JsonDocument endpoints = JsonDocument.Parse(await File.ReadAllBytesAsync(endpointsFile, cancel).ConfigureAwait(false));
        return new ServerApi(
            new Uri(endpoints.RootElement.GetProperty("http").GetString()!),
            new Uri(endpoints.RootElement.GetProperty("mqtt").GetString()!));
    }

    /// <summary>A snapshot of a collection (SPEC.md section 8).</summary>
    public async Task<JsonElement> FeaturesAsync(string collection, CancellationToken cancel) =>
        await _client.GetFromJsonAsync<JsonElement>($"/api/v1/features/{collection}", cancel).ConfigureAwait(false);

    /// <summary>SHA-256, lower-case hex, of the original bytes that the server gives back; null when it has none.</summary>
    public async Task<string?> StoredSha256Async(string photoId, CancellationToken cancel)
    {
        using HttpResponseMessage response = await _client.GetAsync($"/api/v1/photos/{photoId}/image", HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            return null;
        }

        Stream body = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(body, cancel).ConfigureAwait(false));
        }
    }

    public void Dispose() => _client.Dispose();
}
